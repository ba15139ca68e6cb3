import assert from "node:assert/strict";
import fc from "fast-check";
import {
    daysUntil,
    failLimit,
    isDue,
    hasFewerDays,
    hasPlanEnded,
    planOutlives,
    reissueLimit,
} from "../../../provider/core/reissue/plan/validity.js";
import { iso, plusDays } from "../../fixtures/inputs.js";

const FROM = new Date("2026-03-01T12:00:00Z");
const lasting = (days: number) => ({ validFrom: iso(FROM), validTill: iso(plusDays(FROM, days)) });
const SECOND = 1 / 86_400;

describe("reissueLimit", () => {
    const rows: [number, number | undefined, number, number?][] = [
        [199, undefined, 30],
        [99, undefined, 30],
        [90, undefined, 30],
        [46, undefined, 46 / 3],
        [6, undefined, 2],
        [199, 60, 60],
        [199, 99.5, 99.5],
        [199, 100, 99.5, 100],
        [99, 50, 49.5, 50],
        [46, 30, 23, 30],
        [6, 30, 3, 30],
        [6, 3, 3],
        [199, 0, 0],
        [199, -1, -1],
    ];
    for (const [lifetime, minDaysRemaining, days, clampedFrom] of rows) {
        const clamped = clampedFrom === undefined ? "" : ", clamped";
        it(`is ${days.toFixed(1)} days${clamped} for ${lifetime} days and minDaysRemaining ${String(minDaysRemaining)}`, () => {
            const limit = reissueLimit({ minDaysRemaining }, lasting(lifetime));
            assert.deepEqual(limit, { days, ...(clampedFrom === undefined ? {} : { clampedFrom }) });
        });
    }

    it("is never more than half the lifetime, whatever is set", () => {
        fc.assert(
            fc.property(
                fc.integer({ min: 1, max: 400 }),
                fc.option(fc.double({ min: -10, max: 1000, noNaN: true }), { nil: undefined }),
                (lifetime, minDaysRemaining) => {
                    assert.ok(reissueLimit({ minDaysRemaining }, lasting(lifetime)).days <= lifetime / 2);
                },
            ),
        );
    });
});

describe("failLimit", () => {
    const rows: [number, number | undefined, number][] = [
        [199, undefined, 7],
        [99, undefined, 7],
        [46, undefined, 4.6],
        [6, undefined, 0.6],
        [46, 20, 20],
        [199, 0, 0],
        [199, -1, -1],
    ];
    for (const [lifetime, failDaysRemaining, days] of rows) {
        it(`is ${days} days for ${lifetime} days and failDaysRemaining ${String(failDaysRemaining)}`, () => {
            assert.equal(failLimit({ failDaysRemaining }, lasting(lifetime)), days);
        });
    }
});

describe("hasFewerDays", () => {
    const till = iso(FROM);
    const rows: [number, number, boolean][] = [
        [30, 30 + SECOND, false],
        [30, 30, false],
        [30, 30 - SECOND, true],
        [30, -100, true],
        [0, 0, false],
        [0, -SECOND, true],
        [-1, 1, false],
        [-1, -100, false],
    ];
    for (const [limit, left, isTrue] of rows) {
        it(`is ${String(isTrue)} for a limit of ${limit} with ${left.toFixed(5)} days left`, () => {
            assert.equal(hasFewerDays(limit, till, plusDays(FROM, -left)), isTrue);
        });
    }
});

describe("isDue", () => {
    it("is true within the limit, and after the end even where no limit is set", () => {
        const certificate = lasting(199);
        assert.equal(isDue({}, certificate, plusDays(FROM, 168)), false);
        assert.equal(isDue({}, certificate, plusDays(FROM, 170)), true);
        assert.equal(isDue({ minDaysRemaining: -1 }, certificate, plusDays(FROM, 198)), false);
        assert.equal(isDue({ minDaysRemaining: -1 }, certificate, plusDays(FROM, 199)), true);
    });
});

describe("planOutlives", () => {
    const rows: [string | undefined, boolean][] = [
        [undefined, false],
        ["2026-02-01", false],
        ["2026-03-01", false],
        ["2026-03-02", false],
        ["2026-03-03", true],
        ["2029-03-01", true],
    ];
    for (const [orderValidTill, isTrue] of rows) {
        it(`is ${String(isTrue)} for a plan until ${orderValidTill ?? "nobody knows when"}`, () => {
            assert.equal(planOutlives({ orderValidTill }, "2026-03-01T12:00:00Z"), isTrue);
        });
    }
});

describe("hasPlanEnded", () => {
    const rows: [string, boolean][] = [
        ["2026-02-28T23:59:59Z", false],
        ["2026-03-01T00:00:00Z", false],
        ["2026-03-01T23:59:59Z", false],
        ["2026-03-02T00:00:00Z", true],
        ["2027-03-01T00:00:00Z", true],
    ];
    for (const [now, isTrue] of rows) {
        it(`is ${String(isTrue)} at ${now} for a plan whose last day is 2026-03-01`, () => {
            assert.equal(hasPlanEnded("2026-03-01", new Date(now)), isTrue);
        });
    }

    it("is false for an order that tells no end", () => {
        assert.equal(hasPlanEnded(undefined, FROM), false);
    });
});

describe("daysUntil", () => {
    it("counts whole days, downwards", () => {
        const till = iso(plusDays(FROM, 12.5));
        assert.equal(daysUntil(till, FROM), 12);
        assert.equal(daysUntil(till, plusDays(FROM, 12)), 0);
        assert.equal(daysUntil(till, plusDays(FROM, 13)), -1);
    });
});
