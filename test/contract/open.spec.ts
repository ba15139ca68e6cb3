/** The contract: a pending reissue of this resource, a rejected one, and the return to the last certificate. */
import assert from "node:assert/strict";
import { CANCEL, errors, LIST, ORDER, POST, to } from "../drivers/requests.js";
import { about, scenario } from "../drivers/scenario.js";
import type { Stage } from "../drivers/stage.js";

const SECTION = "contract: reissues that are not issued";

const v = (stage: Stage, value: string, more = {}) => stage.shop({ triggers: { v: value }, ...more });
/** Issued for "1", pending for "2". */
const open = (stage: Stage) => stage.pending(v(stage, "2"), v(stage, "1"));
const CANNOT = {
    kind: "respond",
    status: 400,
    body: errors("invalid_status", "It cannot be cancelled."),
} as const;
const made = (stage: Stage) => stage.reissues.map(({ status }) => status);

about(SECTION, "While a reissue of this resource is pending", () => {
    scenario("update resumes with GETs only, and the preview says what is waited for", async (stage) => {
        const asked = await open(stage);
        assert.deepEqual([asked.posts, stage.state.status], [1, "pending_approval"]);
        for (let ups = 0; ups < 2; ups++) {
            stage.advanceDays(1);
            const run = await stage.stack.up(v(stage, "2"));
            assert.deepEqual([run.did, run.failure, run.changing], ["update", undefined, []]);
            assert.ok(run.requests.length > 0);
            assert.match(
                run.preview.join("\n"),
                new RegExp(`order ${stage.orderId}: .*${stage.requestId}.*approv`),
            );
        }
        await stage.approve();
        const run = await stage.stack.up(v(stage, "2"));
        assert.deepEqual([run.posts, stage.state.status], [0, "issued"]);
        assert.equal(stage.state.certificateId, stage.latest.certificateId);
        assert.equal(stage.reissues.length, 2);
    });

    for (const setting of [
        { comments: "hello" },
        { waitForApproval: false, issuanceTimeoutSeconds: 5 },
        { skipApproval: true },
        { deletionPolicy: "revoke" },
        { identity: "project/dev/renamed" },
    ]) {
        scenario(
            `update resumes with GETs only, also after a change of ${Object.keys(setting).join(" and ")}`,
            async (stage) => {
                await open(stage);
                const { requestIds } = stage.state;
                const run = await stage.stack.up(v(stage, "2", setting));
                assert.deepEqual([run.did, run.failure, run.changing], ["update", undefined, []]);
                assert.deepEqual([stage.state.requestIds, stage.latest.status], [requestIds, "pending"]);
                for (const [name, value] of Object.entries(setting)) assert.equal(stage.state[name], value);
                await stage.approve();
                assert.equal((await stage.stack.up(v(stage, "2", setting))).posts, 0);
                assert.equal(stage.state.status, "issued");
            },
        );
    }

    scenario(
        "and the program requests another certificate, the pending one is cancelled, then one POST is sent",
        { tags: ["host", "longCli"] },
        async (stage) => {
            await open(stage);
            const first = stage.requestId;
            const run = await stage.stack.up(v(stage, "3"));
            assert.deepEqual([run.failure, run.changing], [undefined, [CANCEL, POST]]);
            assert.deepEqual(made(stage), ["issued", "rejected", "pending"]);
            assert.notEqual(stage.requestId, first);
            assert.match(run.preview.join("\n"), /reissue.*cancel/i);
        },
    );

    scenario(
        "and the program requests another certificate without approval, the pending one is cancelled, and the other is issued",
        async (stage) => {
            await open(stage);
            const run = await stage.stack.up(v(stage, "3", { skipApproval: true }));
            assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 1, "issued"]);
            assert.deepEqual(made(stage), ["issued", "rejected", "issued"]);
        },
    );

    scenario(
        "and the program returns to the last issued certificate, the pending one is cancelled, and nothing is requested",
        { tags: ["plugin"] },
        async (stage) => {
            const issued = await stage.issued(v(stage, "1"));
            stage.policy({ approval: "required" });
            await stage.stack.up(v(stage, "2"));
            const run = await stage.stack.up(v(stage, "1"));
            assert.deepEqual(
                [run.failure, run.changing, made(stage)],
                [undefined, [CANCEL], ["issued", "rejected"]],
            );
            const { status, certificateId, serialNumber, triggers } = stage.state;
            assert.deepEqual(
                [status, certificateId, serialNumber, triggers],
                ["issued", issued.certificateId, issued.serialNumber, { v: "1" }],
            );
            assert.deepEqual((await stage.stack.up(v(stage, "1"))).requests, []);
        },
    );

    scenario(
        "for another key, and the program wants the old key again, its certificate is back without a POST",
        async (stage) => {
            const asked = await stage.pending(stage.rotated());
            assert.ok(asked.failure, "dependents are not handed nothing");
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 0, "issued"]);
            assert.deepEqual(
                [stage.latest.status, stage.state.serialNumber],
                ["rejected", stage.live.current.serialNumber],
            );
        },
    );

    for (const [then, posts] of [
        ["3", 1],
        ["1", 1],
    ] as const) {
        scenario(
            `and was issued meanwhile, that is read first, and wanting ${then === "1" ? "what was issued before" : "another one"} is one POST`,
            async (stage) => {
                await open(stage);
                await stage.approve();
                stage.policy({ approval: "auto" });
                const run = await stage.stack.up(v(stage, then));
                assert.deepEqual(
                    [run.failure, run.changing, run.requests[0]],
                    [undefined, Array(posts).fill(POST), ORDER],
                );
                assert.deepEqual(made(stage), ["issued", "issued", "issued"]);
                assert.equal(stage.state.certificateId, stage.latest.certificateId);
                assert.deepEqual((await stage.stack.up(v(stage, then))).requests, []);
            },
        );
    }

    scenario(
        "and is issued between the look and the cancel, that is read again before the POST",
        async (stage) => {
            await open(stage);
            const id = stage.requestId;
            stage.faultCancel(CANNOT);
            const cancel = { at: "arrival", method: "PUT", path: "/order/certificate/:id/status" } as const;
            const run = await stage.during(stage.stack.up(v(stage, "3")), cancel, async () => {
                await stage.simulator.approve(id);
                stage.policy({ approval: "auto" });
            });
            assert.deepEqual([run.failure, run.posts], [undefined, 1]);
            const between = run.requests.slice(run.requests.indexOf(CANCEL), run.requests.indexOf(POST));
            assert.ok(between.includes(ORDER), run.requests.join());
            assert.deepEqual(made(stage), ["issued", "issued", "issued"]);
        },
    );

    scenario(
        "and cannot be cancelled, up fails without a POST, and the next one tries again",
        async (stage) => {
            await open(stage);
            const { requestIds } = stage.state;
            stage.faultCancel(CANNOT);
            const run = await stage.stack.up(v(stage, "3"));
            assert.match(run.failure ?? "", /400: It cannot be cancelled/);
            assert.deepEqual(
                [run.posts, stage.latest.status, stage.state.requestIds],
                [0, "pending", requestIds],
            );
            const next = await stage.stack.up(v(stage, "3"));
            assert.deepEqual([next.failure, next.posts], [undefined, 1]);
            assert.deepEqual(made(stage), ["issued", "rejected", "pending"]);
        },
    );

    for (const then of ["3", "1"]) {
        scenario(
            `and the key may not cancel it, wanting ${then === "1" ? "what was last issued" : "another one"} is no POST, and nothing is forgotten`,
            async (stage) => {
                await open(stage);
                const { requestIds } = stage.state;
                const body = errors("access_denied|missing_permission", "no");
                stage.faultCancel({ kind: "respond", status: 403, body });
                const run = await stage.stack.up(v(stage, then));
                assert.match(run.failure ?? "", /403/);
                assert.deepEqual([run.posts, stage.state.requestIds], [0, requestIds]);
                assert.equal((await stage.stack.up(v(stage, "2"))).posts, 0, "it resumes");
                assert.equal(stage.latest.status, "pending");
            },
        );
    }

    scenario(
        "and the next POST would be refused, the pending one is not cancelled in vain",
        async (stage) => {
            await open(stage);
            const certificate = { commonName: undefined, dnsNames: ["shop.example"] };
            const run = await stage.stack.up(stage.shop({ certificate }));
            assert.match(run.failure ?? "", /certificate\.commonName is missing/);
            assert.deepEqual([run.changing, stage.latest.status], [[], "pending"]);
        },
    );

    scenario(
        "and the order is in a state that is not known, ours is not cancelled in vain",
        async (stage) => {
            await open(stage);
            await stage.rewriteOrder((order) => ({ ...order, status: "frozen" }));
            const run = await stage.stack.up(v(stage, "3"));
            assert.match(run.failure ?? "", /is in the state "frozen".*nothing was cancelled or requested/);
            assert.deepEqual([run.changing, stage.latest.status], [[], "pending"]);
        },
    );

    scenario(
        "and is cancelled by us where nothing shows any more that it has ended, the POST follows",
        async (stage) => {
            await stage.issued(v(stage, "1"));
            stage.policy({ approval: "required", omitFromReads: ["requests"] });
            const body = errors("access_denied|missing_permission", "no");
            const unread = { method: "GET", path: "/request/*", times: Infinity } as const;
            stage.simulator.fault({ ...unread, kind: "respond", status: 403, body });
            await stage.rewriteList((list) => list);
            await stage.stack.up(v(stage, "2", { issuanceTimeoutSeconds: 0 }));
            const run = await stage.stack.up(v(stage, "3", { issuanceTimeoutSeconds: 0 }));
            assert.deepEqual([run.failure, run.changing.slice(0, 2)], [undefined, [CANCEL, POST]]);
        },
    );

    scenario(
        "and the answer to its cancellation is lost, it is looked at whether it was cancelled after all",
        async (stage) => {
            await open(stage);
            stage.faultCancel({ kind: "delayed-commit", ms: 45_000 });
            const other = await stage.stack.up(v(stage, "3"));
            assert.deepEqual(
                [other.posts, other.failure, stage.state.status],
                [1, undefined, "pending_approval"],
            );
            stage.faultCancel({ kind: "lost-answer" });
            const back = await stage.stack.up(v(stage, "1"));
            assert.deepEqual([back.posts, back.failure, stage.state.status], [0, undefined, "issued"]);
        },
    );

    scenario("and its cancellation is unclear, a line per minute tells what is waited for", async (stage) => {
        await open(stage);
        stage.faultCancel({ kind: "dropped" });
        const config = { "digicert:settleSeconds": "600" };
        const run = await stage.stack.up(v(stage, "3"), { config });
        const lines = run.lines.filter((line) => /waiting for the cancellation.* \d+ s so far/.test(line));
        assert.ok(lines.length >= 10, run.text);
        assert.match(lines[0] ?? "", new RegExp(`order ${stage.orderId}: .*, 0 s so far`));
    });

    scenario("and its cancellation is refused with 429, the cancellation is not repeated", async (stage) => {
        await open(stage);
        const body = errors("request_limit_exceeded", "Slow down.");
        stage.faultCancel({ kind: "respond", status: 429, body });
        const run = await stage.stack.up(v(stage, "3"));
        assert.match(run.failure ?? "", /429.*\(ERR_DIGICERT_RATE_LIMIT\)/s);
        assert.doesNotMatch(run.failure ?? "", /nevertheless/);
        assert.equal(run.requests.at(-1), CANCEL, "the order is not read to see what became of it");
        assert.deepEqual([run.changing, stage.latest.status], [[CANCEL], "pending"]);
        const next = await stage.stack.up(v(stage, "3"));
        assert.deepEqual([next.failure, next.changing], [undefined, [CANCEL, POST]]);
    });

    scenario(
        "and its cancellation never arrived, nothing is asked for, and the next run tries again",
        async (stage) => {
            await open(stage);
            stage.faultCancel({ kind: "dropped" });
            const other = await stage.stack.up(v(stage, "3"));
            assert.ok(other.failure);
            assert.deepEqual([other.posts, stage.latest.status], [0, "pending"]);
            assert.equal((await stage.stack.up(v(stage, "3"))).posts, 1);
        },
    );

    scenario(
        "and was cancelled by us while the next read still shows it pending, the run goes on",
        async (stage) => {
            await open(stage);
            await stage.freezeReads(3);
            const run = await stage.stack.up(v(stage, "3"));
            assert.deepEqual([run.failure, run.changing], [undefined, [CANCEL, POST]]);
            assert.deepEqual(made(stage), ["issued", "rejected", "pending"]);
        },
    );

    for (const then of ["1", "destroy"]) {
        scenario(
            `and the order was canceled with its request still open, nothing is left to cancel (${then})`,
            async (stage) => {
                const more = { deletionPolicy: "cancelPending" };
                await stage.pending(v(stage, "2", more), v(stage, "1", more));
                await stage.rewriteOrder((order) => ({ ...order, status: "canceled" }));
                stage.faultCancel({ ...CANNOT, times: Infinity });
                const { stack } = stage;
                const run = await (then === "destroy" ? stack.destroy() : stack.up(v(stage, then, more)));
                assert.deepEqual([run.failure, run.posts], [undefined, 0]);
                if (then === "destroy") return;
                const { preview, requests } = await stack.up(v(stage, then, more));
                assert.match(preview.join(), /the order is canceled.*A new order is needed/);
                assert.deepEqual(requests, []);
            },
        );
    }

    scenario(
        "and DigiCert says that it is cancelled and shows it as pending for long, the way back fails",
        async (stage) => {
            await open(stage);
            stage.faultCancel({ kind: "respond", status: 204 });
            const run = await stage.stack.up(v(stage, "1"));
            assert.match(run.failure ?? "", /still pending after its cancellation/);
            assert.equal(stage.state.status, "pending_approval");
            assert.equal((await stage.stack.up(v(stage, "1"))).failure, undefined);
            assert.deepEqual(made(stage), ["issued", "rejected"]);
        },
    );

    for (const then of ["1", "3", "destroy"]) {
        scenario(
            `and only its request shows it, a cancellation that never arrived does not count as done (${then})`,
            async (stage) => {
                const more = { deletionPolicy: "cancelPending" };
                await stage.issued(v(stage, "1", more));
                const omitFromReads = ["requests", "has_pending_request"];
                stage.policy({ approval: "required", statusWhilePending: "issued", omitFromReads });
                await stage.stack.up(v(stage, "2", more));
                stage.faultCancel({ kind: "dropped" });
                const { stack } = stage;
                const run = await (then === "destroy" ? stack.destroy() : stack.up(v(stage, then, more)));
                assert.match(run.failure ?? "", /cancellation/);
                assert.deepEqual([run.changing, stage.latest.status], [[CANCEL], "pending"]);
            },
        );
    }

    scenario(
        "and the POST after its cancellation is refused, it is not taken for rejected",
        async (stage) => {
            await open(stage);
            stage.faultPost({
                kind: "respond",
                status: 400,
                body: { errors: [{ code: "invalid_value", message: "no" }] },
            });
            const refused = await stage.stack.up(v(stage, "3"));
            assert.ok(refused.failure);
            assert.notEqual(stage.state.status, "rejected");
            const again = await stage.stack.up(v(stage, "2"));
            assert.deepEqual(
                [again.failure, again.posts, stage.state.status],
                [undefined, 1, "pending_approval"],
            );
        },
    );

    scenario("and somebody cancelled it in the console, that is a rejection, and no POST", async (stage) => {
        await open(stage);
        stage.simulator.cancelReissue(stage.orderId, "not this quarter");
        const run = await stage.stack.up(v(stage, "2"));
        assert.match(run.failure ?? "", /(reject|cancel).*not this quarter/s);
        assert.deepEqual([run.posts, stage.state.status], [0, "rejected"]);
    });

    scenario("and may be somebody else's, it is not cancelled, and up waits for it", async (stage) => {
        await stage.issued();
        stage.policy({ domains: "unvalidated", omitFromReads: ["csr", "comments", "requests"] });
        stage.faultPost({ kind: "lost-answer" });
        const more = { skipApproval: true, issuanceTimeoutSeconds: 1 };
        const asked = await stage.stack.up(v(stage, "2", more));
        assert.equal(asked.posts, 1);
        assert.match(asked.failure ?? "", /if it is this resource's: DigiCert does not tell/);
        assert.doesNotMatch(asked.failure ?? "", /was accepted|ids are saved/);
        const back = await stage.stack.up(stage.shop());
        assert.deepEqual([back.changing, stage.latest.status], [[], "pending"]);
    });

    scenario("and the order is in a state that may mean anything, it is waited for", async (stage) => {
        await open(stage);
        const all = {
            method: "GET",
            path: "*",
            times: Infinity,
            kind: "unknown-status",
            status: "frozen",
        } as const;
        stage.simulator.fault(all);
        const back = await stage.stack.up(v(stage, "1"));
        assert.match(back.failure ?? "", /frozen/);
        assert.deepEqual(stage.latest.status, "pending");
        stage.simulator.clearFaults();
        assert.equal((await stage.stack.up(v(stage, "1"))).failure, undefined);
        assert.equal(stage.live.status, "issued");
    });
});

