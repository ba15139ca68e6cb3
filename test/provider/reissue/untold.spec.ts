import assert from "node:assert/strict";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../../simulator/index.js";
import { FakeStack } from "../fakeStack.js";

const POST = { method: "POST", path: "/order/certificate/:id/reissue" };

/** Members that CertCentral is said to leave out now and then, for some products or roles. */
const UNTOLD = [
    ["csr"],
    ["csr", "comments"],
    ["date_created"],
    ["dns_names"],
    ["dns_names", "csr"],
    ["requests"],
];

describe("answers that leave members out", () => {
    let simulator: Simulator;
    let csr: string;
    let orderId: number;

    before(async () => {
        simulator = await startSimulator();
        csr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
    });
    after(() => simulator.close());
    beforeEach(() => {
        simulator.clearFaults();
    });

    const shop = (more: Record<string, unknown> = {}) => ({
        orderId,
        certificate: { commonName: "shop.example", csr },
        ...more,
    });

    for (const omitFromReads of UNTOLD) {
        describe(`without ${omitFromReads.join(" and ")}`, () => {
            beforeEach(async () => {
                ({ orderId } = await simulator.seedOrder({
                    commonName: "shop.example",
                    policy: { approval: "auto", omitFromReads },
                }));
            });

            it("do not hide a reissue whose answer was lost", async () => {
                const stack = new FakeStack(simulator);
                simulator.fault({ ...POST, kind: "lost-answer" });
                const { failure } = await stack.up(shop());
                assert.equal(failure, undefined);
                assert.deepEqual([simulator.committedReissues(orderId), stack.state.status], [1, "issued"]);
            });

            it("do not hide a create whose state was lost", async () => {
                await new FakeStack(simulator).up(shop());
                const again = new FakeStack(simulator);
                const { failure } = await again.up(shop());
                assert.equal(failure, undefined);
                assert.deepEqual([simulator.committedReissues(orderId), again.state.status], [1, "issued"]);
            });

            it("do not make a refresh see drift", async () => {
                const stack = new FakeStack(simulator);
                await stack.up(shop());
                const before = structuredClone(stack.state);
                await stack.refresh();
                assert.deepEqual(stack.state, before);
                assert.equal((await stack.up(shop())).did, "nothing");
            });

            it("are no obstacle to adoptExisting, and no excuse for another key", async () => {
                await new FakeStack(simulator).up(shop());
                const adopted = new FakeStack(simulator);
                assert.equal((await adopted.up(shop({ adoptExisting: true }))).failure, undefined);
                assert.equal(adopted.state.status, "issued");
                const { csrPem } = await makeKeyAndCsr({ commonName: "shop.example" });
                const { failure, posts } = await new FakeStack(simulator).up({
                    orderId,
                    certificate: { commonName: "shop.example", csr: csrPem },
                    adoptExisting: true,
                });
                assert.match(failure ?? "", /its key is not the key of certificate\.csr/);
                assert.equal(posts, 0);
            });
        });
    }

    it("do not pass an earlier reissue with the same key and names off as the new one", async () => {
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            policy: { approval: "auto", omitFromReads: ["date_created", "comments"] },
        }));
        const stack = new FakeStack(simulator);
        await stack.up(shop());
        const first = stack.state.certificateId;
        await stack.up(shop({ triggers: { v: "2" } }));
        simulator.advance(48 * 3_600_000);
        simulator.fault({ ...POST, kind: "dropped" });
        await stack.up(shop({ triggers: { v: "3" } }));
        assert.deepEqual([simulator.committedReissues(orderId), stack.state.status], [3, "issued"]);
        assert.notEqual(stack.state.certificateId, first);
    });
});
