import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { requireCli } from "../engine/requireCli.js";
import { newStack, type RunOptions, type Stack } from "../engine/stack.js";
import { leaksIn } from "../secrets/canary.js";
import { attacksWith } from "../secrets/faults.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { program, shopArgs } from "./program.js";

const KEY = "CANARY-3f9b/Kq+7Zt0-5d1c-YARNAC";
/** As much as the CLI and the engine ever say. */
const VERBOSE = ["-v=11", "--logtostderr", "--logflow", "--debug"];

describe("the API key, with the real CLI at its most verbose level", function () {
    this.timeout(300_000);
    let simulator: Simulator;
    let csr: string;
    let orderId: number;
    let stack: Stack;

    before(async function () {
        await requireCli(this);
        simulator = await startSimulator({ apiKey: KEY });
        csr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            policy: { approval: "auto" },
        }));
        stack = await newStack({ program: { files: program(shopArgs(orderId, csr)) } });
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
    });

    const inEnvironment = () => ({ DIGICERT_API_KEY: KEY, DIGICERT_BASE_URL: simulator.baseUrl });
    const verbosely = (env: Record<string, string>, more: RunOptions = {}): RunOptions => ({
        env,
        args: VERBOSE,

        ...more,
    });

    /** Every file that the CLI left: state, its copies, history, event logs, workspace. */
    function filesOf(folder: string): string {
        return readdirSync(folder, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
            .join("\n");
    }

    it("is nowhere in output, state and files while it is in the environment, whatever the server sends back", async () => {
        const attack = attacksWith(KEY, "http://localhost:9/").find(({ name }) => name === "errors with 403");
        assert.ok(attack);
        simulator.fault({ method: "POST", path: "/order/certificate/:id/reissue", ...attack.fault });
        const refused = await stack.up(verbosely(inEnvironment(), { expectFailure: true }));
        assert.match(refused.output, /answered 403: refused: \[redacted\]/);
        simulator.clearFaults();
        const hostile = {
            method: "GET",
            times: Infinity,
            kind: "extra-members",
            members: { echo: KEY, comments: KEY },
        } as const;
        simulator.fault(hostile);
        const issued = await stack.up(verbosely(inEnvironment()));
        const read = await stack.refresh(verbosely(inEnvironment()));
        for (const { output } of [refused, issued, read]) {
            assert.match(output, /"msg":"Marshaling property for RPC/, "it was verbose");
            assert.deepEqual(leaksIn(output, KEY), []);
        }
        assert.equal(stack.resource("shop").outputs.status, "issued");
        assert.deepEqual(leaksIn(filesOf(stack.folder), KEY), []);
    });

    it("is in the engine's own dump of config only, and nowhere in state and files, while it is in stack config @long", async () => {
        await stack.setConfig({ "digicert:apiKey": { secret: KEY }, "digicert:baseUrl": simulator.baseUrl });
        stack.write(program(shopArgs(orderId, csr, [], `triggers: { turn: "2" },`)));
        const { output } = await stack.up(verbosely({}));
        const lines = output.split("\n").filter((line) => leaksIn(line, KEY).length > 0);
        assert.ok(lines.length > 0, "the engine does dump it; if it no longer does, SECURITY.md can say so");
        const config = /^\{"time":.*"msg":"Marshaling property for RPC\[Provider.*Configure\(\)/;
        assert.deepEqual(
            lines.filter((line) => !config.test(line)),
            [],
        );
        assert.deepEqual(leaksIn(stack.stateText(), KEY), []);
        assert.deepEqual(leaksIn(filesOf(stack.folder), KEY), []);
    });
});
