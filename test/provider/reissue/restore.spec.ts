import assert from "node:assert/strict";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../../simulator/index.js";
import { FakeStack } from "../fakeStack.js";

const POST = { method: "POST", path: "/order/certificate/:id/reissue" };

describe("back to what was last issued, after a change that DigiCert never accepted", () => {
    let simulator: Simulator;
    let csr: string;
    beforeEach(async () => {
        simulator = await startSimulator();
        csr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
    });
    afterEach(() => simulator.close());

    /** A stack with a certificate, whose next reissue was lost and provably not accepted. */
    async function forgetful(): Promise<{
        stack: FakeStack;
        wanted: Record<string, unknown>;
        orderId: number;
    }> {
        const { orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            policy: { approval: "auto" },
        });
        const stack = new FakeStack(simulator);
        const wanted = { orderId, certificate: { commonName: "shop.example", csr } };
        await stack.up(wanted);
        simulator.fault({ ...POST, kind: "dropped" });
        simulator.fault({ method: "GET", path: "*", nth: 2, times: Infinity, kind: "html", status: 503 });
        await stack.up({ ...wanted, triggers: { attempt: "2" } });
        simulator.clearFaults();
        const { failure } = await stack.up({ ...wanted, triggers: { attempt: "2" } });
        assert.match(failure ?? "", /knows no reissue of ours/);
        return { stack, wanted, orderId };
    }

    it("makes no POST", async () => {
        const { stack, wanted, orderId } = await forgetful();
        const { posts, failure } = await stack.up(wanted);
        assert.deepEqual([posts, failure, stack.state.status], [0, undefined, "issued"]);
        assert.equal((await stack.up(wanted)).did, "nothing");
        assert.equal(simulator.committedReissues(orderId), 1);
    });

    it("asks for it where somebody else reissued the order meanwhile", async () => {
        const { stack, wanted, orderId } = await forgetful();
        await simulator.reissueInConsole(orderId);
        const { posts, failure } = await stack.up(wanted);
        assert.deepEqual([posts, failure, stack.state.status], [1, undefined, "issued"]);
    });
});

