/** The contract: `pulumi destroy`, and what becomes of a resource that is gone from the program. */
import assert from "node:assert/strict";
import { CANCEL, errors, ORDER, REVOKE, to } from "../drivers/requests.js";
import type { Outputs, Props, Run, RunOptions } from "../drivers/driver.js";
import { about, scenario } from "../drivers/scenario.js";
import type { Stage } from "../drivers/stage.js";

const SECTION = "contract: destroy";

const args = (stage: Stage, deletionPolicy: string, more: Props = {}) =>
    stage.shop({ deletionPolicy, skipApproval: true, ...more });
/** The confirmation that a revocation needs, of the certificate that the state holds. */
const confirmed = ({ state }: Stage, ...more: number[]): RunOptions => ({
    env: { DIGICERT_CONFIRM_REVOKE: [state.issuedCertificateId, ...more].filter(Boolean).join(",") },
});

/** Certificates afterwards: the original one, the one that was issued for the stack, the pending one. */
const situations: Record<string, (stage: Stage, policy: string) => Promise<unknown>> = {
    issued: (stage, policy) => stage.issued(args(stage, policy)),
    "pending, this resource's": async (stage, policy) => {
        await stage.issued(args(stage, policy));
        stage.policy({ approval: "required" });
        await stage.stack.up(args(stage, policy, { skipApproval: false, triggers: { v: "2" } }));
        await stage.stack.up(args(stage, policy, { triggers: { v: "2" } })); // revoke with skip_approval
        assert.equal(stage.latest.status, "pending");
    },
    "pending, this resource's, and nothing issued before": async (stage, policy) => {
        stage.policy({ domains: "unvalidated" });
        await stage.stack.up(args(stage, policy));
        assert.equal(stage.latest.status, "pending");
    },
    "pending, foreign": async (stage, policy) => {
        await stage.issued(args(stage, policy));
        await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
    },
    "pending, foreign with our key": async (stage, policy) => {
        await stage.issued(args(stage, policy));
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, pending: "approval" });
    },
    "pending for us, foreign by now": async (stage, policy) => {
        await situations["pending, this resource's"]?.(stage, policy);
        stage.simulator.cancelReissue(stage.orderId);
        await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
    },
    "pending for us, issued meanwhile": async (stage, policy) => {
        await situations["pending, this resource's"]?.(stage, policy);
        await stage.approve();
    },
    "revoked already": async (stage, policy) => {
        await stage.issued(args(stage, policy));
        stage.simulator.revoke(stage.latest.certificateId);
    },
    "revoked already and not current any more": async (stage, policy) => {
        await situations["revoked already"]?.(stage, policy);
        await stage.simulator.reissueInConsole(stage.orderId);
    },
    "expired already": async (stage, policy) => {
        await stage.issued(args(stage, policy));
        stage.advanceDays(210);
    },
    "pending for us, cancelled already": async (stage, policy) => {
        await situations["pending, this resource's"]?.(stage, policy);
        stage.simulator.cancelReissue(stage.orderId);
    },
    "on an order that is revoked already": async (stage, policy) => {
        await stage.issued(args(stage, policy));
        stage.simulator.cancelOrder(stage.orderId, "revoked");
    },
    "on an order that is canceled already": async (stage, policy) => {
        await stage.issued(args(stage, policy));
        stage.simulator.cancelOrder(stage.orderId, "canceled");
    },
};

/** Replaces the outputs in the state. */
function changeState(stage: Stage, change: (outputs: Outputs) => object): Promise<void> {
    const { outputs, ...rest } = stage.recorded;
    return stage.stack.restore({ ...rest, outputs: change(outputs) as Outputs });
}

/** Destroys while an approver grants the reissue, which DigiCert then refuses to cancel. */
function destroyWhileIssued(stage: Stage, options: RunOptions): Promise<Run> {
    const { requestId = 0 } = stage.latest;
    stage.faultCancel({
        kind: "respond",
        status: 400,
        body: errors("invalid_status", "It cannot be cancelled."),
    });
    return stage.during(stage.stack.destroy(options), { at: "arrival", ...to(CANCEL) }, () =>
        stage.simulator.approve(requestId),
    );
}

