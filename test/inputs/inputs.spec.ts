import assert from "node:assert/strict";
import { startSimulator, type Simulator } from "../../simulator/index.js";
import { carry } from "./carry.js";
import { checkAlone, deviations, faultsOf } from "./judge.js";
import { attack } from "./random.js";
import { acceptedRows, rows } from "./rows.js";
import { everywhere } from "./secretRows.js";
import { settingDeviations, settingRows } from "./settingRows.js";

describe("hostile inputs", function () {
    this.timeout(120_000);

    for (const row of rows) {
        const { title, bag, outcome } = row;
        const verb = "because" in outcome ? "accepts" : "refuses";
        it(`${verb} ${JSON.stringify(title).slice(1, 100)}`, async () => {
            const inputs = bag();
            const answer = await checkAlone(inputs);
            assert.deepEqual([...deviations(row, answer), ...faultsOf(inputs, answer)], []);
        });
    }

    it("are at least 150, with a reason for each that is accepted", () => {
        assert.ok(rows.length >= 150);
        assert.equal(new Set(rows.map(({ title }) => title)).size, rows.length, "titles differ");
        for (const { title, outcome } of rows) {
            assert.ok(!("because" in outcome) || outcome.because.length > 7, title);
        }
    });

    it("echo no private key or password, whatever its form and wherever it is pasted", async () => {
        for (const row of everywhere()) {
            const inputs = row.bag();
            const answer = await checkAlone(inputs);
            assert.deepEqual([...deviations(row, answer), ...faultsOf(inputs, answer)], [], row.title);
        }
    });

    it("are judged alike when they are random, with a fixed seed", async () => {
        const { inputs, accepted, refused, keys } = await attack(20_261_124, 500);
        assert.equal(accepted + refused, inputs);
        assert.ok(accepted > 100 && refused > 100 && keys > 40, "both ways are taken");
    });
});

describe("hostile settings", () => {
    for (const row of settingRows) {
        const verb = "because" in row.outcome ? "accepts" : "refuses";
        it(`${verb} ${JSON.stringify(row.title).slice(1, 100)}`, () => {
            assert.deepEqual(settingDeviations(row), []);
        });
    }
});

describe("hostile inputs that are accepted", function () {
    this.timeout(120_000);
    let simulator: Simulator;
    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.close());

    for (const { title, bag } of acceptedRows()) {
        it(`are carried on, or fail in a sentence: ${JSON.stringify(title).slice(1, 80)}`, async () => {
            assert.deepEqual(await carry(simulator, bag()), []);
        });
    }
});
