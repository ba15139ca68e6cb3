import assert from "node:assert/strict";
import { playChaos } from "../../tools/stress/chaos/chaos.js";

const FIRST_SEED = 20_270_115;
const RUNS = 20;

describe("a reissue in random worlds, with random faults", function () {
    // `npm run stress -- chaos` is the long form.
    this.timeout(900_000);

    it("is made once, lost never, and touches nothing foreign", async () => {
        const { failures, runs, counts, checked } = await playChaos(FIRST_SEED, RUNS);
        assert.deepEqual(
            [...failures].map(([seed, report]) => `seed ${seed}: ${report}`),
            [],
        );
        assert.equal(runs, RUNS);
        const faults = [...counts.keys()].filter((name) => name.startsWith("fault: "));
        assert.ok(faults.length >= 15, faults.join(", "));
        for (const invariant of [
            "exactly one reissue per wanted certificate",
            "ids that DigiCert gave are in the state",
            "nothing foreign is touched",
        ]) {
            assert.ok((checked.get(invariant) ?? 0) > RUNS / 4, invariant);
        }
    });
});
