import assert from "node:assert/strict";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { requireCli } from "../engine/requireCli.js";
import { newStack, type Stack } from "../engine/stack.js";
import { validatedProgram } from "../journeys/validatedProgram.js";
import { throughPlugin } from "./programs.js";

describe("validation in one up through the plugin, with the real CLI", function () {
    this.timeout(300_000);
    let simulator: Simulator;
    let stack: Stack | undefined;

    before(async function () {
        await requireCli(this);
        simulator = await startSimulator();
    });
    afterEach(() => stack?.dispose());
    after(() => (simulator as Simulator | undefined)?.close());

    const methods = () => simulator.requests.map(({ method }) => method);

    it("shows no change in a preview where the domain was valid before, and so has no token", async () => {
        const { orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            dnsNames: ["*.shop.example"],
        });
        const dynamic = validatedProgram(orderId, simulator.adminUrl);
        for (const files of [dynamic, throughPlugin(dynamic)]) {
            const made = await newStack({ program: { files }, env: simulator.env });
            stack = made;
            made.write({ "shop.csr": (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem });
            await made.up({ args: ["--skip-preview"] });
            await made.up({ args: ["--skip-preview"] });
            const { summary, output } = await made.preview();
            assert.equal(summary?.changes, 0, output);
            await made.dispose();
        }
    });

    // road.spec.ts validates through the plugin, and migration.spec.ts moves a validation.
    it("reissues, publishes, validates and hands on, and moves to the dynamic resources and back @long", async () => {
        const { orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            dnsNames: ["*.shop.example"],
            product: { name_id: "ssl_dv_geotrust", validation_type: "dv" },
            policy: { pollsDcv: false },
        });
        const dynamic = validatedProgram(orderId, simulator.adminUrl);
        const plugin = throughPlugin(dynamic);
        stack = await newStack({ program: { files: plugin }, env: simulator.env });
        const { csrPem } = await makeKeyAndCsr({ commonName: "shop.example" });
        stack.write({ "shop.csr": csrPem });

        simulator.clearRequests();
        const first = await stack.up();
        assert.equal(methods().filter((method) => method === "POST").length, 1, first.output);
        assert.equal((await stack.outputs()).serialNumber, simulator.order(orderId).current.serialNumber);
        await stack.up();

        for (const files of [dynamic, plugin]) {
            stack.write(files);
            simulator.clearRequests();
            const { summary, output } = await stack.up();
            assert.deepEqual([methods(), summary?.create, summary?.replace], [[], 0, 0], output);
        }
    });
});
