import assert from "node:assert/strict";
import { type News, wait } from "./waiting.js";

const MINUTE = 60_000;

describe("waiting for many reissues", function () {
    this.timeout(300_000);

    it("costs requests that do not grow with their number", async () => {
        const ten = await wait(10, "good");
        const hundred = await wait(100, "good");
        assert.ok(
            hundred.perMinute <= 1.2 * ten.perMinute,
            `${hundred.perMinute} and ${ten.perMinute} a minute`,
        );
        // The feed every 10 s, the list once a minute, and a few looks at single orders: of 333 a minute that are allowed.
        assert.ok(hundred.perMinute <= 60, `${hundred.perMinute} a minute`);
        assert.ok(hundred.latestMs <= 30_000, `${hundred.latestMs} ms`);
    });

    for (const [news, within] of [
        // The list, at most once a minute, tells what the feed does not.
        ["feed late", 2 * MINUTE],
        ["feed wrong", 2 * MINUTE],
        ["feed refused", 2 * MINUTE],
        // Then only those that are looked at in turn.
        ["all refused", 15 * MINUTE],
    ] as const satisfies readonly (readonly [News, number])[]) {
        it(`is only delayed, and never hangs, where there is: ${news}`, async () => {
            const { settled, latestMs } = await wait(60, news);
            assert.equal(settled, 60);
            assert.ok(latestMs <= within, `${latestMs} ms`);
        });
    }
});
