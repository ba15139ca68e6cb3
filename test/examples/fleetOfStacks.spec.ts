import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Child, type ChildResult } from "../engine/child.js";
import { requireCli } from "../engine/requireCli.js";
import { type Stack } from "../engine/stack.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { openExample } from "./example.js";

const ORDERS = 10;

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

    function start(...args: readonly string[]): Child {
        simulator.clearRequests();
        return new Child(process.execPath, ["fleet.mjs", ...args, "--stacks", "3"], {
            cwd: stack.program,
            env: { ...stack.env, DIGICERT_BASE_URL: simulator.baseUrl },
        });
    }
    const fleet = async (...args: readonly string[]): Promise<ChildResult> => start(...args).done;
    const posts = () => ids.map((id) => simulator.committedReissues(id));
    const methods = () => simulator.requests.map(({ method }) => method);
    const ordersOf = (shard: number) => {
        const text = readFileSync(
            join(stack.folder, ".pulumi", "stacks", stack.project, `fleet-${shard}.json`),
        );
        return [...text.toString().matchAll(/"id":\s*"(10000\d\d)"/g)].map(([, id]) => Number(id));
    };

    it("divides the orders among its stacks, and tells in one summary what was done @long", async () => {
        const { output, exitCode } = await fleet("up");
        assert.equal(exitCode, 0, output);
        assert.match(output, /^fleet-1: done: \d create$/m);
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

    it("gives each stack its part of the quota @long", () => {
        // Adopting takes two requests an order; a third of 100 in 5 s is enough for all of them.
        const pace = simulator.requests.filter(({ status }) => status === 429);
        assert.deepEqual(pace, []);
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
        held.release();
        const interrupted = await first.done;
        assert.equal(interrupted.exitCode, 2, interrupted.output);
        assert.match(interrupted.output, /Not all is done: run it again, and it goes on\.$/m);

        const { output, exitCode } = await fleet("up");
        assert.equal(exitCode, 0, output);
        assert.deepEqual(posts(), Array(ORDERS).fill(1), output);
        assert.match((await fleet("up")).output, /all: 10 same\.$/m);
    });

    it("frees the stacks that a killed run has left locked, and goes on @long", async () => {
        write({ adoptExisting: true, triggers: { revoked: "2026-11-28", again: "yes" } });
        const held = simulator.hold({ method: "POST", at: "answer" });
        const first = start("up", "--at-once", "2");
        await held.there;
        await first.end();
        held.release();
        const freed = await fleet("cancel");
        assert.equal(freed.exitCode, 0, freed.output);
        const { output, exitCode } = await fleet("up");
        assert.equal(exitCode, 0, output);
        assert.deepEqual(posts(), Array(ORDERS).fill(2), output);
    });

    it("names the stack, the order and the reason where an order waits for somebody, and exits with 1 @long", async () => {
        const id = ids[4] ?? 0;
        simulator.policy(id, { approval: "required" });
        write({ adoptExisting: true, triggers: { revoked: "2026-11-29", again: "yes" } });
        const { output, exitCode } = await fleet("up");
        assert.equal(exitCode, 1, output);
        assert.match(
            output,
            new RegExp(`^needs attention: fleet-\\d: site-4 \\(order ${id}\\): pending_approval$`, "m"),
        );
    });

    it("refuses a command line that it does not understand, before anything is done @long", async () => {
        for (const args of [["destroy"], ["up", "--stacks", "0"], ["up", "now"], []]) {
            const child = new Child(process.execPath, ["fleet.mjs", ...args], {
                cwd: stack.program,
                env: stack.env,
            });
            const { exitCode, output } = await child.done;
            assert.equal(exitCode, 2);
            assert.match(output, /^Usage: node fleet\.mjs/m);
        }
    });
});
