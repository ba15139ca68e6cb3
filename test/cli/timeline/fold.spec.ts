import assert from "node:assert/strict";
import { foldRows, titleRun } from "../../../cli/timeline/fold.js";
import { resource, timeline, TODAY, waiting, withDaysLeft } from "./fleet.js";

describe("foldRows (timeline)", () => {
    const run = (...resources: object[]) => foldRows(timeline(...resources).orders);
    const titles = (...resources: object[]) =>
        run(...resources).map((rows) => titleRun(rows, TODAY.toISOString()));
    const expired = withDaysLeft(-3, 300, { status: "expired" });

    it("puts three orders together that need the same and end on the same day", () => {
        const made = run(
            resource("a", expired),
            resource("other", withDaysLeft(-4, 300, { status: "expired" })),
            resource("b", expired),
            resource("c", expired),
        );
        assert.deepEqual(
            made.map((rows) => rows.map(({ name }) => name)),
            [["other"], ["a", "b", "c"]],
        );
    });

    it("leaves two equal orders apart", () => {
        assert.deepEqual(
            run(resource("a", expired), resource("b", expired)).map((rows) => rows.length),
            [1, 1],
        );
    });

    it("leaves orders apart whose last pulumi up failed for different reasons", () => {
        const failed = (name: string) => resource(name, expired, { initErrors: [`${name} failed`] });
        assert.equal(run(failed("a"), failed("b"), failed("c")).length, 3);
    });

    it("leaves orders apart that wait for different approvals", () => {
        const pending = (requestId: number) =>
            resource(`n${requestId}`, waiting("pending_approval", 1, 20, { requestIds: [requestId] }));
        assert.equal(run(pending(1), pending(2), pending(3)).length, 3);
    });

    it("says what happened to the certificates, or will", () => {
        const three = (state: object) => ["a", "b", "c"].map((name) => resource(name, state));
        assert.deepEqual(
            [
                titles(...three(expired)),
                titles(...three(withDaysLeft(80, 300, { status: "revoked" }))),
                titles(...three(withDaysLeft(20))),
                titles(...three(waiting("pending_approval", 1))),
            ].flat(),
            [
                "3 certificates expired on 2026-09-12",
                "3 certificates revoked",
                "3 certificates end on 2026-10-05",
                "3 orders without a certificate",
            ],
        );
    });
});
