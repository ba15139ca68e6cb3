/** The contract: days left. A certificate lasts 199 days and the rest of the last one, until 2026-09-16. */
import assert from "node:assert/strict";
import { ORDER, POST } from "../drivers/requests.js";
import type { Props } from "../drivers/driver.js";
import { about, scenario } from "../drivers/scenario.js";
import type { Stage } from "../drivers/stage.js";
import type { OrderPolicy } from "../../simulator/index.js";

const SECTION = "contract: days left";

const NEW_ORDER = /new order/i;

about(SECTION, "A certificate with few days left", () => {
    scenario("is no reason at the limit or above it", async (stage) => {
        await stage.issued();
        stage.advanceDays(169); // 30.5 left
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.did, run.requests, run.text], ["nothing", [], ""]);
    });

    scenario(
        "is reissued with one POST in a plan that goes on, the reason in the preview",
        { tags: ["host", "longCli"] },
        async (stage) => {
            const old = await stage.issued();
            stage.advanceDays(170); // 29.5 left
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual([run.did, run.failure, run.changing], ["update", undefined, [POST]]);
            const reason = `order ${stage.orderId}: reissue, certificate expires in 29 days (limit 30)`;
            assert.ok(run.preview.join("\n").includes(reason), run.preview.join("\n"));
            assert.notEqual(stage.state.serialNumber, old.serialNumber);
            assert.ok((stage.state.validTill ?? "") > (old.validTill ?? "x"));
            const again = await stage.stack.up(stage.shop());
            assert.deepEqual([again.did, again.requests], ["nothing", []]);
        },
    );

    scenario("is counted against a third of a short lifetime", async (stage) => {
        stage.policy({ maxValidityDays: 46 });
        await stage.issued();
        stage.advanceDays(31); // 15.5 of 47 left, a third is 15.7
        const run = await stage.stack.up(stage.shop());
        assert.equal(run.posts, 1);
        assert.match(run.preview.join("\n"), /certificate expires in 15 days \(limit 15\.7\)/);
    });

    for (const [what, later] of Object.entries<(stage: Stage) => unknown>({
        "somebody reissued the order with another key since": ({ simulator, orderId }) =>
            simulator.reissueInConsole(orderId),
        "the order tells no id of its current certificate": (stage) =>
            stage.rewriteOrder((order) => ({
                ...order,
                certificate: { ...(order.certificate as Props), id: undefined },
            })),
    })) {
        scenario(`is not reissued where DigiCert's auto-reissue is listed, and ${what}`, async (stage) => {
            await stage.issued();
            stage.advanceDays(170);
            stage.simulator.autoReissue(stage.orderId);
            const { certificateId } = stage.latest;
            await later(stage);
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual([run.failure, run.posts], [undefined, 0]);
            assert.equal(stage.state.certificateId, certificateId);
        });
    }

    scenario("is reissued where only the order shows it, and tells no begin of it", async (stage) => {
        stage.policy({ omitFromReads: ["valid_from"] });
        await stage.issued();
        stage.advanceDays(170);
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts], [undefined, 1]);
    });

    for (const [whose, make] of Object.entries<(stage: Stage) => unknown>({
        "DigiCert's own auto-reissue": ({ simulator, orderId }) => {
            simulator.autoReissue(orderId);
        },
        "another pipeline's reissue": ({ simulator, orderId, csr }) =>
            simulator.reissueInConsole(orderId, { csr }),
    })) {
        scenario(
            `is not reissued where the order's current certificate has key and names and is not due: ${whose} is taken over`,
            async (stage) => {
                await stage.issued();
                stage.advanceDays(170);
                await make(stage);
                const { certificateId, serialNumber } = stage.live.current;
                stage.advanceDays(2);
                const run = await stage.stack.up(stage.shop());
                assert.deepEqual(
                    [run.did, run.failure, run.posts, run.requests[0]],
                    ["update", undefined, 0, ORDER],
                );
                const { status, serialNumber: taken, issuedCertificateId } = stage.state;
                assert.deepEqual(
                    [status, taken, issuedCertificateId],
                    ["issued", serialNumber, certificateId],
                );
                const again = await stage.stack.up(stage.shop());
                assert.deepEqual([again.did, again.requests], ["nothing", []]);
            },
        );
    }

    scenario("is reissued where the current certificate has another key", async (stage) => {
        await stage.issued();
        stage.advanceDays(170);
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.otherCsr });
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.posts, stage.state.status], [1, "issued"]);
        assert.equal(stage.state.certificateId, stage.latest.certificateId);
    });

    scenario("is reissued where the current certificate is due itself", async (stage) => {
        await stage.issued();
        stage.advanceDays(2);
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
        stage.advanceDays(171); // 26.5 left of ours, 28.5 of the other
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.posts, run.failure], [1, undefined]);
        assert.equal(stage.state.certificateId, stage.latest.certificateId);
    });

    for (const [what, orderValidTill, posts] of [
        ["the plan ends with it", "2026-09-16", 0],
        ["the plan outlives it by a day only", "2026-09-17", 0],
        ["the plan outlives it by more than a day", "2026-09-19", 1],
    ] as const) {
        scenario(
            `is ${posts === 0 ? "warned of, without a POST" : "reissued"}, where ${what}`,
            async (stage) => {
                await stage.useOrder({ orderValidTill });
                await stage.issued();
                stage.advanceDays(180);
                const run = await stage.stack.up(stage.shop());
                assert.deepEqual([run.posts, run.failure], [posts, undefined]);
                if (posts > 0) return;
                assert.deepEqual([run.did, run.requests], ["nothing", []]);
                for (const lines of [run.preview, run.lines]) {
                    assert.match(lines.join("\n"), /warning: order \d+: certificate expires in 19 days/);
                    assert.match(lines.join("\n"), NEW_ORDER);
                }
            },
        );
    }

    scenario("is warned of, without a POST, where the order tells no end", async (stage) => {
        const members = { order_valid_till: null };
        const fault = { method: "GET", path: "/order/certificate/:id", times: Infinity } as const;
        stage.simulator.fault({ ...fault, kind: "replace-members", members });
        await stage.issued();
        assert.equal(stage.state.orderValidTill, undefined);
        stage.advanceDays(180);
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.did, run.requests, run.failure], ["nothing", [], undefined]);
        assert.match(run.text, /warning: .*no end/);
    });

    scenario("is reissued where the order tells its end with a time of day", async (stage) => {
        const members = { order_valid_till: "2029-03-01T23:59:59+00:00" };
        const fault = { method: "GET", path: "/order/certificate/:id", times: Infinity } as const;
        stage.simulator.fault({ ...fault, kind: "replace-members", members });
        await stage.issued();
        assert.equal(stage.state.orderValidTill, "2029-03-01");
        stage.advanceDays(180);
        assert.equal((await stage.stack.up(stage.shop())).posts, 1);
    });

    scenario(
        "is counted against half the lifetime with a larger minDaysRemaining, with a warning each time",
        async (stage) => {
            const args = stage.shop({ minDaysRemaining: 150 });
            const clamped = /warning: order \d+: minDaysRemaining 150 .*half.*100/;
            await stage.issued(args);
            for (let ups = 0; ups < 2; ups++) {
                const run = await stage.stack.up(args);
                assert.deepEqual([run.did, run.requests, run.failure], ["nothing", [], undefined]);
                for (const lines of [run.preview, run.lines]) assert.match(lines.join("\n"), clamped);
            }
            stage.advanceDays(99); // 100.5 left
            assert.equal((await stage.stack.up(args)).posts, 0);
            stage.advanceDays(1); // 99.5 left
            const due = await stage.stack.up(args);
            assert.equal(due.posts, 1);
            assert.match(due.text, clamped);
            assert.deepEqual((await stage.stack.up(args)).requests, [], "no configuration reissues for ever");
        },
    );

    scenario("is no reason with a negative minDaysRemaining", async (stage) => {
        const args = stage.shop({ minDaysRemaining: -1, failDaysRemaining: -1 });
        await stage.issued(args);
        stage.advanceDays(198);
        const run = await stage.stack.up(args);
        assert.deepEqual([run.did, run.requests, run.failure], ["nothing", [], undefined]);
    });

    scenario("that is over is reissued with one POST in a plan that goes on", async (stage) => {
        await stage.issued();
        stage.advanceDays(205);
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.posts, run.failure, stage.state.status], [1, undefined, "issued"]);
        assert.match(run.preview.join("\n"), /expired on 2026-09-16/);
    });

    for (const minDaysRemaining of [undefined, 1000]) {
        scenario(
            `is reissued a few times in a year of ups, with minDaysRemaining ${String(minDaysRemaining)}`,
            async (stage) => {
                await stage.useOrder({ orderValidTill: "2027-03-01" });
                const args = stage.shop({
                    failDaysRemaining: -1,
                    ...(minDaysRemaining && { minDaysRemaining }),
                });
                let posts = 0;
                for (let day = 0; day < 400; day += 25) {
                    posts += (await stage.stack.up(args)).posts;
                    stage.advanceDays(25);
                }
                assert.ok(posts >= 2 && posts <= 4, `${posts} reissues in a year`);
            },
        );
    }

    const fixedEnd = {
        additionalParameters: { certificate: { cert_validity: { custom_expiration_date: "2026-06-01" } } },
    };
    scenario(
        "whose end is fixed is reissued once for it, then warned of, and up fails below 7 days",
        async (stage) => {
            await stage.issued(stage.shop(fixedEnd));
            stage.advanceDays(70); // 22 of 93 left, a third is 31
            const first = await stage.stack.up(stage.shop(fixedEnd));
            assert.deepEqual([first.posts, stage.state.validTill], [1, "2026-06-01T23:59:59Z"]);
            for (let day = 71; day <= 84; day++) {
                stage.advanceDays(1);
                const run = await stage.stack.up(stage.shop(fixedEnd));
                assert.deepEqual([day, run.posts, run.failure], [day, 0, undefined]);
                if (day > 78) assert.match(run.text, /warning/, `${run.text} on day ${day}`);
            }
            stage.advanceDays(3); // 5.5 left
            const last = await stage.stack.up(stage.shop(fixedEnd));
            assert.match(last.failure ?? "", /7 days|failDaysRemaining/);
            assert.deepEqual([last.posts, stage.reissues.length], [0, 2]);
        },
    );

    const ways: Record<
        string,
        {
            change: Partial<OrderPolicy>;
            more?: Props;
            issue: (stage: Stage, args: Props) => Promise<unknown>;
        }
    > = {
        "an up learns after an approval": {
            change: { approval: "required" },
            issue: (stage, args) => stage.approve().then(() => stage.stack.up(args)),
        },
        "a refresh learns after an approval": {
            change: { approval: "required" },
            issue: (stage) => stage.approve().then(() => stage.stack.refresh()),
        },
        "an up learns after a validation": {
            change: { domains: "unvalidated" },
            more: { dcvMethod: "dns-txt-token", skipApproval: true, allowPendingOutputs: true },
            issue: (stage, args) => stage.simulator.issue(stage.orderId).then(() => stage.stack.up(args)),
        },
    };
    for (const [learns, { change, more, issue }] of Object.entries(ways)) {
        scenario(
            `whose end is fixed is reissued once for it also where ${learns} that it is issued`,
            async (stage) => {
                const args = stage.shop({ ...fixedEnd, ...more });
                await stage.issued(args);
                stage.policy(change);
                stage.advanceDays(70); // 22 of 93 left, a third is 31
                assert.equal((await stage.stack.up(args)).posts, 1);
                assert.match(stage.state.status, /pending/);
                await issue(stage, args);
                assert.equal(stage.state.status, "issued");
                for (let day = 71; day <= 84; day++) {
                    stage.advanceDays(1);
                    assert.equal((await stage.stack.up(args)).posts, 0, `day ${day}`);
                }
                stage.advanceDays(3); // 5.5 left
                const last = await stage.stack.up(args);
                assert.match(last.failure ?? "", /7 days/);
                assert.deepEqual([last.posts, stage.reissues.length], [0, 2]);
            },
        );
    }

    scenario(
        "whose end is fixed is reissued once for it also where the run was killed after its POST",
        async (stage) => {
            const args = stage.shop(fixedEnd);
            await stage.issued(args);
            stage.advanceDays(70);
            const before = stage.recorded;
            assert.equal((await stage.stack.up(args)).posts, 1);
            await stage.stack.restore(before);
            assert.equal((await stage.stack.up(args)).posts, 0);
            stage.advanceDays(17); // 5.5 left
            const last = await stage.stack.up(args);
            assert.match(last.failure ?? "", /7 days/);
            assert.deepEqual([last.posts, stage.reissues.length], [0, 2]);
        },
    );

    scenario(
        "whose end is fixed is reissued once for it also where the first POST was lost and is proven absent",
        async (stage) => {
            const args = stage.shop(fixedEnd);
            await stage.issued(args);
            stage.advanceDays(70);
            stage.loseNextPost();
            await stage.stack.up(args);
            stage.simulator.clearFaults();
            assert.match((await stage.stack.up(args)).failure ?? "", /knows no reissue/);
            assert.deepEqual([(await stage.stack.up(args)).posts, stage.reissues.length], [1, 2]);
            stage.advanceDays(17); // 5.5 left
            const last = await stage.stack.up(args);
            assert.match(last.failure ?? "", /7 days/);
            assert.deepEqual([last.posts, stage.reissues.length], [0, 2]);
        },
    );

    scenario(
        "whose end is fixed is not reissued again for it after a return from another request either",
        async (stage) => {
            const args = (value: string) => stage.shop({ ...fixedEnd, triggers: { value } });
            await stage.issued(args("1"));
            stage.advanceDays(70);
            assert.equal((await stage.stack.up(args("1"))).posts, 1);
            stage.policy({ approval: "required" });
            assert.equal((await stage.stack.up(args("2"))).posts, 1);
            const back = await stage.stack.up(args("1"));
            assert.deepEqual([back.failure, back.posts, stage.state.status], [undefined, 0, "issued"]);
            stage.advanceDays(17); // 5.5 left
            const last = await stage.stack.up(args("1"));
            assert.match(last.failure ?? "", /7 days/);
            assert.equal(last.posts, 0);
        },
    );
});

