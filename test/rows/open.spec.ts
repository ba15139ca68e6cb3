import assert from "node:assert/strict";
import { CANCEL, ORDER, POST, useStage } from "./stage.js";

const BAD_STATUS = { errors: [{ code: "invalid_status", message: "It cannot be cancelled." }] };

/** Section "When a reissue happens": a reissue of ours that is not settled. */
describe("state says pending", function () {
    this.timeout(30_000);
    const stage = useStage();
    const v = (value: string, more = {}) => stage.shop({ triggers: { v: value }, ...more });

    it("and update resumes with GETs only, never a POST for the same request", async () => {
        const asked = await stage.pending(v("2"));
        assert.deepEqual([asked.posts, stage.stack.state.status], [1, "pending_approval"]);
        for (let ups = 0; ups < 3; ups++) {
            stage.advanceDays(1);
            const run = await stage.stack.up(v("2"));
            assert.deepEqual([run.did, run.failure], ["update", undefined]);
            assert.ok(run.requests.length > 0);
            assert.deepEqual(
                run.requests.filter((one) => !one.startsWith("GET ")),
                [],
            );
            assert.match(
                run.preview.join("\n"),
                new RegExp(`order ${stage.orderId}: .*${stage.requestId}.*waits for approval`),
            );
        }
        await stage.approve();
        const run = await stage.stack.up(v("2"));
        assert.deepEqual([run.posts, stage.stack.state.status], [0, "issued"]);
        assert.equal(stage.stack.state.certificateId, stage.latest.certificateId);
        assert.equal(stage.ours.length, 2);
    });

    for (const setting of [
        { comments: "hello" },
        { waitForApproval: false, issuanceTimeoutSeconds: 5 },
        { skipApproval: true },
        { deletionPolicy: "revoke" },
        { identity: "project/dev/renamed" },
    ]) {
        it(`and update resumes with GETs only, also after ${Object.keys(setting).join(" and ")} changed`, async () => {
            await stage.pending(v("2"));
            const { requestIds } = stage.stack.state;
            const run = await stage.stack.up(v("2", setting));
            assert.deepEqual([run.did, run.failure, run.posts], ["update", undefined, 0]);
            assert.deepEqual(
                run.requests.filter((one) => !one.startsWith("GET ")),
                [],
            );
            assert.deepEqual(stage.stack.state.requestIds, requestIds);
            assert.equal(stage.latest.status, "pending");
            for (const [name, value] of Object.entries(setting)) {
                assert.equal(stage.stack.state[name as "comments"], value);
            }
            await stage.approve();
            assert.equal((await stage.stack.up(v("2", setting))).posts, 0);
            assert.equal(stage.stack.state.status, "issued");
        });
    }

    it("and the program now wants another certificate: ours is cancelled, then one POST", async () => {
        await stage.pending(v("2"));
        const [first] = [stage.requestId];
        const run = await stage.stack.up(v("3"));
        assert.deepEqual([run.failure, run.posts], [undefined, 1]);
        const changing = run.requests.filter((one) => !one.startsWith("GET "));
        assert.deepEqual(changing, [CANCEL, POST]);
        assert.deepEqual(
            stage.ours.map(({ status }) => status),
            ["issued", "rejected", "pending"],
        );
        assert.notEqual(stage.requestId, first);
        assert.match(run.preview.join("\n"), /reissue, triggers changed.*cancelled/);
    });

    it("and the program now wants another certificate, and asks for it without approval", async () => {
        await stage.pending(v("2"));
        const run = await stage.stack.up(v("3", { skipApproval: true }));
        assert.deepEqual([run.failure, run.posts, stage.stack.state.status], [undefined, 1, "issued"]);
        assert.deepEqual(
            stage.ours.map(({ status }) => status),
            ["issued", "rejected", "issued"],
        );
    });

    it("and the program wants again what was last issued: it is cancelled, no POST", async () => {
        await stage.issued(v("1"));
        const issued = stage.stack.state;
        stage.simulator.policy(stage.orderId, { approval: "required" });
        await stage.stack.up(v("2"));
        const run = await stage.stack.up(v("1"));
        assert.deepEqual([run.failure, run.posts], [undefined, 0]);
        assert.deepEqual(
            run.requests.filter((one) => !one.startsWith("GET ")),
            [CANCEL],
        );
        assert.deepEqual(
            stage.ours.map(({ status }) => status),
            ["issued", "rejected"],
        );
        const { state } = stage.stack;
        assert.deepEqual(
            [state.status, state.certificateId, state.serialNumber, state.triggers],
            ["issued", issued.certificateId, issued.serialNumber, { v: "1" }],
        );
        assert.deepEqual((await stage.stack.up(v("1"))).requests, []);
    });

    it("and the program wants again what was last issued, with another key in between", async () => {
        const other = { certificate: { csr: stage.otherCsr } };
        const asked = await stage.pending(stage.shop(other));
        assert.ok(asked.failure, "dependents are not handed nothing");
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts, stage.stack.state.status], [undefined, 0, "issued"]);
        assert.equal(stage.latest.status, "rejected");
        assert.equal(stage.stack.state.serialNumber, stage.live.current.serialNumber);
    });

    it("although ours was issued meanwhile, and the program wants another one: that is read first, one POST", async () => {
        await stage.pending(v("2"));
        await stage.approve();
        stage.simulator.policy(stage.orderId, { approval: "auto" });
        const run = await stage.stack.up(v("3"));
        assert.deepEqual([run.failure, run.posts], [undefined, 1]);
        assert.ok(!run.requests.includes(CANCEL));
        assert.equal(run.requests[0], ORDER);
        assert.deepEqual(
            stage.ours.map(({ status }) => status),
            ["issued", "issued", "issued"],
        );
        assert.equal(stage.stack.state.certificateId, stage.latest.certificateId);
    });

    it("although ours was issued meanwhile, and the program wants again what was issued before: one POST for that", async () => {
        await stage.issued(v("1"));
        stage.simulator.policy(stage.orderId, { approval: "required" });
        await stage.stack.up(v("2"));
        await stage.approve();
        stage.simulator.policy(stage.orderId, { approval: "auto" });
        const run = await stage.stack.up(v("1"));
        assert.deepEqual([run.failure, run.posts], [undefined, 1]);
        assert.equal(stage.stack.state.certificateId, stage.live.current.certificateId);
        assert.deepEqual((await stage.stack.up(v("1"))).requests, []);
    });

    it("and ours is issued between the look and the cancel: that is read again before the POST", async () => {
        await stage.pending(v("2"));
        const id = stage.requestId;
        stage.simulator.clearRequests();
        stage.simulator.fault({
            method: "PUT",
            path: "/order/certificate/:id/status",
            kind: "respond",
            status: 400,
            body: BAD_STATUS,
        });
        stage.simulator.fault({ method: "GET", path: /./, kind: "slow-headers", ms: 300, times: 3 });
        const running = stage.stack.up(v("3"));
        await stage.arrival("GET", /reissue$/);
        await stage.simulator.approve(id);
        stage.simulator.policy(stage.orderId, { approval: "auto" });
        const run = await running;
        assert.deepEqual([run.failure, run.posts], [undefined, 1]);
        const cancelled = run.requests.indexOf(CANCEL);
        assert.ok(cancelled > 0, run.requests.join());
        assert.ok(run.requests.slice(cancelled, run.requests.indexOf(POST)).includes(ORDER));
        assert.deepEqual(stage.ours.map(({ status }) => status).slice(1), ["issued", "issued"]);
    });

    it("and ours cannot be cancelled: `up` fails without a POST, and the next one tries again", async () => {
        await stage.pending(v("2"));
        const { requestIds } = stage.stack.state;
        stage.simulator.fault({
            method: "PUT",
            path: "/order/certificate/:id/status",
            kind: "respond",
            status: 400,
            body: BAD_STATUS,
        });
        const run = await stage.stack.up(v("3"));
        assert.ok(run.failure);
        assert.equal(run.posts, 0);
        assert.equal(stage.latest.status, "pending");
        assert.deepEqual(stage.stack.state.requestIds, requestIds, "ours is not forgotten");
        const next = await stage.stack.up(v("3"));
        assert.deepEqual([next.failure, next.posts], [undefined, 1]);
        assert.deepEqual(
            stage.ours.map(({ status }) => status),
            ["issued", "rejected", "pending"],
        );
    });

    for (const then of ["3", "1"]) {
        it(`and ours cannot be cancelled for want of a permission, wanting ${then === "1" ? "what was last issued" : "another one"}: no POST, nothing forgotten`, async () => {
            await stage.issued(v("1"));
            stage.simulator.policy(stage.orderId, { approval: "required" });
            await stage.stack.up(v("2"));
            const { requestIds } = stage.stack.state;
            const body = { errors: [{ code: "access_denied|missing_permission", message: "no" }] };
            stage.simulator.fault({
                method: "PUT",
                path: "/order/certificate/:id/status",
                kind: "respond",
                status: 403,
                body,
            });
            const run = await stage.stack.up(v(then));
            assert.match(run.failure ?? "", /403/);
            assert.equal(run.posts, 0);
            assert.deepEqual(stage.stack.state.requestIds, requestIds);
            assert.equal((await stage.stack.up(v("2"))).posts, 0, "it resumes");
            assert.equal(stage.latest.status, "pending");
        });
    }

    it("but the order knows no reissue of ours: after looks `up` fails once, and the following one may POST", async () => {
        stage.simulator.fault({ method: "POST", path: "*", kind: "dropped" });
        stage.simulator.fault({
            method: "GET",
            path: "*",
            nth: 2,
            times: Infinity,
            kind: "html",
            status: 503,
        });
        const lost = await stage.stack.up(stage.shop({ issuanceTimeoutSeconds: 2 }));
        assert.deepEqual([lost.posts, stage.stack.state.status], [1, "unknown"]);
        stage.simulator.clearFaults();
        const run = await stage.stack.up(stage.shop());
        assert.match(run.failure ?? "", new RegExp(`order ${stage.orderId}: .*no reissue of ours`));
        assert.equal(run.posts, 0);
        const looks = run.recorded.filter(({ pathname }) => /certificate\/\d+$/.test(pathname));
        assert.ok(looks.length >= 3, `${looks.length} looks`);
        const span = (looks.at(-1)?.at.getTime() ?? 0) - (looks[0]?.at.getTime() ?? 0);
        assert.ok(span >= 6 * 50, `over ${span} ms, 6 × pollSeconds are 300`);
        const next = await stage.stack.up(stage.shop());
        assert.deepEqual([next.failure, next.posts, stage.stack.state.status], [undefined, 1, "issued"]);
    });

    it("but somebody cancelled it in the console: that is a rejection, no POST", async () => {
        await stage.pending(v("2"));
        stage.simulator.cancelReissue(stage.orderId, "not this quarter");
        const run = await stage.stack.up(v("2"));
        assert.match(run.failure ?? "", /rejected.*not this quarter/s);
        assert.deepEqual([run.posts, stage.stack.state.status], [0, "rejected"]);
    });
});

