import assert from "node:assert/strict";
import { type Props } from "../engine/imitation.js";
import { ORDER, POST, useStage } from "./stage.js";

/** `adoptExisting: true`: a create never POSTs. */
describe("adoptExisting", function () {
    this.timeout(30_000);
    const stage = useStage();
    const adopting = (more: Props = {}) => stage.shop({ adoptExisting: true, ...more });

    it("takes the order's current certificate over, if it has this key and these names", async () => {
        stage.orderId = await stage.order({ csr: stage.csr, dnsNames: ["a.shop.example"] });
        stage.advanceDays(60);
        const args = adopting({ certificate: { dnsNames: ["A.shop.example"] } });
        const run = await stage.stack.up(args);
        assert.deepEqual([run.did, run.failure, run.posts], ["create", undefined, 0]);
        const { state } = stage.stack;
        const { current } = stage.live;
        assert.deepEqual(
            [state.status, state.serialNumber, state.issuedCertificateId, state.certificateId],
            ["issued", current.serialNumber, current.certificateId, current.certificateId],
        );
        assert.deepEqual(state.requestIds, []);
        assert.equal(state.orderValidTill, "2029-03-01");
        const again = await stage.stack.up(args);
        assert.deepEqual([again.did, again.requests], ["nothing", []]);
    });

    it("takes it over with the names that DigiCert adds by itself, and another hash", async () => {
        stage.orderId = await stage.order({
            csr: stage.csr,
            signatureHash: "sha384",
            policy: { addsNames: ["www.shop.example"] },
        });
        const run = await stage.stack.up(adopting());
        assert.deepEqual([run.failure, run.posts], [undefined, 0]);
        assert.deepEqual((await stage.stack.up(adopting())).requests, []);
    });

    it("is recorded when it is dropped afterwards, and a change is one POST as ever", async () => {
        stage.orderId = await stage.order({ csr: stage.csr });
        await stage.stack.up(adopting());
        const dropped = await stage.stack.up(stage.shop());
        assert.deepEqual([dropped.did, dropped.requests], ["update", []]);
        for (const v of ["1", "2"]) {
            const run = await stage.stack.up(adopting({ triggers: { v } }));
            assert.deepEqual([run.failure, run.requests], [undefined, [ORDER, POST]]);
        }
    });

    const differences: Record<string, { seed?: Props; want?: Props; says: RegExp[]; before?: () => void }> = {
        "another key": { says: [/key/] },
        "a name that it lacks": {
            seed: { ours: true },
            want: { certificate: { dnsNames: ["a.shop.example"] } },
            says: [/lacks a\.shop\.example/],
        },
        "a name that it has besides": {
            seed: { ours: true, dnsNames: ["b.shop.example"] },
            says: [/b\.shop\.example/],
        },
        "everything at once": {
            seed: { dnsNames: ["b.shop.example"] },
            want: { certificate: { dnsNames: ["a.shop.example"] } },
            says: [/key/, /lacks a\.shop\.example/, /b\.shop\.example/],
        },
        "a certificate that is revoked": {
            seed: { ours: true },
            before: () => {
                stage.simulator.revoke(stage.live.current.certificateId);
            },
            says: [/revoked/],
        },
        "an order that is revoked": {
            seed: { ours: true },
            before: () => {
                stage.simulator.cancelOrder(stage.orderId, "revoked");
            },
            says: [/revoked/],
        },
        "an order that has no certificate": {
            seed: { status: "needs_approval" },
            says: [/no issued certificate/],
        },
    };
    for (const [what, { seed = {}, want = {}, says, before }] of Object.entries(differences)) {
        it(`fails without a POST, and says so: ${what}`, async () => {
            const { ours, ...rest } = seed;
            stage.orderId = await stage.order({ ...rest, ...(ours === true ? { csr: stage.csr } : {}) });
            before?.();
            const run = await stage.stack.up(adopting(want));
            for (const text of says) assert.match(run.failure ?? "", text);
            assert.match(run.failure ?? "", new RegExp(`order ${stage.orderId}`));
            assert.deepEqual([run.posts, stage.stack.isEmpty], [0, true]);
            assert.ok(run.requests.every((request) => request.startsWith("GET ")));
        });
    }

    it("does not call a certificate issued that has expired", async () => {
        stage.orderId = await stage.order({ csr: stage.csr });
        stage.advanceDays(205);
        const run = await stage.stack.up(adopting());
        assert.equal(run.posts, 0);
        if (run.failure === undefined) assert.equal(stage.stack.state.status, "expired");
        else assert.match(run.failure, /expired/);
    });

    it("leaves a foreign pending reissue alone", async () => {
        stage.orderId = await stage.order({ csr: stage.csr });
        await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
        const run = await stage.stack.up(adopting());
        assert.deepEqual([run.posts, stage.latest.status], [0, "pending"]);
        assert.ok(run.requests.every((request) => request.startsWith("GET ")));
    });

    it("takes over what is due as well, and the next up reissues it", async () => {
        stage.orderId = await stage.order({ csr: stage.csr });
        stage.advanceDays(175);
        const run = await stage.stack.up(adopting());
        assert.deepEqual([run.failure, run.posts], [undefined, 0]);
        assert.equal((await stage.stack.up(adopting())).posts, 1);
    });

    it("makes a replacement without a POST", async () => {
        await stage.issued();
        const to = await stage.order({ csr: stage.csr });
        const run = await stage.stack.up(adopting({ orderId: to }));
        assert.deepEqual([run.did, run.failure, run.posts], ["replace", undefined, 0]);
        assert.equal(stage.stack.recorded().id, String(to));
    });
});
