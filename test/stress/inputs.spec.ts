import assert from "node:assert/strict";
import { startSimulator } from "../../simulator/index.js";
import { carry } from "../../tools/stress/inputs/carry.js";
import { judgeRow } from "../../tools/stress/inputs/inputs.js";
import { attack } from "../../tools/stress/inputs/random.js";
import { type Row } from "../../tools/stress/inputs/row.js";
import { acceptedRows, rows } from "../../tools/stress/inputs/rows.js";
import { everywhere } from "../../tools/stress/inputs/secretRows.js";
import { settingDeviations, settingRows } from "../../tools/stress/inputs/settingRows.js";

/** `npm run stress -- inputs` has more random ones. */
describe("hostile inputs", function () {
    this.timeout(120_000);

    /** What is wrong, row by row. */
    async function problemsOf(given: Iterable<Row>): Promise<string[]> {
        const problems = [];
        for (const row of given)
            for (const problem of await judgeRow(row))
                problems.push(`${row.title.slice(0, 100)}: ${problem}`);
        return problems;
    }

    it("are refused at the right property, or accepted for a reason", async () => {
        assert.ok(rows.length >= 150);
        assert.equal(new Set(rows.map(({ title }) => title)).size, rows.length, "titles differ");
        assert.deepEqual(await problemsOf(rows), []);
    });

    it("echo no private key or password, whatever its form and wherever it is pasted", async () => {
        assert.deepEqual(await problemsOf(everywhere()), []);
    });

    it("are judged alike when they are random", async () => {
        const { inputs, accepted, refused, keys } = await attack(20_261_124, 500);
        assert.equal(accepted + refused, inputs);
        assert.ok(accepted > 100 && refused > 100 && keys > 40, "both ways are taken");
    });

    it("are carried on where they are accepted, or fail in a sentence @long", async () => {
        const simulator = await startSimulator();
        try {
            for (const { title, bag } of acceptedRows())
                assert.deepEqual(await carry(simulator, bag()), [], title.slice(0, 100));
        } finally {
            await simulator.close();
        }
    });

    it("are refused in a sentence as settings, or accepted for a reason", () => {
        for (const row of settingRows) assert.deepEqual(settingDeviations(row), [], row.title.slice(0, 100));
    });
});
