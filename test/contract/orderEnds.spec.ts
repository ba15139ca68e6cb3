/** The contract: certificates that were revoked or have expired, and orders that allow no reissue any more. */
import assert from "node:assert/strict";
import type { Props } from "../drivers/driver.js";
import { about, scenario } from "../drivers/scenario.js";
import type { Stage } from "../drivers/stage.js";

const SECTION = "contract: ended certificates and orders";

const NEW_ORDER = /new order/i;

about(SECTION, "A certificate that is", () => {
    scenario(
        "revoked, while the order still allows a reissue, is one POST once a refresh has seen it",
        { tags: ["host"] },
        async (stage) => {
            await stage.issued();
            stage.simulator.revoke(stage.state.certificateId ?? 0);
            assert.deepEqual((await stage.stack.up(stage.shop())).requests, [], "nobody has looked yet");
            await stage.stack.refresh();
            assert.equal(stage.state.status, "revoked");
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual([run.did, run.failure, run.posts], ["update", undefined, 1]);
            assert.match(run.preview.join("\n"), /reissue, certificate \d+ was revoked/);
            assert.deepEqual([stage.state.status, stage.reissues.length], ["issued", 2]);
            assert.deepEqual((await stage.stack.up(stage.shop())).requests, []);
        },
    );

    scenario("revoked at the end of the plan is one POST, since the order still allows it", async (stage) => {
        await stage.useOrder({ orderValidTill: "2026-09-16" });
        await stage.issued();
        stage.simulator.revoke(stage.state.certificateId ?? 0);
        await stage.stack.refresh();
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 1, "issued"]);
    });

    for (const minDaysRemaining of [undefined, -1]) {
        scenario(
            `expired, while the order still allows a reissue, is one POST (minDaysRemaining ${String(minDaysRemaining)})`,
            async (stage) => {
                const args = stage.shop(minDaysRemaining === undefined ? {} : { minDaysRemaining });
                await stage.issued(args);
                stage.advanceDays(210);
                await stage.stack.refresh();
                assert.equal(stage.state.status, "expired");
                const run = await stage.stack.up(args);
                assert.deepEqual([run.did, run.failure, run.posts], ["update", undefined, 1]);
                assert.deepEqual([stage.state.status, stage.reissues.length], ["issued", 2]);
                assert.deepEqual((await stage.stack.up(args)).requests, []);
            },
        );
    }
});