about(SECTION, "Where the state says pending, but the order shows no reissue of this resource,", () => {
    /** The POST never arrived, and nothing could be read after it. */
    const lost = async (stage: Stage, value = "2"): Promise<void> => {
        stage.loseNextPost();
        await stage.stack.up(v(stage, value));
        stage.simulator.clearFaults();
        assert.equal(stage.state.status, "unknown");
    };

    scenario(
        "it is looked at three times over settleSeconds, up fails once, and the following one may POST",
        async (stage) => {
            stage.faultPost({ kind: "dropped", times: Infinity });
            await stage.stack.up(v(stage, "2"));
            stage.simulator.clearFaults();
            assert.equal(stage.state.status, "unknown");
            const run = await stage.stack.up(v(stage, "2"));
            assert.match(run.failure ?? "", new RegExp(`order ${stage.orderId}`));
            assert.equal(run.posts, 0);
            const looks = run.recorded.filter(({ pathname }) => /certificate\/\d+$/.test(pathname));
            assert.ok(looks.length >= 3, `${looks.length} looks`);
            const next = await stage.stack.up(v(stage, "2"));
            assert.deepEqual([next.failure, next.posts, stage.state.status], [undefined, 1, "issued"]);
        },
    );

    scenario("a refresh does not forget that the reissue has to be requested again", async (stage) => {
        await stage.issued(v(stage, "1"));
        await lost(stage);
        assert.ok((await stage.stack.up(v(stage, "2"))).failure);
        await stage.stack.refresh();
        assert.deepEqual([(await stage.stack.up(v(stage, "2"))).posts, stage.state.status], [1, "issued"]);
    });

    scenario("wanting again what was last issued is no POST", async (stage) => {
        await stage.issued(v(stage, "1"));
        await lost(stage);
        assert.ok((await stage.stack.up(v(stage, "2"))).failure);
        const back = await stage.stack.up(v(stage, "1"));
        assert.deepEqual([back.posts, back.failure, stage.state.status], [0, undefined, "issued"]);
        assert.equal((await stage.stack.up(v(stage, "1"))).did, "nothing");
        assert.equal(stage.reissues.length, 1);
    });

    scenario("wanting again what was last issued is no POST where the order is read late", async (stage) => {
        const old = { order: await stage.answer(), list: await stage.answer("/reissue") };
        await stage.issued(v(stage, "1"));
        await lost(stage);
        assert.ok((await stage.stack.up(v(stage, "2"))).failure);
        const late = { times: Infinity, kind: "respond", status: 200 } as const;
        stage.simulator.fault({ ...to(ORDER), ...late, body: old.order });
        stage.simulator.fault({ ...to(LIST), ...late, body: old.list });
        const back = await stage.stack.up(v(stage, "1"));
        assert.deepEqual([back.posts, back.failure, stage.state.status], [0, undefined, "issued"]);
    });

    scenario(
        "wanting again what was last issued is one POST where somebody reissued the order with another key meanwhile",
        async (stage) => {
            await stage.issued(v(stage, "1"));
            await lost(stage);
            assert.ok((await stage.stack.up(v(stage, "2"))).failure);
            await stage.simulator.reissueInConsole(stage.orderId);
            const back = await stage.stack.up(v(stage, "1"));
            assert.deepEqual([back.posts, back.failure, stage.state.status], [1, undefined, "issued"]);
        },
    );

    scenario("an earlier reissue that was rejected does not make it rejected", async (stage) => {
        await open(stage);
        await stage.simulator.reject(stage.requestId, "no");
        await stage.stack.up(v(stage, "2"));
        stage.policy({ approval: "auto" });
        stage.loseNextPost();
        await stage.stack.up(v(stage, "3"));
        stage.simulator.clearFaults();
        await stage.stack.up(v(stage, "3"));
        assert.notEqual(stage.state.status, "rejected");
        const next = await stage.stack.up(v(stage, "3"));
        assert.deepEqual([next.failure, stage.state.status, stage.reissues.length], [undefined, "issued", 3]);
    });

    scenario(
        "also one that waits for its token to be published: up fails once, and the next one may POST",
        async (stage) => {
            await stage.issued(v(stage, "1"));
            stage.policy({ domains: "unvalidated" });
            const args = v(stage, "2", { skipApproval: true, dcvMethod: "dns-txt-token" });
            assert.equal((await stage.stack.up(args)).failure, undefined);
            const { certificateId } = stage.state;
            stage.simulator.cancelReissue(stage.orderId, "");
            await stage.rewriteList((list) => list.filter(({ id }) => id !== certificateId));
            const early = await stage.stack.up(args);
            assert.deepEqual([early.failure, early.posts], [undefined, 0], "reads may lag behind");
            stage.advanceDays(1);
            const run = await stage.stack.up(args);
            assert.match(run.failure ?? "", /knows no reissue/);
            assert.equal(run.posts, 0);
            stage.simulator.clearFaults();
            assert.equal((await stage.stack.up(args)).posts, 1);
        },
    );
});

