import assert from "node:assert/strict";
import { DAY } from "../../simulator/calendar.js";
import { type Simulator, startSimulator } from "../../simulator/index.js";
import { call, codes, dig, reissue } from "./specClient.js";

const now = new Date("2026-03-01T10:00:00Z");

describe("simulator: orders", () => {
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator({ clock: () => now, pageSize: 3 });
    });
    afterEach(() => simulator.close());

    it("tells of an order what Order info tells", async () => {
        const { orderId, current } = await simulator.seedOrder({
            id: 112233,
            serverPlatformId: 45,
            comments: "first",
        });
        const { body } = await call(simulator, "GET", "/order/certificate/112233");
        assert.equal(orderId, 112233);
        const order = body as Record<string, unknown> & { certificate: Record<string, unknown> };
        const { certificate } = order;
        assert.equal(order.id, 112233);
        assert.equal(order.status, "issued");
        assert.equal(order.order_valid_till, "2027-03-01");
        assert.equal(order.is_multi_year_plan, "1");
        assert.equal(order.auto_reissue, 0);
        assert.equal(order.has_pending_request, false);
        assert.equal("last_reissued_date" in order, false);
        assert.deepEqual(dig(order, "requests", 0, "comments"), "first");
        assert.equal(dig(order, "product", "type"), "ssl_certificate");
        assert.equal(certificate.id, current.certificateId);
        assert.equal(certificate.thumbprint, current.thumbprint);
        assert.equal(certificate.serial_number, current.serialNumber);
        assert.equal(certificate.valid_from, "2026-03-01");
        assert.equal(certificate.valid_till, "2026-09-16");
        assert.equal(certificate.days_remaining, 199);
        assert.equal(certificate.date_created, "2026-03-01T10:00:00+00:00");
        assert.equal(certificate.key_size, 256);
        assert.equal(dig(certificate, "server_platform", "name"), "nginx");
        assert.equal("status" in certificate, false, "never reissued, never revoked");
    });

    it("finds an order by thumbprint and serial number of its first certificate only", async () => {
        const { orderId, current } = await simulator.seedOrder();
        await reissue(simulator, orderId, { skip_approval: true });
        for (const key of [current.thumbprint, current.serialNumber?.toLowerCase()]) {
            const { body } = await call(simulator, "GET", `/order/certificate/${key ?? ""}`);
            assert.equal(dig(body, "id"), orderId);
        }
        const second = simulator.order(orderId).current.thumbprint ?? "";
        assert.equal((await call(simulator, "GET", `/order/certificate/${second}`)).status, 404);
    });

    it("lists orders by status and by what else can be filtered, page by page", async () => {
        for (let order = 0; order < 5; order += 1)
            await simulator.seedOrder({ commonName: `s${order}.example` });
        const { orderId } = await simulator.seedOrder({ validTill: new Date("2026-03-20T00:00:00Z") });
        await reissue(simulator, orderId);
        const list = async (query: string) => {
            const { body } = await call(simulator, "GET", `/order/certificate?${query}`);
            const orders = dig(body, "orders") as unknown[];
            return [orders.map((order) => dig(order, "certificate", "common_name")), dig(body, "page")];
        };
        const shop = [["shop.example"], { total: 1, limit: 3, offset: 0 }];
        assert.deepEqual(await list("filters[status]=reissue_pending"), shop);
        assert.deepEqual(await list("filters[status][0]=reissue_pending&filters[status][1]=expired"), shop);
        assert.deepEqual(await list("filters[valid_till]=<2026-04-01"), shop);
        assert.deepEqual(await list("filters[common_name]=shop.example"), shop);
        const page = { total: 5, limit: 3, offset: 3 };
        assert.deepEqual(await list("filters[status]=issued&offset=3&limit=1000"), [
            ["s3.example", "s4.example"],
            page,
        ]);
        assert.deepEqual((await list("limit=1&sort=-date_created"))[1], { total: 6, limit: 1, offset: 0 });
        assert.equal((await call(simulator, "GET", "/order/certificate?limit=x")).status, 400);
    });

    it("tells less of the certificate in the list", async () => {
        await simulator.seedOrder();
        const { body } = await call(simulator, "GET", "/order/certificate");
        const members = Object.keys(dig(body, "orders", 0, "certificate") as object);
        assert.ok(members.includes("serial_number"));
        assert.deepEqual(
            ["csr", "thumbprint", "status"].filter((name) => members.includes(name)),
            [],
        );
    });

    it("reports a status that nobody knows if the policy says so", async () => {
        const { orderId } = await simulator.seedOrder({ policy: { orderStatus: "under_review" } });
        assert.equal(
            dig(await call(simulator, "GET", `/order/certificate/${orderId}`), "body", "status"),
            "under_review",
        );
        assert.equal((await reissue(simulator, orderId)).status, 400);
        simulator.policy(orderId, { orderStatus: undefined });
        assert.equal((await reissue(simulator, orderId)).status, 201);
    });

    it("returns CSRs in another form if the policy says so", async () => {
        const { orderId, current } = await simulator.seedOrder();
        const csr = async () =>
            dig(await call(simulator, "GET", `/order/certificate/${orderId}`), "body", "certificate", "csr");
        assert.equal(await csr(), current.csr);
        simulator.policy(orderId, { reportedCsr: "crLf" });
        assert.equal(await csr(), current.csr.replaceAll("\n", "\r\n"));
        simulator.policy(orderId, { reportedCsr: "bare" });
        assert.equal(await csr(), current.csr.replace(/-----.*-----|\n/g, ""));
    });

    it("marks an order as renewed, and cancels one that is not issued yet", async () => {
        const { orderId } = await simulator.seedOrder();
        const path = `/order/certificate/${orderId}`;
        assert.equal((await call(simulator, "PUT", `${path}/status`, { status: "renewed" })).status, 204);
        assert.equal(dig((await call(simulator, "GET", path)).body, "is_renewed"), true);
        const fresh = await simulator.seedOrder({ status: "needs_approval" });
        const cancel = { status: "canceled", note: "not needed" };
        assert.equal(
            (await call(simulator, "PUT", `/order/certificate/${fresh.orderId}/status`, cancel)).status,
            204,
        );
        assert.equal(simulator.order(fresh.orderId).status, "canceled");
    });

    it("reports changes of status within the window asked for, and {} if there are none", async () => {
        const feed = async (query: string) =>
            call(simulator, "GET", `/order/certificate/status-changes?${query}`);
        const { orderId } = await simulator.seedOrder();
        assert.equal((await feed("minutes=10")).text, "{}");
        await reissue(simulator, orderId);
        const { current, requests } = simulator.order(orderId);
        const entry = { order_id: orderId, certificate_id: current.certificateId };
        assert.deepEqual((await feed("seconds=5")).body, {
            orders: [{ ...entry, status: "reissue_pending" }],
        });
        simulator.advance(60_000);
        assert.equal((await feed("seconds=5")).text, "{}");
        await simulator.approve(Number(requests.at(-1)?.requestId));
        const { certificateId } = simulator.order(orderId).current;
        const issued = { orders: [{ order_id: orderId, certificate_id: certificateId, status: "issued" }] };
        assert.deepEqual((await feed("minutes=10")).body, issued);
        const range = "filters[status_last_updated]=2026-02-28...2026-03-01";
        assert.deepEqual((await feed(range)).body, issued);
        simulator.advance(8 * DAY);
        assert.equal((await feed("minutes=10080")).text, "{}");
        assert.deepEqual(codes(await feed("minutes=10081")), ["time_frame_too_long"]);
        assert.deepEqual(codes(await feed("minutes=ten")), ["invalid_value:minutes"]);
        assert.equal((await feed("")).status, 400);
    });

    it("describes the products that were ordered", async () => {
        await simulator.seedOrder();
        const { body } = await call(simulator, "GET", "/product/ssl_plus");
        assert.deepEqual(dig(body, "signature_hash_types", "default_hash_type_id"), "sha256");
        assert.deepEqual(codes(await call(simulator, "GET", "/product/none")), ["not_found|product"]);
    });
});
