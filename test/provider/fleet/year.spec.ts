import assert from "node:assert/strict";
import { type Gap } from "./forecast.js";
import { judge, type Year } from "./judge.js";
import { play } from "./play.js";
import { FLEETS, PLAN_DAYS, STORIES } from "./stories.js";
import { summary } from "./summary.js";

for (const fleet of FLEETS) {
    describe(`a year of ${STORIES.length} orders with certificates of ${fleet.lifetime} days`, function () {
        // About 10 s on a free machine.
        this.timeout(300_000);
        let years: Year[];
        before(async () => {
            years = (await play(fleet, STORIES)).map((diary) => judge(diary, fleet));
        });

        for (const [index, { title }] of STORIES.entries()) {
            it(`goes day by day as the rules say: ${title}`, () => {
                assert.deepEqual(years[index]?.deviations, []);
            });
        }

        it("leaves dependents without a valid certificate only where the story forces it", () => {
            for (const { title, gaps } of years) {
                const days = (gap: Gap): number => gaps[gap] ?? 0;
                assert.equal(days("revoked by somebody") > 0, title.startsWith("revoked"), title);
                assert.equal(days("limits negative") > 0, title.startsWith("never reissued"), title);
                assert.ok(days("awaits the first one") <= 3 && days("last day of the plan") <= 1, title);
                assert.ok(days("plan ended") <= fleet.days - 1 - PLAN_DAYS, title);
            }
        });

        it("calls DigiCert on few days only", () => {
            for (const { title, calling, posts } of years) {
                assert.ok(calling <= 4 * posts + 24, `${title}: on ${calling} days, ${posts} POSTs`);
            }
        });

        it("fits on one screen", () => {
            const lines = summary([{ fleet, years }]).split("\n");
            assert.ok(lines.length <= STORIES.length + 5);
            assert.ok(lines.slice(0, -1).every((line) => line.length <= 120));
        });
    });
}