about(SECTION, "After a rejection", () => {
    const rejected = async (stage: Stage): Promise<number> => {
        await open(stage);
        const id = stage.requestId;
        await stage.simulator.reject(id, "wrong department");
        return id;
    };

    scenario(
        "up fails, saying who rejected it and why, each time, with no POST by itself",
        { tags: ["host"] },
        async (stage) => {
            const id = await rejected(stage);
            for (let ups = 0; ups < 2; ups++) {
                const run = await stage.stack.up(v(stage, "2"));
                assert.match(
                    run.failure ?? "",
                    new RegExp(`order ${stage.orderId}.*${id}.*reject.*wrong department`),
                );
                assert.deepEqual([run.posts, stage.state.status], [0, "rejected"]);
                assert.ok(stage.state.certificatePem, "the certificate with this key is kept");
            }
            assert.equal(stage.reissues.length, 2);
            const back = await stage.stack.up(v(stage, "1"));
            assert.deepEqual([back.failure, back.changing, stage.state.status], [undefined, [], "issued"]);
        },
    );

    scenario("it stays so when only settings change", async (stage) => {
        await rejected(stage);
        await stage.stack.up(v(stage, "2"));
        const settings = { comments: "please", minDaysRemaining: 10, skipApproval: true };
        const run = await stage.stack.up(v(stage, "2", settings));
        assert.match(run.failure ?? "", /wrong department/);
        assert.deepEqual([run.posts, stage.state.status], [0, "rejected"]);
    });

    for (const change of [
        { triggers: { v: "3" } },
        { triggers: { v: "2" }, certificate: { dnsNames: ["api.shop.example"] } },
        { triggers: { v: "2" }, additionalParameters: { custom: "x" } },
    ]) {
        scenario(`a change of ${Object.keys(change).at(-1) ?? ""} is one POST`, async (stage) => {
            await rejected(stage);
            await stage.stack.up(v(stage, "2"));
            const run = await stage.stack.up(stage.shop(change));
            assert.deepEqual(
                [run.failure, run.posts, stage.state.status],
                [undefined, 1, "pending_approval"],
            );
        });
    }

    for (const isKnown of [true, false]) {
        scenario(
            `wanting again what was last issued returns to issued without a POST, ${isKnown ? "after" : "before"} an up that failed`,
            async (stage) => {
                await rejected(stage);
                if (isKnown) await stage.stack.up(v(stage, "2"));
                const run = await stage.stack.up(v(stage, "1"));
                assert.deepEqual([run.failure, run.changing, stage.state.status], [undefined, [], "issued"]);
                assert.equal(stage.state.serialNumber, stage.live.current.serialNumber);
                assert.deepEqual((await stage.stack.up(v(stage, "1"))).requests, []);
            },
        );
    }

    scenario(
        "a certificate with key and names that somebody made meanwhile is followed by refresh",
        async (stage) => {
            await rejected(stage);
            await stage.stack.up(v(stage, "2"));
            await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
            await stage.stack.refresh();
            assert.equal(stage.state.serialNumber, stage.live.current.serialNumber);
        },
    );

    scenario("the original certificate is not taken over in place of what was rejected", async (stage) => {
        await stage.useOwnOrder({ policy: { listsPrimary: true, approval: "required" } });
        await stage.stack.up(stage.shop());
        await stage.simulator.reject(stage.requestId);
        await stage.stack.restore(undefined);
        assert.deepEqual(
            [(await stage.stack.up(stage.shop())).posts, stage.state.status],
            [1, "pending_approval"],
        );
    });
});

