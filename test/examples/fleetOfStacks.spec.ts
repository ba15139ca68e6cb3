import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Child, type ChildResult } from "../engine/child.js";
import { requireCli } from "../engine/requireCli.js";
import { type Stack } from "../engine/stack.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { openExample } from "./example.js";

const ORDERS = 10;
/** Longer than fleet.mjs waits before it passes a signal on. */
const PASSED_ON_MS = 4500;

describe("examples/fleet: fleet.mjs, over several stacks", function () {
    this.timeout(600_000);
    let simulator: Simulator;
    /** Its folder, environment and backend are those of the fleet; the stack itself stays empty. */
    let stack: Stack;
    let ids: number[];

    before(async function () {
        await requireCli(this);
        simulator = await startSimulator({ policy: { approval: "auto" }, rateLimit: true });
        stack = await openExample({ name: "fleet", simulator, packages: ["zod"] });
        const { csrPem: csr } = await makeKeyAndCsr({ commonName: "fleet.example" });
        ids = [];
        for (let index = 0; index < ORDERS; index++) {
            const commonName = `site-${index}.example`;
            ids.push((await simulator.seedOrder({ id: 1_000_001 + index, commonName, csr })).orderId);
            stack.write({ [`csr/site-${index}.pem`]: csr });
        }
        write({ adoptExisting: true });
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
    });

    function write(defaults: object): void {
        const certificates = ids.map((orderId, index) => ({
            name: `site-${index}`,
            orderId,
            commonName: `site-${index}.example`,
        }));
        stack.write({ "certificates.json": JSON.stringify({ defaults, certificates }) });
    }

    /** Its last --stacks counts. */
    function startWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Child {
        simulator.clearRequests();
        return new Child(process.execPath, ["fleet.mjs", "--stacks", "3", ...args], {
            cwd: stack.program,
            env: { ...stack.env, DIGICERT_BASE_URL: simulator.baseUrl, ...env },
        });
    }
    const start = (...args: readonly string[]): Child => startWith({}, ...args);
    const fleet = async (...args: readonly string[]): Promise<ChildResult> => start(...args).done;
    const posts = () => ids.map((id) => simulator.committedReissues(id));
    const methods = () => simulator.requests.map(({ method }) => method);
    const log = (name: string) => readFileSync(join(stack.program, "logs", `${name}.txt`), "utf8");
    const logs = () => [1, 2, 3].map((shard) => log(`fleet-${shard}-of-3`)).join("");
    const cancellations = () => logs().match(/\^C received; cancelling/g)?.length ?? 0;
    const locks = () => {
        const folder = join(stack.folder, ".pulumi", "locks");
        if (!existsSync(folder)) return [];
        return readdirSync(folder, { recursive: true }).filter((path) => String(path).endsWith(".json"));
    };
    const stackNames = async () => {
        const { stdout } = await stack.run(["stack", "ls", "--json"]);
        return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name).sort();
    };
    const ordersOf = (shard: number) => {
        const text = readFileSync(
            join(stack.folder, ".pulumi", "stacks", stack.project, `fleet-${shard}-of-3.json`),
        );
        return [...text.toString().matchAll(/"id":\s*"(10000\d\d)"/g)].map(([, id]) => Number(id));
    };

    /** Runs it once more: all is done then, with one POST for each order since `before`. */
    async function goOn(before: readonly number[]): Promise<void> {
        const { output, exitCode } = await fleet("up");
        assert.equal(exitCode, 0, output);
        assert.deepEqual(
            posts(),
            before.map((count) => count + 1),
        );
    }

    it("divides the orders among its stacks, and tells in one summary what was done @long", async () => {
        const { output, exitCode } = await fleet("up");
        assert.equal(exitCode, 0, output);
        assert.match(output, /^fleet-1-of-3: done: \d create$/m);
        assert.match(output, /^\d+:\d\d {2}all: 10 create\.$/m);
        const shards = [1, 2, 3].map(ordersOf);
        assert.deepEqual(
            shards.map(({ length }) => length),
            [3, 3, 4],
        );
        assert.deepEqual(shards.flat().sort(), ids);
        assert.deepEqual(posts(), Array(ORDERS).fill(0));
        assert.ok(methods().every((method) => method === "GET"));
    });

    it("gives each stack its part of the quota, or of the share that it is given itself @long", async () => {
        // In place of the CLI: it notes the share of each preview.
        stack.write({
            "bin/pulumi": `#!/bin/sh\n[ "$1" = preview ] && echo "$DIGICERT_QUOTA_SHARE" >> shares.txt\nexec "${stack.bin}" "$@"\n`,
        });
        chmodSync(join(stack.program, "bin", "pulumi"), 0o755);
        const PATH = [join(stack.program, "bin"), stack.env.PATH].join(delimiter);
        const whole = await startWith({ PATH, DIGICERT_QUOTA_SHARE: "" }, "preview").done;
        assert.equal(whole.exitCode, 0, whole.output);
        const half = await startWith({ PATH, DIGICERT_QUOTA_SHARE: "0.5" }, "preview", "--at-once", "2").done;
        assert.equal(half.exitCode, 0, half.output);
        const shares = readFileSync(join(stack.program, "shares.txt"), "utf8").trim().split("\n");
        assert.deepEqual(shares, [...Array<string>(3).fill("0.3333"), ...Array<string>(3).fill("0.25")]);
    });

    it("shows in a preview what an up would do, and keeps what was printed before @long", async () => {
        write({ adoptExisting: true, triggers: { preview: "1" } });
        const { output, exitCode } = await fleet("preview");
        assert.equal(exitCode, 0, output);
        assert.match(output, /all: 10 update\.$/m);
        assert.deepEqual(methods(), []);
        const printed = log("fleet-1-of-3");
        assert.match(printed, /^---- up, \d{4}-[^]*^---- preview, \d{4}-/m);
        write({ adoptExisting: true });
    });

    it("refuses to run while another stack of the project may have the orders @long", async () => {
        const before = await stackNames();
        for (const args of [
            ["--stacks", "2"],
            ["--stacks", "4"],
            ["--prefix", "other"],
        ]) {
            const { output, exitCode } = await fleet("up", ...args);
            assert.equal(exitCode, 2, output);
            assert.match(
                output,
                /^Nothing was done: other stacks of the project have resources: fleet-1-of-3, /,
            );
        }
        assert.deepEqual(await stackNames(), before);
        assert.deepEqual(methods(), []);
    });

    it("moves the orders to other stacks without a reissue, as the README says @long", async () => {
        const moved = ["--prefix", "moved", "--stacks", "2"];
        const { output, exitCode } = await fleet("up", ...moved, "--beside-others");
        assert.equal(exitCode, 0, output);
        assert.match(output, /all: 10 create\.$/m);
        const destroy = async (name: string) =>
            stack.run(["destroy", "--yes", "--skip-preview", "--stack", name], {
                env: { DIGICERT_BASE_URL: simulator.baseUrl },
                timeoutMs: 300_000,
            });
        for (const name of ["fleet-1-of-3", "fleet-2-of-3", "fleet-3-of-3"]) await destroy(name);
        assert.match((await fleet("up", ...moved)).output, /all: 10 same\.$/m);
        const back = await fleet("up", "--beside-others");
        assert.equal(back.exitCode, 0, back.output);
        for (const name of ["moved-1-of-2", "moved-2-of-2"]) await destroy(name);
        assert.deepEqual(posts(), Array(ORDERS).fill(0));
    });

    it("makes no request where nothing is to be done @long", async () => {
        const { output, exitCode } = await fleet("up");
        assert.equal(exitCode, 0, output);
        assert.match(output, /all: 10 same\.$/m);
        assert.deepEqual(methods(), []);
    });

    it("reissues every order exactly once for one trigger, also when it is interrupted and started again @long", async () => {
        write({ adoptExisting: true, triggers: { revoked: "2026-11-28" } });
        const held = simulator.hold({ method: "POST", at: "answer" });
        const first = start("up");
        await held.there;
        // Ctrl-C goes to all processes of the terminal.
        process.kill(-first.pid, "SIGINT");
        await first.waitForLine(/^Interrupted: waiting for the stacks/);
        await pause(PASSED_ON_MS);
        held.release();
        const interrupted = await first.done;
        assert.equal(interrupted.exitCode, 2, interrupted.output);
        assert.match(logs(), /\^C received; cancelling/);
        assert.doesNotMatch(logs(), /\^C received; terminating/, "the engines got one signal");
        assert.match(interrupted.output, /Not all is done: run it again, and it goes on\.$/m);

        const { output, exitCode } = await fleet("up");
        assert.equal(exitCode, 0, output);
        assert.deepEqual(posts(), Array(ORDERS).fill(1), output);
        assert.match((await fleet("up")).output, /all: 10 same\.$/m);
    });

    it("passes a signal on that it got alone: the stacks save and end, and the next run goes on @long", async () => {
        const before = posts();
        write({ adoptExisting: true, triggers: { revoked: "2026-11-28", signal: "1" } });
        const held = simulator.hold({ method: "POST", at: "answer" });
        const first = start("up");
        await held.there;
        const earlier = cancellations();
        first.kill("SIGTERM");
        await first.waitForLine(/^Interrupted: waiting for the stacks/);
        await pause(PASSED_ON_MS);
        assert.ok(cancellations() > earlier, logs());
        held.release();
        const interrupted = await first.done;
        assert.equal(interrupted.exitCode, 2, interrupted.output);
        assert.match(interrupted.output, /^fleet-\d-of-3: interrupted \(logs\//m);
        assert.deepEqual(locks(), []);

        await goOn(before);
    });

    it("tells that another run works on a stack, and leaves that run alone @long", async () => {
        const before = posts();
        write({ adoptExisting: true, triggers: { revoked: "2026-11-28", locked: "1" } });
        const held = simulator.hold({ method: "POST", at: "answer" });
        const first = start("up");
        await held.there;
        const second = await fleet("up");
        assert.equal(second.exitCode, 2, second.output);
        assert.match(
            second.output,
            /^fleet-\d-of-3: locked: another run works on it; `cancel` only if that run is dead: no order$/m,
        );
        held.release();
        await first.done;
        await goOn(before);
    });

    it("frees the stacks that a killed run has left locked, and goes on @long", async () => {
        const before = posts();
        write({ adoptExisting: true, triggers: { revoked: "2026-11-28", again: "yes" } });
        const held = simulator.hold({ method: "POST", at: "answer" });
        const first = start("up", "--at-once", "2");
        await held.there;
        await first.end();
        held.release();
        const freed = await fleet("cancel");
        assert.equal(freed.exitCode, 0, freed.output);
        await goOn(before);
    });

    it("names the order that fails, reissues the others, and tells what waits in this run @long", async () => {
        const before = posts();
        const [waiting = 0, failing = 0] = ids;
        simulator.policy(waiting, { approval: "required" });
        simulator.policy(failing, { orderStatus: "canceled" });
        write({ adoptExisting: true, triggers: { revoked: "2026-11-28", failure: "1" } });
        const { output, exitCode } = await fleet("up");
        assert.equal(exitCode, 2, output);
        assert.match(
            output,
            new RegExp(
                `^failed: fleet-1-of-3: site-1 \\(order ${failing}\\): .*order ${failing}.*canceled.*`,
                "m",
            ),
        );
        assert.equal(output.match(/^failed: /gm)?.length, 1, output);
        assert.match(output, /^fleet-1-of-3: failed \(logs\/fleet-1-of-3\.txt\): 2 update, 1 failed$/m);
        assert.match(output, /^fleet-3-of-3: done: 4 update, 1 warnings \(logs\/fleet-3-of-3\.txt\)$/m);
        assert.match(
            output,
            new RegExp(
                `^needs attention: fleet-\\d-of-3: site-0 \\(order ${waiting}\\): pending_approval$`,
                "m",
            ),
        );
        assert.deepEqual(
            posts().map((count, index) => count - (before[index] ?? 0)),
            [1, 0, ...Array<number>(ORDERS - 2).fill(1)],
        );

        simulator.policy(failing, { orderStatus: undefined });
        simulator.policy(waiting, { approval: "auto" });
        const [request] = simulator.order(waiting).requests.filter(({ status }) => status === "pending");
        await simulator.approve(request?.requestId ?? 0);
        const again = await fleet("up");
        assert.equal(again.exitCode, 0, again.output);
    });

    it("names the row that is refused, which stops its own stack alone @long", async () => {
        const before = posts();
        const csr = readFileSync(join(stack.program, "csr", "site-2.pem"), "utf8");
        stack.write({ "csr/site-2.pem": "no CSR" });
        write({ adoptExisting: true, triggers: { revoked: "2026-11-28", refusal: "1" } });
        const REFUSED = /^refused: fleet-2-of-3: site-2: .*csr/m;
        const preview = await fleet("preview");
        assert.equal(preview.exitCode, 2, preview.output);
        assert.match(preview.output, REFUSED);
        const { output, exitCode } = await fleet("up");
        assert.equal(exitCode, 2, output);
        assert.match(output, REFUSED);
        assert.equal(output.match(/^(refused|failed): /gm)?.length, 1, output);
        assert.match(
            output,
            /Not all is done: mend what was refused, because it stops its stack, and run it again\.$/m,
        );
        const made = posts().map((count, index) => count - (before[index] ?? 0));
        assert.equal(made[2], 0);
        // Rows of the same stack may have begun before.
        assert.ok(
            ids.every((id, index) => id % 3 === 1 || made[index] === 1),
            made.join(),
        );
        stack.write({ "csr/site-2.pem": csr });
        await goOn(before);
    });

    it("cancels nothing, and makes no stack, where there is none of that name @long", async () => {
        const before = await stackNames();
        const { output, exitCode } = await fleet("cancel", "--prefix", "fleeet");
        assert.equal(exitCode, 2, output);
        assert.match(output, /^fleeet-1-of-3: there is no such stack: no order$/m);
        assert.deepEqual(await stackNames(), before);
    });

    it("names the stack, the order and the reason where an order waits for somebody, and exits with 1 @long", async () => {
        const id = ids[4] ?? 0;
        simulator.policy(id, { approval: "required" });
        write({ adoptExisting: true, triggers: { revoked: "2026-11-29", again: "yes" } });
        const { output, exitCode } = await fleet("up");
        assert.equal(exitCode, 1, output);
        assert.match(
            output,
            new RegExp(`^needs attention: fleet-\\d-of-3: site-4 \\(order ${id}\\): pending_approval$`, "m"),
        );
    });
});
