import assert from "node:assert/strict";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../../simulator/index.js";
import { FakeStack } from "../fakeStack.js";

const DAY = 86_400_000;
const POST = { method: "POST", path: "/order/certificate/:id/reissue" };

describe("reissues of others on the same order", () => {
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
        ({ orderId } = await simulator.seedOrder({ commonName: "shop.example" }));
        stack = new FakeStack(simulator);
    });

    const shop = (more: Record<string, unknown> = {}) => ({
        orderId,
        certificate: { commonName: "shop.example", csr },
        ...more,
    });
    const statusOf = (certificateId: number) =>
        simulator.order(orderId).certificates.find((one) => one.certificateId === certificateId)?.status;

    /** Ours was approved and issued since the last run; somebody else's waits for approval now. */
    async function foreignAfterOurs(): Promise<number> {
        await simulator.approve(stack.state.requestIds[0] ?? 0);
        const order = await simulator.reissueInConsole(orderId, {
            pending: "approval",
            comments: "a colleague's",
        });
        return order.certificates.at(-1)?.certificateId ?? 0;
    }

    it("are not cancelled when the program changes after ours was issued", async () => {
        await stack.up(shop());
        const foreign = await foreignAfterOurs();
        const { failure, posts } = await stack.up(shop({ triggers: { v: "2" } }));
        assert.match(failure ?? "", /not ours is pending \(request \d+ \("a colleague's"\)\)/);
        assert.equal(posts, 0);
        assert.equal(statusOf(foreign), "pending");
    });

    it("are not cancelled when the program goes back after ours was issued", async () => {
        simulator.policy(orderId, { approval: "auto" });
        await stack.up(shop());
        simulator.policy(orderId, { approval: "required" });
        await stack.up(shop({ triggers: { v: "2" } }));
        const foreign = await foreignAfterOurs();
        await stack.up(shop());
        assert.equal(statusOf(foreign), "pending");
    });

    for (const skipApproval of [true, false]) {
        it(`are not cancelled by a destroy (skipApproval ${skipApproval})`, async () => {
            simulator.policy(orderId, { domains: "unvalidated" });
            await stack.up(
                shop({ deletionPolicy: "cancelPending", skipApproval, issuanceTimeoutSeconds: 0 }),
            );
            simulator.cancelReissue(orderId, "in the console");
            const order = await simulator.reissueInConsole(orderId, { pending: "approval" });
            await stack.destroy();
            assert.equal(statusOf(order.certificates.at(-1)?.certificateId ?? 0), "pending");
        });
    }

    it("with our key but other names are not taken for a POST of ours that was lost", async () => {
        simulator.fault({ ...POST, kind: "dropped" });
        simulator.fault({ method: "GET", path: "*", nth: 2, times: Infinity, kind: "html", status: 503 });
        await stack.up(shop({ deletionPolicy: "cancelPending" }));
        simulator.clearFaults();
        const names = { commonName: "other.example", dnsNames: ["other.example"] };
        const order = await simulator.reissueInConsole(orderId, { csr, ...names, pending: "approval" });
        await stack.destroy();
        assert.equal(statusOf(order.certificates.at(-1)?.certificateId ?? 0), "pending");
    });

    it("and earlier ones of ours are not taken for the answer to a POST that was dropped", async () => {
        simulator.policy(orderId, { approval: "auto" });
        for (const v of ["1", "2"]) await stack.up(shop({ triggers: { v } }));
        simulator.fault({ ...POST, kind: "dropped" });
        const { failure } = await stack.up(shop({ triggers: { v: "3" } }));
        assert.equal(failure, undefined);
        assert.equal(simulator.committedReissues(orderId), 3);
        assert.equal(stack.state.certificateId, simulator.order(orderId).current.certificateId);
    });

    for (const change of [
        { triggers: { v: "2" } },
        { certificate: { commonName: "shop.example", csr: "", serverPlatform: { id: 45 } } },
        { additionalParameters: { certificate: { cert_validity: { days: 20 } } } },
    ]) {
        it(`do not stand in for a change of ${Object.keys(change).join()}`, async () => {
            simulator.policy(orderId, { approval: "auto" });
            await stack.up(shop());
            simulator.advance(30 * DAY);
            await simulator.reissueInConsole(orderId, { csr });
            const { certificate, ...rest } = { certificate: undefined, ...change };
            const { posts, failure } = await stack.up(
                shop({
                    ...rest,
                    ...(certificate ? { certificate: { ...(certificate as object), csr } } : {}),
                }),
            );
            assert.deepEqual([posts, failure], [1, undefined]);
        });
    }

    it("and the original certificate are not taken over in place of one that was rejected", async () => {
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            csr,
            policy: { listsPrimary: true },
        }));
        await stack.up(shop());
        await simulator.reject(stack.state.requestIds[0] ?? 0);
        await stack.destroy();
        const { posts } = await stack.up(shop());
        assert.equal(posts, 1);
        assert.equal(stack.state.status, "pending_approval");
    });

    it("that are pending stop a create, although an earlier one of ours was issued", async () => {
        await stack.up(shop());
        await foreignAfterOurs();
        await stack.destroy();
        const { failure, posts } = await stack.up(shop({ issuanceTimeoutSeconds: 0 }));
        assert.match(failure ?? "", /not ours is pending/);
        assert.equal(posts, 0);
    });

    it("are not taken for ours when their request tells another hash", async () => {
        await simulator.reissueInConsole(orderId, { csr, pending: "approval" });
        const certificate = { commonName: "shop.example", csr, signatureHash: "sha512" };
        const { failure, posts } = await stack.up({ orderId, certificate });
        assert.match(failure ?? "", /not ours is pending/);
        assert.equal(posts, 0);
        const same = await stack.up(shop());
        assert.deepEqual([same.failure, same.posts, stack.state.status], [undefined, 0, "pending_approval"]);
    });
});
