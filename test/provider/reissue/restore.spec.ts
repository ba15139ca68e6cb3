import assert from "node:assert/strict";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
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