describe("state says rejected", function () {
    this.timeout(30_000);
    const stage = useStage();
    const v = (value: string, more = {}) => stage.shop({ triggers: { v: value }, ...more });

    async function rejected(): Promise<number> {
        await stage.pending(v("2"), v("1"));
        const id = stage.requestId;
        await stage.simulator.reject(id, "wrong department");
        return id;
    }

    it("and `up` fails, saying who rejected it and why, each time, with no POST by itself", async () => {
        const id = await rejected();
        for (let ups = 0; ups < 3; ups++) {
            const run = await stage.stack.up(v("2"));
            assert.match(
                run.failure ?? "",
                new RegExp(`order ${stage.orderId}: request ${id} .*rejected by \\w+.*wrong department`),
            );
            assert.deepEqual([run.posts, stage.stack.state.status], [0, "rejected"]);
            assert.ok(stage.stack.state.certificatePem, "the certificate with this key is kept");
        }
        assert.equal(stage.ours.length, 2);
    });

    it("and stays so when only settings change", async () => {
        await rejected();
        await stage.stack.up(v("2"));
        const run = await stage.stack.up(
            v("2", { comments: "please", minDaysRemaining: 10, skipApproval: true }),
        );
        assert.match(run.failure ?? "", /wrong department/);
        assert.deepEqual([run.posts, stage.stack.state.status], [0, "rejected"]);
    });

    for (const change of [
        { triggers: { v: "3" } },
        { triggers: { v: "2" }, certificate: { dnsNames: ["api.shop.example"] } },
        { triggers: { v: "2" }, additionalParameters: { dcv_method: "email" } },
    ]) {
        it(`until the program changes ${Object.keys(change).at(-1) ?? ""}: one POST`, async () => {
            await rejected();
            await stage.stack.up(v("2"));
            const run = await stage.stack.up(stage.shop(change));
            assert.deepEqual([run.failure, run.posts], [undefined, 1]);
            assert.equal(stage.stack.state.status, "pending_approval");
        });
    }

    for (const isKnown of [true, false]) {
        it(`and wanting again what was last issued returns to issued without a POST (${isKnown ? "after" : "before"} an up that failed)`, async () => {
            await rejected();
            if (isKnown) await stage.stack.up(v("2"));
            const run = await stage.stack.up(v("1"));
            assert.deepEqual([run.failure, run.posts, stage.stack.state.status], [undefined, 0, "issued"]);
            assert.deepEqual(
                run.requests.filter((one) => !one.startsWith("GET ")),
                [],
            );
            assert.equal(stage.stack.state.serialNumber, stage.live.current.serialNumber);
            assert.deepEqual((await stage.stack.up(v("1"))).requests, []);
        });
    }
});
