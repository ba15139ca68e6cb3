import assert from "node:assert/strict";
import { requireCli } from "../engine/requireCli.js";
import { type Point, type Result, sentence } from "../kill/point.js";
import { points } from "../kill/points.js";
import { play } from "../kill/pool.js";

/** `npm run kill` plays all of them. */
const chosen = points.filter(({ isTested }) => isTested);

describe("a reissue that is cut off, with the real CLI", function () {
    this.timeout(1_800_000);
    let results: ReadonlyMap<Point, Promise<Result>>;

    before(async function () {
        await requireCli(this);
        results = play(chosen);
    });

    it("has a point of its own in each line", () => {
        const sentences = points.map(sentence);
        assert.equal(new Set(sentences).size, sentences.length);
    });

    for (const point of chosen) {
        it(sentence(point), async () => {
            const { problem } = (await results.get(point)) ?? { problem: "it was not played" };
            assert.equal(problem, undefined, problem);
        });
    }
});
