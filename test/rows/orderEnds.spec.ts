import assert from "node:assert/strict";
import { type Props } from "../engine/imitation.js";
import { useStage } from "./stage.js";

const NEW_ORDER = /new order/;

/** Section "When a reissue happens": revoked and expired certificates, ended orders, a change of the order. */
describe("state says that the certificate is", function () {
    this.timeout(30_000);
    const stage = useStage();

    it("revoked, while the order still allows a reissue: one POST", async () => {
        await stage.issued();
        stage.simulator.revoke(stage.stack.state.certificateId ?? 0);
        assert.deepEqual((await stage.stack.up(stage.shop())).requests, [], "nobody has looked yet");
        await stage.stack.refresh();
        assert.equal(stage.stack.state.status, "revoked");
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.did, run.failure, run.posts], ["update", undefined, 1]);
        assert.match(run.preview.join("\n"), /reissue, certificate \d+ was revoked/);
        assert.deepEqual([stage.stack.state.status, stage.ours.length], ["issued", 2]);
        assert.deepEqual((await stage.stack.up(stage.shop())).requests, []);
    });

    it("revoked, at the end of the plan: one POST, since the order still allows it", async () => {
        stage.orderId = await stage.order({ orderValidTill: "2026-09-16" });
        await stage.issued();
        stage.simulator.revoke(stage.stack.state.certificateId ?? 0);
        await stage.stack.refresh();
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts, stage.stack.state.status], [undefined, 1, "issued"]);
    });

    it("expired, while the order still allows a reissue: one POST", async () => {
        await stage.issued();
        stage.advanceDays(210);
        await stage.stack.refresh();
        assert.equal(stage.stack.state.status, "expired");
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.did, run.failure, run.posts], ["update", undefined, 1]);
        assert.deepEqual([stage.stack.state.status, stage.ours.length], ["issued", 2]);
    });
});

describe("an order that is", function () {
    this.timeout(30_000);
    const stage = useStage();

    const ends: Record<string, { end: () => Promise<void> | void; more?: Props }> = {
        revoked: {
            end: () => {
                stage.simulator.cancelOrder(stage.orderId, "revoked");
            },
        },
        canceled: {
            end: () => {
                stage.simulator.cancelOrder(stage.orderId, "canceled");
            },
        },
        "past its plan": {
            end: () => {
                stage.advanceDays(200);
            },
            more: { failDaysRemaining: -1 },
        },
    };
    for (const [what, { end, more = {} }] of Object.entries(ends)) {
        async function ended(): Promise<void> {
            stage.orderId = await stage.order({ orderValidTill: "2026-09-16" });
            await stage.issued(stage.shop(more));
            await end();
            await stage.stack.refresh();
        }

        it(`${what}, with an unchanged program: no POST, a warning that a new order is needed, and success`, async () => {
            await ended();
            for (let ups = 0; ups < 2; ups++) {
                const run = await stage.stack.up(stage.shop(more));
                assert.deepEqual([run.failure, run.posts], [undefined, 0]);
                for (const lines of [run.preview, run.lines]) {
                    const warnings = lines.filter((line) => line.startsWith("warning: "));
                    assert.match(warnings.join("\n"), NEW_ORDER);
                    assert.match(warnings.join("\n"), new RegExp(`order ${stage.orderId}`));
                }
            }
            assert.equal(stage.ours.length, 1);
        });

        it(`${what}, with a program that asks for a reissue: a failure without a POST`, async () => {
            await ended();
            const run = await stage.stack.up(stage.shop({ ...more, triggers: { v: "2" } }));
            assert.match(run.failure ?? "", NEW_ORDER);
            assert.equal(run.posts, 0);
            assert.equal(stage.ours.length, 1);
        });

        it(`${what}, and a program that asks for a reissue before anybody has refreshed: the same`, async () => {
            stage.orderId = await stage.order({ orderValidTill: "2026-09-16" });
            await stage.issued(stage.shop(more));
            await end();
            const run = await stage.stack.up(stage.shop({ ...more, triggers: { v: "2" } }));
            assert.match(run.failure ?? "", NEW_ORDER);
            assert.deepEqual([run.posts, stage.ours.length], [0, 1]);
        });
    }

    it("past its plan, with the default failDaysRemaining: no POST, a warning, and the failure that the certificate has ended", async () => {
        stage.orderId = await stage.order({ orderValidTill: "2026-09-16" });
        await stage.issued();
        stage.advanceDays(200);
        const run = await stage.stack.up(stage.shop());
        assert.match(run.failure ?? "", /failDaysRemaining/);
        assert.match(run.text, NEW_ORDER);
        assert.deepEqual([run.posts, run.requests], [0, []]);
    });

    for (const status of ["revoked", "canceled"] as const) {
        it(`${status}, when only the time asks for a reissue: no POST, the warning, and success`, async () => {
            await stage.issued();
            stage.advanceDays(175);
            stage.simulator.cancelOrder(stage.orderId, status);
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual([run.failure, run.posts], [undefined, 0]);
            assert.match(run.text, /^warning: .*new order/m);
        });
    }

    it("revoked while a reissue of ours was pending: no POST", async () => {
        await stage.pending(stage.shop({ triggers: { v: "2" } }));
        stage.simulator.cancelOrder(stage.orderId, "revoked");
        const run = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
        assert.equal(run.posts, 0);
        assert.ok(run.failure);
    });
});

