import assert from "node:assert/strict";
import { csrPem, keyPair } from "../../fixtures/csr.js";
import { startSimulator, type Simulator } from "../../../simulator/index.js";
import { FakeStack } from "../fakeStack.js";

const DAY = 86_400_000;

describe("a certificate that somebody else made with the same key and names", () => {
    const csr = csrPem(keyPair("P-256"));
    let simulator: Simulator;
    let orderId: number;
    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.close());
    beforeEach(async () => {
        const policy = { approval: "auto" } as const;
        ({ orderId } = await simulator.seedOrder({ commonName: "shop.example", policy }));
    });

    const shop = (more: Record<string, unknown> = {}) => ({
        orderId,
        certificate: { commonName: "shop.example", csr },
        ...more,
    });

    for (const [days, posts] of [
        [0, 1],
        [60, 0],
    ] as const) {
        const what = posts === 0 ? "is taken over" : "is not taken over, because it is due as well,";
        it(`${what} when ours is due and it was made ${days} days later`, async () => {
            const stack = new FakeStack(simulator);
            await stack.up(shop());
            simulator.advance(days * DAY);
            await simulator.reissueInConsole(orderId, { csr });
            simulator.advance((175 - days) * DAY);
            const run = await stack.up(shop());
            assert.deepEqual([run.failure, run.posts], [undefined, posts]);
            assert.equal((await stack.up(shop())).did, "nothing");
        });
    }

    for (const [minDaysRemaining, posts] of [
        [90, 1],
        [30, 0],
    ] as const) {
        const what = posts === 0 ? "is taken over" : "is not taken over, because it is due,";
        it(`${what} by a create with minDaysRemaining ${minDaysRemaining}`, async () => {
            simulator.policy(orderId, { maxValidityDays: 100 });
            await new FakeStack(simulator).up(shop({ minDaysRemaining }));
            simulator.advance(60 * DAY);
            const run = await new FakeStack(simulator).up(shop({ minDaysRemaining }));
            assert.deepEqual([run.failure, run.posts], [undefined, posts]);
        });
    }
});
