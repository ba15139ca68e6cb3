import assert from "node:assert/strict";
import { type Cell, title } from "../../tools/stress/matrix/cell.js";
import { cells } from "../../tools/stress/matrix/cells.js";
import { playCells } from "../../tools/stress/matrix/matrix.js";
import { type Played } from "../../tools/stress/matrix/play.js";
import { requireCli } from "../engine/requireCli.js";

const own = Number(process.versions.node.split(".")[0]);
const short = cells
    .filter((cell) => cell.short === true)
    .map((cell) => ({
        ...cell,
        runtime: [20, 22, 24].includes(own) ? (own as Cell["runtime"]) : cell.runtime,
    }));

/** `npm run stress -- matrix` plays all cells. */
describe("the packed package in a workspace, with the real CLI @long", function () {
    this.timeout(600_000);
    let results: ReadonlyMap<Cell, Promise<Played>>;

    before(async function () {
        await requireCli(this);
        results = playCells(short);
    });

    it("is one of many ways, each with a title of its own", () => {
        assert.equal(new Set(cells.map(title)).size, cells.length);
        assert.ok(short.length > 0);
    });

    for (const cell of short) {
        it(title(cell), async () => {
            const played = await results.get(cell);
            assert.deepEqual(played?.problems, []);
            assert.ok((played.recorded ?? 0) > 0);
        });
    }
});