const outcomes: [policy: string, situation: string, did: string[], certificates: string[]][] = [
    ["cancelPending", "issued", [], ["issued", "issued"]],
    ["cancelPending", "pending, this resource's", [CANCEL], ["issued", "issued", "rejected"]],
    [
        "cancelPending",
        "pending, this resource's, and nothing issued before",
        [CANCEL],
        ["issued", "rejected"],
    ],
    ["cancelPending", "pending, foreign", [], ["issued", "issued", "pending"]],
    ["cancelPending", "pending, foreign with our key", [], ["issued", "issued", "pending"]],
    ["cancelPending", "pending for us, foreign by now", [], ["issued", "issued", "rejected", "pending"]],
    ["cancelPending", "pending for us, issued meanwhile", [], ["issued", "issued", "issued"]],
    ["cancelPending", "revoked already", [], ["issued", "revoked"]],
    ["cancelPending", "pending for us, cancelled already", [], ["issued", "issued", "rejected"]],
    ["revoke", "issued", [REVOKE], ["issued", "revoked"]],
    ["revoke", "pending, this resource's", [CANCEL, REVOKE], ["issued", "revoked", "rejected"]],
    ["revoke", "pending, this resource's, and nothing issued before", [CANCEL], ["issued", "rejected"]],
    ["revoke", "revoked already", [], ["issued", "revoked"]],
    ["revoke", "revoked already and not current any more", [], ["issued", "revoked", "issued"]],
    ["revoke", "expired already", [], ["issued", "issued"]],
    ["revoke", "pending for us, cancelled already", [REVOKE], ["issued", "revoked", "rejected"]],
    ["revoke", "on an order that is revoked already", [], ["revoked", "revoked"]],
    ["revoke", "on an order that is canceled already", [], ["issued", "issued"]],
];

