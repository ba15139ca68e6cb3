import assert from "node:assert/strict";
import * as entry from "pulumi-digicert/simulator";
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
});
