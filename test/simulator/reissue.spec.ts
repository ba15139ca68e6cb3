import assert from "node:assert/strict";
import { children } from "../../simulator/der.js";
import { makeKeyAndCsr, type Simulator, startSimulator } from "../../simulator/index.js";
import { fromPem } from "../../simulator/pem.js";
import { call, codes, dig, reissue, reissueBody } from "./specClient.js";

describe("simulator: reissue", () => {
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator();
    });
    afterEach(() => simulator.close());

    it("answers A, only the request's id, while a reissue waits for approval", async () => {
        const { orderId } = await simulator.seedOrder();
        const answer = await reissue(simulator, orderId, { comments: "new key" });
        const order = simulator.order(orderId);
        assert.equal(answer.status, 201);
        assert.deepEqual(answer.body, { id: orderId, requests: [{ id: order.requests.at(-1)?.requestId }] });
        assert.equal(order.status, "reissue_pending");
        assert.deepEqual(
            order.certificates.map(({ origin, status, comments }) => ({ origin, status, comments })),
            [
                { origin: "order", status: "issued", comments: undefined },
                { origin: "api", status: "pending", comments: "new key" },
            ],
        );
        assert.equal(order.current.certificateId, order.certificates[0]?.certificateId);
    });

    it("answers B, with the certificate's id, while validation goes on", async () => {
        const policy = { domains: "unvalidated", dcvMethod: "email" } as const;
        const { orderId } = await simulator.seedOrder({ policy });
        const answer = await reissue(simulator, orderId, { skip_approval: true });
        const { status, certificates, dcvRandomValue } = simulator.order(orderId);
        assert.deepEqual(answer.body, { id: orderId, certificate_id: certificates[1]?.certificateId });
        assert.equal(status, "reissue_pending");
        assert.equal(dcvRandomValue, undefined);
    });

    it("answers C, with leaf, issuing CA and root, when nothing stands in the way", async () => {
        const { orderId } = await simulator.seedOrder();
        const answer = await reissue(simulator, orderId, { skip_approval: true });
        const { status, current } = simulator.order(orderId);
        assert.equal(status, "issued");
        assert.equal(current.origin, "api");
        const crLf = (pem = "") => pem.replace(/\n/g, "\r\n");
        assert.deepEqual(answer.body, {
            id: orderId,
            certificate_id: current.certificateId,
            certificate_chain: [
                { subject_common_name: "shop.example", pem: crLf(current.pem) },
                { subject_common_name: "Example TLS Issuing CA", pem: crLf(simulator.issuingPem) },
                { subject_common_name: "Example Root CA", pem: crLf(simulator.rootPem) },
            ],
        });
    });

    it("answers D, with a token to publish, when the domains are to be validated by token", async () => {
        const { orderId } = await simulator.seedOrder({ policy: { domains: "unvalidated" } });
        const answer = await reissue(simulator, orderId, { skip_approval: true });
        const { certificates, dcvRandomValue } = simulator.order(orderId);
        assert.match(dcvRandomValue ?? "", /^[0-9a-f]{32}$/);
        assert.deepEqual(answer.body, {
            id: orderId,
            certificate_id: certificates[1]?.certificateId,
            dcv_random_value: dcvRandomValue,
        });
    });

    it("takes the DCV method from the body", async () => {
        const { orderId } = await simulator.seedOrder({ policy: { domains: "unvalidated" } });
        const answer = await reissue(simulator, orderId, { skip_approval: true, dcv_method: "email" });
        assert.equal(dig(answer.body, "dcv_random_value"), undefined);
        const order = await call(simulator, "GET", `/order/certificate/${orderId}`);
        assert.equal(dig(order.body, "dcv_method"), "email");
    });

    it("varies the 201 as the policy says", async () => {
        const policy = {
            approval: "auto",
            requestStatusIn201: true,
            omitFrom201: ["certificate_id"],
        } as const;
        const { orderId } = await simulator.seedOrder({ policy: { ...policy, includeChain: false } });
        const answer = await reissue(simulator, orderId);
        const { requestId } = simulator.order(orderId).current;
        assert.deepEqual(answer.body, { id: orderId, requests: [{ id: requestId, status: "approved" }] });
    });

    it("refuses a second reissue while one is pending", async () => {
        const { orderId } = await simulator.seedOrder();
        await reissue(simulator, orderId);
        const second = await reissue(simulator, orderId);
        assert.equal(second.status, 400);
        assert.deepEqual(codes(second), ["reissue_pending"]);
        assert.equal(simulator.reissuePosts(orderId), 2);
        assert.equal(simulator.committedReissues(orderId), 1);
    });

    it("lets exactly one of many simultaneous reissues through", async () => {
        const { orderId } = await simulator.seedOrder();
        const bodies = await Promise.all(Array.from({ length: 10 }, () => reissueBody()));
        const path = `/order/certificate/${orderId}/reissue`;
        const answers = await Promise.all(bodies.map((body) => call(simulator, "POST", path, body)));
        assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array<number>(9).fill(400)]);
        assert.equal(simulator.order(orderId).certificates.length, 2);
    });

    it("refuses to reissue an order that has ended", async () => {
        for (const status of ["canceled", "revoked", "expired", "pending"]) {
            const { orderId } = await simulator.seedOrder({ status });
            const answer = await reissue(simulator, orderId, { skip_approval: true });
            assert.deepEqual([answer.status, ...codes(answer)], [400, "invalid_order_status"], status);
        }
        const { orderId } = await simulator.seedOrder();
        simulator.advance(367 * 86_400_000);
        assert.equal((await reissue(simulator, orderId)).status, 400);
        assert.equal(simulator.order(orderId).status, "expired");
    });

    it("refuses skip_approval to a key that may not", async () => {
        const { orderId } = await simulator.seedOrder({ policy: { skipApprovalAllowed: false } });
        const answer = await reissue(simulator, orderId, { skip_approval: true });
        assert.deepEqual([answer.status, ...codes(answer)], [403, "access_denied|missing_permission"]);
        assert.equal(simulator.order(orderId).certificates.length, 1);
    });

    it("lists reissues without what is not there yet, and never the original", async () => {
        const { orderId } = await simulator.seedOrder({ policy: { addsNames: ["www.shop.example"] } });
        const issued = await reissue(simulator, orderId, { skip_approval: true });
        await reissue(simulator, orderId, {}, ["shop.example", "api.shop.example"]);
        const { body } = await call(simulator, "GET", `/order/certificate/${orderId}/reissue`);
        const [, first, second] = simulator.order(orderId).certificates;
        assert.equal(dig(body, "certificates", 0, "id"), dig(issued.body, "certificate_id"));
        assert.equal(dig(body, "certificates", 0, "status"), "issued");
        assert.equal(dig(body, "certificates", 0, "thumbprint"), first?.thumbprint);
        assert.deepEqual(dig(body, "certificates", 0, "dns_names"), ["www.shop.example"]);
        assert.equal(dig(body, "certificates", 0, "receipt_id"), "4711");
        assert.deepEqual(
            Object.keys(dig(body, "certificates", 1) as object).filter((key) =>
                ["thumbprint", "serial_number", "valid_till", "date_issued", "days_remaining"].includes(key),
            ),
            [],
        );
        assert.equal(dig(body, "certificates", 1, "status"), "pending");
        assert.equal(dig(body, "certificates", 1, "csr"), second?.csr);
        assert.equal(dig(body, "certificates", 2), undefined);
    });

    it("re-signs the same CSR content with a fresh ECDSA signature", async () => {
        const first = await makeKeyAndCsr({ commonName: "shop.example", curve: "P-384" });
        const again = await makeKeyAndCsr({
            commonName: "shop.example",
            curve: "P-384",
            keyPem: first.keyPem,
        });
        assert.notEqual(again.csrPem, first.csrPem);
        const signed = ({ csrPem }: { csrPem: string }) => children(fromPem(csrPem))[0]?.toString("hex");
        assert.equal(signed(again), signed(first));
    });
});

describe("simulator: a second reissue that replaces the first", () => {
    it("rejects the pending one and takes its place", async () => {
        const simulator = await startSimulator({ secondReissue: "replace" });
        try {
            const { orderId } = await simulator.seedOrder();
            await reissue(simulator, orderId);
            assert.equal((await reissue(simulator, orderId)).status, 201);
            const { certificates, requests } = simulator.order(orderId);
            assert.deepEqual(
                certificates.map(({ status }) => status),
                ["issued", "rejected", "pending"],
            );
            assert.deepEqual(
                requests.map(({ status }) => status),
                ["approved", "rejected", "pending"],
            );
        } finally {
            await simulator.close();
        }
    });
});
