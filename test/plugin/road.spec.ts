import assert from "node:assert/strict";
import { requireCli } from "../engine/requireCli.js";
import { newStack, type Stack } from "../engine/stack.js";
import { makeKeyAndCsr, startSimulator, type KeyAndCsr, type Simulator } from "../../simulator/index.js";
import { LANGUAGES } from "./languages.js";

/** Languages that have to be there wherever the whole check runs. */
const NEEDED = ["YAML", "Node.js", "Python", "Go"];

for (const language of LANGUAGES) {
    describe(`the plugin driven from ${language.name}, with the real CLI`, function () {
        this.timeout(900_000);
        let simulator: Simulator;
        let key: KeyAndCsr;
        let orderId: number;
        let stack: Stack;

        before(async function () {
            await requireCli(this);
            this.timeout(900_000);
            const problem = await language.problem();
            if (problem !== undefined) {
                const why = `Programs in ${language.name} cannot run: ${problem}. "npm run engine" says more.`;
                if (process.env.CI !== undefined && NEEDED.includes(language.name)) throw new Error(why);
                process.stderr.write(`\n  SKIPPED: ${why}\n`);
                return this.skip();
            }
            simulator = await startSimulator();
            key = await makeKeyAndCsr({ commonName: "shop.example" });
            ({ orderId } = await simulator.seedOrder({
                commonName: "shop.example",
                policy: { approval: "auto" },
            }));
            stack = await newStack({
                program: { files: language.files({ orderId, csr: key.csrPem }) },
                env: {
                    DIGICERT_API_KEY: simulator.apiKey,
                    DIGICERT_BASE_URL: simulator.baseUrl,
                    DIGICERT_POLL_SECONDS: "0.2",
                },
            });
        });
        after(async () => {
            await (stack as Stack | undefined)?.dispose();
            await (simulator as Simulator | undefined)?.close();
        });

        const posts = () => simulator.requests.filter(({ method }) => method !== "GET");
        const play = async (verb: "up" | "destroy") => {
            simulator.clearRequests();
            return language.play(stack, verb);
        };
        const want = (names: readonly string[], more = {}) => {
            stack.write(language.files({ orderId, csr: key.csrPem, names, more }));
        };
        /** A program that reads the order makes a GET for that, whatever the resource does. */
        const readsOrder = ["Python", "Go"].includes(language.name);

        it("creates, changes nothing, changes, waits for an approver, and forgets", async () => {
            const first = await play("up");
            assert.match(first.output, new RegExp(`order ${orderId}: reissue, the resource is new`));
            assert.equal(posts().length, 1);
            const { id, outputs } = stack.resource("shop");
            assert.deepEqual([id, outputs.status], [String(orderId), "issued"]);
            assert.equal(outputs.serialNumber, simulator.order(orderId).current.serialNumber);
            assert.ok(!stack.stateText().includes(simulator.apiKey));

            const same = await play("up");
            assert.ok(same.isUnchanged, same.output);
            assert.equal(posts().length, 0);
            if (!readsOrder) assert.equal(simulator.requests.length, 0);

            simulator.policy(orderId, { approval: "required" });
            want(["api.shop.example"]);
            const asked = await play("up");
            assert.match(asked.output, /reissue, certificate\.dnsNames changed/);
            assert.match(asked.output, /warning: .*waits for an approver in CertCentral/);
            assert.equal(posts().length, 1);
            const [requestId = 0] = stack.resource("shop").outputs.requestIds as number[];

            await simulator.approve(requestId);
            await play("up");
            assert.equal(posts().length, 0);
            assert.equal(stack.resource("shop").outputs.status, "issued");

            await play("destroy");
            assert.equal(simulator.requests.length, 0);
            assert.equal(simulator.committedReissues(orderId), 2);
        });

        if (!language.isImported) return;
        it("imports an order, and the program that it prints is unchanged", async () => {
            simulator.clearRequests();
            const { output } = await stack.run([
                "import",
                "digicert:index:Reissue",
                "shop",
                String(orderId),
                "--yes",
            ]);
            assert.deepEqual([...new Set(simulator.requests.map(({ method }) => method))], ["GET"]);
            const printed = /^resources:\n(?: .*\n|\n)*/m.exec(output)?.[0] ?? "";
            assert.match(printed, /commonName: shop\.example/);
            assert.match(printed, /dnsNames:/);
            assert.doesNotMatch(printed, /skipApproval|signatureHash|issuanceTimeoutSeconds|deletionPolicy/);
            const [head = ""] = (language.files({ orderId, csr: "" })["Pulumi.yaml"] ?? "").split(
                /^resources:/m,
            );
            stack.write({ "Pulumi.yaml": `${head}${printed}` });
            const pasted = await play("up");
            assert.ok(pasted.isUnchanged, pasted.output);
            assert.equal(simulator.requests.length, 0);
        });
    });
}
