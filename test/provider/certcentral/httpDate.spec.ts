import assert from "node:assert/strict";
import { retryAfterMs, serverDate } from "../../../provider/core/certcentral/httpDate.js";

const NOON = Date.parse("2026-03-01T12:00:00Z");
const at = (ms: number) => new Date(ms).toUTCString();
const pause = (headers: Record<string, string | string[]>) => retryAfterMs(headers, () => NOON);

describe("retryAfterMs", () => {
    it("reads seconds", () => {
        assert.equal(pause({ "retry-after": "0" }), 0);
        assert.equal(pause({ "retry-after": " 120 " }), 120_000);
    });

    it("reads a date by the server's own clock, which may differ from this machine's clock", () => {
        const theirs = NOON - 3_600_000;
        assert.equal(pause({ "retry-after": at(theirs + 30_000), date: at(theirs) }), 30_000);
        assert.equal(pause({ "retry-after": at(theirs - 30_000), date: at(theirs) }), 0);
    });

    it("reads a date by our clock where the server does not tell the time", () => {
        assert.equal(pause({ "retry-after": at(NOON + 30_000) }), 30_000);
        assert.equal(pause({ "retry-after": at(NOON + 30_000), date: "now" }), 30_000);
        assert.equal(pause({ "retry-after": at(NOON - 1000) }), 0);
    });

    it("reads the two old forms of a date", () => {
        const date = at(NOON);
        assert.equal(pause({ "retry-after": "Sunday, 01-Mar-26 12:00:10 GMT", date }), 10_000);
    });

    for (const wish of ["", "soon", "-5", "1.5", "5 s", "1e3", "2026-03-01", "0x10", "Sun, nonsense"]) {
        it(`takes ${JSON.stringify(wish)} for no wish`, () => {
            assert.equal(pause({ "retry-after": wish }), undefined);
        });
    }

    it("takes nothing, and two headers, for no wish", () => {
        assert.equal(pause({}), undefined);
        assert.equal(pause({ "retry-after": ["1", "2"] }), undefined);
    });
});

describe("serverDate", () => {
    it("reads the Date header", () => {
        assert.deepEqual(serverDate({ date: at(NOON) }), new Date(NOON));
    });

    it("finds no time in anything else", () => {
        for (const date of [
            undefined,
            "",
            "now",
            "5",
            "2026-03-01T12:00:00Z",
            "Sun, 99 Mar 2026",
            [at(NOON), at(NOON)],
        ]) {
            assert.equal(serverDate(date === undefined ? {} : { date }), undefined);
        }
    });
});
