import assert from "node:assert/strict";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../../simulator/index.js";
import { FakeStack } from "../fakeStack.js";

const DAY = 86_400_000;

describe("an order that ended", () => {
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
    });
    afterEach(() => simulator.close());

    const shop = (more: Record<string, unknown> = {}) => ({
        orderId,
        certificate: { commonName: "shop.example", csr },
        ...more,
    });

    for (const end of ["revoked", "canceled"] as const) {
        it(`and is ${end}: an unchanged program is warned, and nothing is asked`, async () => {
            await stack.up(shop());
            simulator.cancelOrder(orderId, end);
            await stack.refresh();
            const { failure, posts, requests, lines } = await stack.up(shop());
            assert.deepEqual([failure, posts, requests.length], [undefined, 0, 0]);
            assert.match(
                lines.join("\n"),
                new RegExp(`warning: order ${orderId}: .*the order is ${end}.*new order`),
            );
            assert.equal(stack.state.status, end === "revoked" ? "revoked" : "issued");
        });

        it(`and is ${end}, which no refresh has shown: a due certificate is warned of, once read`, async () => {
            await stack.up(shop({ failDaysRemaining: -1 }));
            simulator.cancelOrder(orderId, end);
            simulator.advance(185 * DAY);
            const first = await stack.up(shop({ failDaysRemaining: -1 }));
            assert.deepEqual([first.failure, first.posts], [undefined, 0]);
            assert.match(
                first.lines.join("\n"),
                new RegExp(`warning: .*the order is ${end}, so nothing was asked`),
            );
            const second = await stack.up(shop({ failDaysRemaining: -1 }));
            assert.deepEqual([second.did, second.requests.length], ["nothing", 0]);
            assert.match(second.lines.join("\n"), /warning: .*it allows no reissue/);
        });

        it(`and is ${end}: a program that asks for a reissue fails, and nothing is asked`, async () => {
            await stack.up(shop());
            simulator.cancelOrder(orderId, end);
            for (const isKnown of [false, true]) {
                if (isKnown) await stack.refresh();
                const { failure, posts } = await stack.up(shop({ triggers: { v: "2" } }));
                assert.match(failure ?? "", new RegExp(`the order is ${end}\\. Place a new order`));
                assert.equal(posts, 0);
            }
        });

        it(`and is ${end}: adoptExisting refuses it`, async () => {
            simulator.cancelOrder(orderId, end);
            const { failure } = await stack.up(shop({ adoptExisting: true }));
            assert.match(failure ?? "", new RegExp(`the order is ${end}`));
        });
    }

    it("with its plan: an unchanged program is warned even where minDaysRemaining is off", async () => {
        const settings = { minDaysRemaining: -1, failDaysRemaining: -1 };
        await stack.up(shop(settings));
        simulator.advance(400 * DAY);
        const { did, posts, lines } = await stack.up(shop(settings));
        assert.deepEqual([did, posts], ["nothing", 0]);
        assert.match(lines.join("\n"), /warning: .*the order ended on .*new order/);
    });

    it("may be reissued again once DigiCert says so", async () => {
        await stack.up(shop());
        simulator.policy(orderId, { orderStatus: "canceled" });
        await stack.refresh();
        assert.ok(stack.state.orderEnd);
        simulator.policy(orderId, { orderStatus: undefined });
        await stack.refresh();
        assert.equal(stack.state.orderEnd, undefined);
    });
});

describe("a certificate that was revoked before its reissue was seen as issued", () => {
    let simulator: Simulator;
    let csr: string;
    let orderId: number;
    let stack: FakeStack;

    beforeEach(async () => {
        simulator = await startSimulator();
        csr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
        ({ orderId } = await simulator.seedOrder({ commonName: "shop.example" }));
        stack = new FakeStack(simulator);
    });
    afterEach(() => simulator.close());

    const shop = () => ({ orderId, certificate: { commonName: "shop.example", csr } });

    it("fails once and says so; the next up asks for a new one", async () => {
        await stack.up(shop());
        await simulator.approve(stack.state.requestIds[0] ?? 0);
        simulator.revoke(simulator.order(orderId).current.certificateId);
        const { failure, posts } = await stack.up(shop());
        assert.match(failure ?? "", /was issued for this reissue and has been revoked since/);
        assert.deepEqual([posts, stack.state.status], [0, "revoked"]);
        simulator.policy(orderId, { approval: "auto" });
        const next = await stack.up(shop());
        assert.deepEqual([next.failure, next.posts, stack.state.status], [undefined, 1, "issued"]);
        assert.equal((await stack.up(shop())).did, "nothing");
    });

    it("shows as revoked in a refresh", async () => {
        await stack.up(shop());
        await simulator.approve(stack.state.requestIds[0] ?? 0);
        simulator.revoke(simulator.order(orderId).current.certificateId);
        await stack.refresh();
        assert.equal(stack.state.status, "revoked");
    });
});
