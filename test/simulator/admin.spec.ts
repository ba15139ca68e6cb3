import assert from "node:assert/strict";
import { adminRoutes } from "../../simulator/adminRoutes.js";
import { type Simulator, startSimulator } from "../../simulator/index.js";
import { call, dig, reissue } from "./specClient.js";

describe("simulator: admin interface", () => {
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator();
    });
    afterEach(() => simulator.close());

    async function admin(
        method: string,
        path: string,
        body?: unknown,
    ): Promise<{ status: number; body: unknown }> {
        const url = new URL(path, simulator.adminUrl);
        const response = await fetch(url, { method, body: body === undefined ? null : JSON.stringify(body) });
        return { status: response.status, body: await response.json() };
    }

    it("lists its routes in plain text", async () => {
        const response = await fetch(simulator.adminUrl);
        const text = await response.text();
        assert.match(response.headers.get("content-type") ?? "", /^text\/plain/);
        for (const { method, path } of adminRoutes) assert.ok(text.includes(`${method} ${path} `), path);
        assert.ok(text.includes("issuanceMs") && text.includes("lost-answer"));
    });

    it("ends each answer with a newline, for a terminal", async () => {
        for (const path of ["/", "/orders", "/orders/1"]) {
            const response = await fetch(new URL(path, simulator.adminUrl));
            assert.match(await response.text(), /[^\n]\n$/, path);
        }
    });

    it("is not the API, and the API is not the admin interface", async () => {
        assert.equal((await call(simulator, "POST", "/orders", {})).status, 404);
        assert.equal((await admin("GET", "/services/v2/user/me")).status, 404);
    });

    it("makes an order, and changes how DigiCert behaves towards it", async () => {
        const seed = {
            commonName: "new.example",
            validTill: "2030-01-02T03:04:05Z",
            policy: { issuanceMs: 1 },
        };
        const made = await admin("POST", "/orders", seed);
        const orderId = Number(dig(made.body, "orderId"));
        assert.equal(made.status, 200);
        assert.match(String(dig(made.body, "keyPem")), /BEGIN PRIVATE KEY/);
        assert.deepEqual(simulator.order(orderId).current.validTill, new Date(seed.validTill));
        await admin("PUT", `/orders/${orderId}/policy`, { approval: "auto", orderStatus: "odd" });
        assert.equal(simulator.order(orderId).policy.approval, "auto");
        assert.equal(simulator.order(orderId).status, "odd");
        const cleared = await admin("PUT", `/orders/${orderId}/policy`, { orderStatus: null });
        assert.equal(dig(cleared.body, "status"), "issued");
        assert.equal(dig(await admin("GET", "/orders"), "body", 0, "orderId"), orderId);
    });

    it("approves, rejects and issues", async () => {
        const { orderId } = await simulator.seedOrder({ policy: { domains: "unvalidated" } });
        const first = dig((await reissue(simulator, orderId)).body, "requests", 0, "id");
        assert.equal(
            (await admin("POST", `/requests/${String(first)}/reject`, { comment: "no" })).status,
            200,
        );
        assert.equal(simulator.order(orderId).requests.at(-1)?.processorComment, "no");
        const second = dig((await reissue(simulator, orderId)).body, "requests", 0, "id");
        assert.equal((await admin("POST", `/requests/${String(second)}/approve`)).status, 200);
        assert.equal(simulator.order(orderId).status, "reissue_pending");
        const issued = await admin("POST", `/orders/${orderId}/issue`);
        assert.equal(dig(issued.body, "status"), "issued");
    });

    it("answers a sentence where there is nothing else to show", async () => {
        const { orderId } = await simulator.seedOrder();
        const requestId = Number(dig((await reissue(simulator, orderId)).body, "requests", 0, "id"));
        const approved = await admin("POST", `/requests/${requestId}/approve`);
        assert.equal(
            dig(approved.body, "message"),
            `Request ${requestId} is approved; order ${orderId} is issued.`,
        );
        const { certificateId } = simulator.order(orderId).current;
        const revoked = await admin("POST", `/certificates/${certificateId}/revoke`);
        assert.equal(dig(revoked.body, "message"), `Certificate ${certificateId} is revoked.`);
        for (const route of ["/faults", "/requests"]) {
            assert.match(String(dig((await admin("DELETE", route)).body, "message")), /^[A-Z].*\.$/);
        }
    });

    it("renews an order", async () => {
        const { orderId } = await simulator.seedOrder();
        const { body } = await admin("POST", `/orders/${orderId}/renew`);
        assert.equal(simulator.order(orderId).renewedOrderId, dig(body, "orderId"));
    });

    it("reissues, cancels and revokes as others would", async () => {
        const { orderId, current } = await simulator.seedOrder();
        const pending = await admin("POST", `/orders/${orderId}/reissue`, { pending: "approval" });
        assert.equal(dig(pending.body, "status"), "reissue_pending");
        const canceled = await admin("POST", `/orders/${orderId}/cancel-reissue`, { comment: "no" });
        assert.equal(dig(canceled.body, "status"), "issued");
        const again = await admin("POST", `/orders/${orderId}/auto-reissue`);
        assert.equal(dig(again.body, "current", "origin"), "auto-reissue");
        await admin("POST", `/certificates/${current.certificateId}/revoke`);
        assert.equal(simulator.order(orderId).certificates[0]?.status, "revoked");
        await admin("POST", `/orders/${orderId}/publish-dcv`);
        const ended = await admin("POST", `/orders/${orderId}/cancel`);
        assert.equal(dig(ended.body, "status"), "canceled");
    });

    it("sets faults, lets time pass and shows the requests", async () => {
        assert.equal(
            (await admin("POST", "/faults", { kind: "html", path: "/user/me", times: 9 })).status,
            200,
        );
        assert.equal((await call(simulator, "GET", "/user/me")).status, 502);
        await admin("DELETE", "/faults");
        assert.equal((await call(simulator, "GET", "/user/me")).status, 200);
        const { body } = await admin("GET", "/requests");
        assert.deepEqual(
            [dig(body, 0, "fault"), dig(body, 0, "status"), dig(body, 1, "status")],
            ["html", 502, 200],
        );
        await admin("DELETE", "/requests");
        assert.equal(simulator.requests.length, 0);
        const before = simulator.now().getTime();
        const advanced = await admin("POST", "/clock/advance", { ms: 3_600_000 });
        assert.ok(Date.parse(String(dig(advanced.body, "now"))) >= before + 3_600_000);
        assert.equal((await admin("GET", "/clock")).status, 200);
        assert.equal(dig((await admin("GET", "/certificates")).body, "rootPem"), simulator.rootPem);
    });

    it("says what is wrong with a request", async () => {
        const { orderId } = await simulator.seedOrder();
        const wrong = [
            ["PUT", `/orders/${orderId}/policy`, { aproval: "auto" }, /aproval/],
            ["POST", "/faults", { kind: "nonsense" }, /kind/],
            ["POST", "/clock/advance", { ms: -1 }, /ms/],
            ["POST", "/orders", { id: orderId }, /exists/],
            ["POST", `/orders/${orderId}/issue`, {}, /no pending certificate/],
        ] as const;
        for (const [method, path, body, expected] of wrong) {
            const answer = await admin(method, path, body);
            assert.equal(answer.status, 400, path);
            assert.match(String(dig(answer.body, "errors", 0, "message")), expected);
            assert.doesNotMatch(String(dig(answer.body, "errors", 0, "message")), /^\[/, "prose, not JSON");
        }
        assert.equal((await admin("GET", "/orders/1")).status, 404);
    });
});
