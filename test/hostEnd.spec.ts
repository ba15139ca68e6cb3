import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "./engine/child.js";
import { cleanEnvironment } from "./engine/environment.js";
import { startHost, type DynamicHost } from "./engine/host.js";
import { repositoryRoot } from "./engine/paths.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../simulator/index.js";

/** Time limit: much shorter than the waiting of the host, much longer than its end takes on a busy machine. */
const SOON_MS = 15_000;

/** Processor time of a process so far (proc(5): utime and stime, in hundredths of a second). */
function processorSeconds(pid: number): number {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
}

describe("the end of the provider's process", function () {
    this.timeout(120_000);
    let simulator: Simulator;
    let csr: string;
    let orderId: number;
    let host: DynamicHost;

    before(async () => {
        simulator = await startSimulator();
        csr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
    });
    after(() => simulator.close());
    beforeEach(async () => {
        simulator.clearFaults();
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            policy: { approval: "auto" },
        }));
    });
    afterEach(() => (host as DynamicHost | undefined)?.close());

    const config = () => ({ "digicert:baseUrl": simulator.baseUrl, "digicert:apiKey": simulator.apiKey });
    const shop = () => ({
        orderId,
        certificate: { commonName: "shop.example", csr },
        identity: "project/stack/shop",
    });

    async function start() {
        host = await startHost();
        await host.configure({ ...config(), "digicert:pollSeconds": "600" });
        return (await host.check({}, shop())).inputs;
    }

    const POST = { method: "POST", path: "/order/certificate/:id/reissue" };
    const ORDER = { method: "GET", path: "/order/certificate/:id" };
    /** Resolves when such a request has been answered. */
    const answered = (request: typeof POST, nth: number) => {
        const held = simulator.hold({ ...request, at: "answer", nth });
        held.release();
        return held.over;
    };
    /** The states in which the host waits; each would take minutes. */
    const waits: Record<string, () => Promise<unknown>> = {
        "for DigiCert to issue": () => {
            simulator.policy(orderId, { issuanceMs: 3_600_000 });
            return host.waitForLine(/waiting for issuance/);
        },
        "for the answer to the POST": () => simulator.hold({ ...POST, at: "answer" }).there,
        "before the order is looked at again": () => {
            simulator.fault({ ...POST, kind: "lost-answer" });
            return answered(ORDER, 2);
        },
        "for its quota": () => {
            simulator.fault({ ...ORDER, kind: "rate-limited", retryAfter: 120 });
            return answered(ORDER, 1);
        },
    };
    it("does not come where the engine was killed and nobody reads what it prints: it finishes its reissues, and rests", async function () {
        if (process.platform !== "linux") return this.skip();
        const first = await start();
        const more = await Promise.all(
            Array.from({ length: 9 }, async (_, index) => {
                const order = await simulator.seedOrder({
                    commonName: "shop.example",
                    policy: { approval: "auto" },
                });
                const { inputs } = await host.check(
                    {},
                    { ...shop(), orderId: order.orderId, identity: `project/stack/shop-${index}` },
                );
                return inputs;
            }),
        );
        host.child.closeOutput();
        for (const { outs } of await Promise.all([first, ...more].map((inputs) => host.create(inputs)))) {
            assert.equal(outs.status, "issued");
        }
        await sleep(500); // what was printed has failed by now
        const before = processorSeconds(host.child.pid);
        await sleep(1000);
        assert.ok(processorSeconds(host.child.pid) - before < 0.3);
    });

    /** The engine sends SIGTERM; with the real CLI, journeys/signals.spec.ts ends a wait for DigiCert. */
    const isShort = (what: string, signal: string): boolean =>
        signal === "SIGTERM" &&
        ["for the answer to the POST", "before the order is looked at again"].includes(what);
    for (const [what, reach] of Object.entries(waits)) {
        for (const signal of ["SIGINT", "SIGTERM"] as const) {
            it(`comes with ${signal} while it waits ${what}, and the next run goes on${isShort(what, signal) ? "" : " @long"}`, async () => {
                const inputs = await start();
                const there = reach();
                const cutOff = host.create(inputs).catch((error: unknown) => error);
                await there;
                const told = performance.now();
                host.child.kill(signal);
                const ended = await host.child.done;
                const took = performance.now() - told;
                assert.equal(ended.signal, signal);
                assert.ok(took < SOON_MS, `it took ${took} ms`);
                console.log(`      ended ${took.toFixed(0)} ms after ${signal}`);
                assert.ok((await cutOff) instanceof Error);

                simulator.clearFaults();
                simulator.policy(orderId, { issuanceMs: 0 });
                await simulator.issue(orderId).catch(() => undefined);
                await host.close();
                const again = await start();
                const { outs } = await host.create(again);
                assert.equal(outs.status, "issued");
                assert.equal(simulator.committedReissues(orderId), 1);
            });
        }
    }

    /** Calls the lifecycle as the host does, and leaves it to Node when the process ends. */
    const script = (more: string) => `
        const provider = require("pulumi-digicert/provider");
        const config = ${JSON.stringify(config())};
        (async () => {
            provider.configure({ config: { get: (key) => config[key], require: (key) => config[key] } });
            const { inputs } = await provider.check({}, ${JSON.stringify(shop())});
            ${more}
            console.log("done");
        })();`;
    const runs: Record<string, { more: string; before?: () => void }> = {
        "a reissue, a refresh and a delete": {
            more: `const { id, outs } = await provider.create(inputs);
                   const { outs: next } = await provider.update(id, outs, { ...inputs, triggers: { a: "1" } });
                   await provider.read(id, next);
                   await provider.delete(id, { ...next, deletionPolicy: "revoke" });`,
        },
        "a refusal after the read that keeps places for a POST": {
            more: `await provider.create({ ...inputs, adoptExisting: true }).catch(() => undefined);
                   await provider.create({ ...inputs, orderId: "999" }).catch(() => undefined);
                   await provider.create(inputs).catch(() => undefined);`,
            before: () => {
                simulator.policy(orderId, { orderStatus: "canceled" });
            },
        },
        "answers that never end": {
            more: `config["digicert:requestTimeoutSeconds"] = "0.2"; config["digicert:pollSeconds"] = "0.01";
                   await provider.create(inputs).catch(() => undefined);`,
            before: () => {
                simulator.fault({ times: Infinity, kind: "slow-body", ms: 600_000 });
            },
        },
    };
    for (const [what, { more, before: prepare }] of Object.entries(runs)) {
        it(`comes by itself after ${what}: no timer and no connection holds it up`, async () => {
            prepare?.();
            const ended = await run(process.execPath, ["-e", script(more)], {
                cwd: repositoryRoot,
                env: cleanEnvironment(),
                timeoutMs: 60_000,
            });
            assert.match(ended.stdout, /^done$/m, ended.output);
            assert.ok(!ended.timedOut, "it had to be killed");
            assert.equal(ended.exitCode, 0);
            assert.equal(ended.stderr, "");
        });
    }
});
