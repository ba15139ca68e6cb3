import assert from "node:assert/strict";
import type { StatusChange } from "../../provider/core/certcentral/answers.js";
import { IssuancePoller } from "../../provider/core/poller.js";
import { FakeClock } from "../fixtures/fakeClock.js";

const MINUTE = 60_000;
/** Between two reads of the list, so that only the feed is quick enough. */
const ISSUED_AT = 10.4 * MINUTE;

/** What may become of the feed of status changes, and of the list that is its safety net. */
type News = "good" | "feed late" | "feed wrong" | "feed refused" | "all refused";

interface Cost {
    /** Of the account, and of single orders, until they are issued. */
    readonly requests: number;
    /** From issuance until the last one was read. */
    readonly latestMs: number;
    readonly found: number;
}

/** Waits for so many orders, which are issued all at once. */
async function wait(count: number, news: News): Promise<Cost> {
    const clock = new FakeClock();
    const isIssued = () => clock.now() >= ISSUED_AT;
    let requests = 0;
    const answer = <T>(value: T, isRefused: boolean): Promise<T> => {
        if (!isIssued()) requests++;
        return isRefused ? Promise.reject(new Error("403")) : Promise.resolve(value);
    };
    const change = (id: number, status = "issued"): StatusChange => ({
        order_id: id,
        certificate_id: 1_000_000 + id,
        status,
    });
    const ids = Array.from({ length: count }, (_, index) => index + 1);
    const client = {
        statusChanges: (minutes: number) => {
            const told = ISSUED_AT + (news === "feed late" ? 5 * MINUTE : 0);
            const isNews = clock.now() >= told && clock.now() - minutes * MINUTE <= told;
            const wrong = [change(7, "on its way"), change(999_999)];
            const changes = news === "feed wrong" ? wrong : isNews ? ids.map((id) => change(id)) : [];
            return answer(changes, news === "feed refused" || news === "all refused");
        },
        pendingOrders: () => answer(new Set(isIssued() ? [] : ids.map(String)), news === "all refused"),
    };
    const time = { elapsed: () => clock.now(), sleep: (ms: number) => clock.sleep(ms) };
    const poller = new IssuancePoller(client, time, 10_000);
    const foundAt: number[] = [];
    for (const id of ids.map(String)) {
        void poller.during(id, async () => {
            while (await poller.pause(id, 120 * MINUTE)) {
                if (!isIssued()) requests++;
                else return foundAt.push(clock.now());
            }
            return 0;
        });
    }
    await clock.advance(100 * MINUTE);
    return { requests, latestMs: Math.max(...foundAt) - ISSUED_AT, found: foundAt.length };
}

describe("IssuancePoller", () => {
    it("costs requests that do not grow with the number of orders", async () => {
        const ten = await wait(10, "good");
        const hundred = await wait(100, "good");
        assert.ok(hundred.requests <= 1.2 * ten.requests, `${hundred.requests} and ${ten.requests}`);
        // The feed every 3 s, the list once a minute, and four single orders with it: of 333 a minute that are allowed.
        assert.ok(hundred.requests <= 30 * 10.4, `${hundred.requests} in ten minutes`);
        assert.ok(hundred.latestMs <= 10_000, `${hundred.latestMs} ms`);
    });

    it("reads up to four orders one by one, with pauses that grow to the longest one, and no feed", async () => {
        const { requests, latestMs, found } = await wait(4, "all refused");
        assert.ok(requests >= 4 * 60 && requests <= 4 * 75, `${requests}`);
        assert.deepEqual([latestMs <= 10_000, found], [true, 4]);
    });

    for (const [news, within] of [
        // The list, at most once a minute, tells what the feed does not.
        ["feed late", 2 * MINUTE],
        ["feed wrong", 2 * MINUTE],
        ["feed refused", 2 * MINUTE],
        // Then only those that are read in turn.
        ["all refused", 16 * MINUTE],
    ] as const satisfies readonly (readonly [News, number])[]) {
        it(`is only delayed, and never hangs, where there is: ${news}`, async () => {
            const { found, latestMs } = await wait(60, news);
            assert.equal(found, 60);
            assert.ok(latestMs <= within, `${latestMs} ms`);
        });
    }
});
