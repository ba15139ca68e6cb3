import assert from "node:assert/strict";
import { type Props } from "../engine/imitation.js";
import { type OrderPolicy } from "../../simulator/index.js";
import { ORDER, POST, useStage } from "./stage.js";

/** Section "Exactly one reissue": the table of what becomes of `pulumi up` after the POST. */
describe("after the POST", function () {
    this.timeout(30_000);
    const stage = useStage();
    const policy = (change: Partial<OrderPolicy>) => {
        stage.simulator.policy(stage.orderId, change);
    };
    /** Until `running` waits: it has read the order, looked at what it asked for, and looks again. */
    const waiting = (running: Promise<unknown>) =>
        Promise.race([running, stage.arrival("GET", /certificate\/\d+$/, 3)]);
    const otherKey = (more: Props = {}) => stage.shop({ certificate: { csr: stage.otherCsr }, ...more });

    it("issued at once is success, status issued, with the certificate of the order", async () => {
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.requests], [undefined, [ORDER, POST]]);
        const { state } = stage.stack;
        const { current } = stage.live;
        assert.deepEqual(
            [state.status, state.serialNumber, state.thumbprint, state.issuedCertificateId],
            ["issued", current.serialNumber, current.thumbprint, current.certificateId],
        );
        assert.deepEqual(
            [state.validFrom, state.validTill],
            ["2026-03-01T00:00:00Z", "2026-09-16T23:59:59Z"],
        );
        assert.equal(state.orderValidTill, "2029-03-01");
    });

    it("issued at once, with an answer that has no chain, is success", async () => {
        policy({ includeChain: false });
        assert.equal((await stage.stack.up(stage.shop())).failure, undefined);
        assert.equal(stage.stack.state.status, "issued");
    });

    it("issued while waiting is success, status issued", async () => {
        policy({ issuanceMs: 400 });
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts, stage.stack.state.status], [undefined, 1, "issued"]);
        assert.match(run.text, /waiting for issuance/);
        assert.deepEqual((await stage.stack.up(stage.shop())).requests, []);
    });

    it("waiting for an approver is success, status pending_approval, requestIds set; the next up looks again", async () => {
        policy({ approval: "required" });
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts], [undefined, 1]);
        const { state } = stage.stack;
        assert.deepEqual([state.status, state.requestIds], ["pending_approval", [stage.latest.requestId]]);
        assert.equal(state.certificatePem, undefined);
        const next = await stage.stack.up(stage.shop());
        assert.deepEqual([next.did, next.failure, next.posts], ["update", undefined, 0]);
        assert.ok(next.requests.length > 0);
    });

    for (const skipApproval of [true, false]) {
        it(`waiting for dcvRandomValue to be published is success, status pending_issuance (skipApproval ${skipApproval})`, async () => {
            policy({ domains: "unvalidated" });
            const args = stage.shop({ skipApproval });
            const run = await stage.stack.up(args);
            assert.deepEqual([run.failure, run.posts], [undefined, 1]);
            const { state } = stage.stack;
            assert.equal(state.status, "pending_issuance");
            assert.equal(state.dcvRandomValue, stage.live.dcvRandomValue);
            assert.ok(state.dcvRandomValue);
            const next = await stage.stack.up(args);
            assert.deepEqual([next.did, next.failure, next.posts], ["update", undefined, 0]);
            assert.equal(stage.stack.state.dcvRandomValue, state.dcvRandomValue);
            await stage.simulator.issue(stage.orderId);
            const last = await stage.stack.up(args);
            assert.deepEqual([last.failure, last.posts, stage.stack.state.status], [undefined, 0, "issued"]);
        });
    }

    it("waiting for an approver with waitForApproval: true waits for that person", async () => {
        policy({ approval: "required" });
        const running = stage.stack.up(stage.shop({ waitForApproval: true }));
        await waiting(running);
        await stage.simulator.approve(stage.latest.requestId ?? 0);
        const run = await running;
        assert.deepEqual([run.failure, run.posts, stage.stack.state.status], [undefined, 1, "issued"]);
    });

    it("waiting for dcvRandomValue with waitForApproval: true waits for that person", async () => {
        policy({ domains: "unvalidated" });
        const running = stage.stack.up(stage.shop({ waitForApproval: true }));
        await waiting(running);
        await stage.simulator.issue(stage.orderId);
        const run = await running;
        assert.deepEqual([run.failure, run.posts, stage.stack.state.status], [undefined, 1, "issued"]);
    });

    it("waiting for an approver who does not come, with waitForApproval: true, is a failure with reasons, ids saved", async () => {
        policy({ approval: "required" });
        const args = stage.shop({ waitForApproval: true, issuanceTimeoutSeconds: 0.3 });
        const run = await stage.stack.up(args);
        assert.match(run.failure ?? "", new RegExp(`order ${stage.orderId}: .*approval.*0\\.3 s`, "s"));
        assert.deepEqual(
            [stage.stack.state.status, stage.stack.state.requestIds],
            ["pending_approval", [stage.latest.requestId]],
        );
        await stage.approve();
        const next = await stage.stack.up(args);
        assert.deepEqual([next.failure, next.posts, stage.stack.state.status], [undefined, 0, "issued"]);
    });

    describe("waiting for a person in an update to the same key is success and keeps the old certificate", () => {
        for (const [who, change] of Object.entries({
            "an approver": { approval: "required" },
            dcvRandomValue: { domains: "unvalidated" },
        } as const)) {
            it(who, async () => {
                await stage.issued();
                const old = stage.stack.state;
                policy(change);
                const run = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
                assert.deepEqual([run.failure, run.posts], [undefined, 1]);
                const { state } = stage.stack;
                for (const name of ["certificatePem", "chainPem", "serialNumber", "validTill"] as const) {
                    assert.equal(state[name], old[name], name);
                }
                assert.equal(state.issuedCertificateId, old.issuedCertificateId);
                assert.notEqual(state.certificateId, state.issuedCertificateId);
            });
        }
    });

    describe("waiting for a person in an update to another key is a failure, ids saved; the next up resumes", () => {
        for (const [who, change] of Object.entries({
            "an approver": { approval: "required" },
            dcvRandomValue: { domains: "unvalidated" },
        } as const)) {
            it(who, async () => {
                await stage.issued();
                const { inputs } = stage.stack;
                policy(change);
                const run = await stage.stack.up(otherKey());
                assert.match(run.failure ?? "", /another key.*dependents keep the old key and certificate/s);
                assert.equal(run.posts, 1);
                const { state } = stage.stack;
                assert.match(state.status, /^pending_/);
                assert.ok(state.requestIds.length > 0 || state.certificateId !== undefined);
                assert.equal(state.certificatePem, undefined);
                assert.deepEqual(stage.stack.inputs, inputs, "as the engine keeps them");
                const again = await stage.stack.up(otherKey());
                assert.ok(again.failure);
                assert.deepEqual([again.did, again.posts], ["update", 0]);
                if (who === "an approver") await stage.approve();
                else await stage.simulator.issue(stage.orderId);
                const last = await stage.stack.up(otherKey());
                assert.deepEqual([last.failure, last.posts], [undefined, 0]);
                assert.equal(stage.stack.state.serialNumber, stage.latest.serialNumber);
            });
        }

        it("unless allowPendingOutputs: true makes it a success with the certificate outputs absent", async () => {
            await stage.issued();
            policy({ approval: "required" });
            const args = otherKey({ allowPendingOutputs: true });
            const run = await stage.stack.up(args);
            assert.deepEqual([run.failure, run.posts], [undefined, 1]);
            const { state } = stage.stack;
            assert.equal(state.status, "pending_approval");
            for (const name of [
                "certificatePem",
                "chainPem",
                "serialNumber",
                "thumbprint",
                "validTill",
            ] as const) {
                assert.ok(!(name in state), name);
            }
            await stage.approve();
            const next = await stage.stack.up(args);
            assert.deepEqual([next.failure, next.posts, stage.stack.state.status], [undefined, 0, "issued"]);
        });
    });

    it("not issued within issuanceTimeoutSeconds is a failure with reasons, ids saved; the next up resumes", async () => {
        policy({ issuanceMs: 3_600_000 });
        const args = stage.shop({ issuanceTimeoutSeconds: 0.3 });
        const run = await stage.stack.up(args);
        assert.match(
            run.failure ?? "",
            new RegExp(`order ${stage.orderId}: .*0\\.3 s \\(issuanceTimeoutSeconds\\)`),
        );
        const { state } = stage.stack;
        assert.deepEqual([run.posts, state.status], [1, "pending_issuance"]);
        assert.ok(state.requestIds.length > 0 || state.certificateId !== undefined);
        assert.ok(stage.stack.hasFailed);
        const again = await stage.stack.up(args);
        assert.deepEqual([again.did, again.posts], ["update", 0]);
        assert.ok(again.failure);
        stage.simulator.advance(3_600_000);
        const last = await stage.stack.up(args);
        assert.deepEqual([last.failure, last.posts, stage.stack.state.status], [undefined, 0, "issued"]);
        assert.deepEqual((await stage.stack.up(args)).requests, []);
        assert.equal(stage.ours.length, 1);
    });

    it("not issued within issuanceTimeoutSeconds, in an update to the same key, keeps the old certificate", async () => {
        await stage.issued();
        const old = stage.stack.state;
        policy({ issuanceMs: 3_600_000 });
        const run = await stage.stack.up(stage.shop({ triggers: { v: "2" }, issuanceTimeoutSeconds: 0.2 }));
        assert.ok(run.failure);
        assert.equal(stage.stack.state.certificatePem, old.certificatePem);
    });

    for (const [what, change, status] of [
        ["DigiCert has to issue", { issuanceMs: 3_600_000 }, "pending_issuance"],
        ["an approver is needed", { approval: "required" }, "pending_approval"],
        ["dcvRandomValue is to be published", { domains: "unvalidated" }, "pending_issuance"],
    ] as const) {
        it(`issuanceTimeoutSeconds: 0 is success without waiting, where ${what}: status ${status}`, async () => {
            policy(change);
            const args = stage.shop({ issuanceTimeoutSeconds: 0, waitForApproval: true });
            const run = await stage.stack.up(args);
            assert.deepEqual([run.failure, run.posts, stage.stack.state.status], [undefined, 1, status]);
            assert.equal(stage.stack.state.dcvRandomValue, stage.live.dcvRandomValue);
            assert.ok(run.requests.length <= 5, `${run.requests.length} requests`);
            const next = await stage.stack.up(args);
            assert.deepEqual([next.failure, next.posts, stage.stack.state.status], [undefined, 0, status]);
            assert.equal(stage.stack.state.dcvRandomValue, stage.live.dcvRandomValue);
        });
    }

    it("rejected while waiting is a failure naming the request and the comment; status rejected is saved", async () => {
        policy({ approval: "required" });
        const args = stage.shop({ waitForApproval: true });
        const running = stage.stack.up(args);
        await waiting(running);
        const id = stage.latest.requestId ?? 0;
        await stage.simulator.reject(id, "wrong cost centre");
        const run = await running;
        assert.match(run.failure ?? "", new RegExp(`request ${id} .*rejected.*wrong cost centre`));
        assert.deepEqual([run.posts, stage.stack.state.status], [1, "rejected"]);
        const next = await stage.stack.up(args);
        assert.match(next.failure ?? "", /wrong cost centre/);
        assert.deepEqual([next.posts, next.did], [0, "update"]);
    });

    it("another hash than was asked for, and names that DigiCert adds, cause nothing", async () => {
        policy({ reportedHash: "sha384", addsNames: ["www.shop.example"] });
        await stage.issued();
        const before = stage.stack.state;
        for (const command of ["up", "refresh", "up"] as const) {
            const run = await (command === "up" ? stage.stack.up(stage.shop()) : stage.stack.refresh());
            assert.deepEqual([run.did, run.posts, run.failure], ["nothing", 0, undefined]);
        }
        assert.deepEqual(stage.stack.state, before);
    });

    it("a pending reissue whose hash DigiCert chose is recognised when it is issued", async () => {
        policy({ approval: "required", reportedHash: "sha512", addsNames: ["www.shop.example"] });
        await stage.stack.up(stage.shop());
        await stage.approve();
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts, stage.stack.state.status], [undefined, 0, "issued"]);
        assert.deepEqual((await stage.stack.up(stage.shop())).requests, []);
    });

    it("a leaf with another key is refused, and what was accepted is not forgotten", async () => {
        await stage.issued();
        policy({ wrongKey: true });
        const run = await stage.stack.up(otherKey({ issuanceTimeoutSeconds: 0.3 }));
        assert.ok(run.failure);
        assert.equal(run.posts, 1);
        assert.equal(stage.stack.state.certificatePem, undefined);
        assert.equal(stage.stack.state.certificateId, stage.latest.certificateId);
        assert.equal((await stage.stack.up(otherKey({ issuanceTimeoutSeconds: 0.3 }))).posts, 0);
    });

    it("an update that DigiCert refuses leaves the state as it was", async () => {
        await stage.issued();
        const before = stage.stack.recorded();
        policy({ skipApprovalAllowed: false });
        const run = await stage.stack.up(otherKey({ skipApproval: true }));
        assert.match(run.failure ?? "", new RegExp(`order ${stage.orderId}: .*403`));
        assert.deepEqual([run.posts, stage.ours.length], [1, 1]);
        assert.deepEqual(stage.stack.recorded(), before);
    });
});
