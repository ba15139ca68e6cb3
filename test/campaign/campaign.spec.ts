import assert from "node:assert/strict";
import { campaign } from "./campaign.js";
import { summary } from "./summary.js";

const SEEDS = Array.from({ length: 120 }, (_, index) => 20_270_115 + index);

describe("a fault campaign over the lifecycle", function () {
    // About 10 s on a free machine; `npm run campaign` is the long one.
    this.timeout(300_000);

    it("loses nothing, asks nothing twice and leaks nothing, whatever goes wrong", async () => {
        const tally = await campaign(SEEDS);
        assert.deepEqual(tally.failures, []);
        assert.equal(tally.runs, SEEDS.length);
        assert.ok(tally.troubles.size >= 20, [...tally.troubles.keys()].join(", "));
        assert.match(summary(tally), /faults injected, \d+ invariants checked, failures 0$/);
    });
});
