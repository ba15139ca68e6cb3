import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { requireCli } from "../engine/requireCli.js";
import { newStack, type RunOptions, type Stack } from "../engine/stack.js";
import { throughPlugin } from "../plugin/programs.js";
import { leaksIn } from "../secrets/canary.js";
import { attacksWith } from "../secrets/faults.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { program, shopArgs } from "./program.js";

const KEY = "CANARY-3f9b/Kq+7Zt0-5d1c-YARNAC";
/** What a program makes secret. */
const SECRET = "HUSHED-81Vw+x/Y2c4-DEHSUH";
/** As much as the CLI and the engine ever say. */
const VERBOSE = ["-v=11", "--logtostderr", "--logflow", "--debug"];
/** A run goes on where a resource fails. */
const FAILING = { args: ["--continue-on-error"], expectFailure: true } as const;

type Files = Readonly<Record<string, string>>;

const DOORS: Readonly<Record<string, (files: Files) => Files>> = {
    "the dynamic resource": (files) => files,
    "the plugin": throughPlugin,
};

for (const [door, through] of Object.entries(DOORS)) {
    const isPlugin = door === "the plugin";

    describe(`the API key and a program's secrets, through ${door}, with the real CLI,`, function () {
        this.timeout(300_000);
        let simulator: Simulator;
        let csr: string;
        let refusedOrder: number;
        let lateOrder: number;
        let stack: Stack;

        before(async function () {
            await requireCli(this);
            simulator = await startSimulator({ apiKey: KEY });
            csr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
            stack = await newStack({ program: { files: through(program("{}")) } });
        });
        beforeEach(async () => {
            simulator.clearFaults();
            refusedOrder = await order("auto");
            lateOrder = await order("required");
            stack.change((resources) => resources.filter(({ type }) => type.startsWith("pulumi:")));
        });
        after(async () => {
            await (stack as Stack | undefined)?.dispose();
            await (simulator as Simulator | undefined)?.close();
        });

        async function order(approval: "auto" | "required"): Promise<number> {
            const seed = { commonName: "shop.example", policy: { approval } } as const;
            return (await simulator.seedOrder(seed)).orderId;
        }

        /** A program with a resource whose request is refused, and one that is not issued in time, which makes `up` fail partly. */
        function write(triggers: string): void {
            const more = `triggers: ${triggers}, waitForApproval: true, issuanceTimeoutSeconds: 1`;
            const late = `new DigiCertReissue("late", ${shopArgs(lateOrder, csr, [], more)});`;
            const head = 'const { secret } = require("@pulumi/pulumi");';
            const { "index.js": text = "" } = program(shopArgs(refusedOrder, csr), late);
            stack.write(through({ "index.js": head + text }));
        }

        const inEnvironment = () => ({ DIGICERT_API_KEY: KEY, DIGICERT_BASE_URL: simulator.baseUrl });
        const verbosely = (
            env: Record<string, string>,
            { args = [], ...more }: RunOptions = {},
        ): RunOptions => ({ env, args: [...args, ...VERBOSE], ...more });
        const statusOf = (name: string) => stack.resource(name).outputs.status;

        async function approve(): Promise<void> {
            const request = simulator.order(lateOrder).requests.find(({ status }) => status === "pending");
            await simulator.approve(request?.requestId ?? 0);
        }

        /** Every file that the CLI left: state, its copies, history, event logs, workspace. */
        function filesOf(folder: string): string {
            return readdirSync(folder, { recursive: true, withFileTypes: true })
                .filter((entry) => entry.isFile())
                .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
                .join("\n");
        }

        it("is nowhere in output, state and files while it is in the environment, whatever the server sends back", async () => {
            write("{}");
            const attack = attacksWith(KEY, "http://localhost:9/").find(
                ({ name }) => name === "errors with 403",
            );
            assert.ok(attack);
            const path = `/order/certificate/${refusedOrder}/reissue`;
            simulator.fault({ method: "POST", path, ...attack.fault });
            const failed = await stack.up(verbosely(inEnvironment(), FAILING));
            assert.match(failed.output, /answered 403: refused: \[redacted\]/);
            assert.equal(statusOf("late"), "pending_approval");
            simulator.clearFaults();
            const hostile = {
                method: "GET",
                times: Infinity,
                kind: "extra-members",
                members: { echo: KEY, comments: KEY },
            } as const;
            simulator.fault(hostile);
            await approve();
            const issued = await stack.up(verbosely(inEnvironment()));
            const read = await stack.refresh(verbosely(inEnvironment()));
            for (const { output } of [failed, issued, read]) {
                assert.match(output, /"msg":"Marshaling property for RPC/, "it was verbose");
                assert.deepEqual(leaksIn(output, KEY), []);
            }
            assert.deepEqual([statusOf("shop"), statusOf("late")], ["issued", "issued"]);
            const files = filesOf(stack.folder);
            assert.match(files, /"resourcePreEvent":/, "event logs are among them");
            assert.deepEqual(leaksIn(files, KEY), []);
        });

        it(`keeps a program's secret out of output, state and files, also where an up fails partly${isPlugin ? "" : " @long"}`, async () => {
            write(`{ token: secret("${SECRET}") }`);
            const failed = await stack.up({ env: inEnvironment(), ...FAILING });
            assert.equal(statusOf("late"), "pending_approval");
            await approve();
            const issued = await stack.up({ env: inEnvironment() });
            assert.equal(statusOf("late"), "issued");
            for (const { output } of [failed, issued]) assert.deepEqual(leaksIn(output, SECRET), []);
            // Node's SDK sends all properties to the engine in debug messages, which its event log keeps.
            const isDebug = (line: string) => line.includes('"diagnosticEvent":{"prefix":"debug: "');
            const lines = filesOf(stack.folder).split("\n");
            assert.deepEqual(leaksIn(lines.filter((line) => !isDebug(line)).join("\n"), SECRET), []);
        });

        it("is in the engine's own dump of config only, and nowhere in state and files, while it is in stack config @long", async () => {
            await stack.setConfig({
                "digicert:apiKey": { secret: KEY },
                "digicert:baseUrl": simulator.baseUrl,
            });
            stack.write(through(program(shopArgs(refusedOrder, csr))));
            const { output } = await stack.up(verbosely({}));
            const lines = output.split("\n").filter((line) => leaksIn(line, KEY).length > 0);
            assert.ok(
                lines.length > 0,
                "the engine does dump it; if it no longer does, SECURITY.md can say so",
            );
            const config =
                /^\{"time":.*"msg":"(?:M|Unm)arshaling property for RPC\[Provider.*(?:Configure\(\)|CheckConfig\()/;
            assert.deepEqual(
                lines.filter((line) => !config.test(line)),
                [],
            );
            assert.deepEqual(leaksIn(stack.stateText(), KEY), []);
            assert.deepEqual(leaksIn(filesOf(stack.folder), KEY), []);
        });

        if (isPlugin) {
            it("is not printed where the name of its setting is misspelt", async () => {
                stack.write(through(program(shopArgs(refusedOrder, csr))));
                await stack.setConfig({ "digicert:apikey": { secret: SECRET } });
                const { output } = await stack.up({ env: inEnvironment(), expectFailure: true });
                assert.match(output, /apikey is not a setting; did you mean apiKey\?/);
                assert.deepEqual(leaksIn(output, SECRET), []);
                assert.deepEqual(leaksIn(stack.stateText(), SECRET), []);
            });
        }
    });
}
