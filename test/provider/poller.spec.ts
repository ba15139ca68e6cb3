import assert from "node:assert/strict";
import type { StatusChange } from "../../provider/core/certcentral/answers.js";
import { IssuancePoller } from "../../provider/core/poller.js";
import { FakeClock } from "../fixtures/fakeClock.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const LONGEST_PAUSE = 10 * SECOND;

/** The behaviour of the feed of status changes and of the list of pending orders. */
interface News {
    readonly feed: "good" | "refused" | "late" | "wrong" | "repeated" | "silent";
    readonly list: "good" | "refused";
}

/** A DigiCert account on which all orders are issued at one moment, and something that waits for them. */
class Account {
    readonly clock = new FakeClock();
    /** When each request was made, in milliseconds. */
    readonly feedReads: { at: number; minutes: number }[] = [];
    readonly listReads: number[] = [];
    readonly orderReads: { at: number; orderId: string }[] = [];
    /** When each order was read as issued. */
    readonly seenIssued = new Map<string, number>();
    readonly poller: IssuancePoller;
    readonly #count: number;
    readonly #issuedAt: number;
    readonly #news: News;

    constructor(
        count: number,
        {
            issuedAt = Infinity,
            news = { feed: "good", list: "good" },
            pollMs = LONGEST_PAUSE,
            quotaShare = 1,
        }: { issuedAt?: number; news?: News; pollMs?: number; quotaShare?: number } = {},
    ) {
        this.#count = count;
        this.#issuedAt = issuedAt;
        this.#news = news;
        const time = { elapsed: () => this.clock.now(), sleep: (ms: number) => this.clock.sleep(ms) };
        const client = {
            statusChanges: (minutes: number) => this.#readFeed(minutes),
            pendingOrders: () => this.#readList(),
        };
        this.poller = new IssuancePoller(client, time, pollMs, undefined, quotaShare);
        for (let id = 1; id <= count; id++) void this.#waitFor(String(id));
    }

    get requests(): number {
        return this.feedReads.length + this.listReads.length + this.orderReads.length;
    }

    /** Reads an order each time the poller says so, until it is issued. */
    #waitFor(orderId: string): Promise<void> {
        return this.poller.waitFor(orderId, async (pause) => {
            while (await pause(Infinity)) {
                this.orderReads.push({ at: this.clock.now(), orderId });
                if (this.clock.now() < this.#issuedAt) continue;
                this.seenIssued.set(orderId, this.clock.now());
                return;
            }
        });
    }

