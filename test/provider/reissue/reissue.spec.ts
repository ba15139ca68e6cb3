import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { makeKeyAndCsr, startSimulator, type FaultRule, type Simulator } from "../../../simulator/index.js";
import { FakeStack } from "../fakeStack.js";

const POST = { method: "POST", path: "/order/certificate/:id/reissue" };

describe("a reissue, asked for once", () => {
    let simulator: Simulator;
    let csr: string;
    let orderId: number;

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
    });

    const shop = (more: Record<string, unknown> = {}) => ({
        orderId,
        certificate: { commonName: "shop.example", csr },
        ...more,
    });

    it("is issued at once with two requests when the answer carries the chain", async () => {
        const stack = new FakeStack(simulator);
        const { did, failure, requests } = await stack.up(shop());
        assert.deepEqual([did, failure], ["create", undefined]);
        assert.deepEqual(
            requests.map(({ method }) => method),
            ["GET", "POST"],
        );

        const { state } = stack;
        const { current } = simulator.order(orderId);
        assert.equal(state.status, "issued");
        assert.equal(state.certificateId, current.certificateId);
        assert.equal(state.issuedCertificateId, current.certificateId);
        assert.equal(state.serialNumber, current.serialNumber);
        assert.equal(state.thumbprint, current.thumbprint);
        assert.equal(Date.parse(state.validTill ?? ""), current.validTill?.getTime());
        assert.match(state.validFrom ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        const chain = new X509Certificate(state.chainPem ?? "");
        assert.ok(new X509Certificate(state.certificatePem ?? "").verify(chain.publicKey));
        assert.equal(state.chainPem?.match(/BEGIN/g)?.length, 1, "no root");
        assert.equal(state.orderValidTill, simulator.order(orderId).orderValidTill);
        assert.equal(state.asked, undefined);
    });

    it("is issued at once with three requests when the answer carries only the certificate id", async () => {
        simulator.policy(orderId, { includeChain: false, omitFrom201: ["requests"] });
        const { requests } = await new FakeStack(simulator).up(shop({ skipApproval: true }));
        assert.deepEqual(
            requests.map(({ method }) => method),
            ["GET", "POST", "GET"],
        );
    });

    it("keeps the request id and resumes by GETs only while an approver is awaited", async () => {
        simulator.policy(orderId, { approval: "required" });
        const stack = new FakeStack(simulator);
        const first = await stack.up(shop());
        assert.equal(first.failure, undefined);
        assert.equal(stack.state.status, "pending_approval");
        const [requestId = 0] = stack.state.requestIds;
        assert.equal(stack.state.certificatePem, undefined);

        const waiting = await stack.up(shop());
        assert.deepEqual([waiting.did, waiting.failure, waiting.posts], ["update", undefined, 0]);
        await simulator.approve(requestId);
        const settled = await stack.up(shop());
        assert.ok(settled.requests.every(({ method }) => method === "GET"));
        assert.equal(stack.state.status, "issued");
        assert.deepEqual(stack.state.requestIds, [requestId]);
        assert.equal((await stack.up(shop())).did, "nothing");
        assert.equal(simulator.committedReissues(orderId), 1);
    });

    it("resumes also after a setting changed that needs no reissue", async () => {
        simulator.policy(orderId, { approval: "required" });
        const stack = new FakeStack(simulator);
        await stack.up(shop());
        const { posts } = await stack.up(shop({ comments: "hurry", minDaysRemaining: 20 }));
        assert.equal(posts, 0);
        assert.equal(stack.state.comments, "hurry");
    });

    it("waits until DigiCert has issued", async () => {
        simulator.policy(orderId, { issuanceMs: 120_000 });
        const stack = new FakeStack(simulator);
        const { failure, lines } = await stack.up(shop());
        assert.equal(failure, undefined);
        assert.equal(stack.state.status, "issued");
        assert.ok(lines.some((line) => line.includes("waiting for issuance")));
        assert.ok(lines.length < 8, "one line per change of state and one per minute");
    });

    it("fails when it is not issued in time, keeps the ids, and resumes", async () => {
        simulator.policy(orderId, { issuanceMs: 300_000 });
        const stack = new FakeStack(simulator);
        const { failure } = await stack.up(shop({ issuanceTimeoutSeconds: 60 }));
        assert.match(failure ?? "", /not issued within 60 s .* next pulumi up looks again/);
        assert.equal(stack.state.status, "pending_issuance");
        simulator.advance(300_000);
        assert.equal((await stack.up(shop({ issuanceTimeoutSeconds: 60 }))).failure, undefined);
        assert.equal(stack.state.status, "issued");
        assert.equal(simulator.committedReissues(orderId), 1);
    });

    it("does not wait with issuanceTimeoutSeconds 0, and tells the token to publish", async () => {
        simulator.policy(orderId, { domains: "unvalidated" });
        const stack = new FakeStack(simulator);
        const { failure } = await stack.up(shop({ issuanceTimeoutSeconds: 0, skipApproval: true }));
        assert.equal(failure, undefined);
        assert.equal(stack.state.status, "pending_issuance");
        assert.equal(stack.state.dcvRandomValue, simulator.order(orderId).dcvRandomValue);
        simulator.policy(orderId, { domains: "validated" });
        await stack.up(shop({ issuanceTimeoutSeconds: 0, skipApproval: true }));
        assert.equal(stack.state.status, "issued");
        assert.equal(stack.state.dcvRandomValue, undefined);
    });

    it("fails with who rejected it and why, until the program asks for something else", async () => {
        simulator.policy(orderId, { approval: "required" });
        const stack = new FakeStack(simulator);
        await stack.up(shop());
        await simulator.reject(stack.state.requestIds[0] ?? 0, "wrong department");
        const rejected = await stack.up(shop());
        assert.match(rejected.failure ?? "", /request \d+ .* was rejected.*wrong department/);
        assert.equal(stack.state.status, "rejected");
        const again = await stack.up(shop());
        assert.match(again.failure ?? "", /wrong department/);
        assert.equal(again.requests.length, 0);
        simulator.policy(orderId, { approval: "auto" });
        const changed = await stack.up(shop({ triggers: { attempt: "2" } }));
        assert.deepEqual([changed.failure, changed.posts], [undefined, 1]);
        assert.equal(stack.state.status, "issued");
    });

    it("keeps dependents on the old certificate while another key is pending", async () => {
        const stack = new FakeStack(simulator);
        await stack.up(shop());
        simulator.policy(orderId, { approval: "required" });
        const rotated = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
        const next = { certificate: { commonName: "shop.example", csr: rotated } };
        const { failure } = await stack.up(shop(next));
        assert.match(failure ?? "", /another key .* dependents keep the old key/);
        assert.equal(stack.state.certificatePem, undefined, "the old certificate has another key");
        assert.equal(stack.state.requestIds.length, 1);
        await simulator.approve(stack.state.requestIds[0] ?? 0);
        assert.equal((await stack.up(shop(next))).failure, undefined);
        assert.equal(stack.state.status, "issued");
        assert.equal(simulator.committedReissues(orderId), 2);
    });

    it("hands out nothing while another key is pending if allowPendingOutputs says so", async () => {
        const stack = new FakeStack(simulator);
        await stack.up(shop());
        simulator.policy(orderId, { approval: "required" });
        const rotated = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
        const next = { certificate: { commonName: "shop.example", csr: rotated }, allowPendingOutputs: true };
        assert.equal((await stack.up(shop(next))).failure, undefined);
        assert.equal(stack.state.certificatePem, undefined);
    });

    it("cancels its own pending reissue when the program wants another, and asks once for that", async () => {
        simulator.policy(orderId, { approval: "required" });
        const stack = new FakeStack(simulator);
        await stack.up(shop());
        const { posts, failure } = await stack.up(shop({ triggers: { attempt: "2" } }));
        assert.deepEqual([posts, failure], [1, undefined]);
        const { certificates } = simulator.order(orderId);
        assert.equal(certificates.filter(({ status }) => status === "pending").length, 1);
        assert.equal(certificates.filter(({ status }) => status === "rejected").length, 1);
    });

    it("returns to what was last issued without a POST", async () => {
        const stack = new FakeStack(simulator);
        await stack.up(shop());
        const issued = stack.state.certificatePem;
        simulator.policy(orderId, { approval: "required" });
        await stack.up(shop({ triggers: { attempt: "2" } }));
        assert.equal(stack.state.status, "pending_approval");
        const { posts, failure } = await stack.up(shop());
        assert.deepEqual([posts, failure], [0, undefined]);
        assert.equal(stack.state.status, "issued");
        assert.equal(stack.state.certificatePem, issued);
        assert.equal((await stack.up(shop())).did, "nothing");
        assert.equal(simulator.order(orderId).status, "issued");
    });

    const unclear: [string, FaultRule][] = [
        ["the answer was lost after the commit", { ...POST, kind: "lost-answer" }],
        ["the connection was dropped before the commit", { ...POST, kind: "dropped" }],
        [
            "the reissue was committed 20 s after the connection was dropped",
            { ...POST, kind: "delayed-commit", ms: 20_000 },
        ],
        ["a 502 came after the commit", { ...POST, kind: "html", status: 502, commit: true }],
        ["a 502 came instead of the commit", { ...POST, kind: "html", status: 502, commit: false }],
        ["an HTML page came with 200", { ...POST, kind: "html", status: 200, commit: true }],
        ["the answer was cut off", { ...POST, kind: "cut-off" }],
        ["the JSON was cut off", { ...POST, kind: "cut-off", shortened: true }],
        [
            "the 201 had none of its members",
            { ...POST, kind: "respond", status: 201, body: {}, commit: true },
        ],
        [
            "the members had wrong types",
            {
                ...POST,
                kind: "respond",
                status: 201,
                body: { id: "x", certificate_id: {}, requests: 7 },
                commit: true,
            },
        ],
        ["429 was answered", { ...POST, kind: "rate-limited" }],
        ["429 was answered with Retry-After", { ...POST, kind: "rate-limited", retryAfter: 30 }],
    ];
    for (const [what, fault] of unclear) {
        for (const approval of ["auto", "required"] as const) {
            it(`makes exactly one reissue when ${what} (approval ${approval})`, async () => {
                simulator.policy(orderId, { approval });
                simulator.fault(fault);
                const stack = new FakeStack(simulator);
                const { failure } = await stack.up(shop());
                assert.equal(failure, undefined);
                if (approval === "required") {
                    assert.equal(stack.state.status, "pending_approval");
                    const { requests } = simulator.order(orderId);
                    const pending = requests.find(({ status }) => status === "pending");
                    assert.deepEqual(stack.state.requestIds, [pending?.requestId], "the id is in state");
                    await simulator.approve(pending?.requestId ?? 0);
                    await stack.up(shop());
                }
                assert.equal(stack.state.status, "issued");
                assert.equal((await stack.up(shop())).did, "nothing");
                simulator.advance(120_000);
                assert.equal(simulator.committedReissues(orderId), 1, "also when DigiCert commits late");
            });
        }
    }

    it("saves the marker when the order cannot be read afterwards, and looks for it in the next run", async () => {
        simulator.fault({ ...POST, kind: "lost-answer" });
        simulator.fault({ method: "GET", path: "*", nth: 2, times: Infinity, kind: "html", status: 503 });
        const stack = new FakeStack(simulator);
        const { failure } = await stack.up(shop());
        assert.match(failure ?? "", /not known whether DigiCert accepted/);
        assert.equal(stack.state.status, "unknown");
        assert.match(stack.state.asked?.marker ?? "", /^[0-9a-f]{16}$/);
        simulator.clearFaults();
        assert.equal((await stack.up(shop())).failure, undefined);
        assert.equal(stack.state.status, "issued");
        assert.equal(simulator.committedReissues(orderId), 1);
    });

    it("fails once when DigiCert knows nothing of a pending reissue, and asks again in the run after that", async () => {
        simulator.fault({ ...POST, kind: "dropped" });
        simulator.fault({ method: "GET", path: "*", nth: 2, times: Infinity, kind: "html", status: 503 });
        const stack = new FakeStack(simulator);
        await stack.up(shop());
        simulator.clearFaults();
        const lost = await stack.up(shop());
        assert.match(lost.failure ?? "", /knows no reissue of ours/);
        assert.equal(lost.posts, 0);
        const again = await stack.up(shop());
        assert.deepEqual([again.failure, again.posts], [undefined, 1]);
        assert.equal(stack.state.status, "issued");
    });

    it("leaves the state as it was when DigiCert refuses", async () => {
        const stack = new FakeStack(simulator);
        await stack.up(shop());
        const before = { ...stack.state };
        simulator.policy(orderId, { skipApprovalAllowed: false });
        const { failure } = await stack.up(shop({ skipApproval: true, triggers: { a: "1" } }));
        assert.match(failure ?? "", /order \d+: DigiCert answered 403/);
        assert.deepEqual(stack.state, before);
    });
});
