import assert from "node:assert/strict";
import { FLEETS, STORIES } from "../../tools/stress/years/stories.js";
import { playYear } from "../../tools/stress/years/years.js";

const fleet = FLEETS.at(-1);
const chosen = STORIES.filter(({ title }) =>
    [
        "approval takes 3 days",
        "revoked by somebody else, refreshed next day",
        "DigiCert's auto-reissue is on",
        "key rotated, approval takes 3 days",
    ].includes(title),
);

/** `npm run stress -- years` plays all orders, and three fleets. */
describe("a year of some orders, with certificates of 46 days", function () {
    this.timeout(120_000);

    it("goes day by day as the rules say", async () => {
        assert.ok(fleet);
        const years = await playYear(fleet, chosen);
        assert.equal(years.length, 4);
        for (const { title, problems } of years) assert.deepEqual(problems, [], title);
    });
});
