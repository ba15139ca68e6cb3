import assert from "node:assert/strict";
import { requireCli } from "../engine/requireCli.js";
import { newStack, type Stack } from "../engine/stack.js";
import { cli, environmentOf } from "../cli/harness.js";
import { startSimulator, type Simulator } from "../../simulator/index.js";

describe("a program that init wrote, with the real CLI", function () {
    this.timeout(180_000);
    let simulator: Simulator;
    let stack: Stack;
    before(async function () {
        await requireCli(this);
        simulator = await startSimulator();
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
    });

    it("takes the order over without a POST", async () => {
        const { orderId, current } = await simulator.seedOrder({
            dnsNames: ["www.shop.example", "a.shop.example"],
        });
        // test/cli compiles what is written.
        const env = { ...environmentOf(simulator), PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
        const written = await cli(["init", String(orderId)], { env });
        stack = await newStack({ program: { files: { "index.ts": written.out } }, env });
        simulator.clearRequests();
        const up = await stack.up();
        assert.equal(up.summary?.create, 2, up.output);
        assert.deepEqual([...new Set(simulator.requests.map(({ method }) => method))], ["GET"]);
        const { outputs } = stack.resource("shop-example");
        assert.deepEqual([outputs.status, outputs.serialNumber], ["issued", current.serialNumber]);
        assert.match(String((await stack.outputs()).fullChainPem), /^-----BEGIN CERTIFICATE-----/);
        assert.equal(simulator.reissuePosts(orderId), 0);
    });
});
