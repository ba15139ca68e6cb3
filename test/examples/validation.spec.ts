import assert from "node:assert/strict";
import { Resolver } from "node:dns/promises";
import { delimiter } from "node:path";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { startKnot, type Knot } from "../engine/knot.js";
import { requireCli } from "../engine/requireCli.js";
import { type Stack } from "../engine/stack.js";
import { openExample, run } from "./example.js";

describe("examples/validation, with a real DNS server", function () {
    this.timeout(600_000);
    let knot: Knot;
    let simulator: Simulator;
    let orderId: number;
    let stack: Stack;

    before(async function () {
        await requireCli(this);
        const started = await startKnot("shop.example");
        if (typeof started === "string") {
            console.log(`      skipped: ${started}`);
            this.skip();
        }
        knot = started;
        simulator = await startSimulator({ dns: knot.address });
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            dnsNames: ["*.shop.example"],
            product: { name_id: "ssl_dv_geotrust", validation_type: "dv" },
            policy: { approval: "none", pollsDcv: false },
        }));
        stack = await openExample({
            name: "validation",
            simulator,
            config: {
                orderId: String(orderId),
                rotation: "1",
                zone: "shop.example",
                dnsServer: knot.address,
            },
            env: { PATH: [process.env.PATH ?? "", knot.bin].join(delimiter) },
        });
        await stack.run(["config", "set", "--path", "dnsNames[0]", "shop.example"]);
        await stack.run(["config", "set", "--path", "dnsNames[1]", "*.shop.example"]);
        for (const rotation of ["1", "2"]) {
            stack.write({
                [`keys/${rotation}.csr`]: (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem,
            });
        }
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
        await (knot as Knot | undefined)?.close();
    });

    async function published(): Promise<string[][]> {
        const resolver = new Resolver();
        resolver.setServers([knot.address]);
        return resolver.resolveTxt("_dnsauth.shop.example");
    }

    it("reissues, publishes, validates and hands on in one up; then it reads; then it does nothing", async () => {
        const first = await run(stack, simulator, "up");
        assert.equal(first.posts, 1, first.output);
        const { status, serialNumber } = await stack.outputs();
        assert.deepEqual([status, serialNumber], ["issued", simulator.order(orderId).current.serialNumber]);
        assert.deepEqual(await published(), [[simulator.order(orderId).dcvRandomValue]]);
        const second = await run(stack, simulator, "up");
        assert.ok(second.methods.length > 0 && second.methods.every((method) => method === "GET"));
        const third = await run(stack, simulator, "up");
        assert.deepEqual([third.methods, third.summary?.changes], [[], 0]);
    });

    it("rotates the key with one POST, a new record and a new certificate, each once", async () => {
        await stack.setConfig({ rotation: "2" });
        const rotated = await run(stack, simulator, "up");
        assert.deepEqual([rotated.posts, rotated.summary?.update], [1, 3], rotated.output);
        assert.equal((await stack.outputs()).serialNumber, simulator.order(orderId).current.serialNumber);
        assert.deepEqual(await published(), [[simulator.order(orderId).dcvRandomValue]]);
        const next = await run(stack, simulator, "up");
        assert.ok(next.methods.every((method) => method === "GET"));
    });
});
