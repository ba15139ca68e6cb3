import assert from "node:assert/strict";
import { growthPerReissue, soak } from "./soak.js";

describe("a provider process that reissues again and again", function () {
    this.timeout(300_000);

    it("keeps neither memory nor connections", async () => {
        const samples = await soak({ reissues: 250, every: 50 });
        const growth = growthPerReissue(samples);
        const descriptors = samples.map((sample) => sample.descriptors);
        console.log(
            `      ${growth.toFixed(0)} bytes of heap per reissue; open descriptors ${descriptors.join(", ")}`,
        );
        // The quota remembers each request for three minutes, which is some 3 kB per reissue until then.
        assert.ok(growth < 6000, `${growth} bytes per reissue`);
        const [first = 0] = descriptors;
        assert.ok(Math.max(...descriptors) <= first + 10, descriptors.join(", "));
    });
});
