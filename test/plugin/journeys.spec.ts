import assert from "node:assert/strict";
import type { Files } from "../engine/program.js";
import { requireCli, requireYaml } from "../engine/requireCli.js";
import { newStack, type RunOptions, type RunResult, type Stack } from "../engine/stack.js";
import { makeKeyAndCsr, startSimulator, type KeyAndCsr, type Simulator } from "../../simulator/index.js";
import { inputsOf, nodeFiles, yamlFiles } from "./programs.js";

const ADDED = "api.shop.example";

/** A program in a language. */
interface Writer {
    /** One resource with these inputs and resource options. */
    shop(inputs: object, options?: object): Files;
    /** The same, on the order that renewed the first one, which another resource reads. */
    renewed(orderId: number, inputs: object): Files;
    /** Text in place of an input, as a secret. */
    secret(text: string): unknown;
}

const YAML: Writer = {
    shop: (properties, options) =>
        yamlFiles({
            resources: { shop: { type: "digicert:Reissue", properties, ...(options && { options }) } },
        }),
    renewed: (orderId, inputs) =>
        yamlFiles({
            variables: {
                order: {
                    "fn::invoke": {
                        function: "digicert:getOrder",
                        arguments: { orderId: String(orderId), followRenewals: true },
                    },
                },
            },
            resources: {
                read: { type: "digicert:Reissue", get: { id: String(orderId) } },
                shop: { type: "digicert:Reissue", properties: { ...inputs, orderId: "${order.orderId}" } },
            },
        }),
    secret: (text) => ({ "fn::secret": text }),
};

const NODE: Writer = {
    shop: (inputs, options = {}) =>
        nodeFiles(`${NODE_IMPORTS}
            new Reissue("shop", ${literal(inputs)}, ${literal(options)});`),
    renewed: (orderId, inputs) =>
        nodeFiles(`${NODE_IMPORTS}
            const order = getOrderOutput({ orderId: ${orderId}, followRenewals: true });
            Reissue.get("read", "${orderId}");
            new Reissue("shop", { ...${literal(inputs)}, orderId: order.orderId });`),
    secret: (text) => ({ secret: text }),
};
const NODE_IMPORTS = `
            const { secret } = require("@pulumi/pulumi");
            const { getOrderOutput, Reissue } = require("pulumi-digicert/plugin");`;

