import assert from "node:assert/strict";
import { type OrderPolicy, type Simulator, startSimulator } from "../../simulator/index.js";
import { call, codes, dig, reissue } from "./specClient.js";

describe("simulator: domain control validation", () => {
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator();
    });
    afterEach(() => simulator.close());

    async function unvalidated(dcvMethod: OrderPolicy["dcvMethod"], issuanceMs = 0): Promise<number> {
        const policy = { domains: "unvalidated", dcvMethod, issuanceMs } as const;
        const { orderId } = await simulator.seedOrder({ policy });
        await reissue(simulator, orderId, { skip_approval: true });
        return orderId;
    }

    function check(orderId: number, body?: unknown) {
        return call(simulator, "PUT", `/order/certificate/${orderId}/check-dcv`, body);
    }

    it("finds no token before it is published", async () => {
        assert.deepEqual(codes(await check(await unvalidated("dns-txt-token"))), ["invalid_dns_txt"]);
        assert.deepEqual(codes(await check(await unvalidated("http-token"))), [
            "file_random_value_not_found",
        ]);
        assert.deepEqual(codes(await check(await unvalidated("email"))), ["invalid_dns_method"]);
    });

    it("issues in the same call once the token is published", async () => {
        const orderId = await unvalidated("dns-txt-token");
        simulator.publishDcv(orderId);
        const { status, body } = await check(orderId);
        assert.equal(status, 200);
        assert.deepEqual(body, {
            order_status: "issued",
            certificate_id: simulator.order(orderId).current.certificateId,
            dcv_status: "valid",
            dns_name_validations: [{ dns_name: "shop.example", status: "approved" }],
        });
        assert.equal((await check(orderId)).status, 400, "nothing is pending any more");
    });

    it("says pending when issuance takes its time", async () => {
        const orderId = await unvalidated("dns-cname-token", 1000);
        simulator.publishDcv(orderId);
        const { body } = await check(orderId, { dns_names_validations: ["shop.example"] });
        assert.equal(dig(body, "order_status"), "pending");
        simulator.advance(1000);
        assert.equal(simulator.order(orderId).status, "issued");
    });

    it("gives the same token until it expires", async () => {
        const orderId = await unvalidated("dns-txt-token");
        const path = `/order/certificate/${orderId}/dcv-random-value`;
        const first = await call(simulator, "PUT", path);
        assert.equal(dig(first.body, "dcv_random_value"), simulator.order(orderId).dcvRandomValue);
        assert.deepEqual((await call(simulator, "PUT", path)).body, first.body);
        simulator.advance(31 * 86_400_000);
        const later = await call(simulator, "PUT", path);
        assert.notEqual(dig(later.body, "dcv_random_value"), dig(first.body, "dcv_random_value"));
    });

    it("changes the method: a token, or nothing for e-mail", async () => {
        const orderId = await unvalidated("email");
        const path = `/order/certificate/${orderId}/dcv-method`;
        const token = await call(simulator, "PUT", path, { dcv_method: "http-token" });
        assert.equal(dig(token.body, "dcv_random_value"), simulator.order(orderId).dcvRandomValue);
        const email = await call(simulator, "PUT", path, { dcv_method: "email" });
        assert.deepEqual([email.status, email.text], [204, ""]);
        const wrong = await call(simulator, "PUT", path, { dcv_method: "carrier-pigeon" });
        assert.deepEqual(codes(wrong), ["invalid_value:dcv_method"]);
    });
});
