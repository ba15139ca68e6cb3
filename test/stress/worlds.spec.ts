import assert from "node:assert/strict";
import { playIn, plays } from "../../tools/stress/worlds/plays.js";
import { sentenceOf, someCells, worldsToPlay } from "../../tools/stress/worlds/worlds.js";

/** `npm run stress -- worlds` plays every history in every world. */
describe("the outcomes of the contract, in each world that DigiCert may be", function () {
    this.timeout(120_000);
    const cells = someCells(1);

    it("have every history and every world among them", () => {
        assert.equal(new Set(cells.map(({ play }) => play)).size, plays.length);
        assert.equal(new Set(cells.map(({ world }) => world)).size, worldsToPlay.length);
    });

    for (const cell of cells) {
        it(sentenceOf(cell), async () => {
            assert.equal(await playIn(cell.world, cell.play), undefined);
        });
    }
});