about(SECTION, "On the way back to what was last issued", () => {
    scenario("up still fails where that certificate is about to expire", async (stage) => {
        await stage.issued();
        stage.policy({ approval: "required" });
        await stage.stack.up(v(stage, "2", { minDaysRemaining: -1 }));
        stage.advanceDays(195);
        const { failure, posts } = await stage.stack.up(stage.shop({ minDaysRemaining: -1 }));
        assert.match(failure ?? "", /7 days|failDaysRemaining/);
        assert.deepEqual([posts, stage.state.status], [0, "issued"]);
    });

    scenario("the order is looked at again before it is said that nothing is pending", async (stage) => {
        await open(stage);
        await stage.rewriteOrder((order) => ({ ...order, status: "issued", requests: [] }), { times: 1 });
        await stage.rewriteList(() => [], { times: 1 });
        stage.simulator.fault({
            method: "GET",
            path: "/request/*",
            kind: "unknown-status",
            status: "frozen",
        });
        const back = await stage.stack.up(v(stage, "1"));
        assert.deepEqual([back.failure, back.changing, stage.state.status], [undefined, [CANCEL], "issued"]);
        assert.equal(stage.live.status, "issued");
    });

    scenario("what was issued instead of being cancelled is read, and one POST sent", async (stage) => {
        await open(stage);
        const id = stage.requestId;
        stage.faultCancel({ kind: "dropped" });
        const cancel = { at: "arrival", method: "PUT", path: "/order/certificate/:id/status" } as const;
        const back = await stage.during(stage.stack.up(v(stage, "1")), cancel, () =>
            stage.simulator.approve(id),
        );
        assert.deepEqual([back.posts, back.failure], [1, undefined]);
    });

    scenario(
        "up fails once where that certificate was revoked meanwhile, and the next one asks for a new one",
        async (stage) => {
            await open(stage);
            stage.simulator.revoke(stage.live.current.certificateId);
            const back = await stage.stack.up(v(stage, "1"));
            assert.match(back.failure ?? "", /revoked/);
            assert.deepEqual([back.posts, stage.state.status], [0, "revoked"]);
            const next = await stage.stack.up(v(stage, "1"));
            assert.deepEqual(
                [next.posts, next.failure, stage.state.status],
                [1, undefined, "pending_approval"],
            );
        },
    );

    scenario("no new one is promised where the order has ended", async (stage) => {
        await open(stage);
        stage.simulator.cancelOrder(stage.orderId, "revoked");
        const { failure, posts } = await stage.stack.up(v(stage, "1"));
        assert.deepEqual([failure, posts, stage.state.status], [undefined, 0, "revoked"]);
    });

    for (const isPending of [false, true]) {
        scenario(
            `a certificate that refresh dropped is downloaded again${isPending ? ", also while our own reissue is pending" : ""}`,
            async (stage) => {
                const issued = await stage.issued();
                await stage.simulator.reissueInConsole(stage.orderId);
                await stage.stack.refresh();
                stage.policy({ approval: isPending ? "required" : "auto", issuanceMs: 0 });
                const run = await stage.stack.up(stage.shop());
                assert.deepEqual([run.failure, run.posts], [undefined, 1]);
                assert.ok(stage.state.certificatePem, "dependents are not handed nothing");
                if (isPending) assert.equal(stage.state.certificatePem, issued.certificatePem);
                assert.deepEqual(stage.state.status, isPending ? "pending_approval" : "issued");
            },
        );
    }

    scenario(
        "a certificate that refresh dropped is downloaded again where our own reissue is rejected while waited for",
        async (stage) => {
            const issued = await stage.issued();
            await stage.simulator.reissueInConsole(stage.orderId);
            await stage.stack.refresh();
            assert.equal(stage.state.certificatePem, undefined);
            stage.policy({ approval: "required" });
            const run = await stage.whileWaiting(
                () => stage.stack.up(stage.shop({ waitForApproval: true })),
                () => stage.simulator.reject(stage.latest.requestId ?? 0, "no budget"),
            );
            assert.match(run.failure ?? "", /reject.*no budget/);
            assert.deepEqual(
                [run.posts, stage.state.status, stage.state.certificatePem],
                [1, "rejected", issued.certificatePem],
            );
        },
    );

    scenario(
        "a certificate that refresh dropped is downloaded again where our own reissue turns out absent",
        async (stage) => {
            const issued = await stage.issued();
            await stage.simulator.reissueInConsole(stage.orderId);
            await stage.stack.refresh();
            stage.loseNextPost();
            assert.ok((await stage.stack.up(stage.shop())).failure);
            stage.simulator.clearFaults();
            assert.match((await stage.stack.up(stage.shop())).failure ?? "", /knows no reissue/);
            assert.deepEqual(
                [stage.state.status, stage.state.certificatePem],
                ["unknown", issued.certificatePem],
            );
        },
    );
});
