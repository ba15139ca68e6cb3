import assert from "node:assert/strict";
import { requireCli } from "../engine/requireCli.js";
import { newStack, type RunResult, type Stack } from "../engine/stack.js";
import { makeKeyAndCsr, startSimulator, type KeyAndCsr, type Simulator } from "../../simulator/index.js";
import { program, shopArgs, STACK_TRACE } from "./program.js";

/** What Pulumi records where it can name the stub, to the character: it is in states for ever. */
const BY_REFERENCE = `exports.handler = __f0;
const provider = require("pulumi-digicert/stub");

function __f0() {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return () => provider;

    }
  }).apply(undefined, undefined).apply(this, arguments);
}
`;

for (const layout of ["installed", "symlink", "installed-namesake"] as const) {
    describe(`the straight road with the real CLI (${layout})${layout === "installed" ? "" : " @long"}`, function () {
        this.timeout(300_000);
        let simulator: Simulator;
        let key: KeyAndCsr;
        let orderId: number;
        let stack: Stack;

        before(async function () {
            await requireCli(this);
            this.timeout(300_000); // npm installs the package
            simulator = await startSimulator();
            key = await makeKeyAndCsr({ commonName: "shop.example" });
            ({ orderId } = await simulator.seedOrder({
                commonName: "shop.example",
                policy: { approval: "auto" },
            }));
            stack = await newStack({
                layout,
                program: { files: program(shopArgs(orderId, key.csrPem)) },
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

        /** One command, and the requests it made. */
        async function during(command: () => Promise<RunResult>) {
            simulator.clearRequests();
            const run = await command();
            assert.doesNotMatch(run.output, STACK_TRACE);
            const methods = simulator.requests.map(({ method }) => method);
            return { ...run, methods, posts: methods.filter((method) => method === "POST").length };
        }
        const change = (names: readonly string[], more = "", csr = key.csrPem) => {
            stack.write(program(shopArgs(orderId, csr, names, more)));
        };

        it("begins with one POST, and makes no request without a change", async () => {
            const first = await during(() =>
                stack.up({ args: ["--skip-preview=false", "-v=9", "--logtostderr"] }),
            );
            assert.equal(first.summary?.create, 2, first.output);
            assert.deepEqual(first.methods, ["GET", "POST"]);
            assert.ok(
                !first.output.includes(simulator.apiKey),
                "the key from the environment, at the most verbose level",
            );
            assert.ok(!stack.stateText().includes(simulator.apiKey));

            const { id, outputs, inputs } = stack.resource("shop");
            assert.equal(id, String(orderId));
            assert.equal(outputs.status, "issued");
            assert.equal(outputs.serialNumber, simulator.order(orderId).current.serialNumber);
            assert.equal(
                (await stack.outputs()).fullChainPem,
                `${String(outputs.certificatePem)}${String(outputs.chainPem)}`,
            );
            const text = String(inputs.__provider);
            if (layout === "installed") assert.equal(text, BY_REFERENCE);
            assert.doesNotMatch(text, /\d+\.\d+\.\d+|node_modules|dist/, "neither a version nor a path");
            assert.ok(!stack.stateText().includes("PRIVATE KEY"));

            const same = await during(() => stack.up());
            assert.deepEqual([same.summary?.changes, same.methods.length], [0, 0]);
        });

        it("shows a change in preview, and makes it with one POST", async () => {
            change(["API.shop.example", "shop.example"]);
            const changed = await during(() => stack.up({ args: ["--skip-preview=false"] }));
            const [shown = ""] = changed.output.split("Updating");
            assert.match(shown, new RegExp(`order ${orderId}: reissue, certificate.dnsNames changed`));
            assert.match(shown, /\[diff: ~certificate\]/);
            assert.deepEqual(changed.methods, ["GET", "POST"]);
        });

        it("takes another spelling for the same, refuses to lose a name, and waits for an approver @long", async () => {
            const fresh = await makeKeyAndCsr({ commonName: "shop.example", keyPem: key.keyPem });
            change(["shop.example", "api.SHOP.example"], "", fresh.csrPem.replaceAll("\n", "\r\n"));
            const reordered = await during(() => stack.up());
            assert.deepEqual(
                [reordered.summary?.changes, reordered.methods.length],
                [0, 0],
                reordered.output,
            );

            change([]);
            const removal = await during(() => stack.preview({ expectFailure: true }));
            assert.match(removal.output, /api\.shop\.example would disappear .* within 72 hours/);
            assert.deepEqual(removal.methods, []);

            const names = ["api.shop.example"];
            change(names);
            const refreshed = await during(() => stack.refresh());
            assert.equal(refreshed.summary?.changes, 0, refreshed.output);

            simulator.policy(orderId, { approval: "required" });
            change(names, `triggers: { quarter: "2" },`);
            const asked = await during(() => stack.up());
            assert.deepEqual([asked.posts, asked.exitCode], [1, 0]);
            const pending = stack.resource("shop").outputs;
            assert.equal(pending.status, "pending_approval");
            const [requestId = 0] = pending.requestIds as number[];
            assert.deepEqual((await during(() => stack.up())).methods, ["GET"]);
            await simulator.approve(requestId);
            const resumed = await during(() => stack.up());
            assert.equal(resumed.posts, 0);
            assert.equal((await stack.outputs()).status, "issued");
            assert.equal(simulator.committedReissues(orderId), 3);
        });

        it("ends with a destroy that makes no request", async () => {
            const forgotten = await during(() => stack.destroy());
            assert.deepEqual(forgotten.methods, []);
        });
    });
}
