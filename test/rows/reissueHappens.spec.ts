import assert from "node:assert/strict";
import { POST, useStage } from "./stage.js";

describe("when a reissue happens", function () {
    this.timeout(30_000);
    const stage = useStage();
    for (let i = 0; i < 10; i++) {
        it("x" + i, async () => {
            const t0 = Date.now();
            await stage.issued();
            const t = Date.now();
            const run = await stage.stack.up(stage.shop({ triggers: { a: "2" } }));
            console.log(t - t0, Date.now() - t, run.requests, run.lines, run.preview);
            assert.equal(run.posts, 1);
            assert.ok(run.requests.includes(POST));
            stage.advanceDays(180);
            const r2 = await stage.stack.up(stage.shop({ triggers: { a: "2" } }));
            console.log(r2.requests, r2.lines, r2.preview);
        });
    }
});
