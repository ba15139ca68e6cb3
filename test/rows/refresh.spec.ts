import assert from "node:assert/strict";
import { type Run } from "./hostStack.js";
import { useStage } from "./stage.js";

/** Section "Refresh, delete, adopt": `pulumi refresh`. */
describe("a refresh", function () {
    this.timeout(30_000);
    const stage = useStage();
    const refreshed = async (): Promise<Run> => {
        const run = await stage.stack.refresh();
        assert.deepEqual(
            run.requests.filter((request) => !request.startsWith("GET ")),
            [],
            "a refresh only reads",
        );
        return run;
    };
    const NOT_FOUND = { status: 404, body: { errors: [{ code: "not_found|order", message: "not found" }] } };

    it("of what is as it was changes nothing", async () => {
        await stage.issued();
        const before = stage.stack.recorded();
        const run = await refreshed();
        assert.deepEqual([run.did, run.failure], ["nothing", undefined]);
        assert.ok(run.requests.length > 0);
        assert.deepEqual(stage.stack.recorded(), before);
    });

    for (const whose of ["DigiCert's auto-reissue", "a reissue in the console"]) {
        it(`follows ${whose} with the same key and names: outputs change, nothing to do`, async () => {
            await stage.issued();
            const old = stage.stack.state;
            stage.advanceDays(20);
            if (whose.startsWith("DigiCert")) stage.simulator.autoReissue(stage.orderId);
            else await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
            const run = await refreshed();
            assert.deepEqual([run.did, run.failure], ["nothing", undefined]);
            const { state, inputs } = stage.stack;
            const { current } = stage.live;
            assert.deepEqual(
                [state.status, state.serialNumber, state.thumbprint, state.issuedCertificateId],
                ["issued", current.serialNumber, current.thumbprint, current.certificateId],
            );
            assert.ok((state.validTill ?? "") > (old.validTill ?? "x"));
            assert.notEqual(state.certificatePem, old.certificatePem);
            assert.deepEqual((inputs.certificate as { csr: string }).csr, old.certificate.csr);
            const up = await stage.stack.up(stage.shop());
            assert.deepEqual([up.did, up.requests], ["nothing", []]);
        });
    }

    it("shows another key as drift of the inputs, with the certificate outputs absent", async () => {
        await stage.issued();
        await stage.simulator.reissueInConsole(stage.orderId);
        const run = await refreshed();
        assert.deepEqual([run.did, run.failure], ["update", undefined]);
        const { state, inputs } = stage.stack;
        for (const certificate of [state.certificate, inputs.certificate as typeof state.certificate]) {
            assert.equal(certificate.csr.replace(/\s/g, ""), stage.latest.csr.replace(/\s/g, ""));
        }
        const up = await stage.stack.up(stage.shop());
        assert.deepEqual([up.did, up.failure, up.posts], ["update", undefined, 1]);
        assert.equal(stage.stack.state.serialNumber, stage.latest.serialNumber);
        assert.deepEqual((await stage.stack.up(stage.shop())).requests, []);
    });

    it("shows another key as drift, and a program that follows it asks for nothing", async () => {
        await stage.issued();
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.otherCsr });
        await refreshed();
        const followed = stage.shop({ certificate: { csr: stage.otherCsr } });
        const up = await stage.stack.up(followed);
        assert.deepEqual([up.failure, up.posts], [undefined, 0]);
    });

    it("shows further names as drift of the inputs, and the next up does not lose them silently", async () => {
        await stage.issued();
        await stage.simulator.reissueInConsole(stage.orderId, {
            csr: stage.csr,
            dnsNames: ["new.shop.example"],
        });
        const run = await refreshed();
        assert.deepEqual([run.did, run.failure], ["update", undefined]);
        assert.ok(stage.stack.state.certificate.dnsNames.includes("new.shop.example"));
        const up = await stage.stack.up(stage.shop());
        assert.match(up.failure ?? "", /new\.shop\.example would disappear/);
        assert.equal(up.posts, 0);
    });

    it("shows names that are gone as drift of the inputs", async () => {
        const args = stage.shop({ certificate: { dnsNames: ["a.shop.example"] } });
        await stage.issued(args);
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, dnsNames: [] });
        const run = await refreshed();
        assert.deepEqual([run.did, run.failure], ["update", undefined]);
        assert.ok(!stage.stack.state.certificate.dnsNames.includes("a.shop.example"));
        const up = await stage.stack.up(args);
        assert.deepEqual([up.failure, up.posts], [undefined, 1]);
        assert.ok(stage.latest.names?.includes("a.shop.example"));
    });

    it("takes what DigiCert reported right after our own issuance for the baseline, not the request", async () => {
        stage.simulator.policy(stage.orderId, { addsNames: ["www.shop.example", "odd.example"] });
        await stage.issued();
        const before = stage.stack.recorded();
        const run = await refreshed();
        assert.deepEqual([run.did, run.failure], ["nothing", undefined]);
        assert.deepEqual(stage.stack.recorded(), before);
        const up = await stage.stack.up(stage.shop());
        assert.deepEqual([up.did, up.requests], ["nothing", []]);
    });

    it("keeps that baseline when it follows an auto-reissue", async () => {
        stage.simulator.policy(stage.orderId, { addsNames: ["www.shop.example", "odd.example"] });
        await stage.issued();
        for (let times = 0; times < 2; times++) {
            stage.advanceDays(20);
            stage.simulator.autoReissue(stage.orderId);
            assert.equal((await refreshed()).did, "nothing");
            assert.equal(stage.stack.state.issuedCertificateId, stage.live.current.certificateId);
        }
    });

    it("shows a revoked certificate in status", async () => {
        await stage.issued();
        stage.simulator.revoke(stage.live.current.certificateId);
        await refreshed();
        assert.equal(stage.stack.state.status, "revoked");
        assert.ok(stage.stack.state.certificatePem);
    });

    it("shows a revoked order in status", async () => {
        await stage.issued();
        stage.simulator.cancelOrder(stage.orderId, "revoked");
        await refreshed();
        assert.equal(stage.stack.state.status, "revoked");
    });

    it("shows an expired certificate in status", async () => {
        await stage.issued();
        stage.advanceDays(201);
        await refreshed();
        assert.equal(stage.stack.state.status, "expired");
    });

    it("shows a rejected reissue in status; the next up says who and why, without a POST", async () => {
        await stage.pending(stage.shop({ triggers: { v: "2" } }));
        await stage.simulator.reject(stage.requestId, "no budget");
        await refreshed();
        assert.equal(stage.stack.state.status, "rejected");
        const up = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
        assert.match(up.failure ?? "", /rejected.*no budget/);
        assert.equal(up.posts, 0);
    });

    it("of a pending reissue keeps what is known of it, and picks it up once it is issued", async () => {
        const args = stage.shop({ triggers: { v: "2" } });
        await stage.pending(args);
        const pending = stage.stack.state;
        await refreshed();
        assert.deepEqual(stage.stack.state, pending);
        await stage.approve();
        await refreshed();
        assert.deepEqual(
            [stage.stack.state.status, stage.stack.state.serialNumber],
            ["issued", stage.latest.serialNumber],
        );
        const up = await stage.stack.up(args);
        assert.deepEqual([up.did, up.requests], ["nothing", []]);
    });

    it("of a pending reissue does not take a foreign one that was issued for ours", async () => {
        const args = stage.shop({ triggers: { v: "2" } });
        await stage.pending(args);
        stage.simulator.cancelReissue(stage.orderId, "by hand");
        await stage.simulator.reissueInConsole(stage.orderId);
        await refreshed();
        assert.equal(stage.stack.state.status, "rejected");
        assert.notEqual(stage.stack.state.serialNumber, stage.latest.serialNumber);
    });

    it("of an order with a foreign pending reissue changes nothing", async () => {
        await stage.issued();
        const before = stage.stack.recorded();
        await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
        assert.equal((await refreshed()).did, "nothing");
        assert.deepEqual(stage.stack.recorded(), before);
    });

    it("of an order that is not found is an error: wrong account, region or address, `pulumi state delete`; state is kept", async () => {
        await stage.issued();
        const before = stage.stack.recorded();
        stage.simulator.fault({ method: "GET", path: "*", kind: "respond", ...NOT_FOUND, times: Infinity });
        const run = await refreshed();
        assert.match(
            run.failure ?? "",
            new RegExp(`order ${stage.orderId}: .*404.*account, region or address.*pulumi state delete`),
        );
        assert.deepEqual(stage.stack.recorded(), before);
    });

    it("with a key that is refused says that it uses the settings saved by the last up", async () => {
        await stage.issued();
        const run = await stage.stack.as({ "digicert:apiKey": "AN-OLD-KEY" }).refresh();
        assert.match(run.failure ?? "", /403.*saved by the last up.*--run-program/);
        assert.doesNotMatch(run.text, /AN-OLD-KEY/);
    });

    it("shows a drift that an up would refuse instead of failing itself", async () => {
        await stage.issued(stage.shop({ certificate: { dnsNames: ["a.shop.example"] } }));
        // The second is compared with the inputs that the first has left, which lack a name of what we issued.
        for (const dnsNames of [[], ["b.shop.example"]]) {
            await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, dnsNames });
            const run = await refreshed();
            assert.deepEqual([run.did, run.failure], ["update", undefined]);
        }
    });
});

describe("DigiCertReissue.get", function () {
    this.timeout(30_000);
    const stage = useStage();

    it("reads an order that is not managed, with no inputs", async () => {
        stage.orderId = await stage.order({ dnsNames: ["a.shop.example"] });
        const state = await stage.stack.get(String(stage.orderId));
        const { current } = stage.live;
        assert.deepEqual(
            [state.orderId, state.status, state.serialNumber, state.certificate.commonName],
            [String(stage.orderId), "issued", current.serialNumber, "shop.example"],
        );
        assert.ok(stage.simulator.requests.every(({ method }) => method === "GET"));
    });

    it("shows a certificate that was revoked", async () => {
        stage.simulator.revoke(stage.live.current.certificateId);
        assert.equal((await stage.stack.get(String(stage.orderId))).status, "revoked");
    });
});