about(SECTION, "A certificate in use below failDaysRemaining makes up fail, with the state saved,", () => {
    scenario("while its successor waits for approval", { tags: ["host"] }, async (stage) => {
        const args = stage.shop({ triggers: { v: "2" } });
        await stage.pending(args);
        const { requestIds } = stage.state;
        stage.advanceDays(190); // 9.5 left: not yet
        assert.equal((await stage.stack.up(args)).failure, undefined);
        stage.advanceDays(3); // 6.5 left
        const run = await stage.stack.up(args);
        assert.match(run.failure ?? "", /2026-09-16.*7 days.*failDaysRemaining/s);
        assert.match(run.failure ?? "", /approv/);
        assert.deepEqual([run.posts, run.changing], [0, []]);
        assert.deepEqual([stage.state.status, stage.state.requestIds], ["pending_approval", requestIds]);
        await stage.approve();
        const issued = await stage.stack.up(args);
        assert.deepEqual([issued.failure, issued.posts], [undefined, 0]);
    });

    scenario("while its successor waits for validation", async (stage) => {
        stage.policy({ maxValidityDays: 46 });
        const args = stage.shop({ issuanceTimeoutSeconds: 0, triggers: { v: "2" } });
        await stage.issued();
        stage.policy({ domains: "unvalidated" });
        await stage.stack.up(args);
        stage.advanceDays(42); // 4.5 of 47 left, a tenth is 4.7
        const run = await stage.stack.up(args);
        assert.match(run.failure ?? "", /4\.7 days/);
        assert.deepEqual([stage.state.status, run.posts], ["pending_issuance", 0]);
    });

    scenario(
        "but not while it waits for validation of the token that a program is about to publish (section 11)",
        async (stage) => {
            await stage.issued();
            stage.policy({ domains: "unvalidated" });
            const args = stage.shop({
                dcvMethod: "dns-txt-token",
                skipApproval: true,
                allowPendingOutputs: true,
            });
            stage.advanceDays(194);
            const run = await stage.stack.up(args);
            assert.deepEqual(
                [run.failure, run.posts, stage.state.status],
                [undefined, 1, "pending_issuance"],
            );
            assert.ok(stage.state.dcvRandomValue);
        },
    );

    scenario("while a new order is needed", async (stage) => {
        await stage.useOrder({ orderValidTill: "2026-09-16" });
        await stage.issued();
        stage.advanceDays(193);
        const run = await stage.stack.up(stage.shop());
        assert.match(run.failure ?? "", /7 days/);
        assert.match(run.text, NEW_ORDER);
        assert.deepEqual([run.requests, stage.state.status], [[], "issued"]);
        assert.ok(stage.state.certificatePem);
    });

    scenario("in the very up that asks for the successor", async (stage) => {
        await stage.issued();
        stage.policy({ approval: "required" });
        stage.advanceDays(194);
        const run = await stage.stack.up(stage.shop());
        assert.match(run.failure ?? "", /7 days/);
        assert.deepEqual([run.posts, stage.state.status], [1, "pending_approval"]);
        assert.ok(stage.state.certificatePem, "the key is the same, so the old one is kept");
        assert.equal((await stage.stack.up(stage.shop())).posts, 0);
    });

    for (const [what, days, fails] of [
        ["10 days", 189.6, false],
        ["6 days", 193.6, true],
    ] as const) {
        scenario(
            `in a create that waits for approval, where the order's own certificate has ${what} left: ${fails ? "failure" : "success"}`,
            { tags: fails ? ["cli"] : [] },
            async (stage) => {
                stage.policy({ approval: "required" });
                stage.advanceDays(days);
                const run = await stage.stack.up(stage.shop());
                assert.deepEqual([run.posts, stage.state.status], [1, "pending_approval"]);
                if (fails) assert.match(run.failure ?? "", /7 days|failDaysRemaining/);
                else assert.equal(run.failure, undefined);
                for (let day = 0; day < 8; day += 4) {
                    stage.advanceDays(4);
                    const next = await stage.stack.up(stage.shop());
                    assert.deepEqual(
                        [next.posts, next.failure !== undefined],
                        [0, true],
                        `${day} days later`,
                    );
                }
            },
        );
    }

    scenario("in a create that adopts it at the end of its plan", async (stage) => {
        await stage.useOwnOrder({ orderValidTill: "2026-09-16" });
        stage.advanceDays(196.6);
        const run = await stage.stack.up(stage.shop({ adoptExisting: true }));
        assert.match(run.failure ?? "", /failDaysRemaining|7 days/);
        assert.equal(run.posts, 0);
    });

    scenario("in a create that follows the pending reissue of a run that was killed", async (stage) => {
        stage.policy({ approval: "required" });
        stage.advanceDays(193.6);
        await stage.stack.up(stage.shop());
        await stage.stack.restore(undefined);
        const run = await stage.stack.up(stage.shop());
        assert.match(run.failure ?? "", /7 days/);
        assert.deepEqual([run.posts, stage.state.status], [0, "pending_approval"]);
    });

    scenario("in a create that takes over the certificate of a run that was killed", async (stage) => {
        const args = stage.shop({ minDaysRemaining: 3 });
        await stage.issued(args);
        stage.advanceDays(194); // 5.5 left
        await stage.stack.restore(undefined);
        const run = await stage.stack.up(args);
        assert.match(run.failure ?? "", /7 days/);
        assert.deepEqual([run.posts, stage.state.status], [0, "issued"]);
        assert.ok(stage.state.certificatePem);
    });

    scenario("in an update that takes over a certificate with few days left, and names it", async (stage) => {
        await stage.issued(stage.shop({ minDaysRemaining: 3 }));
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.otherCsr });
        const { certificateId } = stage.latest;
        stage.advanceDays(194); // 5.5 left
        const run = await stage.stack.up(stage.rotated({ minDaysRemaining: 3 }));
        assert.match(run.failure ?? "", new RegExp(`certificate ${certificateId} expires.*7 days`));
        assert.deepEqual([run.posts, stage.state.issuedCertificateId], [0, certificateId]);
    });

    scenario("not with a negative failDaysRemaining", async (stage) => {
        const args: Props = stage.shop({ failDaysRemaining: -1 });
        await stage.issued();
        stage.policy({ approval: "required" });
        stage.advanceDays(194);
        assert.equal((await stage.stack.up(args)).failure, undefined);
        assert.equal((await stage.stack.up(args)).failure, undefined);
        assert.equal(stage.reissues.length, 2);
    });

    scenario("not once the successor is issued", async (stage) => {
        await stage.issued();
        stage.advanceDays(196);
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts], [undefined, 1]);
    });

    scenario("and says where minDaysRemaining is below it, so that nothing was tried", async (stage) => {
        const args = stage.shop({ minDaysRemaining: 3 });
        await stage.issued(args);
        stage.advanceDays(194); // 5.5 left
        const run = await stage.stack.up(args);
        assert.match(run.failure ?? "", /minDaysRemaining/);
        assert.equal(run.posts, 0);
    });

    scenario("and says what to do about it", async (stage) => {
        await stage.pending(stage.shop({ triggers: { v: "2" } }));
        stage.advanceDays(194);
        const run = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
        assert.match(run.failure ?? "", /approve|CertCentral/i);
    });
});