about(SECTION, "An order that is", () => {
    const ends: Record<string, { end: (stage: Stage) => void; more?: Props }> = {
        revoked: {
            end: ({ simulator, orderId }) => {
                simulator.cancelOrder(orderId, "revoked");
            },
        },
        canceled: {
            end: ({ simulator, orderId }) => {
                simulator.cancelOrder(orderId, "canceled");
            },
        },
        "past its plan": {
            end: (stage) => {
                stage.advanceDays(200);
            },
            more: { failDaysRemaining: -1 },
        },
    };
    for (const [what, { end, more = {} }] of Object.entries(ends)) {
        const ended = async (stage: Stage, isSeen: boolean): Promise<void> => {
            await stage.useOrder({ orderValidTill: "2026-09-16" });
            await stage.issued(stage.shop(more));
            end(stage);
            if (isSeen) await stage.stack.refresh();
        };

        scenario(
            `${what} is no POST with an unchanged program, a warning that a new order is needed, and success`,
            async (stage) => {
                await ended(stage, true);
                for (let ups = 0; ups < 2; ups++) {
                    const run = await stage.stack.up(stage.shop(more));
                    assert.deepEqual([run.failure, run.posts], [undefined, 0]);
                    for (const lines of [run.preview, run.lines]) {
                        const warnings = lines.filter((line) => line.startsWith("warning: ")).join("\n");
                        assert.match(warnings, NEW_ORDER);
                        assert.match(warnings, new RegExp(`order ${stage.orderId}`));
                    }
                }
                assert.equal(stage.reissues.length, 1);
            },
        );

        for (const isSeen of [true, false]) {
            scenario(
                `${what} is a failure without a POST where the program asks for a reissue, ${isSeen ? "after" : "before"} a refresh`,
                async (stage) => {
                    await ended(stage, isSeen);
                    const run = await stage.stack.up(stage.shop({ ...more, triggers: { v: "2" } }));
                    assert.match(run.failure ?? "", NEW_ORDER);
                    assert.deepEqual([run.posts, stage.reissues.length], [0, 1]);
                },
            );
        }
    }

    for (const [what, end] of Object.entries<(stage: Stage) => void>({
        "canceled, with the reissue of this resource": (stage) => {
            stage.simulator.cancelOrder(stage.orderId, "canceled");
        },
        "revoked, with the reissue of this resource": (stage) => {
            stage.simulator.cancelOrder(stage.orderId, "revoked");
        },
        "canceled, while this resource's reissue still shows as pending": (stage) => {
            stage.policy({ orderStatus: "canceled" });
        },
        "past its plan, while this resource's reissue is pending": (stage) => {
            stage.advanceDays(205);
        },
    })) {
        scenario(`${what}, needs a new order, and up says that, not to approve or change`, async (stage) => {
            await stage.useOrder({ orderValidTill: "2026-09-16" });
            const args = stage.shop({ triggers: { v: "2" }, failDaysRemaining: -1 });
            await stage.pending(args);
            end(stage);
            for (let ups = 0; ups < 2; ups++) {
                const run = await stage.stack.up(args);
                assert.match(run.text, NEW_ORDER);
                assert.doesNotMatch(run.text, /approve the request|change certificate/i);
                assert.equal(run.posts, 0);
            }
        });
    }

    scenario(
        "canceled while this resource's reissue was rejected says in the preview too that a new order is needed, once a refresh has seen it",
        async (stage) => {
            const args = stage.shop({ triggers: { v: "2" } });
            await stage.pending(args);
            await stage.simulator.reject(stage.requestId, "no budget");
            await stage.stack.up(args);
            stage.policy({ orderStatus: "canceled" });
            await stage.stack.refresh();
            const run = await stage.stack.up(args);
            assert.match(run.failure ?? "", /no budget.*new order/is);
            assert.doesNotMatch(run.failure ?? "", /change certificate/i);
            assert.deepEqual(run.requests, []);
        },
    );

    scenario("past its plan fails with the default failDaysRemaining, without a request", async (stage) => {
        await stage.useOrder({ orderValidTill: "2026-09-16" });
        await stage.issued();
        stage.advanceDays(200);
        const run = await stage.stack.up(stage.shop());
        assert.match(run.failure ?? "", /failDaysRemaining/);
        assert.match(run.text, NEW_ORDER);
        assert.deepEqual(run.requests, []);
    });

    scenario("past its plan is warned of even where minDaysRemaining is off", async (stage) => {
        const args = stage.shop({ minDaysRemaining: -1, failDaysRemaining: -1 });
        await stage.useOrder({ orderValidTill: "2026-09-16" });
        const ours = { ...args, orderId: stage.orderId };
        await stage.issued(ours);
        stage.advanceDays(400);
        const run = await stage.stack.up(ours);
        assert.deepEqual([run.did, run.posts], ["nothing", 0]);
        assert.match(run.text, /warning: .*new order/i);
    });

    scenario("past its plan is refused by a create, which says that a new order is needed", async (stage) => {
        await stage.useOrder({ orderValidTill: "2026-02-27" });
        const run = await stage.stack.up(stage.shop());
        assert.match(run.failure ?? "", NEW_ORDER);
        assert.equal(run.posts, 0);
    });

    for (const status of ["revoked", "canceled"] as const) {
        scenario(
            `${status}, unseen, when only the time asks for a reissue, is read once, warned of and not asked`,
            async (stage) => {
                const args = stage.shop({ failDaysRemaining: -1 });
                await stage.issued(args);
                stage.advanceDays(175);
                stage.simulator.cancelOrder(stage.orderId, status);
                const first = await stage.stack.up(args);
                assert.deepEqual([first.failure, first.posts], [undefined, 0]);
                assert.match(first.text, /warning: .*new order/i);
                const second = await stage.stack.up(args);
                assert.deepEqual([second.did, second.requests], ["nothing", []]);
                assert.match(second.text, /warning: /);
            },
        );
    }

    scenario("not ended any more may be reissued again once a refresh has seen it", async (stage) => {
        await stage.issued();
        stage.policy({ orderStatus: "canceled" });
        await stage.stack.refresh();
        assert.ok((await stage.stack.up(stage.shop({ triggers: { v: "2" } }))).failure);
        stage.policy({ orderStatus: undefined });
        await stage.stack.refresh();
        assert.deepEqual((await stage.stack.up(stage.shop({ triggers: { v: "2" } }))).posts, 1);
    });

    scenario("renewed is named in the warning by the id of the order that renewed it", async (stage) => {
        await stage.useOrder({ orderValidTill: "2026-09-16" });
        const members = { renewed_order_id: 1190000777, is_renewed: true };
        stage.simulator.fault({
            method: "GET",
            path: "/order/certificate/:id",
            times: Infinity,
            kind: "replace-members",
            members,
        });
        await stage.issued(stage.shop({ failDaysRemaining: -1 }));
        stage.advanceDays(190);
        const run = await stage.stack.up(stage.shop({ failDaysRemaining: -1 }));
        assert.match(run.text, /warning: .*1190000777/);
        assert.equal(run.posts, 0);
    });

    const RENEWAL = 1190000777;
    const seesRenewal: Record<string, (stage: Stage) => Promise<Props>> = {
        "a refresh": async (stage) => {
            const args = stage.shop({ failDaysRemaining: -1 });
            await stage.issued(args);
            tellRenewal(stage);
            await stage.stack.refresh();
            return args;
        },
        "a refresh that follows a newer certificate": async (stage) => {
            const args = stage.shop({ failDaysRemaining: -1 });
            await stage.issued(args);
            await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
            tellRenewal(stage);
            await stage.stack.refresh();
            return args;
        },
        "an adoption": async (stage) => {
            await stage.useOwnOrder({ orderValidTill: "2026-09-16" });
            tellRenewal(stage);
            const args = stage.shop({ failDaysRemaining: -1, adoptExisting: true });
            await stage.stack.up(args);
            return args;
        },
        "a return to the last certificate": async (stage) => {
            const args = stage.shop({ failDaysRemaining: -1 });
            await stage.pending(stage.rotated({ failDaysRemaining: -1 }), args);
            tellRenewal(stage);
            await stage.stack.up(args);
            return args;
        },
    };

    function tellRenewal({ simulator, orderId }: Stage): void {
        simulator.fault({
            method: "GET",
            path: `/order/certificate/${orderId}`,
            times: Infinity,
            kind: "replace-members",
            members: { renewed_order_id: RENEWAL, is_renewed: true },
        });
    }

    for (const [what, see] of Object.entries(seesRenewal)) {
        scenario(`renewed is named in the warning where ${what} has seen the renewal last`, async (stage) => {
            await stage.useOrder({ orderValidTill: "2026-09-16" });
            const args = await see(stage);
            assert.equal(stage.state.status, "issued");
            stage.advanceDays(190);
            const run = await stage.stack.up(args);
            assert.match(run.text, new RegExp(`warning: .*order ${RENEWAL} renewed it`));
            assert.deepEqual(run.requests, [], "the state tells the renewal");
        });
    }
});
