import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { Limiter, MAX_IN_FLIGHT } from "../../../provider/core/certcentral/limiter.js";
import { FakeClock } from "../../fixtures/fakeClock.js";
import { Clock } from "../../../simulator/clock.js";
import { RateLimit } from "../../../simulator/rateLimit.js";

const PATIENCE_MS = 180_000;

/** A server that enforces DigiCert's windows, at the end of a network that is never twice as fast. */
class Server {
    readonly arrivals: number[] = [];
    refused = 0;
    inFlight = 0;
    mostInFlight = 0;
    readonly #clock: FakeClock;
    readonly #latency: () => number;
    readonly #limit: RateLimit;

    constructor(clock: FakeClock, latency: () => number) {
        this.#clock = clock;
        this.#latency = latency;
        this.#limit = new RateLimit(new Clock(() => new Date(clock.now())));
    }

    async handle(): Promise<void> {
        this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
        await this.#clock.sleep(this.#latency());
        this.arrivals.push(this.#clock.now());
        if (!this.#limit.admit("key")) this.refused++;
        await this.#clock.sleep(this.#latency());
        this.inFlight--;
    }
}

async function send(limiter: Limiter, handle: () => Promise<void>): Promise<void> {
    const turn = await limiter.admit(PATIENCE_MS);
    await turn?.spend(handle);
    turn?.close();
}

/** Asks for so many turns at once. */
function burst(count: number, limiter: Limiter, handle: () => Promise<void>): void {
    for (let sent = 0; sent < count; sent++) void send(limiter, handle);
}

describe("Limiter", () => {
    let clock: FakeClock;
    beforeEach(() => {
        clock = new FakeClock();
    });

    it("is never told 429 by a server that enforces both windows exactly, whatever the network does", async () => {
        const latencies = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 20 });
        await fc.assert(
            fc.asyncProperty(latencies, fc.integer({ min: 0, max: 10_000 }), async (delays, pause) => {
                const time = new FakeClock();
                let turn = 0;
                const server = new Server(time, () => delays[turn++ % delays.length] ?? 0);
                const limiter = new Limiter(undefined, time);
                burst(250, limiter, () => server.handle());
                await time.advance(pause);
                burst(250, limiter, () => server.handle());
                await time.advance(1_000_000);
                assert.equal(server.arrivals.length, 500);
                assert.equal(server.refused, 0);
            }),
            { numRuns: 20 },
        );
    });

    it("uses at least 90 % of what is allowed, in both windows", async () => {
        const server = new Server(clock, () => 20);
        burst(4000, new Limiter(undefined, clock), () => server.handle());
        await clock.advance(25_000);
        assert.ok(server.arrivals.length >= 0.9 * 500, `${server.arrivals.length} of 500 in 25 s`);
        await clock.advance(575_000);
        // 1,000 each from 0, 180, 360 and 540 s on; the last ones need 50 s.
        assert.ok(server.arrivals.length >= 0.9 * 4000, `${server.arrivals.length} of 4000 in 10 min`);
        assert.equal(server.refused, 0);
    });

    it("does not send everything at once", async () => {
        const server = new Server(clock, () => 100);
        burst(90, new Limiter(undefined, clock), () => server.handle());
        await clock.advance(10_000);
        assert.equal(server.mostInFlight, MAX_IN_FLIGHT);
        assert.equal(server.arrivals.length, 90);
    });

    it("serves who came first, whatever they want to send", async () => {
        const limiter = new Limiter([{ ms: 1000, requests: 5 }], clock);
        const served: string[] = [];
        const come = async (name: string, requests: number) => {
            const turn = await limiter.admit(PATIENCE_MS, requests);
            served.push(name);
            await turn?.spend(() => Promise.resolve());
            turn?.close();
        };
        // Only two places are left, and the second wants four; the third does not overtake it.
        for (const [name, requests] of [
            ["first", 3],
            ["second", 4],
            ["third", 1],
            ["fourth", 1],
        ] as const) {
            void come(name, requests);
        }
        await clock.advance(10_000);
        assert.deepEqual(served, ["first", "second", "third", "fourth"]);
    });

    it("wastes nothing at the end of a window: the last places go to who can do with fewer", async () => {
        const limiter = new Limiter([{ ms: 1000, requests: 10 }], clock);
        const sizes: number[] = [];
        // Each takes four places at first, and spends two.
        const reissue = async () => {
            const turn = await limiter.admit(PATIENCE_MS, 4, 2);
            sizes.push(turn?.left ?? 0);
            for (let sent = 0; sent < 2; sent++) await turn?.spend(() => clock.sleep(1));
            turn?.close();
        };
        for (let one = 0; one < 5; one++) void reissue();
        await clock.advance(100);
        assert.deepEqual(sizes, [4, 4, 4, 4, 2]);
    });

    it("gives nobody fewer places while others may come back", async () => {
        const limiter = new Limiter([{ ms: 1000, requests: 6 }], clock);
        const first = await limiter.admit(PATIENCE_MS, 4, 2);
        let second = 0;
        void limiter.admit(PATIENCE_MS, 4, 2).then((turn) => {
            second = turn?.left ?? 0;
        });
        await clock.advance(500);
        assert.equal(second, 0);
        first?.close();
        await clock.advance(0);
        assert.equal(second, 4);
    });

    it("gives back at once what was never sent, and late what was", async () => {
        const limiter = new Limiter([{ ms: 1000, requests: 4 }], clock);
        const turn = await limiter.admit(PATIENCE_MS, 4);
        await turn?.spend(() => Promise.resolve());
        turn?.close();
        turn?.close();
        for (let again = 0; again < 3; again++) assert.ok(limiter.tryAdmit());
        assert.equal(limiter.tryAdmit(), undefined);
        await clock.advance(999);
        assert.equal(limiter.tryAdmit(), undefined);
        await clock.advance(11);
        assert.ok(limiter.tryAdmit());
        assert.equal(limiter.tryAdmit(), undefined);
    });

    it("keeps the connection of a turn that is closed while its request is under way", async () => {
        const limiter = new Limiter([], clock, 1);
        const turn = await limiter.admit(PATIENCE_MS);
        const sent = turn?.spend(() => clock.sleep(100));
        turn?.close();
        assert.equal(limiter.tryAdmit(), undefined);
        await clock.advance(100);
        await sent;
        assert.ok(limiter.tryAdmit());
    });

    it("gives a place back although the request failed", async () => {
        const limiter = new Limiter([{ ms: 1000, requests: 1 }], clock, 1);
        const turn = await limiter.admit(PATIENCE_MS);
        await assert.rejects(turn?.spend(() => Promise.reject(new Error("gone"))) ?? Promise.resolve());
        turn?.close();
        await clock.advance(1010);
        assert.ok(limiter.tryAdmit());
    });

    describe("after a 429", () => {
        const pauseAfter = (limiter: Limiter, retryAfterMs?: number) => {
            limiter.refused(clock.now(), retryAfterMs, 5000);
            return limiter.pauseLeft();
        };
        const between = (value: number, from: number, to: number) => {
            assert.ok(value >= from && value <= to, `${value} ms`);
        };

        it("holds everybody back, in their order, and sends nothing meanwhile", async () => {
            const limiter = new Limiter(undefined, clock);
            const sent: number[] = [];
            limiter.refused(clock.now(), 7000, 5000);
            for (const id of [1, 2, 3]) {
                void send(limiter, () => {
                    sent.push(id);
                    return Promise.resolve();
                });
            }
            assert.equal(limiter.tryAdmit(), undefined);
            await clock.advance(6999);
            assert.deepEqual(sent, []);
            await clock.advance(1);
            assert.deepEqual(sent, [1, 2, 3]);
        });

        it("backs off from 5 s, with jitter, doubling up to a minute", async () => {
            const limiter = new Limiter(undefined, clock);
            for (const ms of [5000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
                const pause = pauseAfter(limiter);
                between(pause, ms, 1.5 * ms);
                await clock.advance(pause);
            }
            assert.equal(limiter.pauseLeft(), 0);
        });

        it("counts what was refused together once", async () => {
            const limiter = new Limiter(undefined, clock);
            for (let answers = 0; answers < 30; answers++) {
                // The pause of the first one goes on.
                between(pauseAfter(limiter), 5000 - answers * 10, 7500);
                await clock.advance(10);
            }
        });

        it("begins anew when DigiCert grants again what was sent after the pause", async () => {
            const limiter = new Limiter(undefined, clock);
            const before = clock.now();
            await clock.advance(pauseAfter(limiter));
            limiter.granted(before);
            const second = pauseAfter(limiter);
            between(second, 10_000, 15_000);
            await clock.advance(second);
            limiter.granted(clock.now());
            between(pauseAfter(limiter), 5000, 7500);
        });

        it("obeys Retry-After, and never shortens a pause", async () => {
            const limiter = new Limiter(undefined, clock);
            assert.equal(pauseAfter(limiter, 30_000), 30_000);
            assert.equal(pauseAfter(limiter, 1000), 30_000);
            await clock.advance(10_000);
            assert.equal(pauseAfter(limiter, 60_000), 60_000);
        });

        it("gives no turn to who would have to wait too long", async () => {
            const limiter = new Limiter([{ ms: 1000, requests: 2 }], clock, 2);
            limiter.refused(clock.now(), 60_000, 5000);
            const patient = limiter.admit(60_000);
            assert.equal(await limiter.admit(59_999), undefined);
            await clock.advance(60_000);
            assert.ok(await patient);
            assert.ok(limiter.tryAdmit(), "the one without a turn has taken nothing");
        });
    });

    it("keeps no process alive with places that are yet to come back, but does while somebody waits", () => {
        const script = `
            const { Limiter } = require(${JSON.stringify(join(__dirname, "../../../provider/core/certcentral/limiter.js"))});
            const limiter = new Limiter([{ ms: 180_000, requests: 1 }, { ms: 100, requests: 1 }]);
            const send = async () => { const turn = await limiter.admit(1); await turn.spend(async () => {}); turn.close(); };
            const quick = new Limiter([{ ms: 100, requests: 1 }]);
            const sendQuick = async () => { const turn = await quick.admit(1); await turn.spend(async () => {}); turn.close(); };
            send().then(sendQuick).then(sendQuick).then(() => console.log("sent"));`;
        const start = performance.now();
        const { stdout, status } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
        assert.deepEqual([stdout.trim(), status], ["sent", 0]);
        assert.ok(performance.now() - start < 20_000);
    });
});
