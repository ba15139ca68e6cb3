import assert from "node:assert/strict";
import { type Sample } from "../measure.js";
import { median, quotaFloor, rowsOf } from "./stats.js";

const sample = (contender: string, seconds: number, more: Partial<Sample> = {}): Sample => ({
    work: "b",
    what: "50 orders",
    contender,
    orders: 50,
    seconds,
    cpuSeconds: 1,
    requests: 100,
    accepted: 50,
    refused: 0,
    peak: 60,
    ...more,
});

describe("what the benchmark reports", () => {
    it("takes the quota's floor from both windows", () => {
        for (const [requests, seconds] of [
            [0, 0],
            [100, 0],
            [101, 5],
            [400, 15],
            [1000, 45],
            [1001, 180],
            [1200, 185],
        ] as const) {
            assert.equal(quotaFloor(requests), seconds, `${requests} requests`);
        }
    });

    it("puts the rounds of a contender together, and leaves out times of those that failed", () => {
        const rows = rowsOf([
            sample("one", 3),
            sample("two", 9),
            sample("one", 1),
            sample("one", 0.1, { failed: "broke", refused: 7 }),
            sample("one", 2),
        ]);
        const [one, two] = rows;
        assert.equal(rows.length, 2);
        assert.deepEqual(one?.seconds, [3, 1, 2]);
        assert.deepEqual([one.failed, one.refused, median(one.seconds)], [1, 7, 2]);
        assert.deepEqual(two?.seconds, [9]);
    });

    it("takes the middle as median", () => {
        assert.equal(median([5, 1, 3]), 3);
        assert.equal(median([4, 1, 3, 2]), 2.5);
    });
});
