import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../../simulator/index.js";
import { call, codes, dig, reissue } from "./specClient.js";

const hours = 3_600_000;

describe("simulator: revocation", () => {
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator();
    });
    afterEach(() => simulator.close());

    const skip = { skip_approval: true };

    it("revokes every older certificate 72 hours after a reissue that drops a name", async () => {
        const { orderId, current } = await simulator.seedOrder({ dnsNames: ["www.shop.example"] });
        await reissue(simulator, orderId, skip, ["shop.example", "www.shop.example", "api.shop.example"]);
        assert.deepEqual(simulator.order(orderId).scheduledRevocations, [], "names added");
        await reissue(simulator, orderId, skip, ["www.shop.example"]);
        const { certificates, scheduledRevocations } = simulator.order(orderId);
        assert.deepEqual(
            scheduledRevocations.map(({ certificateId }) => certificateId),
            [current.certificateId, certificates[1]?.certificateId],
        );
        simulator.advance(72 * hours - 60_000);
        assert.deepEqual(statuses(orderId), ["issued", "issued", "issued"]);
        simulator.advance(60_000);
        assert.deepEqual(statuses(orderId), ["revoked", "revoked", "issued"]);
        const revokedAt = simulator.order(orderId).certificates[0]?.revokedAt;
        assert.deepEqual(revokedAt, scheduledRevocations[0]?.at);
    });

    it("revokes nothing when only key, order or case of the names change", async () => {
        const { orderId } = await simulator.seedOrder({ dnsNames: ["www.shop.example"] });
        await reissue(simulator, orderId, skip, ["WWW.shop.example", "shop.example"]);
        assert.deepEqual(simulator.order(orderId).scheduledRevocations, []);
    });

    it("does not schedule anything before the reissue is issued", async () => {
        const { orderId } = await simulator.seedOrder({ dnsNames: ["www.shop.example"] });
        await reissue(simulator, orderId);
        assert.deepEqual(simulator.order(orderId).scheduledRevocations, []);
        await simulator.approve(Number(simulator.order(orderId).requests.at(-1)?.requestId));
        assert.equal(simulator.order(orderId).scheduledRevocations.length, 1);
    });

    function statuses(orderId: number): string[] {
        return simulator.order(orderId).certificates.map(({ status }) => status);
    }

    it("revokes one certificate at once with skip_approval, and leaves the order active", async () => {
        const { orderId, current } = await simulator.seedOrder();
        const path = `/certificate/${current.certificateId}/revoke`;
        const answer = await call(simulator, "PUT", path, { ...skip, revocation_reason: "superseded" });
        assert.deepEqual([answer.status, answer.text], [204, ""]);
        const { body } = await call(simulator, "GET", `/order/certificate/${orderId}`);
        assert.equal(dig(body, "status"), "issued");
        assert.equal(dig(body, "certificate", "status"), "revoked");
        assert.equal((await call(simulator, "PUT", path, skip)).status, 400, "a second time");
        assert.equal((await reissue(simulator, orderId, skip)).status, 201, "it can be reissued");
    });

    it("makes a request of a revocation that needs approval", async () => {
        const { orderId, current } = await simulator.seedOrder();
        const path = `/certificate/${current.serialNumber ?? ""}/revoke`;
        const { status, body } = await call(simulator, "PUT", path, { comments: "lost key" });
        assert.equal(status, 201);
        assert.equal(dig(body, "type"), "revoke");
        assert.equal(dig(body, "status"), "submitted");
        assert.equal(dig(body, "comments"), "lost key");
        assert.deepEqual(statuses(orderId), ["issued"]);
        await simulator.approve(Number(dig(body, "id")));
        assert.deepEqual(statuses(orderId), ["revoked"]);
    });

    it("revokes a whole order with all its certificates, for good", async () => {
        const { orderId } = await simulator.seedOrder();
        await reissue(simulator, orderId, skip);
        assert.equal(
            (await call(simulator, "PUT", `/order/certificate/${orderId}/revoke`, skip)).status,
            204,
        );
        assert.deepEqual(statuses(orderId), ["revoked", "revoked"]);
        assert.equal(simulator.order(orderId).status, "revoked");
        assert.equal((await reissue(simulator, orderId, skip)).status, 400);
    });

    it("refuses to revoke while a reissue is pending", async () => {
        const { orderId, current } = await simulator.seedOrder();
        await reissue(simulator, orderId);
        for (const path of [
            `/certificate/${current.certificateId}/revoke`,
            `/order/certificate/${orderId}/revoke`,
        ]) {
            const answer = await call(simulator, "PUT", path, skip);
            assert.deepEqual([answer.status, ...codes(answer)], [400, "reissue_pending"], path);
        }
        assert.equal(statuses(orderId)[0], "issued");
    });

    it("refuses reasons it does not know, and skip_approval to a key that may not", async () => {
        const { current } = await simulator.seedOrder({ policy: { skipApprovalAllowed: false } });
        const path = `/certificate/${current.certificateId}/revoke`;
        const reason = await call(simulator, "PUT", path, { revocation_reason: "boredom" });
        assert.deepEqual(codes(reason), ["invalid_value:revocation_reason"]);
        assert.equal((await call(simulator, "PUT", path, skip)).status, 403);
    });

    it("lets DigiCert revoke, and end an order, from outside", async () => {
        const { orderId, current } = await simulator.seedOrder();
        await reissue(simulator, orderId);
        simulator.revoke(current.certificateId);
        assert.deepEqual(statuses(orderId), ["revoked", "pending"]);
        simulator.cancelOrder(orderId);
        assert.deepEqual(statuses(orderId), ["revoked", "rejected"]);
        assert.equal(simulator.order(orderId).status, "canceled");
    });
});