    #readFeed(minutes: number): Promise<StatusChange[]> {
        const now = this.clock.now();
        this.feedReads.push({ at: now, minutes });
        const { feed } = this.#news;
        if (feed === "refused") return Promise.reject(new Error("403"));
        if (feed === "silent") return new Promise(() => undefined);
        if (feed === "wrong")
            return Promise.resolve([{ order_id: 999_999, certificate_id: 7, status: "issued" }]);
        const everybody = Array.from({ length: this.#count }, (_, index) => ({
            order_id: index + 1,
            certificate_id: 880_001 + index,
            status: "issued",
        }));
        if (feed === "repeated") return Promise.resolve(everybody);
        const shownAt = this.#issuedAt + (feed === "late" ? 5 * MINUTE : 0);
        const isNews = now >= shownAt && now - minutes * MINUTE <= shownAt;
        return Promise.resolve(isNews ? everybody : []);
    }

    #readList(): Promise<ReadonlySet<string>> {
        this.listReads.push(this.clock.now());
        if (this.#news.list === "refused") return Promise.reject(new Error("403"));
        const ids = Array.from({ length: this.#count }, (_, index) => String(index + 1));
        return Promise.resolve(new Set(this.clock.now() < this.#issuedAt ? ids : []));
    }
}

describe("IssuancePoller, up to four orders", () => {
    it("reads each by itself, with pauses that grow from a second to pollSeconds", async () => {
        const account = new Account(1);
        await account.clock.advance(60 * SECOND);
        const times = account.orderReads.map(({ at }) => at / SECOND);
        const pauses = times.map((time, index) => time - (times[index - 1] ?? 0));
        assert.deepEqual(pauses.slice(0, 3), [1, 1.5, 2.25]);
        assert.ok(pauses.every((pause, index) => pause >= (pauses[index - 1] ?? 0)));
        assert.equal(pauses.at(-1), 10);
    });

    it("begins with pollSeconds where that is less than a second", async () => {
        const account = new Account(2, { pollMs: 200 });
        await account.clock.advance(SECOND);
        assert.equal(account.orderReads.length, 10);
    });

    it("reads neither feed nor list", async () => {
        const account = new Account(4, { issuedAt: 5 * MINUTE });
        await account.clock.advance(10 * MINUTE);
        assert.deepEqual([account.feedReads, account.listReads], [[], []]);
        assert.equal(account.seenIssued.size, 4);
    });

    it("says when the latest moment has come, without time for a read", async () => {
        const { clock, poller } = new Account(0);
        const answers: boolean[] = [];
        void poller.waitFor("1", async (pause) => {
            answers.push((await pause(500)) !== undefined);
            answers.push((await pause(1000)) !== undefined);
            answers.push((await pause(1000)) !== undefined);
        });
        await clock.advance(2 * SECOND);
        assert.deepEqual(answers, [false, true, false]);
    });

    it("goes on pausing where two operations wait for one order, and one of them ends", async () => {
        const { clock, poller } = new Account(0);
        const reads: number[] = [];
        for (const last of [5 * SECOND, MINUTE]) {
            void poller.waitFor("1", async (pause) => {
                while (clock.now() < last) {
                    await pause(Infinity);
                    reads.push(clock.now());
                    assert.ok(reads.length < 100, "the order is read without a pause");
                }
            });
        }
        await clock.advance(2 * MINUTE);
        assert.ok(Math.max(...reads) >= MINUTE && reads.length <= 20, `${reads.length} reads`);
    });
});

describe("IssuancePoller, more orders", () => {
    it("costs the same requests for 8 orders as for 200", async () => {
        const costs: number[] = [];
        for (const count of [8, 200]) {
            const account = new Account(count);
            await account.clock.advance(30 * MINUTE);
            costs.push(account.requests);
        }
        const [few, many] = costs;
        assert.equal(many, few);
    });

    it("reads the feed every 3 s at most, and the list once a minute, with four orders", async () => {
        const account = new Account(200);
        await account.clock.advance(10 * MINUTE);
        const gaps = account.feedReads.map(({ at }, index) => at - (account.feedReads[index - 1]?.at ?? 0));
        assert.ok(Math.min(...gaps) >= 3 * SECOND, String(Math.min(...gaps)));
        assert.ok(account.feedReads.length >= 190, "it goes on all the time");
        assert.deepEqual(
            account.listReads.map((at) => Math.round(at / MINUTE)),
            [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        );
        assert.equal(account.orderReads.length, 4 * 10);
        assert.equal(new Set(account.orderReads.map(({ orderId }) => orderId)).size, 40, "in turn");
    });

    it("reads the feed as often as pollSeconds says, where that is less than 3 s", async () => {
        const account = new Account(8, { pollMs: 500 });
        await account.clock.advance(30 * SECOND);
        assert.equal(account.feedReads.length, 60);
    });

    it("reads the feed less often with a part of the quota, and at least every pollSeconds", async () => {
        for (const [quotaShare, reads] of [
            [0.5, 50],
            [0.2, 30],
            [0.001, 30],
        ] as const) {
            const account = new Account(8, { quotaShare });
            await account.clock.advance(5 * MINUTE);
            assert.equal(account.feedReads.length, reads, String(quotaShare));
        }
    });

    it("asks the feed for all the time since it was read last", async () => {
        const account = new Account(8);
        await account.clock.advance(10 * MINUTE);
        let last = 0;
        for (const { at, minutes } of account.feedReads) {
            assert.ok(minutes * MINUTE > at - last, `${minutes} minutes after ${at - last} ms`);
            last = at;
        }
    });

    it("reads an order within 3 s of its issuance, and each once", async () => {
        const account = new Account(100, { issuedAt: 15.4 * MINUTE });
        await account.clock.advance(15.4 * MINUTE + 3 * SECOND);
        assert.equal(account.seenIssued.size, 100);
        const after = account.orderReads.filter(({ at }) => at >= 15.4 * MINUTE);
        assert.equal(after.length, 100);
    });

    const troubles: [string, News, number][] = [
        ["the feed is refused", { feed: "refused", list: "good" }, 1],
        ["the feed is 5 minutes late", { feed: "late", list: "good" }, 1],
        ["the feed is 5 minutes late and the list is refused", { feed: "late", list: "refused" }, 5.1],
        ["the feed names other orders", { feed: "wrong", list: "good" }, 1],
        ["the list is refused", { feed: "good", list: "refused" }, 0.1],
        ["both are refused", { feed: "refused", list: "refused" }, 16],
    ];
    for (const [what, news, minutes] of troubles) {
        it(`is delayed by ${minutes} min at most, for 60 orders, where ${what}`, async () => {
            const account = new Account(60, { issuedAt: 15.4 * MINUTE, news });
            await account.clock.advance(60 * MINUTE);
            assert.equal(account.seenIssued.size, 60, "nothing waits for ever");
            const latest = Math.max(...account.seenIssued.values()) - 15.4 * MINUTE;
            assert.ok(latest <= minutes * MINUTE, `${latest / MINUTE} min`);
        });
    }

    it("ends a pause in time where the feed does not answer, as while DigiCert asks to wait", async () => {
        const { clock, poller } = new Account(8, { news: { feed: "silent", list: "good" } });
        const ended: [boolean, number][] = [];
        void poller.waitFor("9", async (pause) => {
            ended.push([(await pause(MINUTE)) !== undefined, clock.now()]);
        });
        await clock.advance(10 * MINUTE);
        assert.deepEqual(ended, [[false, MINUTE]]);
    });

    it("takes the same change for news once, however often the feed names it", async () => {
        const account = new Account(8, { news: { feed: "repeated", list: "good" } });
        await account.clock.advance(MINUTE - SECOND);
        const counts = new Map<string, number>();
        for (const { orderId } of account.orderReads) counts.set(orderId, (counts.get(orderId) ?? 0) + 1);
        assert.deepEqual(
            [...counts.values()],
            Array.from({ length: 8 }, () => 1),
        );
    });

    it("goes back to reading one by one once four or fewer are left", async () => {
        const { clock, poller, feedReads } = new Account(0);
        const reads: number[] = [];
        const release: (() => void)[] = [];
        void poller.waitFor("1", async (pause) => {
            while (await pause(Infinity)) reads.push(clock.now());
        });
        for (let id = 2; id <= 6; id++) {
            void poller.waitFor(String(id), () => new Promise<void>((resolve) => release.push(resolve)));
        }
        assert.ok(poller.isCrowded);
        await clock.advance(30 * SECOND);
        assert.deepEqual([reads.length, feedReads.length > 5], [0, true]);
        for (const end of release) end();
        await clock.advance(30 * SECOND);
        assert.ok(!poller.isCrowded);
        assert.ok(reads.length >= 4, `${reads.length} reads`);
    });
});
