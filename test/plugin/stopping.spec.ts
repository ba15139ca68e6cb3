import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { commandLine, signal, stillRunning, type ProcessEntry } from "../engine/processTree.js";
import type { Child } from "../engine/child.js";
import { requireCli, requireYaml } from "../engine/requireCli.js";
import { newStack, type Stack } from "../engine/stack.js";
import { makeKeyAndCsr, startSimulator, type KeyAndCsr, type Simulator } from "../../simulator/index.js";
import { leaksIn } from "../secrets/canary.js";
import { yamlProgram } from "./programs.js";

describe("an up through the plugin that is stopped, with the real CLI", function () {
    this.timeout(300_000);
    let simulator: Simulator;
    let key: KeyAndCsr;
    let stack: Stack;
    let orderId: number;

    before(async function () {
        await requireCli(this);
        requireYaml(this);
        simulator = await startSimulator();
        key = await makeKeyAndCsr({ commonName: "shop.example" });
    });
    after(() => (simulator as Simulator | undefined)?.close());
    beforeEach(async () => {
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            policy: { approval: "required" },
        }));
        stack = await newStack({
            program: { files: yamlProgram({ orderId, csr: key.csrPem, more: { waitForApproval: true } }) },
            env: {
                DIGICERT_API_KEY: simulator.apiKey,
                DIGICERT_BASE_URL: simulator.baseUrl,
                DIGICERT_POLL_SECONDS: "0.2",
            },
        });
        simulator.clearRequests();
    });
    afterEach(() => stack.dispose());

    const isPlugin = (entry: ProcessEntry) => commandLine(entry).includes("pulumi-resource-digicert");
    const posts = () => simulator.requests.filter(({ method }) => method === "POST").length;

    /** Starts an up, and waits until its reissue waits for an approver. */
    async function upThatWaits(...args: readonly string[]): Promise<Child> {
        const up = stack.spawn(["up", "--yes", "--skip-preview", ...args]);
        while (simulator.requests.length < 3) await pause(20);
        return up;
    }

    /** The next up takes over what was accepted: one POST, one reissue, nothing forgotten. */
    async function expectTakenOver(): Promise<void> {
        const { requests } = simulator.order(orderId);
        for (const { requestId, status } of requests)
            if (status === "pending") await simulator.approve(requestId);
        await stack.up();
        assert.equal(stack.resource("shop").outputs.status, "issued");
        assert.equal(posts(), 1);
        assert.equal(simulator.committedReissues(orderId), 1);
    }

    it("ends at once at Ctrl-C, with the ids saved, the key in no log, and the next up goes on", async () => {
        const up = await upThatWaits("-v=9", "--logtostderr");
        signal(-up.pid, "SIGINT"); // to the process group, as a terminal does
        const begun = performance.now();
        await up.waitForLine(/stopped while the reissue waits for an approver/);
        const took = performance.now() - begun;
        const { exitCode, output } = await up.done;
        const ended = performance.now() - begun;
        console.log(`      the wait ended after ${took.toFixed(0)} ms, the CLI after ${ended.toFixed(0)} ms`);
        assert.notEqual(exitCode, 0);
        assert.match(output, /stopped while the reissue waits for an approver/);
        const { outputs } = stack.resource("shop");
        assert.equal(outputs.status, "pending_approval");
        const [requestId = 0] = outputs.requestIds as number[];
        assert.deepEqual(stack.saved().deployment.pending_operations ?? [], []);

        assert.ok(requestId > 0);
        assert.match(output, /\.Create\(/, "the log is a log of level 9");
        assert.deepEqual(leaksIn(`${output}\n${stack.stateText()}`, simulator.apiKey), []);

        await expectTakenOver();
        assert.ok(took < 3000, `the wait ends within a second on a machine at rest: ${took.toFixed(0)} ms`);
        assert.ok(ended < 5000, `the engine had to kill the plugin, after 5 s: ${ended.toFixed(0)} ms`);
    });

    it("finishes a POST when SIGINT reaches each process of the run, with the ids saved, and the next up goes on", async () => {
        const held = simulator.hold({ method: "POST", at: "answer" });
        const up = stack.spawn(["up", "--yes", "--skip-preview"]);
        await held.there;
        for (const { pid } of [...up.descendants(), up]) signal(pid, "SIGINT");
        await up.waitForLine(/received; cancelling/);
        await pause(500);
        held.release();
        const { exitCode, output } = await up.done;
        assert.notEqual(exitCode, 0);
        assert.doesNotMatch(output, /exited prematurely/);
        const { outputs } = stack.resource("shop");
        // The order is not read any more, so the stack does not know yet that an approver comes first.
        assert.equal(outputs.status, "pending_issuance");
        assert.equal((outputs.requestIds as number[]).length, 1);
        assert.deepEqual(stack.saved().deployment.pending_operations ?? [], []);
        await expectTakenOver();
    });

    it("leaves no process behind when its engine is killed, and the next up takes the reissue over @long", async () => {
        const up = await upThatWaits();
        const plugins = up.descendants().filter(isPlugin);
        assert.ok(plugins.length > 0);
        up.kill("SIGKILL");
        const begun = performance.now();
        while (stillRunning(plugins).length > 0) {
            assert.ok(performance.now() - begun < 30_000, "the plugin outlives its engine");
            await pause(100);
        }
        console.log(`      the plugin ended after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
        await stack.run(["cancel", "--yes"]);
        await expectTakenOver();
    });

    it("is made once when the plugin is killed @long", async () => {
        const up = await upThatWaits();
        for (const { pid } of up.descendants().filter(isPlugin)) process.kill(pid, "SIGKILL");
        const { exitCode } = await up.done;
        assert.notEqual(exitCode, 0);
        await expectTakenOver();
    });
});