about(SECTION, "A destroy", () => {
    for (const [policy, situation, did, certificates] of outcomes) {
        const isMain = did.length > 0 && (situation === "pending, this resource's" || situation === "issued");
        scenario(
            `with ${policy}, ${situation}: ${did.join(", then ") || "changes nothing"}`,
            { tags: isMain ? ["host"] : [] },
            async (stage) => {
                await situations[situation]?.(stage, policy);
                const run = await stage.stack.destroy(confirmed(stage));
                assert.deepEqual([run.failure, run.changing, stage.statuses], [undefined, did, certificates]);
                assert.ok(stage.isEmpty);
            },
        );
    }

    for (const situation of Object.keys(situations)) {
        scenario(`with forget, ${situation}: no request`, async (stage) => {
            await situations[situation]?.(stage, "forget");
            const before = stage.statuses;
            const run = await stage.stack.destroy();
            assert.deepEqual([run.failure, run.requests, stage.statuses], [undefined, [], before]);
            assert.ok(stage.isEmpty);
        });
    }

    scenario("with forget makes no request also if the state cannot be understood", async (stage) => {
        await stage.issued(args(stage, "forget"));
        await changeState(stage, (outputs) => ({ ...outputs, status: "on its way" }));
        const run = await stage.stack.destroy();
        assert.deepEqual([run.failure, run.requests, stage.isEmpty], [undefined, [], true]);
    });

    scenario("without a deletionPolicy in the state makes no request", async (stage) => {
        await situations["pending, this resource's"]?.(stage, "forget");
        await changeState(stage, (outputs) => ({ ...outputs, deletionPolicy: undefined }));
        const run = await stage.stack.destroy();
        assert.deepEqual([run.failure, run.requests, stage.isEmpty], [undefined, [], true]);
    });

    for (const situation of ["pending, foreign", "pending for us, foreign by now"]) {
        scenario(
            `with revoke, ${situation}: DigiCert refuses, the error says why, the foreign one and the state are kept`,
            async (stage) => {
                await situations[situation]?.(stage, "revoke");
                const run = await stage.stack.destroy(confirmed(stage));
                assert.match(run.failure ?? "", new RegExp(`order ${stage.orderId}.*pending`));
                assert.ok(!run.changing.includes(CANCEL));
                assert.deepEqual([stage.latest.status, stage.isEmpty], ["pending", false]);
                assert.ok(!stage.statuses.includes("revoked"));
            },
        );
    }

    scenario(
        "with revoke, pending for us and issued meanwhile: asks for the confirmation of the certificate that it has by now",
        async (stage) => {
            await situations["pending for us, issued meanwhile"]?.(stage, "revoke");
            const { certificateId } = stage.latest;
            const run = await stage.stack.destroy(confirmed(stage, certificateId));
            assert.deepEqual([run.failure, run.changing.includes(CANCEL)], [undefined, false]);
            assert.deepEqual([stage.statuses[0], stage.statuses[2]], ["issued", "revoked"]);
        },
    );

    for (const skipApproval of [true, false]) {
        scenario(`with revoke sends skip_approval as in the inputs: ${skipApproval}`, async (stage) => {
            await stage.issued(args(stage, "revoke", { skipApproval }));
            const id = stage.state.certificateId ?? 0;
            stage.policy({ approval: "required" });
            const run = await stage.stack.destroy(confirmed(stage));
            assert.equal(run.failure, undefined);
            const revocation = run.recorded.find(({ method }) => method === "PUT");
            assert.match(revocation?.pathname ?? "", new RegExp(`/certificate/${id}/revoke$`));
            assert.equal((revocation?.body as { skip_approval: boolean }).skip_approval, skipApproval);
            assert.equal(stage.latest.status, skipApproval ? "revoked" : "issued");
            assert.ok(stage.isEmpty);
        });
    }

    scenario(
        "with revoke revokes the certificate of this resource and nothing else, not the order",
        async (stage) => {
            await stage.issued(args(stage, "revoke", { triggers: { v: "1" } }));
            await stage.stack.up(args(stage, "revoke", { triggers: { v: "2" } }));
            await stage.simulator.reissueInConsole(stage.orderId);
            await stage.stack.destroy(confirmed(stage));
            assert.deepEqual(stage.statuses, ["issued", "issued", "revoked", "issued"]);
            assert.equal(stage.live.status, "issued");
        },
    );

    scenario("with revoke revokes the certificate that a refresh has followed", async (stage) => {
        await stage.issued(args(stage, "revoke"));
        stage.simulator.autoReissue(stage.orderId);
        await stage.stack.refresh();
        await stage.stack.destroy(confirmed(stage));
        assert.deepEqual(stage.statuses, ["issued", "issued", "revoked"]);
    });

    scenario(
        "with revoke never revokes a certificate with another key that a refresh has shown as drift",
        async (stage) => {
            await stage.issued(args(stage, "revoke"));
            const { certificateId } = stage.state;
            await stage.simulator.reissueInConsole(stage.orderId);
            await stage.stack.refresh();
            await stage.stack.destroy({
                env: { DIGICERT_CONFIRM_REVOKE: `${certificateId ?? 0}, ${stage.latest.certificateId}` },
            });
            assert.equal(stage.statuses[2], "issued");
        },
    );

    for (const policy of ["cancelPending", "revoke"]) {
        scenario(
            `with ${policy}, on an order that is not found, is an error, and the state is kept`,
            async (stage) => {
                await situations["pending, this resource's"]?.(stage, policy);
                const before = stage.recorded;
                const body = errors("not_found|order", "not found");
                stage.simulator.fault({ path: "*", kind: "respond", status: 404, body, times: Infinity });
                const run = await stage.stack.destroy(confirmed(stage));
                assert.match(
                    run.failure ?? "",
                    new RegExp(
                        `order ${stage.orderId}.*404.*account, region or address.*pulumi state delete`,
                    ),
                );
                assert.deepEqual([stage.recorded, run.changing], [before, []]);
            },
        );

        scenario(
            `with ${policy} and a key that is refused says that it uses the settings saved by the last up`,
            { tags: policy === "revoke" ? ["host"] : [] },
            async (stage) => {
                await situations["pending, this resource's"]?.(stage, policy);
                const config = { "digicert:apiKey": "AN-OLD-KEY" };
                const run = await stage.stack.destroy({ ...confirmed(stage), config });
                assert.match(run.failure ?? "", /403.*last.*up.*--run-program/);
                assert.ok(!stage.isEmpty);
            },
        );
    }

    scenario("that was cut off after the revocation counts it as done in the next one", async (stage) => {
        await stage.issued(args(stage, "revoke"));
        stage.simulator.fault({ method: "PUT", path: "*", kind: "lost-answer" });
        const first = await stage.stack.destroy(confirmed(stage));
        if (first.failure !== undefined)
            assert.equal((await stage.stack.destroy(confirmed(stage))).failure, undefined);
        assert.deepEqual([stage.statuses, stage.isEmpty], [["issued", "revoked"], true]);
    });

    scenario(
        "with cancelPending says that it leaves a pending reissue alone which may be somebody else's",
        async (stage) => {
            await stage.issued(args(stage, "cancelPending"));
            stage.policy({ domains: "unvalidated", omitFromReads: ["csr", "comments", "requests"] });
            stage.faultPost({ kind: "lost-answer" });
            await stage.stack.up(
                args(stage, "cancelPending", { triggers: { v: "2" }, issuanceTimeoutSeconds: 1 }),
            );
            const run = await stage.stack.destroy();
            assert.deepEqual([run.changing, stage.latest.status], [[], "pending"]);
            assert.match(run.text, /pending/);
        },
    );

    /** DigiCert has accepted the reissue, tells its certificate in the 201, and validates. */
    const accepted = async (stage: Stage): Promise<void> => {
        const more = { issuanceTimeoutSeconds: 0 };
        await stage.issued(args(stage, "cancelPending", more));
        stage.policy({ approval: "none", issuanceMs: 600_000, includeChain: false });
        await stage.freezeReads();
        await stage.stack.up(args(stage, "cancelPending", { ...more, triggers: { v: "2" } }));
    };

    scenario("with cancelPending waits for reads that lag behind by a few seconds", async (stage) => {
        await accepted(stage);
        const run = await stage.during(stage.stack.destroy(), { at: "arrival", ...to(ORDER), nth: 3 }, () => {
            stage.simulator.clearFaults();
        });
        assert.deepEqual([run.failure, run.changing, stage.latest.status], [undefined, [CANCEL], "rejected"]);
    });

    scenario("with cancelPending keeps the state while no read shows what was accepted", async (stage) => {
        await accepted(stage);
        const before = stage.recorded;
        const run = await stage.stack.destroy();
        assert.match(run.failure ?? "", /accepted .* does not show it yet.*\(ERR_DIGICERT_REFUSED\)/s);
        assert.deepEqual([run.changing, stage.recorded], [[], before]);
        stage.simulator.clearFaults();
        const next = await stage.stack.destroy();
        assert.deepEqual(
            [next.failure, next.changing, stage.latest.status],
            [undefined, [CANCEL], "rejected"],
        );
    });

    scenario(
        "with cancelPending cancels a reissue whose answer was lost and that shows late",
        async (stage) => {
            await stage.issued(args(stage, "cancelPending"));
            stage.policy({ approval: "required", readLagMs: 180_000 });
            stage.loseNextPost("lost-answer");
            await stage.stack.up(args(stage, "cancelPending", { skipApproval: false, triggers: { v: "2" } }));
            assert.equal(stage.state.status, "unknown");
            stage.simulator.clearFaults();
            const run = await stage.stack.destroy();
            assert.deepEqual(
                [run.failure, run.changing, stage.latest.status],
                [undefined, [CANCEL], "rejected"],
            );
        },
    );

    scenario(
        "with cancelPending keeps the state where the outcome of a POST stays unclear",
        async (stage) => {
            await stage.issued(args(stage, "cancelPending"));
            stage.loseNextPost();
            await stage.stack.up(args(stage, "cancelPending", { triggers: { v: "2" } }));
            stage.simulator.clearFaults();
            stage.policy({ orderStatus: "frozen" });
            const run = await stage.stack.destroy();
            assert.match(run.failure ?? "", /not known whether.*"frozen".*\(ERR_DIGICERT_AMBIGUOUS\)/s);
            assert.deepEqual([run.changing, stage.isEmpty], [[], false]);
        },
    );

    scenario(
        "with cancelPending reads the order until a cancellation whose answer was lost shows",
        async (stage) => {
            await situations["pending, this resource's"]?.(stage, "cancelPending");
            stage.faultCancel({ kind: "delayed-commit", ms: 45_000 });
            const run = await stage.stack.destroy();
            assert.deepEqual([run.failure, run.changing, stage.isEmpty], [undefined, [CANCEL], true]);
            assert.equal(stage.latest.status, "rejected");
        },
    );

    scenario("with revoke revokes the reissue that was issued instead of being cancelled", async (stage) => {
        await situations["pending, this resource's"]?.(stage, "revoke");
        const run = await destroyWhileIssued(stage, confirmed(stage, stage.latest.certificateId));
        assert.deepEqual([run.failure, run.changing], [undefined, [CANCEL, REVOKE]]);
        assert.deepEqual(stage.statuses, ["issued", "issued", "revoked"]);
    });

    scenario(
        "with revoke asks for the confirmation of the reissue that was issued instead of being cancelled",
        async (stage) => {
            await situations["pending, this resource's"]?.(stage, "revoke");
            const { certificateId } = stage.latest;
            const run = await destroyWhileIssued(stage, confirmed(stage));
            assert.match(run.failure ?? "", new RegExp(`certificate ${certificateId} is not revoked`));
            assert.deepEqual([run.changing, stage.isEmpty], [[CANCEL], false]);
            assert.deepEqual(stage.statuses, ["issued", "issued", "issued"]);
        },
    );

    scenario("with the key but other names is not taken for the result of a lost POST", async (stage) => {
        stage.loseNextPost();
        await stage.stack.up(stage.shop({ deletionPolicy: "cancelPending" }));
        stage.simulator.clearFaults();
        const dnsNames = ["other.example"];
        await stage.simulator.reissueInConsole(stage.orderId, {
            csr: stage.csr,
            commonName: "other.example",
            dnsNames,
            pending: "approval",
        });
        const run = await stage.stack.destroy();
        assert.deepEqual([run.changing, stage.latest.status], [[], "pending"]);
    });
});

