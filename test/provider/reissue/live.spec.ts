import assert from "node:assert/strict";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../../simulator/index.js";
import { inputsOf, type ReissueState } from "../../../provider/core/reissue/state.js";
import { FakeStack } from "../fakeStack.js";

const DAY = 86_400_000;

describe("refresh, adopt, get and delete", () => {
    let simulator: Simulator;
    let csr: string;
    let orderId: number;
    let stack: FakeStack;

    before(async () => {
        simulator = await startSimulator();
        csr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
    });
    after(() => simulator.close());
    beforeEach(async () => {
        simulator.clearFaults();
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            policy: { approval: "auto" },
        }));
        stack = new FakeStack(simulator);
    });

    const shop = (more: Record<string, unknown> = {}) => ({
        orderId,
        certificate: { commonName: "shop.example", csr },
        ...more,
    });

    it("changes nothing in a refresh of what is as it was", async () => {
        await stack.up(shop());
        const before = structuredClone(stack.state);
        await stack.refresh();
        assert.deepEqual(stack.state, before);
        assert.equal((await stack.up(shop())).did, "nothing");
    });

    it("follows a certificate that DigiCert reissued by itself", async () => {
        await stack.up(shop());
        simulator.autoReissue(orderId);
        await stack.refresh();
        const { current } = simulator.order(orderId);
        assert.equal(stack.state.issuedCertificateId, current.certificateId);
        assert.equal(stack.state.serialNumber, current.serialNumber);
        assert.equal((await stack.up(shop())).did, "nothing");
    });

    it("shows another key as drift of the inputs, without its certificate", async () => {
        await stack.up(shop());
        await simulator.reissueInConsole(orderId);
        await stack.refresh();
        assert.notEqual(stack.state.certificate.csr, stack.inputs?.csr);
        assert.equal(stack.state.certificatePem, undefined);
        const { did, posts } = await stack.up(shop());
        assert.deepEqual([did, posts], ["update", 1]);
    });

    it("finds its own certificate again when the order returns to its key", async () => {
        await stack.up(shop());
        await simulator.reissueInConsole(orderId);
        await stack.refresh();
        await stack.refresh();
        assert.equal(stack.state.certificatePem, undefined);
        await simulator.reissueInConsole(orderId, { csr });
        await stack.refresh();
        assert.equal(stack.state.serialNumber, simulator.order(orderId).current.serialNumber);
        assert.equal((await stack.up(shop())).did, "nothing");
    });

    it("shows another key as drift where DigiCert tells no CSR", async () => {
        await stack.up(shop());
        await simulator.reissueInConsole(orderId);
        simulator.policy(orderId, { omitFromReads: ["csr"] });
        await stack.refresh();
        await stack.refresh();
        assert.equal(stack.state.certificatePem, undefined);
        const { posts, failure } = await stack.up(shop());
        assert.deepEqual([posts, failure, stack.state.status], [1, undefined, "issued"]);
    });

    it("shows other names as drift, and the next up refuses to lose them", async () => {
        await stack.up(shop());
        await simulator.reissueInConsole(orderId, { csr, dnsNames: ["shop.example", "new.shop.example"] });
        await stack.refresh();
        assert.deepEqual(stack.state.certificate.dnsNames, ["shop.example", "new.shop.example"]);
        const { failure, posts } = await stack.up(shop());
        assert.match(failure ?? "", /new\.shop\.example would disappear/);
        assert.equal(posts, 0);
    });

    it("does not take names that DigiCert added for drift", async () => {
        simulator.policy(orderId, { addsNames: ["www.shop.example"] });
        await stack.up(shop());
        const before = structuredClone(stack.state);
        await stack.refresh();
        assert.deepEqual(stack.state, before);
    });

    it("shows a revoked certificate, and the next up reissues once", async () => {
        await stack.up(shop());
        simulator.revoke(stack.state.certificateId ?? 0);
        await stack.refresh();
        assert.equal(stack.state.status, "revoked");
        const { posts, failure } = await stack.up(shop());
        assert.deepEqual([posts, failure], [1, undefined]);
        assert.equal((await stack.up(shop())).did, "nothing");
    });

    it("shows an expired certificate", async () => {
        await stack.up(shop());
        simulator.advance(200 * DAY);
        await stack.refresh();
        assert.equal(stack.state.status, "expired");
    });

    it("picks up a pending reissue, or its rejection, in a refresh", async () => {
        simulator.policy(orderId, { approval: "required" });
        await stack.up(shop());
        await stack.refresh();
        assert.equal(stack.state.status, "pending_approval");
        await simulator.reject(stack.state.requestIds[0] ?? 0, "no");
        await stack.refresh();
        assert.equal(stack.state.status, "rejected");
    });

    it("does not forget in a refresh that a reissue is to be asked for again", async () => {
        await stack.up(shop());
        simulator.fault({ method: "POST", path: "*", times: 3, kind: "dropped" });
        const next = shop({ triggers: { v: "2" } });
        await stack.up(next);
        simulator.clearFaults();
        assert.match((await stack.up(next)).failure ?? "", /the next pulumi up asks again/);
        await stack.refresh();
        assert.deepEqual([(await stack.up(next)).posts, stack.state.status], [1, "issued"]);
    });

    it("keeps the state when the order is gone, and says what that means", async () => {
        await stack.up(shop());
        simulator.fault({
            method: "GET",
            path: "*",
            kind: "respond",
            status: 404,
            body: { errors: [{ code: "not_found|order", message: "not found" }] },
        });
        await assert.rejects(stack.refresh(), {
            message: /wrong account, region or address.*pulumi state delete/,
        });
        assert.equal(stack.state.status, "issued");
    });

    it("says in a refresh with a bad key that the settings of the last up were used", async () => {
        await stack.up(shop());
        const other = new FakeStack(simulator, { config: { "digicert:apiKey": "WRONG-KEY-0123456789" } });
        other.recorded = stack.recorded;
        await assert.rejects(other.refresh(), { message: /settings saved by the last up.*--run-program/ });
    });

    it("adopts the current certificate without a POST", async () => {
        ({ orderId } = await simulator.seedOrder({ commonName: "shop.example", csr }));
        const { posts, failure } = await stack.up(shop({ adoptExisting: true }));
        assert.deepEqual([posts, failure], [0, undefined]);
        assert.equal(stack.state.status, "issued");
        assert.equal((await stack.up(shop({ adoptExisting: true }))).did, "nothing");
    });

    it("lists each difference instead of adopting", async () => {
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            dnsNames: ["old.shop.example"],
        }));
        const { failure, posts } = await stack.up({
            ...shop({ adoptExisting: true }),
            certificate: { commonName: "shop.example", dnsNames: ["new.shop.example"], csr },
        });
        assert.match(
            failure ?? "",
            /its key is not .*lacks new\.shop\.example.*has old\.shop\.example besides/,
        );
        assert.equal(posts, 0);
    });

    it("reads an order that is not managed", async () => {
        const read = await stack.lifecycle().read(String(orderId), { __provider: "text" });
        const props = read.props as ReissueState;
        const { current } = simulator.order(orderId);
        assert.equal(props.serialNumber, current.serialNumber);
        assert.equal(props.certificate.commonName, "shop.example");
        assert.deepEqual(read.inputs, inputsOf(props));
    });

    it("forgets without a request", async () => {
        await stack.up(shop());
        simulator.clearRequests();
        await stack.destroy();
        assert.equal(simulator.requests.length, 0);
    });

    it("cancels a pending reissue of ours with cancelPending, and nobody else's", async () => {
        simulator.policy(orderId, { approval: "required" });
        await stack.up(shop({ deletionPolicy: "cancelPending" }));
        await stack.destroy();
        assert.equal(simulator.order(orderId).status, "issued");

        await stack.up(shop({ deletionPolicy: "cancelPending", triggers: { a: "1" } }));
        await simulator.reject(stack.state.requestIds[0] ?? 0);
        await simulator.reissueInConsole(orderId, { pending: "approval" });
        await stack.destroy();
        assert.equal(simulator.order(orderId).certificates.at(-1)?.status, "pending");
    });

    it("revokes the certificate of this resource and nothing else", async () => {
        await stack.up(shop({ deletionPolicy: "revoke", skipApproval: true }));
        const { certificateId } = stack.state;
        await stack.destroy();
        const { certificates } = simulator.order(orderId);
        assert.equal(certificates.find((one) => one.certificateId === certificateId)?.status, "revoked");
        assert.equal(certificates.filter(({ status }) => status === "revoked").length, 1);
    });

    it("cancels a pending reissue before it revokes", async () => {
        await stack.up(shop({ deletionPolicy: "revoke", skipApproval: true }));
        simulator.policy(orderId, { domains: "unvalidated", dcvMethod: "email" });
        await stack.up(
            shop({
                deletionPolicy: "revoke",
                skipApproval: true,
                triggers: { a: "1" },
                issuanceTimeoutSeconds: 0,
            }),
        );
        const { issuedCertificateId } = stack.state;
        await stack.destroy();
        const { certificates } = simulator.order(orderId);
        assert.equal(
            certificates.find((one) => one.certificateId === issuedCertificateId)?.status,
            "revoked",
        );
        assert.equal(certificates.filter(({ status }) => status === "pending").length, 0);
    });

    it("counts what is revoked already as done", async () => {
        await stack.up(shop({ deletionPolicy: "revoke", skipApproval: true }));
        simulator.revoke(stack.state.certificateId ?? 0);
        await stack.destroy();
    });

    it("counts what is revoked already as done, also where it is not current any more", async () => {
        await stack.up(shop({ deletionPolicy: "revoke", skipApproval: true }));
        simulator.revoke(stack.state.certificateId ?? 0);
        await simulator.reissueInConsole(orderId);
        await stack.destroy();
        assert.equal(
            simulator.order(orderId).certificates.filter((one) => one.status === "revoked").length,
            1,
        );
    });

    it("revokes what was issued since the last run as well", async () => {
        simulator.policy(orderId, { approval: "required" });
        await stack.up(shop({ deletionPolicy: "revoke" }));
        simulator.policy(orderId, { approval: "auto" });
        await simulator.approve(stack.state.requestIds[0] ?? 0);
        const { certificateId } = simulator.order(orderId).current;
        await stack.destroy();
        const { certificates } = simulator.order(orderId);
        assert.equal(certificates.find((one) => one.certificateId === certificateId)?.status, "revoked");
    });

    it("fails when DigiCert refuses to revoke because somebody else's reissue is pending", async () => {
        await stack.up(shop({ deletionPolicy: "revoke", skipApproval: true }));
        await simulator.reissueInConsole(orderId, { pending: "approval" });
        await assert.rejects(stack.destroy(), { message: /Revoking certificate \d+ of order/ });
        assert.equal(simulator.order(orderId).status, "reissue_pending");
    });

    it("revokes nothing on an order that another resource of the run uses", async () => {
        await stack.up(shop({ deletionPolicy: "revoke", skipApproval: true }));
        const lifecycle = stack.lifecycle();
        await lifecycle.check({}, { ...shop(), identity: "project/stack/renamed" });
        simulator.clearRequests();
        await lifecycle.delete(String(orderId), { ...stack.state });
        assert.equal(simulator.requests.length, 0);
    });

    it("reissues when fewer days are left than the limit, once, and warns when the plan ends", async () => {
        await stack.up(shop());
        simulator.advance(170 * DAY);
        const due = await stack.up(shop());
        assert.deepEqual([due.posts, due.failure], [1, undefined]);
        assert.ok(
            due.lines.some((line) => /reissue, certificate expires in \d+ days \(limit 30\)/.test(line)),
        );
        assert.equal((await stack.up(shop())).did, "nothing");
        simulator.advance(180 * DAY);
        const ended = await stack.up(shop());
        assert.equal(ended.posts, 0);
        assert.ok(ended.lines.some((line) => /^warning: .*place a new order/.test(line)));
    });

    it("fails when the certificate in use is about to expire without a successor", async () => {
        await stack.up(shop());
        simulator.policy(orderId, { approval: "required" });
        simulator.advance(194 * DAY);
        const { failure } = await stack.up(shop());
        assert.match(failure ?? "", /fewer than 7 days .* its successor is not issued/);
        assert.equal(stack.state.status, "pending_approval");
        assert.equal((await stack.up(shop({ failDaysRemaining: -1 }))).failure, undefined);
    });
});