describe("back to what was last issued, while something is pending", () => {
    let simulator: Simulator;
    let csr: string;
    let orderId: number;
    let stack: FakeStack;

    beforeEach(async () => {
        simulator = await startSimulator();
        csr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            policy: { approval: "auto" },
        }));
        stack = new FakeStack(simulator);
        await stack.up(shop());
    });
    afterEach(() => simulator.close());

    const shop = (more: Record<string, unknown> = {}) => ({
        orderId,
        certificate: { commonName: "shop.example", csr },
        ...more,
    });
    const DAY = 86_400_000;

    it("does not cancel what cannot be told to be ours, and goes on waiting for it", async () => {
        simulator.policy(orderId, { domains: "unvalidated", omitFromReads: ["csr", "comments", "requests"] });
        simulator.fault({ method: "POST", path: "*", kind: "lost-answer" });
        const { failure } = await stack.up(
            shop({ triggers: { v: "2" }, skipApproval: true, issuanceTimeoutSeconds: 1 }),
        );
        assert.match(failure ?? "", /was not issued within/);
        const back = await stack.up(shop());
        assert.match(back.failure ?? "", /may be ours, but DigiCert does not tell/);
        assert.ok(stack.state.asked);
        assert.ok(!back.requests.some(({ method }) => method === "PUT"));
    });

    it("still fails when that certificate is about to expire", async () => {
        simulator.policy(orderId, { approval: "required" });
        await stack.up(shop({ triggers: { v: "2" }, minDaysRemaining: -1 }));
        simulator.advance(195 * DAY);
        const { failure, posts } = await stack.up(shop({ minDaysRemaining: -1 }));
        assert.match(failure ?? "", /fewer than 7 days \(failDaysRemaining\) are left/);
        assert.deepEqual([posts, stack.state.status], [0, "issued"]);
    });

    it("looks again before it says that nothing is pending", async () => {
        simulator.policy(orderId, { approval: "required" });
        await stack.up(shop({ triggers: { v: "2" } }));
        const hidden = { status: "issued", requests: [] };
        simulator.fault({
            method: "GET",
            path: "/order/certificate/:id",
            kind: "replace-members",
            members: hidden,
        });
        simulator.fault({ method: "GET", path: "/order/certificate/:id/reissue", kind: "empty-lists" });
        simulator.fault({ method: "GET", path: "/request/*", kind: "unknown-status", status: "frozen" });
        const back = await stack.up(shop());
        assert.match(back.lines.join("\n"), /cancelled our pending reissue/);
        assert.deepEqual([back.failure, back.posts, stack.state.status], [undefined, 0, "issued"]);
        assert.equal(simulator.order(orderId).status, "issued");
    });

    const CANCEL = { method: "PUT", path: "/order/certificate/:id/status" } as const;
    const cancels = () => simulator.requests.filter(({ method }) => method === "PUT").length;

    it("looks whether the cancel was done after all, before anything else is asked for", async () => {
        simulator.policy(orderId, { approval: "required" });
        await stack.up(shop({ triggers: { v: "2" } }));
        simulator.fault({ ...CANCEL, kind: "delayed-commit", ms: 45_000 });
        const other = await stack.up(shop({ triggers: { v: "3" } }));
        assert.deepEqual(
            [other.posts, other.failure, stack.state.status],
            [1, undefined, "pending_approval"],
        );
        assert.equal(cancels(), 1);
        simulator.fault({ ...CANCEL, kind: "lost-answer" });
        const back = await stack.up(shop());
        assert.deepEqual([back.posts, back.failure, stack.state.status], [0, undefined, "issued"]);
        assert.equal(cancels(), 2);
    });

    it("asks for nothing where the cancel was not done, and tries it again in the next run", async () => {
        simulator.policy(orderId, { approval: "required" });
        await stack.up(shop({ triggers: { v: "2" } }));
        simulator.fault({ ...CANCEL, kind: "dropped" });
        const other = await stack.up(shop({ triggers: { v: "3" } }));
        assert.match(other.failure ?? "", /Cancelling the pending reissue/);
        assert.equal(other.posts, 0);
        assert.equal((await stack.up(shop({ triggers: { v: "3" } }))).posts, 1);
    });

    it("reads what was issued instead of being cancelled", async () => {
        simulator.policy(orderId, { approval: "required" });
        await stack.up(shop({ triggers: { v: "2" } }));
        const [request] = simulator.order(orderId).requests.filter(({ status }) => status === "pending");
        simulator.fault({ ...CANCEL, kind: "dropped" });
        let hasSlept = false;
        const impatient = new FakeStack(simulator, {
            sleep: async (ms) => {
                if (!hasSlept) await simulator.approve(request?.requestId ?? 0);
                hasSlept = true;
                simulator.advance(ms);
            },
        });
        impatient.recorded = stack.recorded;
        const back = await impatient.up(shop());
        assert.deepEqual([back.posts, back.failure], [1, undefined]);
    });

    it("keeps waiting where the order is in a state that may mean anything", async () => {
        simulator.policy(orderId, { approval: "required" });
        await stack.up(shop({ triggers: { v: "2" } }));
        const all = { path: "*", times: Infinity, kind: "unknown-status", status: "frozen" } as const;
        simulator.fault({ method: "GET", ...all });
        const back = await stack.up(shop());
        assert.match(
            back.failure ?? "",
            /Looking for our reissue of order \d+: the order is in the state "frozen"/,
        );
        assert.ok(stack.state.asked);
        simulator.clearFaults();
        assert.equal((await stack.up(shop())).failure, undefined);
        assert.equal(simulator.order(orderId).status, "issued");
    });

    it("fails once where that certificate was revoked meanwhile, and asks for a new one then", async () => {
        simulator.policy(orderId, { approval: "required" });
        await stack.up(shop({ triggers: { v: "2" } }));
        simulator.revoke(simulator.order(orderId).current.certificateId);
        const back = await stack.up(shop());
        assert.match(back.failure ?? "", /which the program wants again, has been revoked since/);
        assert.deepEqual([back.posts, stack.state.status], [0, "revoked"]);
        const next = await stack.up(shop());
        assert.match(next.lines.join("\n"), /reissue, certificate \d+ was revoked/);
        assert.deepEqual([next.posts, next.failure, stack.state.status], [1, undefined, "pending_approval"]);
    });

    it("does not promise a new one where the order has ended", async () => {
        simulator.policy(orderId, { approval: "required" });
        await stack.up(shop({ triggers: { v: "2" } }));
        simulator.cancelOrder(orderId, "revoked");
        const { failure, posts } = await stack.up(shop());
        assert.deepEqual([failure, posts, stack.state.status], [undefined, 0, "revoked"]);
    });

    it("does not take a cancelled reissue for a rejected one when the POST after it was refused", async () => {
        simulator.policy(orderId, { approval: "required" });
        await stack.up(shop({ triggers: { v: "2" } }));
        simulator.fault({ method: "POST", path: "*", kind: "respond", status: 400, body: { errors: [] } });
        const refused = await stack.up(shop({ triggers: { v: "3" } }));
        assert.match(refused.failure ?? "", /Our earlier reissue is cancelled already/);
        assert.equal(stack.state.asked, undefined);
        const again = await stack.up(shop({ triggers: { v: "2" } }));
        assert.deepEqual(
            [again.failure, again.posts, stack.state.status],
            [undefined, 1, "pending_approval"],
        );
    });
});