about(SECTION, "A revocation asks twice: it", () => {
    for (const [what, env] of Object.entries<Record<string, string>>({
        "without DIGICERT_CONFIRM_REVOKE": {},
        "with an empty DIGICERT_CONFIRM_REVOKE": { DIGICERT_CONFIRM_REVOKE: "" },
        "with the id of another certificate": { DIGICERT_CONFIRM_REVOKE: "880011001,7" },
        "with a part of the id": { DIGICERT_CONFIRM_REVOKE: "88001100" },
        "with a word": { DIGICERT_CONFIRM_REVOKE: "true" },
    })) {
        scenario(
            `fails ${what}, before any request, keeps the state, and says what to set or to use forget`,
            { tags: what.startsWith("without") ? ["host", "cli"] : [] },
            async (stage) => {
                await stage.issued(args(stage, "revoke"));
                const before = stage.recorded;
                const run = await stage.stack.destroy({ env });
                assert.match(run.failure ?? "", /DIGICERT_CONFIRM_REVOKE/);
                assert.match(run.failure ?? "", new RegExp(String(stage.state.certificateId)));
                assert.match(run.failure ?? "", /forget/);
                assert.deepEqual([run.requests, stage.recorded], [[], before]);
                assert.ok(!stage.statuses.includes("revoked"));
                await stage.stack.up(args(stage, "forget"));
                assert.equal((await stage.stack.destroy()).failure, undefined);
            },
        );
    }

    for (const [what, id] of [
        ["of the certificate before", (stage: Stage) => stage.live.certificates[0]?.certificateId],
        ["that no certificate has", () => 7],
    ] as const) {
        scenario(
            `fails with an id ${what}, before any request, while a reissue is pending`,
            async (stage) => {
                await situations["pending, this resource's"]?.(stage, "revoke");
                const env = { DIGICERT_CONFIRM_REVOKE: String(id(stage)) };
                const run = await stage.stack.destroy({ env });
                assert.match(
                    run.failure ?? "",
                    new RegExp(`certificate ${stage.state.issuedCertificateId} .*forget`, "s"),
                );
                assert.deepEqual([run.requests, stage.latest.status], [[], "pending"]);
            },
        );
    }

    scenario("goes on with the id among others, white space aside", async (stage) => {
        await stage.issued(args(stage, "revoke"));
        const env = { DIGICERT_CONFIRM_REVOKE: `7, ${stage.state.certificateId ?? 0} ,8` };
        const run = await stage.stack.destroy({ env });
        assert.deepEqual(
            [run.failure, run.changing, stage.statuses],
            [undefined, [REVOKE], ["issued", "revoked"]],
        );
    });

    scenario("fails where a pending reissue was issued that nobody confirmed", async (stage) => {
        await situations["pending for us, issued meanwhile"]?.(stage, "revoke");
        const run = await stage.stack.destroy(confirmed(stage));
        assert.ok(run.failure);
        assert.equal(stage.statuses[2], "issued");
    });

    scenario(
        "fails when the resource was renamed, so that its successor keeps the certificate",
        async (stage) => {
            await stage.issued(args(stage, "revoke"));
            const renamed = args(stage, "revoke");
            const run = await stage.stack.up(undefined, { others: { renamed } });
            assert.deepEqual([run.changing, run.posts], [[], 0]);
            assert.equal(stage.live.current.status, "issued");
            assert.equal(
                stage.stack.resource("renamed")?.outputs.serialNumber,
                stage.live.current.serialNumber,
            );
        },
    );

    scenario("goes on for what is gone from the program, and leaves other orders alone", async (stage) => {
        const first = stage.orderId;
        const shop = args(stage, "revoke");
        const other = { ...stage.shop(), orderId: await stage.order() };
        await stage.stack.up(shop, { others: { other } });
        const run = await stage.stack.up(undefined, { others: { other }, ...confirmed(stage) });
        assert.deepEqual([run.failure, run.did, run.changing], [undefined, "delete", [REVOKE]]);
        assert.equal(stage.simulator.order(first).current.status, "revoked");
        assert.equal(stage.simulator.order(other.orderId).current.status, "issued");
    });
});

about(SECTION, "On an order that another resource of the same run uses", () => {
    scenario(
        "nothing is cancelled when the resource was renamed while its reissue was pending",
        { tags: ["host"] },
        async (stage) => {
            const shop = stage.shop({ deletionPolicy: "cancelPending", triggers: { v: "2" } });
            await stage.pending(shop);
            const run = await stage.stack.up(undefined, { others: { renamed: shop } });
            assert.deepEqual([run.failure, run.posts, run.changing], [undefined, 0, []]);
            assert.equal(stage.latest.status, "pending");
            assert.equal(stage.stack.resource("renamed")?.outputs.status, "pending_approval");
        },
    );

    scenario("two resources of one program are refused in preview", { tags: ["host"] }, async (stage) => {
        const run = await stage.stack.up(stage.shop(), { others: { twin: stage.shop() } });
        assert.deepEqual(run.requests, []);
        assert.match(run.failure ?? "", /another resource/);
    });
});
