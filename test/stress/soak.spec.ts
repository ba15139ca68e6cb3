import assert from "node:assert/strict";
import { judgeSamples, reissueOften } from "../../tools/stress/soak.js";

/** `npm run stress -- soak` reissues 2,000 times. */
describe("a provider process that reissues again and again @long", function () {
    this.timeout(120_000);

    it("keeps neither memory nor connections", async () => {
        const samples = await reissueOften(150, 30);
        assert.deepEqual(judgeSamples(samples, 12_000), []);
    });
});

describe("samples of a provider process", () => {
    const samples = (bytesPerReissue: number, descriptors: number) =>
        [100, 200, 300, 400].map((reissues) => ({
            reissues,
            heapBytes: 40_000_000 + bytesPerReissue * reissues,
            descriptors: 20 + descriptors * reissues,
        }));

    it("may grow by what the quota remembers", () => {
        assert.deepEqual(judgeSamples(samples(3000, 0)), []);
    });

    it("may not grow by more, nor keep connections open", () => {
        assert.equal(judgeSamples(samples(8000, 0.1)).length, 2);
    });
});
