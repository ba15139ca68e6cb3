import assert from "node:assert/strict";
import { inLanes } from "../engine/lanes.js";
import { requireCli } from "../engine/requireCli.js";
import { title, type Cell } from "./cell.js";
import { cells } from "./cells.js";
import { play, type Outcome } from "./play.js";

const own = Number(process.versions.node.split(".")[0]);
const short = cells
    .filter((cell) => cell.short === true)
    .map((cell) => ({
        ...cell,
        runtime: [20, 22, 24].includes(own) ? (own as Cell["runtime"]) : cell.runtime,
    }));

describe("the matrix", () => {
    it("has each way in a line of its own", () => {
        assert.equal(new Set(cells.map(title)).size, cells.length);
    });

    const axes: { [Axis in "language" | "installer" | "runner" | "runtime" | "sdk"]: Cell[Axis][] } = {
        language: [
            "JavaScript",
            "TypeScript",
            "TypeScript ESM",
            "TypeScript ESM, stripped",
            "TypeScript ESM, tsx",
        ],
        installer: ["npm", "npm workspace", "npm workspace, linked", "pnpm"],
        runner: ["Automation API, inline", "Automation API, local", "pulumi"],
        runtime: [20, 22, 24],
        sdk: ["newest", "oldest", "pinned"],
    };
    for (const [axis, values] of Object.entries(axes)) {
        it(`has a way that works for each ${axis}`, () => {
            const played = cells
                .filter(({ refusal }) => refusal === undefined)
                .map((cell) => cell[axis as keyof Cell]);
            assert.deepEqual([...new Set(played)].sort(), values);
        });
    }
});

describe("the matrix, its short version, with the real CLI", function () {
    this.timeout(600_000);
    let results: ReadonlyMap<Cell, Promise<Outcome>>;

    before(async function () {
        await requireCli(this);
        results = inLanes(short, play);
    });

    for (const cell of short) {
        it(title(cell), async () => {
            const { problem, recorded } = (await results.get(cell)) ?? { problem: "it was not played" };
            assert.equal(problem, undefined, problem);
            assert.ok(recorded !== undefined && recorded > 0);
        });
    }
});
