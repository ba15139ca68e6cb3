import assert from "node:assert/strict";
import { Watch, type NewsSource, type Signal } from "../../../provider/core/reissue/watch.js";
import { FakeClock } from "../../fixtures/fakeClock.js";

const HOUR = 3_600_000;

/** The feed once so many orders are issued. */
function issued(count: number): { order_id: number; certificate_id: number; status: string }[] {
    return Array.from({ length: count }, (_, id) => ({
        order_id: id,
        certificate_id: id + 1,
        status: "issued",
    }));
}

describe("Watch", () => {
    let clock: FakeClock;
    let asked: string[];
    let feed: ReturnType<typeof issued>;
    let isRefused: boolean;
    let watch: Watch;
    beforeEach(() => {
        clock = new FakeClock();
        asked = [];
        feed = [];
        isRefused = false;
        const answer = <T>(name: string, value: T): Promise<T> => {
            asked.push(name);
            return isRefused ? Promise.reject(new Error("403")) : Promise.resolve(value);
        };
        const source: NewsSource = {
            statusChanges: () => answer("feed", feed),
            pendingOrders: () => answer("list", new Set(Array.from({ length: 300 }, (_, id) => String(id)))),
        };
        const time = { elapsed: () => clock.now(), sleep: (ms: number) => clock.sleep(ms) };
        watch = new Watch(source, time, 10_000);
    });

    /** Waits for orders until each was told that it is issued, as wait.ts does; counts the looks at single orders. */
    function waitFor(count: number, signals: Signal[] = []): void {
        for (let id = 0; id < count; id++) {
            const orderId = String(id);
            void watch.during(orderId, undefined, async () => {
                for (let pause = 1000; ; pause = Math.min(pause * 1.5, 10_000)) {
                    const signal = await watch.pause(orderId, pause, HOUR);
                    signals.push(signal);
                    if (signal.kind === "issued") return;
                }
            });
        }
    }
    const looks = (signals: readonly Signal[]) => signals.filter(({ kind }) => kind === "look").length;

    it("costs the same requests for 8 as for 200, and no look at single orders while the feed is answered", async () => {
        const costs: number[] = [];
        for (const count of [8, 200]) {
            asked = [];
            const signals: Signal[] = [];
            waitFor(count, signals);
            await clock.advance(20_000);
            feed = issued(count);
            await clock.advance(20_000);
            assert.equal(signals.filter(({ kind }) => kind === "issued").length, count);
            assert.ok(looks(signals) <= 4, `${looks(signals)} looks, once at the start`);
            costs.push(asked.length);
            feed = [];
        }
        assert.ok(Math.max(...costs) <= 12, costs.join(", "));
    });

    for (const seconds of [20, 30, 45, 70])
        it(`expects a certificate when those before it came, after ${seconds} s, and reads no more for that`, async () => {
            const rounds: { reads: number; lateMs: number }[] = [];
            for (let round = 0; round < 3; round++) {
                asked = [];
                feed = [];
                const signals: Signal[] = [];
                waitFor(8, signals);
                await clock.advance(seconds * 1000);
                feed = issued(8);
                const before = clock.now();
                while (signals.filter(({ kind }) => kind === "issued").length < 8) await clock.advance(100);
                const reads = asked.filter((name) => name === "feed").length;
                rounds.push({ reads, lateMs: clock.now() - before });
            }
            const [first, , third] = rounds;
            assert.ok(first && third);
            assert.ok(third.lateMs <= 1100 && third.reads <= first.reads + 3, JSON.stringify(rounds));
        });

    it("reads the feed also for the last few of many", async () => {
        const signals: Signal[] = [];
        waitFor(8, signals);
        feed = issued(6);
        await clock.advance(5000);
        const before = looks(signals);
        await clock.advance(30_000);
        assert.equal(looks(signals), before);
    });

    it("leaves a few orders to themselves, and asks for no feed", async () => {
        const signals: Signal[] = [];
        waitFor(4, signals);
        await clock.advance(10_000);
        assert.deepEqual(asked, []);
        assert.ok(looks(signals) >= 8);
    });

    it("looks at some orders in turn where the feed is refused", async () => {
        isRefused = true;
        const signals: Signal[] = [];
        waitFor(20, signals);
        await clock.advance(120_000);
        assert.ok(looks(signals) >= 20, `${looks(signals)} looks`);
    });

    it("lets everybody say once a minute that it goes on", async () => {
        const signals: Signal[] = [];
        waitFor(20, signals);
        await clock.advance(61_000);
        const told = signals.filter(({ kind }) => kind === "quiet").length;
        assert.ok(told >= 20 && told <= 40, `${told}`);
    });

    it("stops asking at once for certificates that are not there yet", async () => {
        let questions = 0;
        const ask = (answer: string | undefined) => () => {
            questions++;
            return Promise.resolve(answer);
        };
        for (let one = 0; one < 10; one++) assert.equal(await watch.ifIssuedAlready(ask("yes")), "yes");
        assert.equal(questions, 10);
        for (let one = 0; one < 10; one++) await watch.ifIssuedAlready(ask(undefined));
        assert.equal(questions, 14);
    });
});
