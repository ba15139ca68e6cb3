import assert from "node:assert/strict";
import { requireCli } from "../engine/requireCli.js";
import { newStack, type RunResult, type Stack } from "../engine/stack.js";
import { makeKeyAndCsr, startSimulator, type KeyAndCsr, type Simulator } from "../../simulator/index.js";
import { inputsOf, nodeFiles, type Files } from "./programs.js";

const ADDED = "api.shop.example";

describe("what Pulumi offers for resources of a plugin, with the real CLI", function () {
    this.timeout(300_000);
    let simulator: Simulator;
    let key: KeyAndCsr;
    let orderId: number;
    let stack: Stack;

    before(async function () {
        await requireCli(this);
        simulator = await startSimulator({ policy: { approval: "auto" } });
        key = await makeKeyAndCsr({ commonName: "shop.example" });
    });
    after(() => (simulator as Simulator | undefined)?.close());
    beforeEach(async () => {
        ({ orderId } = await simulator.seedOrder({ csr: key.csrPem }));
        stack = await newStack({ program: { files: program([]) }, env: simulator.env });
        simulator.clearRequests();
    });
    afterEach(() => stack.dispose());

    function program(names: readonly string[], options: object = {}): Files {
        const inputs = inputsOf({ orderId, csr: key.csrPem, names: ["shop.example", ...names] });
        return nodeFiles(`
            const { Reissue } = require("pulumi-digicert/plugin");
            new Reissue("shop", ${JSON.stringify(inputs)}, ${JSON.stringify(options)});`);
    }
    const methods = () => simulator.requests.map(({ method }) => method);
    const posts = () => methods().filter((method) => method !== "GET");
    const stepsOf = ({ steps }: RunResult) =>
        steps.flatMap(({ op, name }) => (name === "shop" && op !== "same" ? [op] : []));
    const play = (verb: "up" | "preview" | "refresh") => {
        simulator.clearRequests();
        return stack[verb]();
    };

    it("the option import, with inputs that differ, imports and reissues in the same up, and the preview says so @long", async () => {
        const { current } = simulator.order(orderId);
        stack.write(program([ADDED], { import: String(orderId) }));
        const preview = await play("preview");
        assert.deepEqual(posts(), [], "a preview reads");
        assert.deepEqual(stepsOf(preview), ["import", "update"], preview.output);
        assert.match(preview.output, /reissue, certificate\.dnsNames changed/);
        const up = await play("up");
        assert.deepEqual(stepsOf(up), ["import", "update"], up.output);
        assert.deepEqual(posts(), ["POST"], up.output);
        const { outputs } = stack.resource("shop");
        assert.notEqual(outputs.serialNumber, current.serialNumber);
        assert.equal(outputs.serialNumber, simulator.order(orderId).current.serialNumber);
        const again = await play("up");
        assert.deepEqual([again.summary?.changes, methods()], [0, []], again.output);
    });

    it("the option import, with the inputs of the order, imports without a POST @long", async () => {
        stack.write(program([], { import: String(orderId) }));
        const up = await play("up");
        assert.deepEqual(stepsOf(up), ["import"], up.output);
        assert.deepEqual(posts(), []);
        const again = await play("up");
        assert.deepEqual([again.summary?.changes, methods()], [0, []], again.output);
    });

    it("a refresh after an import, before any up, changes nothing @long", async () => {
        const args = ["import", "digicert:index:Reissue", "shop", String(orderId), "--yes"];
        await stack.run([...args, "--generate-code=false"]);
        const refreshed = await play("refresh");
        assert.deepEqual([refreshed.summary?.changes, posts()], [0, []], refreshed.output);
    });

    it("an import of an order whose CSR DigiCert does not tell says why @long", async () => {
        simulator.policy(orderId, { omitFromReads: ["csr"] });
        const args = ["import", "digicert:index:Reissue", "shop", String(orderId), "--yes"];
        const { output } = await stack.run([...args, "--generate-code=false"], { expectFailure: true });
        assert.match(
            output,
            new RegExp(
                `Reading order ${orderId}: DigiCert tells no CSR of its certificate .* init <order> --csr <file>`,
            ),
        );
        assert.deepEqual([...new Set(methods())], ["GET"]);
    });

    it("getOrderOutput with followRenewals moves the resource to the renewal, without an edit @long", async () => {
        const { certificate } = inputsOf({ orderId, csr: key.csrPem });
        stack.write(
            nodeFiles(`
                const { getOrderOutput, Reissue } = require("pulumi-digicert/plugin");
                const order = getOrderOutput({ orderId: ${orderId}, followRenewals: true });
                new Reissue("shop", { orderId: order.orderId, certificate: ${JSON.stringify(certificate)} });`),
        );
        await stack.up();
        assert.equal(stack.resource("shop").id, String(orderId));
        const { orderId: renewal } = simulator.renewInConsole(orderId);
        const up = await play("up");
        assert.deepEqual(stepsOf(up), ["create-replacement", "replace", "delete-replaced"], up.output);
        assert.deepEqual(posts(), ["POST"], up.output);
        const { id, outputs } = stack.resource("shop");
        assert.deepEqual(
            [id, outputs.serialNumber],
            [String(renewal), simulator.order(renewal).current.serialNumber],
        );
    });

    it("the option replaceOnChanges replaces the resource on its order, with one POST, and revokes nothing @long", async () => {
        await stack.up();
        stack.write(program([ADDED], { replaceOnChanges: ["certificate"] }));
        const up = await play("up");
        assert.deepEqual(stepsOf(up), ["create-replacement", "replace", "delete-replaced"], up.output);
        assert.deepEqual(posts(), ["POST"]);
        const { certificates, current } = simulator.order(orderId);
        assert.equal(stack.resource("shop").outputs.serialNumber, current.serialNumber);
        assert.deepEqual(
            certificates.filter(({ status }) => status === "revoked"),
            [],
        );
        const again = await play("up");
        assert.deepEqual([again.summary?.changes, methods()], [0, []], again.output);
    });

    it("a refresh follows a reissue that was made in the console: its certificate, and its key @long", async () => {
        await stack.up();
        await simulator.reissueInConsole(orderId, { csr: key.csrPem });
        await play("refresh");
        assert.deepEqual([...new Set(methods())], ["GET"]);
        const { current } = simulator.order(orderId);
        assert.equal(stack.resource("shop").outputs.serialNumber, current.serialNumber);
        const same = await play("up");
        assert.deepEqual([same.summary?.changes, methods()], [0, []], same.output);

        await simulator.reissueInConsole(orderId);
        await play("refresh");
        const { inputs, outputs } = stack.resource("shop");
        assert.equal(outputs.certificateId, simulator.order(orderId).current.certificateId);
        assert.equal(outputs.certificatePem, undefined, "the stack has no key for it");
        assert.notEqual((inputs.certificate as { csr: string }).csr, key.csrPem, "the drift is recorded");
        const preview = await play("preview");
        assert.deepEqual(stepsOf(preview), ["update"], preview.output);
        assert.match(preview.output, /reissue, certificate\.csr /);
        assert.deepEqual(methods(), []);
    });
});
