import assert from "node:assert/strict";
import * as entry from "pulumi-digicert/simulator";
import { readSettings } from "../../provider/core/settings.js";
import { run } from "../engine/child.js";
import { repositoryRoot } from "../engine/paths.js";
import { startSimulator } from "../../simulator/index.js";

describe("pulumi-digicert/simulator", () => {
    it("is the simulator, and exports nothing that is not for users", () => {
        assert.deepEqual(Object.keys(entry).sort(), ["makeKeyAndCsr", "startSimulator"]);
        assert.equal(entry.startSimulator, startSimulator);
    });

    it("hands over the environment that a stack needs", async () => {
        const simulator = await startSimulator();
        const { orderId } = await simulator.seedOrder();
        const script = `require("pulumi-digicert").getOrder({ orderId: ${orderId} }).then((order) => console.log(order.status))`;
        const env = { PATH: process.env.PATH, ...simulator.env };
        const { stdout, output } = await run(process.execPath, ["-e", script], { cwd: repositoryRoot, env });
        assert.equal(stdout.trim(), "issued", output);
        await simulator.close();
    });

    it("hands over short times, so that a test of a lost answer takes about a second", async () => {
        const simulator = await startSimulator();
        const { pollSeconds, settleSeconds } = readSettings({ config: () => undefined, env: simulator.env });
        assert.deepEqual({ pollSeconds, settleSeconds }, { pollSeconds: 0.2, settleSeconds: 1 });
        await simulator.close();
    });
});