describe("a change of orderId", function () {
    this.timeout(30_000);
    const stage = useStage();

    async function moved(more: Props): Promise<{ from: number; to: number }> {
        const from = stage.orderId;
        await stage.issued(stage.shop(more));
        stage.simulator.policy(from, { approval: "required" });
        await stage.stack.up(stage.shop({ ...more, triggers: { v: "2" } }));
        const to = await stage.order();
        return { from, to };
    }

    it("is a replacement: the new one is created first, then the old one goes by its deletionPolicy: forget", async () => {
        const { from, to } = await moved({});
        const run = await stage.stack.up(stage.shop({ orderId: to }));
        assert.deepEqual([run.did, run.failure, run.posts], ["replace", undefined, 1]);
        assert.match(run.preview.join("\n"), new RegExp(`order ${from}: replaced by order ${to}`));
        assert.ok(run.recorded.every(({ pathname }) => !pathname.includes(String(from))));
        assert.equal(stage.stack.recorded().id, String(to));
        assert.equal(stage.simulator.committedReissues(to), 1);
        assert.equal(stage.latest.status, "pending", "the old order is left as it was");
    });

    it("is a replacement: the new one is created first, then the old one goes by its deletionPolicy: cancelPending", async () => {
        const { from, to } = await moved({ deletionPolicy: "cancelPending" });
        const run = await stage.stack.up(stage.shop({ orderId: to, deletionPolicy: "cancelPending" }));
        assert.deepEqual([run.did, run.failure, run.posts], ["replace", undefined, 1]);
        const changing = run.recorded
            .filter(({ method }) => method !== "GET")
            .map(({ pathname }) => pathname);
        assert.match(changing[0] ?? "", new RegExp(`/${to}/reissue$`));
        assert.match(changing[1] ?? "", new RegExp(`/${from}/status$`));
        assert.equal(changing.length, 2);
        assert.equal(stage.latest.status, "rejected");
    });

    it("leaves the old one alone when the new one cannot be created", async () => {
        const { from } = await moved({ deletionPolicy: "cancelPending" });
        const run = await stage.stack.up(stage.shop({ orderId: 999, deletionPolicy: "cancelPending" }));
        assert.match(run.failure ?? "", /order 999.*404/);
        assert.deepEqual([run.posts, stage.stack.recorded().id], [0, String(from)]);
        assert.equal(stage.latest.status, "pending");
    });

    it("is refused in preview while state says deletionPolicy: revoke, and names the way out", async () => {
        const to = await stage.order();
        await stage.issued(stage.shop({ deletionPolicy: "revoke" }));
        const before = stage.stack.recorded();
        for (const deletionPolicy of ["revoke", "forget"]) {
            const run = await stage.stack.up(stage.shop({ orderId: to, deletionPolicy }));
            assert.deepEqual([run.did, run.requests], ["refused", []], "what counts is the state");
            assert.match(run.failure ?? "", /order \d+: .*revoke.*forget/);
        }
        assert.deepEqual(stage.stack.recorded(), before);
        await stage.stack.up(stage.shop({ deletionPolicy: "forget" }));
        const run = await stage.stack.up(stage.shop({ orderId: to, deletionPolicy: "revoke" }));
        assert.deepEqual([run.did, run.failure], ["replace", undefined]);
        assert.ok(stage.ours.every(({ status }) => status === "issued"));
    });
});
