import assert from "node:assert/strict";
import { type Props } from "../engine/imitation.js";
import { ORDER, POST, useStage } from "./stage.js";

const NEW_ORDER = /place a new order|new order/i;

/** Section "When a reissue happens": days left. A certificate lasts 199 days and the rest of the last one, until 2026-09-16. */
describe("days left", function () {
    this.timeout(30_000);
    const stage = useStage();
    const short = (): Props => stage.shop({ failDaysRemaining: -1 });

    it("at the limit or more are no reason: nothing, without a request", async () => {
        await stage.issued();
        stage.advanceDays(169); // 30.5 left
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.did, run.requests, run.text], ["nothing", [], ""]);
    });

    it("under the limit, in a plan that goes on, are one POST, the reason in the preview", async () => {
        await stage.issued();
        const old = stage.stack.state;
        stage.advanceDays(170); // 29.5 left
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.did, run.failure, run.requests], ["update", undefined, [ORDER, POST]]);
        const reason = `order ${stage.orderId}: reissue, certificate expires in 29 days (limit 30)`;
        assert.ok(run.preview.includes(reason), run.preview.join("\n"));
        assert.notEqual(stage.stack.state.serialNumber, old.serialNumber);
        assert.ok((stage.stack.state.validTill ?? "") > (old.validTill ?? "x"));
        const again = await stage.stack.up(stage.shop());
        assert.deepEqual([again.did, again.requests], ["nothing", []]);
    });

    it("are counted against a third of a short lifetime", async () => {
        stage.simulator.policy(stage.orderId, { maxValidityDays: 46 });
        await stage.issued();
        stage.advanceDays(31); // 15.5 of 47 left, a third is 15.7
        const run = await stage.stack.up(stage.shop());
        assert.equal(run.posts, 1);
        assert.match(run.preview.join("\n"), /certificate expires in 15 days \(limit 15\.7\)/);
    });

    describe("under the limit, with a current certificate that has the wanted key and names and is not due, take that over", () => {
        const makers: Record<string, () => unknown> = {
            "DigiCert's own auto-reissue": () => {
                stage.simulator.autoReissue(stage.orderId);
            },
            "another pipeline's reissue": () =>
                stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr }),
        };
        for (const [whose, make] of Object.entries(makers)) {
            it(whose, async () => {
                await stage.issued();
                stage.advanceDays(170);
                await make();
                const { certificateId, serialNumber } = stage.live.current;
                stage.advanceDays(2);
                const run = await stage.stack.up(stage.shop());
                assert.deepEqual([run.did, run.failure, run.posts], ["update", undefined, 0]);
                assert.equal(run.requests[0], ORDER);
                const { state } = stage.stack;
                assert.deepEqual(
                    [state.status, state.serialNumber, state.issuedCertificateId],
                    ["issued", serialNumber, certificateId],
                );
                const again = await stage.stack.up(stage.shop());
                assert.deepEqual([again.did, again.requests], ["nothing", []]);
            });
        }
    });

    it("under the limit, with a current certificate that has another key, are one POST", async () => {
        await stage.issued();
        stage.advanceDays(170);
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.otherCsr });
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.posts, stage.stack.state.status], [1, "issued"]);
        assert.equal(stage.stack.state.certificateId, stage.latest.certificateId);
    });

    it("under the limit, with a current certificate that is due itself, are one POST", async () => {
        await stage.issued();
        stage.advanceDays(2);
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
        stage.advanceDays(171); // 26.5 left of ours, 28.5 of the other
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.posts, run.failure], [1, undefined]);
        assert.equal(stage.stack.state.certificateId, stage.latest.certificateId);
    });

    it("under the limit at the end of the plan are no POST, and a warning that the order must be renewed", async () => {
        stage.orderId = await stage.order({ orderValidTill: "2026-09-16" });
        await stage.issued();
        stage.advanceDays(180);
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.did, run.requests, run.failure], ["nothing", [], undefined]);
        for (const lines of [run.preview, run.lines]) {
            assert.match(
                lines.join("\n"),
                /^warning: order \d+: certificate expires in 19 days.*2026-09-16.*new order/,
            );
        }
        assert.equal(stage.stack.state.status, "issued");
    });

    it("under the limit, in a plan that outlives the certificate by a day only, are no POST", async () => {
        stage.orderId = await stage.order({ orderValidTill: "2026-09-17" });
        await stage.issued();
        stage.advanceDays(180);
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.did, run.requests], ["nothing", []]);
        assert.match(run.text, NEW_ORDER);
    });

    it("under the limit, in a plan that outlives the certificate by more than a day, are one POST", async () => {
        stage.orderId = await stage.order({ orderValidTill: "2026-09-19" });
        await stage.issued();
        stage.advanceDays(180);
        assert.equal((await stage.stack.up(stage.shop())).posts, 1);
    });

    it("under the limit of an order that tells no end are no POST, and a warning", async () => {
        stage.simulator.fault({
            method: "GET",
            path: "/order/certificate/:id",
            times: Infinity,
            kind: "replace-members",
            members: { order_valid_till: null },
        });
        await stage.issued();
        assert.equal(stage.stack.state.orderValidTill, undefined);
        stage.advanceDays(180);
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.did, run.requests, run.failure], ["nothing", [], undefined]);
        assert.match(run.text, /^warning: .*no end/m);
    });

    it("with minDaysRemaining above half the lifetime are counted against half, with a warning each time", async () => {
        const args = stage.shop({ minDaysRemaining: 150 });
        const clamped = /^warning: order \d+: minDaysRemaining 150 .*half.* 100 /m;
        await stage.issued(args);
        for (let ups = 0; ups < 2; ups++) {
            const run = await stage.stack.up(args);
            assert.deepEqual([run.did, run.requests, run.failure], ["nothing", [], undefined]);
            assert.match(run.preview.join("\n"), clamped);
            assert.match(run.lines.join("\n"), clamped);
        }
        stage.advanceDays(99); // 100.5 left
        assert.equal((await stage.stack.up(args)).posts, 0);
        stage.advanceDays(1); // 99.5 left
        const due = await stage.stack.up(args);
        assert.equal(due.posts, 1);
        assert.match(due.text, clamped);
        assert.deepEqual((await stage.stack.up(args)).requests, [], "no configuration reissues for ever");
    });

    it("are no reason with a negative minDaysRemaining", async () => {
        const args = stage.shop({ minDaysRemaining: -1, failDaysRemaining: -1 });
        await stage.issued(args);
        stage.advanceDays(198);
        const run = await stage.stack.up(args);
        assert.deepEqual([run.did, run.requests, run.failure], ["nothing", [], undefined]);
    });

    it("over, in a plan that goes on, are one POST", async () => {
        await stage.issued();
        stage.advanceDays(205);
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.posts, run.failure, stage.stack.state.status], [1, undefined, "issued"]);
        assert.match(run.preview.join("\n"), /expired on 2026-09-16/);
    });

    describe("under failDaysRemaining, without a successor that is issued, fail `up` with the state saved", () => {
        it("while it waits for approval", async () => {
            const args = stage.shop({ triggers: { v: "2" } });
            await stage.pending(args);
            const { requestIds } = stage.stack.state;
            stage.advanceDays(190); // 9.5 left: not yet
            assert.equal((await stage.stack.up(args)).failure, undefined);
            stage.advanceDays(3); // 6.5 left
            const run = await stage.stack.up(args);
            assert.match(
                run.failure ?? "",
                /expires on 2026-09-16.*fewer than 7 days \(failDaysRemaining\).*not issued/s,
            );
            assert.match(run.failure ?? "", /waits? for approval/);
            assert.deepEqual([run.posts, run.requests.every((one) => one.startsWith("GET "))], [0, true]);
            const { state } = stage.stack;
            assert.deepEqual([state.status, state.requestIds], ["pending_approval", requestIds]);
            await stage.approve();
            const issued = await stage.stack.up(args);
            assert.deepEqual([issued.failure, issued.posts], [undefined, 0]);
        });

        it("while it waits for validation", async () => {
            stage.simulator.policy(stage.orderId, { maxValidityDays: 46 });
            const args = stage.shop({ issuanceTimeoutSeconds: 0, triggers: { v: "2" } });
            await stage.issued();
            stage.simulator.policy(stage.orderId, { domains: "unvalidated" });
            await stage.stack.up(args);
            stage.advanceDays(42); // 4.5 of 47 left, a tenth is 4.7
            const run = await stage.stack.up(args);
            assert.match(run.failure ?? "", /fewer than 4\.7 days/);
            assert.equal(stage.stack.state.status, "pending_issuance");
            assert.equal(run.posts, 0);
        });

        it("while a new order is needed", async () => {
            stage.orderId = await stage.order({ orderValidTill: "2026-09-16" });
            await stage.issued();
            stage.advanceDays(193);
            const run = await stage.stack.up(stage.shop());
            assert.match(run.failure ?? "", /fewer than 7 days/);
            assert.match(run.text, NEW_ORDER);
            assert.deepEqual([run.requests, stage.stack.state.status], [[], "issued"]);
            assert.ok(stage.stack.state.certificatePem);
        });

        it("in the very `up` that asks for the successor", async () => {
            await stage.issued();
            stage.simulator.policy(stage.orderId, { approval: "required" });
            stage.advanceDays(194);
            const run = await stage.stack.up(stage.shop());
            assert.match(run.failure ?? "", /fewer than 7 days/);
            assert.deepEqual([run.posts, stage.stack.state.status], [1, "pending_approval"]);
            assert.ok(stage.stack.state.certificatePem, "the key is the same, so the old one is kept");
            assert.equal((await stage.stack.up(stage.shop())).posts, 0);
        });

        it("not with a negative failDaysRemaining", async () => {
            await stage.issued();
            stage.simulator.policy(stage.orderId, { approval: "required" });
            stage.advanceDays(194);
            assert.equal((await stage.stack.up(short())).failure, undefined);
            assert.equal((await stage.stack.up(short())).failure, undefined);
            assert.equal(stage.ours.length, 2);
        });

        it("not once the successor is issued", async () => {
            await stage.issued();
            stage.advanceDays(196);
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual([run.failure, run.posts], [undefined, 1]);
        });
    });

    for (const minDaysRemaining of [undefined, 1000]) {
        it(`are no reason again and again in a plan's year, with minDaysRemaining ${String(minDaysRemaining)}`, async () => {
            stage.orderId = await stage.order({ orderValidTill: "2027-03-01" });
            const args = stage.shop({ failDaysRemaining: -1, ...(minDaysRemaining && { minDaysRemaining }) });
            let posts = 0;
            for (let day = 0; day < 400; day += 25) {
                posts += (await stage.stack.up(args)).posts;
                stage.advanceDays(25);
            }
            assert.ok(posts >= 2 && posts <= 4, `${posts} reissues in a year`);
        });
    }
});
