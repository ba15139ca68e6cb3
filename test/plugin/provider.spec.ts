import assert from "node:assert/strict";
import { requireCli } from "../engine/requireCli.js";
import { newStack, type RunResult, type Stack } from "../engine/stack.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { inputsOf, nodeFiles } from "./programs.js";

describe("an explicit provider of the plugin, with the real CLI", function () {
    this.timeout(300_000);
    let simulator: Simulator;
    let stack: Stack;
    let orderId: number;
    let inputs: Record<string, unknown>;

    before(async function () {
        await requireCli(this);
        simulator = await startSimulator({ policy: { approval: "auto" } });
        ({ orderId } = await simulator.seedOrder({ commonName: "shop.example" }));
        const { csrPem: csr } = await makeKeyAndCsr({ commonName: "shop.example" });
        inputs = inputsOf({ orderId, csr });
        stack = await newStack({ program: { files: program("{}") }, env: { EU_KEY: simulator.apiKey } });
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
    });

    /** A program with a provider of these settings, and a resource of it. */
    function program(settings: string, more = "", name = "eu") {
        return nodeFiles(`
            const { secret } = require("@pulumi/pulumi");
            const { Provider, Reissue, getOrder, getOrderOutput, dcvFile } = require("pulumi-digicert/plugin");
            const baseUrl = ${JSON.stringify(simulator.baseUrl)};
            const provider = new Provider(${JSON.stringify(name)}, ${settings});
            const shop = new Reissue("shop", ${JSON.stringify(inputs)}, { provider });
            exports.serialNumber = shop.serialNumber;
            exports.file = dcvFile(shop);
            ${more}`);
    }
    const opOf = ({ steps }: RunResult, name: string) =>
        steps.filter((step) => step.name === name).map(({ op }) => op);
    const posts = () => simulator.requests.filter(({ method }) => method !== "GET").length;

    it("serves resources, reads and functions; another key or region is an update without a request", async () => {
        const reads = `
            const orderId = "${orderId}";
            exports.order = getOrderOutput({ orderId: shop.orderId }, { provider });
            exports.status = getOrder({ orderId }, { provider }).then(({ status }) => status);
            exports.read = Reissue.get("read", shop.orderId.apply(String), { provider, dependsOn: shop }).serialNumber;`;
        stack.write(program("{ apiKey: process.env.EU_KEY, baseUrl, pollSeconds: 0.2 }", reads));
        await stack.up();
        const { serialNumber } = simulator.order(orderId).current;
        const outputs = (await stack.outputs()) as Record<string, Record<string, unknown>>;
        assert.equal(outputs.serialNumber, serialNumber);
        assert.equal(outputs.read, serialNumber);
        assert.equal(outputs.status, "issued");
        assert.equal(outputs.order?.orderId, String(orderId));
        assert.equal(outputs.file?.path, ".well-known/pki-validation/fileauth.txt");
        assert.equal(posts(), 1);
        assert.ok(!stack.stateText().includes(simulator.apiKey), "the key is encrypted in the state");

        stack.write(program('{ apiKey: "another", region: "eu", baseUrl, pollSeconds: 1 }'));
        simulator.clearRequests();
        const changed = await stack.up();
        assert.deepEqual(opOf(changed, "eu"), ["update"], changed.output);
        assert.deepEqual(opOf(changed, "shop"), ["same"], changed.output);
        assert.equal(simulator.requests.length, 0);
    });

    it("takes no key from the environment, and no name of Pulumi's own providers @long", async () => {
        const read =
            'exports.status = getOrder({ orderId: "1" }, { provider }).then(({ status }) => status);';
        stack.write(program("{ baseUrl }", read));
        simulator.clearRequests();
        const options = { expectFailure: true, env: { DIGICERT_API_KEY: simulator.apiKey } };
        assert.match((await stack.up(options)).output, /this provider has no apiKey/);
        for (const name of ["default", "default_1_2_3"]) {
            stack.write(program("{ apiKey: process.env.EU_KEY, baseUrl }", "", name));
            const { output } = await stack.up(options);
            assert.match(output, new RegExp(`Making the Provider "${name}": Pulumi gives this name`));
        }
        assert.equal(simulator.requests.length, 0);
    });
});