/** An object in JavaScript, with calls in place of the secrets. */
function literal(value: object): string {
    return JSON.stringify(value).replace(/\{"secret":("(?:[^"\\]|\\.)*")\}/g, "secret($1)");
}

for (const [language, write] of Object.entries({ YAML, "Node.js": NODE })) {
    describe(`what Pulumi offers for resources of a plugin, from ${language}, with the real CLI`, function () {
        this.timeout(300_000);
        let simulator: Simulator;
        let key: KeyAndCsr;
        let orderId: number;
        let stack: Stack;

        before(async function () {
            await requireCli(this);
            if (write === YAML) requireYaml(this);
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

        const inputs = (names: readonly string[] = [], more = {}) =>
            inputsOf({ orderId, csr: key.csrPem, names: ["shop.example", ...names], more });
        const program = (names: readonly string[], options?: object, more = {}) =>
            write.shop(inputs(names, more), options);
        const methods = () => simulator.requests.map(({ method }) => method);
        const posts = () => methods().filter((method) => method !== "GET");
        const stepsOf = ({ steps }: RunResult) =>
            steps.flatMap(({ op, name }) => (name === "shop" && op !== "same" ? [op] : []));
        const play = (verb: "up" | "preview" | "refresh" | "destroy", options?: RunOptions) => {
            simulator.clearRequests();
            return stack[verb](options);
        };
        const importShop = (id: number, options: RunOptions = { expectFailure: true }) => {
            const args = ["import", "digicert:index:Reissue", "shop", String(id), "--yes"];
            simulator.clearRequests();
            return stack.run([...args, "--generate-code=false"], options);
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
            await importShop(orderId, {});
            const refreshed = await play("refresh");
            assert.deepEqual([refreshed.summary?.changes, posts()], [0, []], refreshed.output);
        });

        it("a refresh of a reissue that is still pending finds no change @long", async () => {
            simulator.policy(orderId, { approval: "required" });
            stack.write(program([ADDED]));
            await stack.up();
            const refreshed = await play("refresh", { args: ["--expect-no-changes"] });
            assert.deepEqual([refreshed.summary?.changes, posts()], [0, []], refreshed.output);
            assert.equal(stack.resource("shop").outputs.status, "pending_approval");
            const up = await play("up");
            assert.deepEqual([stepsOf(up), posts()], [["update"], []], up.output);
        });

        it("an import of an order that is unknown, has no certificate yet, or tells no CSR, says why @long", async () => {
            const pending = await simulator.seedOrder({ csr: key.csrPem, status: "pending" });
            simulator.policy(orderId, { omitFromReads: ["csr"] });
            const refusals = [
                [
                    pending.orderId,
                    "has no issued certificate yet, so there is nothing to read\\. Have the order issued in CertCentral, then run the same",
                ],
                [orderId, "DigiCert tells no CSR of its certificate .* init <order> --csr <file>"],
                [1, "404"],
            ] as const;
            for (const [id, why] of refusals) {
                const { output } = await importShop(id);
                assert.match(output, new RegExp(`order ${id}.*${why}`));
                assert.doesNotMatch(output, /state is kept/);
                assert.deepEqual([...new Set(methods())], ["GET"]);
            }
        });

        it("getOrder with followRenewals moves the resource to the renewal, without an edit, and the preview says so @long", async () => {
            stack.write(write.renewed(orderId, inputs()));
            await stack.up();
            assert.equal(stack.resource("shop").id, String(orderId));
            const { outputs: read } = stack.resource("read");
            assert.deepEqual([read.orderId, read.status], [String(orderId), "issued"]);
            const { orderId: renewal } = simulator.renewInConsole(orderId);
            const preview = await play("preview");
            assert.match(preview.output, new RegExp(`replaced by order ${renewal}, because orderId changed`));
            assert.deepEqual(posts(), []);
            const up = await play("up");
            assert.deepEqual(stepsOf(up), ["create-replacement", "replace", "delete-replaced"], up.output);
            assert.deepEqual(posts(), ["POST"], up.output);
            const { id, outputs } = stack.resource("shop");
            assert.deepEqual(
                [id, outputs.serialNumber],
                [String(renewal), simulator.order(renewal).current.serialNumber],
            );
        });

        it("a setting alone is an update without a request, and the preview refuses to remove a name @long", async () => {
            stack.write(program([ADDED]));
            await stack.up();
            stack.write(program([ADDED], undefined, { minDaysRemaining: 20 }));
            const set = await play("up");
            assert.deepEqual([stepsOf(set), methods()], [["update"], []], set.output);
            stack.write(program([]));
            const { output } = await play("preview", { expectFailure: true });
            assert.match(output, /api\.shop\.example would disappear .* within 72 hours/);
            assert.deepEqual(methods(), []);
        });

        it("a preview with --diff shows the paths that changed, and no others @long", async () => {
            await stack.up();
            stack.write(program([ADDED], undefined, { comments: "ours" }));
            const { output } = await play("preview", { args: ["--diff"] });
            const lines = output.split("\n").map((line) => line.trim().replace(/ +:/, ":"));
            assert.deepEqual(
                lines.filter((line) => /^[-+~] (?!digicert:|\d)/.test(line)),
                ["~ certificate: {", "~ dnsNames: [", `+ [1]: "${ADDED}"`, '+ comments: "ours"'],
                output,
            );
            assert.deepEqual(methods(), []);
        });

        it("the option ignoreChanges leaves a name out; up --refresh reads; destroy needs no key @long", async () => {
            await stack.up();
            stack.write(program([ADDED], { ignoreChanges: ["certificate.dnsNames"] }));
            const same = await play("up");
            assert.deepEqual([same.summary?.changes, methods()], [0, []], same.output);
            const refreshed = await play("up", { args: ["--refresh"] });
            assert.deepEqual([stepsOf(refreshed), posts()], [["refresh"], []], refreshed.output);
            assert.equal(refreshed.summary?.changes, 0, refreshed.output);
            await play("destroy", { env: { DIGICERT_API_KEY: "" } });
            assert.deepEqual(methods(), []);
        });

        it("a reissue that is not issued in time fails with its ids in the state, and secrets stay secret @long", async () => {
            const trigger = "a-trigger-that-nobody-may-read";
            const certificate = { commonName: "shop.example", csr: write.secret(key.csrPem) };
            const wanted = {
                waitForApproval: true,
                issuanceTimeoutSeconds: 1,
                triggers: { quarter: write.secret(trigger) },
            };
            stack.write(write.shop({ orderId, certificate, ...wanted }));
            await stack.setConfig({
                "digicert:apiKey": { secret: simulator.apiKey },
                "digicert:baseUrl": simulator.baseUrl,
            });
            const env = { DIGICERT_API_KEY: "", DIGICERT_BASE_URL: "" };
            simulator.policy(orderId, { approval: "required" });
            const failed = await play("up", { env, expectFailure: true });
            assert.match(failed.output, /creating failed/);
            const { initErrors = [], outputs } = stack.resource("shop");
            assert.match(initErrors.join(), /waits for an approver/);
            const [requestId = 0] = outputs.requestIds as number[];
            const body = key.csrPem.split("\n")[1] ?? key.csrPem;
            for (const text of [trigger, body, simulator.apiKey])
                assert.ok(!stack.stateText().includes(text), text);
            await simulator.approve(requestId);
            const up = await play("up", { env });
            assert.deepEqual([posts(), stack.resource("shop").outputs.status], [[], "issued"], up.output);
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
}
