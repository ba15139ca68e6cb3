import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import {
    Limiter,
    MAX_IN_FLIGHT,
    quotaFloorMs,
    windowsFor,
    type Turn,
} from "../../../provider/core/certcentral/limiter.js";
import { FakeClock } from "../../fixtures/fakeClock.js";
import { Clock } from "../../../simulator/clock.js";
import { RateLimit } from "../../../simulator/rateLimit.js";

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
    await limiter.send({}, handle);
}

/** Requests a number of turns at once. */
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

    for (const count of [2, 3, 5, 10, 12]) {
        it(`${count} processes with 1/${count} of the quota each are never told 429 together, and use it`, async () => {
            let turn = 0;
            const server = new Server(clock, () => (turn++ * 37) % 90);
            const limiters = Array.from({ length: count }, () => new Limiter(windowsFor(1 / count), clock));
            // Reads, and operations: a read that reserves places, and its POST.
            limiters.forEach((limiter, index) => {
                burst(200, limiter, () => server.handle());
                for (let order = 0; order < 100; order++) {
                    const orderId = `${index}-${order}`;
                    void limiter
                        .send({ orderId, reserve: true }, () => server.handle())
                        .then(() => limiter.post(orderId, () => server.handle()));
                }
            });
            await clock.advance(25_000);
            assert.ok(server.arrivals.length >= 0.8 * 500, `${server.arrivals.length} of 500 in 25 s`);
            await clock.advance(575_000);
            const all = Math.min(4000, count * 400);
            // With eight places in 5 s only one operation at a time is under way.
            assert.ok(
                server.arrivals.length >= (count <= 5 ? 0.9 : 0.75) * all,
                `${server.arrivals.length} of ${all} in 10 min`,
            );
            assert.equal(server.refused, 0);
        });
    }

    for (const share of [0.05, 0.01, 0.001]) {
        it(`an operation of eight requests goes through with ${share} of the quota, at its pace`, async () => {
            const server = new Server(clock, () => 50);
            const limiter = new Limiter(windowsFor(share), clock);
            const operate = async (orderId: string) => {
                await limiter.send({ orderId, reserve: true }, () => server.handle());
                for (let reads = 0; reads < 6; reads++)
                    await limiter.send({ orderId }, () => server.handle());
                return limiter.post(orderId, () => server.handle().then(() => "sent"));
            };
            const outcomes = Promise.all(["1", "2", "3"].map(operate));
            await clock.advance((24 / (1000 * share)) * 180_000 * 1.02 + 60_000);
            assert.deepEqual(await outcomes, ["sent", "sent", "sent"]);
            const first = server.arrivals[0] ?? 0;
            const within = (ms: number) => server.arrivals.filter((at) => at < first + ms).length;
            assert.ok(within(180_000) <= Math.max(8, 1000 * share), `${within(180_000)} in 3 min`);
        });
    }

    it("tells how long so many requests take at least, as it then takes", async () => {
        assert.equal(quotaFloorMs(0), 0);
        assert.equal(quotaFloorMs(100), 0);
        assert.equal(quotaFloorMs(101), 5000);
        assert.equal(quotaFloorMs(1000), 45_000);
        assert.equal(quotaFloorMs(1001), 180_000);
        assert.equal(quotaFloorMs(2001, 0.5), 4 * 180_000);
        const server = new Server(clock, () => 5);
        burst(2510, new Limiter(undefined, clock), () => server.handle());
        await clock.advance(500_000);
        const took = (server.arrivals.at(-1) ?? 0) - (server.arrivals[0] ?? 0);
        assert.ok(took >= quotaFloorMs(2510) && took < quotaFloorMs(2510) * 1.02, `${took} ms`);
    });

    it("narrowed while requests are on their way, it counts these", async () => {
        const server = new Server(clock, () => 100);
        const limiter = new Limiter([{ ms: 5000, requests: 20 }], clock);
        burst(20, limiter, () => server.handle());
        await clock.advance(1000);
        limiter.narrow([{ ms: 5000, requests: 10 }]);
        limiter.narrow([{ ms: 5000, requests: 15 }]);
        burst(30, limiter, () => server.handle());
        await clock.advance(3500);
        assert.equal(server.arrivals.length, 20);
        await clock.advance(5000);
        assert.equal(server.arrivals.length, 30);
    });

    it("does not send everything at once", async () => {
        const server = new Server(clock, () => 100);
        burst(90, new Limiter(undefined, clock), () => server.handle());
        await clock.advance(10_000);
        assert.equal(server.mostInFlight, MAX_IN_FLIGHT);
        assert.equal(server.arrivals.length, 90);
    });

    it("serves requests in the order in which they came, whatever they reserve", async () => {
        const limiter = new Limiter([{ ms: 10_000, requests: 10 }], clock);
        const served: string[] = [];
        const come = (name: string, turn: Turn) =>
            void limiter.send(turn, () => {
                served.push(name);
                return Promise.resolve();
            });
        for (let others = 0; others < 5; others++) come("first", {});
        // It needs 6 places and 5 are left. The requests behind it, which need one place, do not overtake it.
        come("second", { orderId: "7", reserve: true });
        come("third", {});
        come("fourth", {});
        await clock.advance(10_000);
        assert.deepEqual(served, Array(5).fill("first"));
        await clock.advance(20_000);
        assert.deepEqual(served.slice(5), ["second", "third", "fourth"]);
    });

    it("gives a place back only when the window has passed since the answer, also of a request that failed", async () => {
        const limiter = new Limiter([{ ms: 1000, requests: 1 }], clock);
        const failed = limiter.send({}, () => Promise.reject(new Error("gone")));
        await assert.rejects(failed, /gone/);
        let sent = 0;
        burst(1, limiter, () => {
            sent++;
            return Promise.resolve();
        });
        await clock.advance(1000);
        assert.equal(sent, 0);
        await clock.advance(10);
        assert.equal(sent, 1);
    });

    describe("with the read of an order that reserves", () => {
        const full = [{ ms: 1_000_000, requests: 6 }];
        const answered = () => Promise.resolve("answered");
        const later = async <T>(ms: number, promise: Promise<T>): Promise<T | "waits"> => {
            let outcome: T | "waits" = "waits";
            void promise.then((value) => (outcome = value));
            await clock.advance(ms);
            return outcome;
        };
        const read = (limiter: Limiter, takesMs = 0) =>
            limiter.send({ orderId: "7", reserve: true }, () => clock.sleep(takesMs));

        it("keeps a place for the POST, however much is read in between", async () => {
            const limiter = new Limiter(full, clock);
            await later(0, read(limiter));
            for (let reads = 0; reads < 4; reads++) {
                assert.equal(await later(0, limiter.send({ orderId: "7" }, answered)), "answered");
            }
            assert.equal(await later(0, limiter.send({ orderId: "7" }, answered)), "waits");
            assert.equal(await limiter.post("7", answered), "answered");
        });

        it("sends the reads in between and the POST although others queue and hold all connections", async () => {
            const limiter = new Limiter([{ ms: 5000, requests: 100 }], clock, 2);
            await later(0, read(limiter));
            burst(50, limiter, () => clock.sleep(100_000));
            assert.equal(await later(0, limiter.send({ orderId: "7" }, answered)), "answered");
            assert.equal(await limiter.post("7", answered), "answered");
        });

        it("sends a further read before the requests that wait", async () => {
            const limiter = new Limiter([{ ms: 1000, requests: 7 }], clock);
            await later(0, limiter.send({}, answered));
            await later(0, read(limiter));
            for (let reads = 0; reads < 4; reads++) await later(0, limiter.send({ orderId: "7" }, answered));
            const served: string[] = [];
            const serve = (name: string) => () => Promise.resolve(served.push(name));
            void limiter.send({}, serve("other"));
            void limiter.send({ orderId: "7" }, serve("further read"));
            assert.deepEqual(served, []);
            await clock.advance(1010);
            assert.deepEqual(served, ["further read", "other"]);
        });

        it("takes the last two places of a window, so that no place stays unused", async () => {
            const limiter = new Limiter([{ ms: 1_000_000, requests: 100 }], clock);
            burst(98, limiter, () => Promise.resolve());
            await later(0, read(limiter));
            assert.equal(await limiter.post("7", answered), "answered");
        });

        it("takes eight places for an order whose operation needed more than were left, and keeps one for its POST", async () => {
            const limiter = new Limiter([{ ms: 10_000, requests: 100 }], clock);
            burst(50, limiter, () => Promise.resolve());
            await clock.advance(6000);
            burst(48, limiter, () => Promise.resolve());
            await later(0, read(limiter));
            assert.equal(await later(4030, limiter.send({ orderId: "7" }, answered)), "answered");
            await clock.advance(1000);
            assert.equal(await limiter.post("7", answered), undefined);
            burst(43, limiter, () => clock.sleep(1000));
            const again = read(limiter);
            assert.equal(await later(1000, again), "waits", "seven places are free");
            await later(4000, again);
            burst(100, limiter, () => Promise.resolve());
            for (let reads = 0; reads < 6; reads++) {
                assert.equal(await later(0, limiter.send({ orderId: "7" }, answered)), "answered");
            }
            assert.equal(await limiter.post("7", answered), "answered");
        });

        it("gives back what is left with the POST, which has its place once", async () => {
            const limiter = new Limiter(full, clock);
            await later(0, read(limiter));
            assert.equal(await limiter.post("7", answered), "answered");
            assert.equal(await limiter.post("7", answered), undefined);
            for (let others = 0; others < 4; others++) {
                assert.equal(await later(0, limiter.send({}, answered)), "answered");
            }
            assert.equal(await later(0, limiter.send({}, answered)), "waits");
        });

        it("gives back what is left after 5 s, and when it is released", async () => {
            for (const end of ["time", "release"]) {
                const limiter = new Limiter(full, clock);
                await later(0, read(limiter));
                const other = limiter.send({}, answered);
                assert.equal(await later(4999, other), "waits");
                if (end === "release") limiter.release("7");
                assert.equal(await later(end === "release" ? 0 : 1, other), "answered", end);
                assert.equal(await limiter.post("7", answered), undefined, end);
            }
        });

        it("sends no POST later than 5 s after the read was sent, however late its answer came", async () => {
            for (const [takesMs, waitsMs, isSent] of [
                [10, 4989, true],
                [10, 4990, false],
                [5001, 0, false],
            ] as const) {
                const limiter = new Limiter(full, clock);
                await later(takesMs, read(limiter, takesMs));
                await clock.advance(waitsMs);
                assert.equal(await limiter.post("7", answered), isSent ? "answered" : undefined);
            }
        });

        it("sends no POST after the machine slept, while one clock stood still", async () => {
            let slept = 0;
            const limiter = new Limiter(full, {
                now: () => clock.now(),
                wallNow: () => clock.now() + slept,
                sleep: (ms) => clock.sleep(ms),
                later: (ms, callback) => {
                    clock.later(ms, callback);
                },
                stayAwake: () => () => undefined,
            });
            await later(0, read(limiter));
            slept = 3_600_000;
            assert.equal(await limiter.post("7", answered), undefined);
        });

        it("sends no POST without a read, and none into a pause", async () => {
            const limiter = new Limiter(undefined, clock);
            assert.equal(await limiter.post("7", answered), undefined);
            await later(0, read(limiter));
            limiter.pauseAll(clock.now(), 1000, 5000);
            assert.equal(await limiter.post("7", answered), undefined);
        });

        it("lets 64 orders at once finish that need six reads each, and one that is slower", async () => {
            const server = new Server(clock, () => 50);
            const limiter = new Limiter(undefined, clock);
            const attempts: number[] = [];
            const reissue = async (orderId: string, reads: number) => {
                for (let attempt = 1; ; attempt++) {
                    await limiter.send({ orderId, reserve: true }, () => server.handle());
                    for (let more = 0; more < reads; more++) {
                        await limiter.send({ orderId }, () => server.handle());
                    }
                    const sent = await limiter.post(orderId, () => server.handle().then(() => true));
                    if (sent === true) {
                        attempts.push(attempt);
                        return;
                    }
                }
            };
            for (let order = 0; order < 64; order++) void reissue(String(order), 6);
            void reissue("slow", 12);
            await clock.advance(300_000);
            assert.equal(attempts.length, 65);
            assert.ok(Math.max(...attempts) <= 3, `${Math.max(...attempts)} attempts`);
            assert.equal(server.refused, 0);
        });
    });

    describe("after a 429", () => {
        const pauseAfter = (limiter: Limiter, retryAfterMs?: number) => {
            limiter.pauseAll(clock.now(), retryAfterMs, 5000);
            return limiter.pauseLeft();
        };
        const between = (value: number, from: number, to: number) => {
            assert.ok(value >= from && value <= to, `${value} ms`);
        };

        it("holds everybody back, in their order, and sends nothing meanwhile", async () => {
            const limiter = new Limiter(undefined, clock);
            const sent: number[] = [];
            limiter.pauseAll(clock.now(), 7000, 5000);
            for (const id of [1, 2, 3]) {
                void send(limiter, () => {
                    sent.push(id);
                    return Promise.resolve();
                });
            }
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
            limiter.resetBackoff(before);
            const second = pauseAfter(limiter);
            between(second, 10_000, 15_000);
            await clock.advance(second);
            limiter.resetBackoff(clock.now());
            between(pauseAfter(limiter), 5000, 7500);
        });

        it("obeys Retry-After, and never shortens a pause", async () => {
            const limiter = new Limiter(undefined, clock);
            assert.equal(pauseAfter(limiter, 30_000), 30_000);
            assert.equal(pauseAfter(limiter, 1000), 30_000);
            await clock.advance(10_000);
            assert.equal(pauseAfter(limiter, 60_000), 60_000);
        });

        it("sends nothing that would have to wait for more than 3 minutes", async () => {
            const limiter = new Limiter([{ ms: 1000, requests: 2 }], clock, 2);
            limiter.pauseAll(clock.now(), 180_000, 5000);
            const patient = limiter.send({}, () => Promise.resolve("sent"));
            await clock.advance(0);
            limiter.pauseAll(clock.now(), 180_001, 5000);
            assert.equal(await patient, undefined);
            assert.equal(await limiter.send({}, () => Promise.resolve("sent")), undefined);
            await clock.advance(180_001);
            // Those that were not sent have taken no place.
            assert.equal(await limiter.send({}, () => Promise.resolve("sent")), "sent");
            assert.equal(await limiter.send({}, () => Promise.resolve("sent")), "sent");
        });
    });

    it("keeps no process alive with places that are yet to come back, but does while somebody waits", () => {
        const script = `
            const { Limiter } = require(${JSON.stringify(join(__dirname, "../../../provider/core/certcentral/limiter.js"))});
            const limiter = new Limiter([{ ms: 180_000, requests: 1 }, { ms: 100, requests: 1 }]);
            const send = () => limiter.send({}, async () => {});
            const quick = new Limiter([{ ms: 100, requests: 1 }]);
            const sendQuick = () => quick.send({}, async () => {});
            send().then(sendQuick).then(sendQuick).then(() => console.log("sent"));`;
        const start = performance.now();
        const { stdout, status } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
        assert.deepEqual([stdout.trim(), status], ["sent", 0]);
        assert.ok(performance.now() - start < 20_000);
    });
});
