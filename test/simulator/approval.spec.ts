import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../../simulator/index.js";
import { call, codes, dig, reissue } from "./specClient.js";

describe("simulator: approval", () => {
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator();
    });
    afterEach(() => simulator.close());

    async function pendingReissue(more = {}): Promise<{ orderId: number; requestId: number }> {
        const { orderId } = await simulator.seedOrder();
        const { body } = await reissue(simulator, orderId, { comments: "please", ...more });
        return { orderId, requestId: Number(dig(body, "requests", 0, "id")) };
    }

    it("issues what an approver approves, and makes it the order's certificate", async () => {
        const { orderId, requestId } = await pendingReissue();
        await simulator.approve(requestId);
        const { body } = await call(simulator, "GET", `/order/certificate/${orderId}`);
        const { certificates, status } = simulator.order(orderId);
        assert.equal(status, "issued");
        assert.equal(dig(body, "certificate", "id"), certificates[1]?.certificateId);
        assert.equal(dig(body, "certificate", "status"), "issued");
        assert.equal(dig(body, "certificate", "csr"), certificates[1]?.csr);
        assert.equal(dig(body, "reissues_count"), 1);
        assert.equal(dig(body, "has_reissues"), true);
        assert.match(String(dig(body, "last_reissued_date")), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
    });

    it("approves through the API with 204 and no body", async () => {
        const { orderId, requestId } = await pendingReissue();
        const body = { status: "approved", processor_comment: "fine" };
        const answer = await call(simulator, "PUT", `/request/${requestId}/status`, body);
        assert.deepEqual([answer.status, answer.text, answer.headers.get("content-type")], [204, "", null]);
        assert.equal(simulator.order(orderId).status, "issued");
        const again = await call(simulator, "PUT", `/request/${requestId}/status`, body);
        assert.equal(again.status, 400);
    });

    it("shows the request with its comments, and the order as it was asked for", async () => {
        const { orderId, requestId } = await pendingReissue();
        const { body } = await call(simulator, "GET", `/request/${requestId}`);
        assert.equal(dig(body, "type"), "reissue");
        assert.equal(dig(body, "status"), "pending");
        assert.equal(dig(body, "comments"), "please");
        assert.equal(dig(body, "date_processed"), undefined);
        assert.equal(dig(body, "order", "id"), orderId);
        assert.equal(dig(body, "order", "status"), "reissue_pending");
        assert.equal(dig(body, "order", "certificate", "csr"), simulator.order(orderId).certificates[1]?.csr);
        assert.equal(dig(body, "order", "certificate", "id"), undefined);
    });

    it("keeps showing a stale order inside the request if the policy says so", async () => {
        const { orderId, requestId } = await pendingReissue();
        simulator.policy(orderId, { staleRequestView: true });
        await simulator.approve(requestId);
        const { body } = await call(simulator, "GET", `/request/${requestId}`);
        assert.equal(dig(body, "status"), "approved");
        assert.equal(dig(body, "order", "status"), "needs_approval");
    });

    it("returns the order to issued when the request is rejected", async () => {
        const { orderId, requestId } = await pendingReissue();
        await simulator.reject(requestId, "not this key");
        const { status, certificates, current } = simulator.order(orderId);
        assert.equal(status, "issued");
        assert.equal(certificates[1]?.status, "rejected");
        assert.equal(current.origin, "order");
        const { body } = await call(simulator, "GET", `/request/${requestId}`);
        assert.equal(dig(body, "status"), "rejected");
        assert.equal(dig(body, "processor_comment"), "not this key");
        assert.notEqual(dig(body, "date_processed"), undefined);
    });

    it("cancels a pending reissue: the order is issued, the request rejected with the note", async () => {
        const { orderId, requestId } = await pendingReissue();
        const path = `/order/certificate/${orderId}/status`;
        const answer = await call(simulator, "PUT", path, { status: "canceled", note: "changed my mind" });
        assert.deepEqual([answer.status, answer.text], [204, ""]);
        const { status, requests } = simulator.order(orderId);
        assert.equal(status, "issued");
        assert.deepEqual(
            requests
                .filter((request) => request.requestId === requestId)
                .map((request) => request.processorComment),
            ["changed my mind"],
        );
        const again = await call(simulator, "PUT", path, { status: "canceled", note: "again" });
        assert.equal(again.status, 400);
    });

    it("wants a note to cancel, and takes the status of an older edition, in upper case", async () => {
        const { orderId } = await pendingReissue();
        const path = `/order/certificate/${orderId}/status`;
        assert.deepEqual(codes(await call(simulator, "PUT", path, { status: "canceled" })), [
            "required_param:note",
        ]);
        const upper = await call(simulator, "PUT", path, { status: "CANCELED", note: "x" });
        assert.equal(upper.status, 204);
        assert.equal(simulator.order(orderId).status, "issued");
    });

    it("refuses an approver who may not approve", async () => {
        const { orderId, requestId } = await pendingReissue();
        simulator.policy(orderId, { approvalAllowed: false });
        const answer = await call(simulator, "PUT", `/request/${requestId}/status`, { status: "approved" });
        assert.deepEqual([answer.status, ...codes(answer)], [403, "access_denied|invalid_approver"]);
    });

    it("lists requests by status", async () => {
        const { requestId } = await pendingReissue();
        await pendingReissue();
        await simulator.approve(requestId);
        const { body } = await call(simulator, "GET", "/request?status=pending");
        assert.equal(dig(body, "page", "total"), 1);
        assert.equal(dig(body, "requests", 0, "status"), "pending");
        assert.equal(dig(body, "requests", 0, "order", "certificate", "common_name"), "shop.example");
        assert.equal(dig(await call(simulator, "GET", "/request"), "body", "page", "total"), 4);
    });

    it("shows comments of a reissue that skipped approval only if the policy says so", async () => {
        for (const showCommentsOnSkipApproval of [false, true]) {
            const { orderId } = await simulator.seedOrder({ policy: { showCommentsOnSkipApproval } });
            await reissue(simulator, orderId, { skip_approval: true, comments: "marker" });
            const { body } = await call(simulator, "GET", `/order/certificate/${orderId}`);
            const listed = (dig(body, "requests") as unknown[]).filter(
                (one) => dig(one, "type") === "reissue",
            );
            assert.deepEqual(
                listed.map((one) => dig(one, "comments")),
                showCommentsOnSkipApproval ? ["marker"] : [],
                "a request whose approval was skipped is not listed",
            );
            assert.equal(simulator.order(orderId).current.comments, "marker");
        }
    });

    it("hides all comments if the policy says so", async () => {
        const { orderId } = await simulator.seedOrder({ policy: { showComments: false } });
        await reissue(simulator, orderId, { comments: "marker" });
        const { body } = await call(simulator, "GET", `/order/certificate/${orderId}`);
        assert.equal(dig(body, "requests", -1, "type"), "reissue");
        assert.equal(dig(body, "requests", -1, "comments"), undefined);
    });

    it("answers 404 for a request that does not exist", async () => {
        const answer = await call(simulator, "GET", "/request/1");
        assert.deepEqual([answer.status, ...codes(answer)], [404, "not_found|request"]);
        await assert.rejects(simulator.approve(1), /not_found\|request/);
    });
});
