import assert from "node:assert/strict";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { requireCli } from "../engine/requireCli.js";
import { type Stack } from "../engine/stack.js";
import { openExample, runUp } from "./example.js";

describe("examples/reissue", function () {
    this.timeout(300_000);
    let simulator: Simulator;
    let stack: Stack;

    before(async function () {
        await requireCli(this);
        simulator = await startSimulator({ policy: { approval: "auto" } });
        const { orderId } = await simulator.seedOrder({ commonName: "shop.example" });
        stack = await openExample({
            name: "reissue",
            simulator,
            config: { orderId: String(orderId), commonName: "shop.example" },
        });
        stack.write({ "csr.pem": (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem });
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
    });

    it("reissues the order once per change, as its README says", async () => {
        assert.equal((await runUp(stack, simulator)).posts, 1);
        const { status, fullChainPem } = await stack.outputs();
        assert.equal(status, "issued");
        assert.match(String(fullChainPem), /^-----BEGIN CERTIFICATE-----/);
        await stack.setConfig({ rotation: "2026-09" });
        assert.equal((await runUp(stack, simulator)).posts, 1);
    });
});
