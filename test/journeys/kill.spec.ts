import assert from "node:assert/strict";
import { requireCli } from "../engine/requireCli.js";
import { type Point, type Result, sentence } from "../kill/point.js";
import { points } from "../kill/points.js";
import { play } from "../kill/pool.js";

describe("a reissue that is cut off, with the real CLI", function () {
    this.timeout(1_800_000);
    let results: ReadonlyMap<Point, Promise<Result>>;

    before(async function () {
        await requireCli(this);
        results = play(points);
    });

    it("has a point of its own in each line", () => {
        const sentences = points.map(sentence);
        assert.equal(new Set(sentences).size, sentences.length);
    });

    for (const point of points) {
        it(sentence(point), async () => {
            const { problem } = (await results.get(point)) ?? { problem: "it was not played" };
            assert.equal(problem, undefined, problem);
        });
    }
});
