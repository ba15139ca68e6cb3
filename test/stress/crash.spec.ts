import assert from "node:assert/strict";
import { playPoints } from "../../tools/stress/crash/crash.js";
import { type Point, type Result, sentence } from "../../tools/stress/crash/point.js";
import { points, testedPoints } from "../../tools/stress/crash/points.js";
import { requireCli } from "../engine/requireCli.js";

/** `npm run stress -- crash` plays all points. */
describe("a reissue that is cut off, with the real CLI", function () {
    this.timeout(600_000);
    let results: ReadonlyMap<Point, Promise<Result>>;

    before(async function () {
        await requireCli(this);
        results = playPoints(testedPoints);
    });

    it("is cut off at 67 points or more in each reading of comments, each with a sentence of its own", () => {
        assert.ok(points.filter(({ comments }) => comments === "hidden").length >= 67);
        assert.ok(points.filter(({ comments }) => comments === "shown").length >= 67);
        assert.equal(new Set(points.map(sentence)).size, points.length);
    });

    for (const point of testedPoints) {
        it(sentence(point), async () => {
            assert.deepEqual((await results.get(point))?.problems, []);
        });
    }
});
