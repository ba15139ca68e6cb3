import assert from "node:assert/strict";
import { makeKeyAndCsr, startSimulator, type OrderSeed, type Simulator } from "../../../simulator/index.js";
import { FakeStack } from "../fakeStack.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("the read before a POST", () => {
    let simulator: Simulator;
    let csr: string;
    let foreignCsr: string;
    let orderId: number;

    before(async () => {
        simulator = await startSimulator();
        csr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
        foreignCsr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
    });
    after(() => simulator.close());
    beforeEach(() => seed({}));

    async function seed(order: OrderSeed): Promise<void> {
        const policy = { approval: "auto" as const, ...order.policy };
        ({ orderId } = await simulator.seedOrder({ commonName: "shop.example", ...order, policy }));
    }
    const shop = (more: Record<string, unknown> = {}) => ({
        orderId,
        certificate: { commonName: "shop.example", csr },
        ...more,
    });

    for (const status of ["canceled", "revoked", "rejected", "needs_approval", "processing"]) {
        it(`refuses an order that is ${status}, naming the state`, async () => {
            simulator.policy(orderId, { orderStatus: status });
            const { failure, posts } = await new FakeStack(simulator).up(shop());
            assert.match(failure ?? "", new RegExp(`order ${orderId}: the order is ${status}`));
            assert.equal(posts, 0);
        });
    }

    it("refuses a state that it does not know, by name", async () => {
        simulator.policy(orderId, { orderStatus: "quarantined" });
        const { failure, posts } = await new FakeStack(simulator).up(shop());
        assert.match(failure ?? "", /state "quarantined", which this version does not know/);
        assert.equal(posts, 0);
    });

    it("refuses an order whose plan has ended, and says that a new one is needed", async () => {
        await seed({ orderValidTill: new Date(simulator.now().getTime() - 2 * DAY) });
        const { failure, posts } = await new FakeStack(simulator).up(shop());
        assert.match(failure ?? "", /the order ended on \d{4}-\d\d-\d\d.*new order/);
        assert.equal(posts, 0);
    });

    it("names a pending reissue of somebody else, and leaves it alone", async () => {
        await simulator.reissueInConsole(orderId, {
            csr: foreignCsr,
            comments: "for the CDN",
            pending: "approval",
        });
        const { failure, posts, requests } = await new FakeStack(simulator).up(shop());
        assert.match(failure ?? "", /not ours is pending \(request \d+ \("for the CDN"\)\)/);
        assert.equal(posts, 0);
        assert.ok(requests.every(({ method }) => method === "GET"));
        assert.equal(simulator.order(orderId).certificates.at(-1)?.status, "pending");
    });

    it("never cancels a foreign reissue that took the place of ours", async () => {
        simulator.policy(orderId, { approval: "required" });
        const stack = new FakeStack(simulator);
        await stack.up(shop());
        await simulator.reject(stack.state.requestIds[0] ?? 0);
        await simulator.reissueInConsole(orderId, { csr: foreignCsr, pending: "approval" });
        const { failure, requests } = await stack.up(shop({ triggers: { attempt: "2" } }));
        assert.match(failure ?? "", /not ours is pending/);
        assert.ok(requests.every(({ method }) => method === "GET"));
    });

    for (const approval of ["auto", "required"] as const) {
        for (const skipApproval of [true, false]) {
            it(`takes over what a killed create had asked for (approval ${approval}, skipApproval ${skipApproval})`, async () => {
                simulator.policy(orderId, { approval });
                await new FakeStack(simulator).up(shop({ skipApproval }));
                // The engine was killed: the same create runs again, with no state.
                const again = new FakeStack(simulator);
                const { failure, posts } = await again.up(shop({ skipApproval }));
                assert.deepEqual([failure, posts], [undefined, 0]);
                assert.equal(
                    again.state.certificateId,
                    simulator.order(orderId).certificates.at(-1)?.certificateId,
                );
                assert.equal(simulator.committedReissues(orderId), 1);
            });
        }
    }

    it("takes over what a killed update had issued, although comments are not shown", async () => {
        const stack = new FakeStack(simulator);
        await stack.up(shop({ skipApproval: true }));
        const saved = stack.recorded;
        const next = shop({ skipApproval: true, triggers: { quarter: "2" } });
        await stack.up(next);
        stack.recorded = saved;
        const { failure, posts } = await stack.up(next);
        assert.deepEqual([failure, posts], [undefined, 0]);
        assert.equal(simulator.committedReissues(orderId), 2);
    });

    it("does not take an earlier reissue of the same day for the one that a trigger asks for", async () => {
        const stack = new FakeStack(simulator);
        for (const quarter of ["1", "2", "3"]) await stack.up(shop({ triggers: { quarter } }));
        assert.equal(simulator.committedReissues(orderId), 3);
        await stack.up(shop({ triggers: { quarter: "1" } }));
        assert.equal(simulator.committedReissues(orderId), 4);
    });

    it("takes over a reissue with the same key and names of the last 24 hours, not an older one", async () => {
        await simulator.reissueInConsole(orderId, { csr, age: 23 * HOUR });
        const recent = await new FakeStack(simulator).up(shop());
        assert.equal(recent.posts, 0);
        await seed({});
        await simulator.reissueInConsole(orderId, { csr, age: 25 * HOUR });
        assert.equal((await new FakeStack(simulator).up(shop())).posts, 1);
    });

    it("does not take over the original certificate, only reissues", async () => {
        await seed({ csr });
        assert.equal((await new FakeStack(simulator).up(shop())).posts, 1);
    });

    it("does not take over a certificate that was revoked or is due", async () => {
        const { current } = await simulator.reissueInConsole(orderId, { csr, age: HOUR });
        simulator.revoke(current.certificateId);
        assert.equal((await new FakeStack(simulator).up(shop())).posts, 1);
    });

    it("takes over the certificate that DigiCert made by itself when only the time asks for one", async () => {
        const stack = new FakeStack(simulator);
        await stack.up(shop());
        simulator.advance(170 * DAY);
        simulator.autoReissue(orderId);
        const { did, posts, failure } = await stack.up(shop());
        assert.deepEqual([did, posts, failure], ["update", 0, undefined]);
        assert.equal(stack.state.certificateId, simulator.order(orderId).current.certificateId);
    });

    it("refuses to lose a name of the live certificate, with the names and the consequence", async () => {
        await seed({ dnsNames: ["shop.example", "api.shop.example"] });
        const { failure, posts } = await new FakeStack(simulator).up(shop());
        assert.match(failure ?? "", /api\.shop\.example would disappear.*within 72 hours.*allowNameRemoval/);
        assert.equal(posts, 0);
    });

    it("reads the names from the certificate when the order does not list them", async () => {
        await seed({ dnsNames: ["shop.example", "api.shop.example"] });
        const certificate = {
            id: simulator.order(orderId).current.certificateId,
            common_name: "shop.example",
        };
        simulator.fault({
            method: "GET",
            path: "/order/certificate/:id",
            kind: "replace-members",
            members: { certificate },
        });
        const { failure, posts } = await new FakeStack(simulator).up(shop());
        simulator.clearFaults();
        assert.match(failure ?? "", /api\.shop\.example would disappear/);
        assert.equal(posts, 0);
    });

    it("does not take the certificate that is replaced for the new one", async () => {
        const stack = new FakeStack(simulator);
        await seed({ csr });
        await stack.up(shop({ adoptExisting: true }));
        simulator.policy(orderId, { downloadsPrimary: true, includeChain: false });
        const { failure } = await stack.up(shop({ adoptExisting: true, triggers: { a: "1" } }));
        assert.match(failure ?? "", /sent the certificate that it replaces/);
        assert.equal((await stack.up(shop({ adoptExisting: true, triggers: { a: "1" } }))).posts, 0);
        simulator.policy(orderId, { downloadsPrimary: false });
        assert.equal(
            (await stack.up(shop({ adoptExisting: true, triggers: { a: "1" } }))).failure,
            undefined,
        );
        assert.equal(simulator.committedReissues(orderId), 1);
    });

    it("refuses to lose a name that the stack asked for, in preview, without a request", async () => {
        const stack = new FakeStack(simulator);
        const both = { certificate: { commonName: "shop.example", dnsNames: ["www.shop.example"], csr } };
        await stack.up(shop(both));
        const { did, failure, requests } = await stack.up(shop());
        assert.equal(did, "refused");
        assert.match(failure ?? "", /www\.shop\.example would disappear.*within 72 hours.*allowNameRemoval/);
        assert.equal(requests.length, 0);
        const permitted = await stack.up(shop({ allowNameRemoval: ["www.shop.example"] }));
        assert.deepEqual([permitted.failure, permitted.posts], [undefined, 1]);
        assert.ok(permitted.lines.some((line) => /^warning: .*72 hours/.test(line)));
    });

    it("removes exactly the names that are permitted, with a warning", async () => {
        await seed({ dnsNames: ["shop.example", "api.shop.example"] });
        const { failure, lines } = await new FakeStack(simulator).up(
            shop({ allowNameRemoval: ["api.shop.example"] }),
        );
        assert.equal(failure, undefined);
        assert.ok(lines.some((line) => /^warning: .*removes api\.shop\.example.*72 hours/.test(line)));
    });

    it("does not count names that DigiCert added by itself", async () => {
        simulator.policy(orderId, { addsNames: ["www.shop.example"] });
        const stack = new FakeStack(simulator);
        await stack.up(shop());
        assert.equal((await stack.up(shop())).did, "nothing");
        assert.equal((await stack.up(shop({ triggers: { a: "1" } }))).failure, undefined);
    });

    it("is not upset by another hash than was asked for", async () => {
        simulator.policy(orderId, { reportedHash: "sha384" });
        const stack = new FakeStack(simulator);
        await stack.up(shop());
        assert.equal((await stack.up(shop())).did, "nothing");
    });

    it("asks for a common name where the order is one for TLS, and takes none for code signing", async () => {
        const tls = await new FakeStack(simulator).up({ orderId, certificate: { csr } });
        assert.match(tls.failure ?? "", /certificate\.commonName is missing/);
        assert.equal(tls.posts, 0);
        await seed({
            commonName: null,
            product: { name_id: "code_signing", type: "code_signing_certificate" },
        });
        const signing = await new FakeStack(simulator).up({ orderId, certificate: { csr } });
        assert.deepEqual([signing.failure, signing.posts], [undefined, 1]);
    });

    it("refuses a certificate with another key, and keeps the ids", async () => {
        simulator.policy(orderId, { wrongKey: true });
        const stack = new FakeStack(simulator);
        const { failure } = await stack.up(shop());
        assert.match(failure ?? "", /another key than that of certificate\.csr/);
        assert.equal(stack.state.certificatePem, undefined);
        assert.equal(stack.state.certificateId, simulator.order(orderId).current.certificateId);
    });
});
