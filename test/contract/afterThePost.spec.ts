/** The contract: the table of what becomes of `pulumi up` after the POST. */
import assert from "node:assert/strict";
import { CANCEL, DOWNLOAD, errors, ORDER, POST, to } from "../drivers/requests.js";
import { about, scenario } from "../drivers/scenario.js";
import type { Stage } from "../drivers/stage.js";
import type { OrderPolicy } from "../../simulator/index.js";

const SECTION = "contract: after the POST";

const CERTIFICATE_OUTPUTS = [
    "certificatePem",
    "chainPem",
    "serialNumber",
    "thumbprint",
    "validFrom",
    "validTill",
];

/** Who or what a reissue may wait for, beside DigiCert. */
const PEOPLE: Record<
    string,
    { change: Partial<OrderPolicy>; status: string; done: (stage: Stage) => Promise<void> }
> = {
    "an approver": {
        change: { approval: "required" },
        status: "pending_approval",
        done: (stage) => stage.approve(),
    },
    dcvRandomValue: {
        change: { domains: "unvalidated" },
        status: "pending_issuance",
        done: (stage) => stage.simulator.issue(stage.orderId),
    },
};

about(SECTION, "A line per minute", () => {
    scenario("tells that a reissue is searched for whose answer was lost", async (stage) => {
        stage.faultPost({ kind: "dropped" });
        const config = { "digicert:settleSeconds": "600" };
        const run = await stage.stack.up(stage.shop(), { config });
        assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 2, 1]);
        const lines = run.lines.filter((line) => line.includes("looking for the reissue"));
        assert.ok(lines.length >= 10, run.text);
    });

    scenario("tells that DigiCert's pause after a 429 is waited for", async (stage) => {
        const body = errors("request_limit_exceeded", "Slow down.");
        const headers = { "retry-after": "170" };
        stage.faultPost({ kind: "respond", status: 429, body, headers });
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, stage.reissues.length], [undefined, 1]);
        const lines = run.lines.filter((line) => /waiting for the next attempt.*429/.test(line));
        assert.equal(lines.length, 3, run.text);
    });
});

about(SECTION, "After the POST, a certificate that is issued", () => {
    scenario("and cannot be downloaded is waited for with a line per minute", async (stage) => {
        stage.policy({ issuanceMs: 1000 });
        const body = errors("certificate_not_ready", "no");
        stage.simulator.fault({ ...to(DOWNLOAD), times: Infinity, kind: "respond", status: 404, body });
        const run = await stage.stack.up(stage.shop({ issuanceTimeoutSeconds: 900 }));
        assert.match(run.failure ?? "", /Downloading certificate/);
        const { certificateId } = stage.latest;
        const waiting = new RegExp(
            `order ${stage.orderId}: waiting for certificate ${certificateId}.* \\d+ s so far`,
        );
        const lines = run.lines.filter((line) => waiting.test(line));
        assert.ok(lines.length >= 14 && lines.length <= 17, run.text);
        assert.match(lines[0] ?? "", /, 0 s so far; Downloading certificate .*404/);
    });

    scenario("at once is success, with the certificate of the order", { tags: ["host"] }, async (stage) => {
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.changing], [undefined, [POST]]);
        const { state, live } = stage;
        const { current } = live;
        assert.deepEqual(
            [
                state.status,
                state.serialNumber,
                state.thumbprint,
                state.issuedCertificateId,
                state.certificateId,
            ],
            [
                "issued",
                current.serialNumber,
                current.thumbprint,
                current.certificateId,
                current.certificateId,
            ],
        );
        assert.deepEqual(
            [state.validFrom, state.validTill],
            ["2026-03-01T00:00:00Z", "2026-09-16T23:59:59Z"],
        );
        assert.deepEqual([state.orderValidTill, state.requestIds], ["2029-03-01", [stage.latest.requestId]]);
        for (const pem of [state.certificatePem ?? "", state.chainPem ?? ""]) {
            assert.match(pem, /^-----BEGIN CERTIFICATE-----\n[^\r]*-----END CERTIFICATE-----\n$/);
        }
        assert.equal(state.chainPem?.match(/BEGIN/g)?.length, 1, "no root");
    });

    for (const [what, policy] of Object.entries<Partial<OrderPolicy>>({
        "without a chain": { includeChain: false },
        "without a chain and without requests": { includeChain: false, omitFrom201: ["requests"] },
    })) {
        scenario(`at once, in an answer ${what}, is success`, async (stage) => {
            stage.policy(policy);
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 1, "issued"]);
        });
    }

    scenario("while it is waited for is success, and a line tells what is waited for", async (stage) => {
        stage.policy({ issuanceMs: 400 });
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 1, "issued"]);
        assert.match(run.text, /issuance|issued/);
        assert.deepEqual((await stage.stack.up(stage.shop())).requests, []);
    });

    scenario("slowly is reported once a minute, and not more often", async (stage) => {
        stage.policy({ issuanceMs: 600_000 });
        const run = await stage.stack.up(stage.shop());
        assert.equal(run.failure, undefined);
        assert.ok(
            run.lines.length >= 8 && run.lines.length <= 14,
            `${run.lines.length} lines in ten minutes`,
        );
    });

    for (const outage of ["html", "dropped"] as const) {
        scenario(`is reported once a minute also while reads fail (${outage})`, async (stage) => {
            stage.policy({ issuanceMs: 600_000 });
            const fault = outage === "html" ? { kind: outage, status: 502 } : { kind: outage };
            stage.simulator.fault({ method: "GET", path: "*", nth: 2, times: Infinity, ...fault });
            const run = await stage.stack.up(stage.shop({ issuanceTimeoutSeconds: 600 }));
            assert.ok(run.failure);
            assert.ok(
                run.lines.length >= 8 && run.lines.length <= 20,
                `${run.lines.length} lines: ${run.lines.join("\n")}`,
            );
            assert.match(run.lines.join("\n"), outage === "html" ? /502/ : /reach|read|connection/i);
            stage.simulator.clearFaults();
            const next = await stage.stack.up(stage.shop({ issuanceTimeoutSeconds: 600 }));
            assert.deepEqual([next.failure, next.posts, stage.state.status], [undefined, 0, "issued"]);
        });
    }
});

about(SECTION, "After the POST, a reissue that waits for", () => {
    for (const [who, { change, status, done }] of Object.entries(PEOPLE)) {
        scenario(
            `${who} is success with the ids saved and a line that says so, and the next up looks again`,
            async (stage) => {
                stage.policy(change);
                const run = await stage.stack.up(stage.shop());
                assert.deepEqual([run.failure, run.posts], [undefined, 1]);
                const { state } = stage;
                assert.equal(state.status, status);
                assert.equal(state.certificatePem, undefined);
                assert.ok(state.requestIds[0] ?? state.certificateId);
                assert.match(
                    run.lines.at(-1) ?? "",
                    who === "an approver" ? /approv/ : /dcvRandomValue|validat/,
                );
                assert.match(run.lines.at(-1) ?? "", new RegExp(`order ${stage.orderId}`));
                if (who !== "an approver")
                    assert.ok(state.dcvRandomValue && state.dcvRandomValue === stage.live.dcvRandomValue);
                const next = await stage.stack.up(stage.shop());
                assert.deepEqual([next.did, next.failure, next.posts], ["update", undefined, 0]);
                assert.ok(next.requests.length > 0);
                await done(stage);
                const last = await stage.stack.up(stage.shop());
                assert.deepEqual([last.failure, last.posts, stage.state.status], [undefined, 0, "issued"]);
                assert.deepEqual((await stage.stack.up(stage.shop())).requests, []);
            },
        );

        scenario(
            `${who} in an update with the same key is success, and keeps the old certificate`,
            async (stage) => {
                const old = await stage.issued();
                stage.policy(change);
                const run = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
                assert.deepEqual([run.failure, run.posts], [undefined, 1]);
                const { state } = stage;
                for (const name of [...CERTIFICATE_OUTPUTS, "issuedCertificateId"]) {
                    assert.equal(state[name], old[name], name);
                }
                assert.notEqual(state.certificateId, state.issuedCertificateId);
            },
        );

        scenario(
            `${who} in an update to another key is failure, so that dependents keep the old key and certificate; the next up resumes`,
            { tags: who === "an approver" ? ["host"] : [] },
            async (stage) => {
                await stage.issued();
                const { inputs } = stage.recorded;
                stage.policy(change);
                const run = await stage.stack.up(stage.rotated());
                assert.match(run.failure ?? "", /key/);
                assert.equal(run.posts, 1);
                assert.equal(stage.state.status, status);
                assert.ok(stage.state.requestIds.length > 0 || stage.state.certificateId !== undefined);
                assert.equal(stage.state.certificatePem, undefined);
                assert.deepEqual(stage.recorded.inputs, inputs, "as the engine keeps them");
                const again = await stage.stack.up(stage.rotated());
                assert.ok(again.failure);
                assert.deepEqual([again.did, again.posts], ["update", 0]);
                await done(stage);
                const last = await stage.stack.up(stage.rotated());
                assert.deepEqual([last.failure, last.posts], [undefined, 0]);
                assert.equal(stage.state.serialNumber, stage.latest.serialNumber);
            },
        );

        scenario(
            `${who} in an update to another key is success with allowPendingOutputs, the certificate outputs absent`,
            async (stage) => {
                await stage.issued();
                stage.policy(change);
                const args = stage.rotated({ allowPendingOutputs: true });
                const run = await stage.stack.up(args);
                assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 1, status]);
                for (const name of CERTIFICATE_OUTPUTS) assert.ok(!(name in stage.state), name);
                await done(stage);
                const next = await stage.stack.up(args);
                assert.deepEqual([next.failure, next.posts, stage.state.status], [undefined, 0, "issued"]);
            },
        );

        scenario(`${who} is waited for with waitForApproval`, async (stage) => {
            stage.policy(change);
            const run = await stage.whileWaiting(
                () => stage.stack.up(stage.shop({ waitForApproval: true })),
                () =>
                    who === "an approver"
                        ? stage.simulator.approve(stage.latest.requestId ?? 0)
                        : done(stage),
            );
            assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 1, "issued"]);
        });
    }

    scenario(
        "an approver who does not come, with waitForApproval, is failure with reasons, the ids saved",
        async (stage) => {
            stage.policy({ approval: "required" });
            const args = stage.shop({ waitForApproval: true, issuanceTimeoutSeconds: 120 });
            const run = await stage.stack.up(args);
            assert.match(run.failure ?? "", new RegExp(`order ${stage.orderId}.*approv.*120 s`, "s"));
            assert.deepEqual(
                [stage.state.status, stage.state.requestIds],
                ["pending_approval", [stage.latest.requestId]],
            );
            await stage.approve();
            const next = await stage.stack.up(args);
            assert.deepEqual([next.failure, next.posts, stage.state.status], [undefined, 0, "issued"]);
        },
    );
});

about(SECTION, "After the POST, issuanceTimeoutSeconds", () => {
    scenario(
        "over is failure with reasons, the ids saved; the next up resumes",
        { tags: ["host"] },
        async (stage) => {
            stage.policy({ issuanceMs: 3_600_000 });
            const args = stage.shop({ issuanceTimeoutSeconds: 0.3 });
            const run = await stage.stack.up(args);
            assert.match(
                run.failure ?? "",
                new RegExp(`order ${stage.orderId}.*0\\.3 s.*issuanceTimeoutSeconds`),
            );
            assert.deepEqual([run.posts, stage.state.status], [1, "pending_issuance"]);
            assert.ok(stage.state.requestIds.length > 0 || stage.state.certificateId !== undefined);
            assert.equal(stage.recorded.initErrors.length, 1);
            const again = await stage.stack.up(args);
            assert.deepEqual([again.did, again.posts], ["update", 0]);
            assert.ok(again.failure);
            stage.simulator.advance(3_600_000);
            const last = await stage.stack.up(args);
            assert.deepEqual([last.failure, last.posts, stage.state.status], [undefined, 0, "issued"]);
            assert.deepEqual(stage.recorded.initErrors, []);
            assert.deepEqual((await stage.stack.up(args)).requests, []);
            assert.equal(stage.reissues.length, 1);
        },
    );

    scenario("over in an update with the same key keeps the old certificate", async (stage) => {
        const old = await stage.issued();
        stage.policy({ issuanceMs: 3_600_000 });
        const run = await stage.stack.up(stage.shop({ triggers: { v: "2" }, issuanceTimeoutSeconds: 1 }));
        assert.ok(run.failure);
        assert.equal(stage.state.certificatePem, old.certificatePem);
    });

    for (const [what, change, status] of [
        ["DigiCert has to issue", { issuanceMs: 3_600_000 }, "pending_issuance"],
        ["an approver is needed", { approval: "required" }, "pending_approval"],
        ["dcvRandomValue is to be published", { domains: "unvalidated" }, "pending_issuance"],
    ] as const) {
        scenario(`0 is success without waiting, where ${what}`, async (stage) => {
            stage.policy(change);
            const args = stage.shop({ issuanceTimeoutSeconds: 0, waitForApproval: true });
            const run = await stage.stack.up(args);
            assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 1, status]);
            assert.equal(stage.state.dcvRandomValue, stage.live.dcvRandomValue);
            assert.ok(run.requests.length <= 6, `${run.requests.length} requests`);
            const next = await stage.stack.up(args);
            assert.deepEqual([next.failure, next.posts, stage.state.status], [undefined, 0, status]);
            assert.equal(stage.state.dcvRandomValue, stage.live.dcvRandomValue);
        });
    }

    for (const allowPendingOutputs of [false, true]) {
        scenario(
            `0 in an update to another key is ${allowPendingOutputs ? "success" : "failure"} with allowPendingOutputs ${allowPendingOutputs}`,
            async (stage) => {
                await stage.issued();
                stage.policy({ issuanceMs: 3_600_000 });
                const run = await stage.stack.up(
                    stage.rotated({ issuanceTimeoutSeconds: 0, allowPendingOutputs }),
                );
                assert.deepEqual([run.failure === undefined, run.posts], [allowPendingOutputs, 1]);
                assert.deepEqual(
                    [stage.state.status, stage.state.certificatePem],
                    ["pending_issuance", undefined],
                );
            },
        );
    }
});

about(SECTION, "After the POST, what was accepted", () => {
    scenario(
        "and is rejected while it is waited for is failure naming the request and the comment",
        async (stage) => {
            stage.policy({ approval: "required" });
            const args = stage.shop({ waitForApproval: true });
            let id = 0;
            const run = await stage.whileWaiting(
                () => stage.stack.up(args),
                () => {
                    id = stage.latest.requestId ?? 0;
                    return stage.simulator.reject(id, "wrong cost centre");
                },
            );
            assert.match(run.failure ?? "", new RegExp(`request ${id}.*reject.*wrong cost centre`));
            assert.deepEqual([run.posts, stage.state.status], [1, "rejected"]);
            const next = await stage.stack.up(args);
            assert.match(next.failure ?? "", /wrong cost centre/);
            assert.deepEqual([next.posts, next.did], [0, "update"]);
        },
    );

    for (const lag of [90, 300]) {
        for (const change of [{ issuanceMs: 30_000 }, { approval: "required" }] as const) {
            scenario(
                `is never forgotten where reads lag behind by ${lag} s (${Object.keys(change).join()})`,
                async (stage) => {
                    await stage.issued();
                    stage.policy(change);
                    await stage.freezeReads();
                    const args = stage.shop({ triggers: { v: "2" } });
                    const run = await stage.stack.up(args);
                    assert.equal(run.posts, 1);
                    const { requestIds, certificateId } = stage.state;
                    assert.ok(requestIds[0] ?? certificateId);
                    stage.simulator.advance(lag * 1000);
                    const lagging = await stage.stack.up(args);
                    assert.equal(lagging.posts, 0, lagging.text);
                    assert.deepEqual(stage.state.requestIds, requestIds);
                    stage.simulator.clearFaults();
                    if ("approval" in change) await stage.approve();
                    const last = await stage.stack.up(args);
                    assert.deepEqual(
                        [last.failure, last.posts, stage.state.status],
                        [undefined, 0, "issued"],
                    );
                    assert.equal(stage.reissues.length, 2);
                },
            );
        }
    }

    scenario(
        "is neither cancelled nor requested anew for a changed program while no read shows it",
        async (stage) => {
            await stage.issued();
            stage.policy({ approval: "none", issuanceMs: 600_000, includeChain: false });
            await stage.freezeReads();
            const args = (v: string) =>
                stage.shop({ skipApproval: true, issuanceTimeoutSeconds: 0, triggers: { v } });
            await stage.stack.up(args("2"));
            stage.simulator.advance(90_000);
            const lagging = await stage.stack.up(args("3"));
            assert.deepEqual(lagging.changing, [], lagging.text);
            assert.match(lagging.failure ?? "", /does not show it yet/);
            stage.simulator.clearFaults();
            const last = await stage.stack.up(args("3"));
            assert.deepEqual([last.failure, last.changing], [undefined, [CANCEL, POST]]);
        },
    );

    for (const issuanceTimeoutSeconds of [0, 20, 60]) {
        scenario(
            `is never forgotten because up waits for ${issuanceTimeoutSeconds} s only and reads lag behind by 3 minutes`,
            async (stage) => {
                await stage.issued();
                const readLagMs = 180_000;
                stage.policy({ approval: "none", readLagMs, includeChain: false });
                const args = stage.shop({ skipApproval: true, issuanceTimeoutSeconds, triggers: { v: "2" } });
                let posts = 0;
                for (let ups = 0; ups < 4; ups++) {
                    const run = await stage.stack.up(args);
                    assert.doesNotMatch(run.text, /knows no reissue/);
                    posts += run.posts;
                    stage.simulator.advance(60_000);
                }
                assert.deepEqual([posts, stage.reissues.length, stage.state.status], [1, 2, "issued"]);
            },
        );
    }

    scenario("is given up only after reads over settleSeconds, once its time is over", async (stage) => {
        await stage.issued();
        stage.policy({ approval: "none", readLagMs: 16 * 60_000, includeChain: false });
        const args = stage.shop({ skipApproval: true, issuanceTimeoutSeconds: 0, triggers: { v: "2" } });
        await stage.stack.up(args);
        stage.simulator.advance(15.5 * 60_000);
        const run = await stage.stack.up(args);
        assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 0, "issued"]);
        assert.equal(stage.reissues.length, 2);
    });

    scenario("keeps its ids where the reads that decide about giving it up fail", async (stage) => {
        await stage.issued();
        stage.policy({ approval: "none", readLagMs: 30 * 60_000, includeChain: false });
        const args = stage.shop({ skipApproval: true, issuanceTimeoutSeconds: 0, triggers: { v: "2" } });
        await stage.stack.up(args);
        const { requestIds, certificateId, reissueId } = stage.state;
        stage.simulator.advance(16 * 60_000);
        const outage = { kind: "html", status: 502 } as const;
        stage.simulator.fault({ method: "GET", path: "*", nth: 3, times: Infinity, ...outage });
        const failed = await stage.stack.up(args);
        assert.match(failed.failure ?? "", /not known what became of the reissue.*ERR_DIGICERT_AMBIGUOUS/s);
        assert.deepEqual(
            [stage.state.status, stage.state.requestIds, stage.state.certificateId, stage.state.reissueId],
            ["pending_issuance", requestIds, certificateId, reissueId],
        );
        stage.simulator.clearFaults();
        stage.simulator.advance(15 * 60_000);
        const last = await stage.stack.up(args);
        assert.deepEqual([last.failure, last.posts, stage.state.status], [undefined, 0, "issued"]);
        assert.equal(stage.reissues.length, 2);
    });

    const denied = {
        kind: "respond",
        status: 403,
        body: errors("access_denied|access_denied_missing_permission", "no"),
    } as const;

    scenario(
        "and was found after a lost answer keeps its ids where a later read fails, and no POST is sent after its rejection",
        async (stage) => {
            await stage.issued();
            stage.policy({ approval: "required", showComments: false });
            const args = stage.shop({ triggers: { v: "2" }, waitForApproval: true });
            stage.loseNextPost("lost-answer");
            await stage.stack.up(args);
            assert.deepEqual([stage.state.status, stage.state.requestIds], ["unknown", []]);
            stage.simulator.clearFaults();
            stage.simulator.fault({ ...to(ORDER), nth: 3, times: Infinity, ...denied });
            const found = await stage.stack.up(args);
            assert.match(found.failure ?? "", /403.*its ids are saved/s);
            const { requestId = 0 } = stage.latest;
            assert.deepEqual([stage.state.status, stage.state.requestIds], ["pending_issuance", [requestId]]);
            stage.simulator.clearFaults();
            // DigiCert does not show any more what was rejected; its id still tells.
            await stage.simulator.reject(requestId, "no budget");
            stage.policy({ listsReissueRequests: false });
            await stage.rewriteList((list) => list.filter(({ status }) => status !== "rejected"));
            for (let ups = 0; ups < 2; ups++) {
                const run = await stage.stack.up(args);
                assert.match(run.failure ?? "", new RegExp(`${requestId}.*rejected.*no budget`));
                assert.equal(run.posts, 0);
            }
        },
    );

    scenario("keeps the token that was requested if a later read fails", async (stage) => {
        await stage.issued();
        stage.policy({ domains: "unvalidated", omitFrom201: ["dcv_random_value"] });
        const args = stage.shop({
            triggers: { v: "2" },
            waitForApproval: true,
            dcvMethod: "dns-txt-token",
        });
        stage.simulator.fault({ ...to(ORDER), nth: 3, times: Infinity, ...denied });
        const run = await stage.stack.up(args);
        assert.match(run.failure ?? "", /403.*its ids are saved/s);
        assert.ok(stage.state.dcvRandomValue);
    });

    for (const [then, value, did] of [
        ["a return to what was last issued", "1", [CANCEL]],
        ["a changed program", "3", [CANCEL, POST]],
    ] as const) {
        scenario(
            `is given up for ${then} only after reads over settleSeconds, once its time is over`,
            async (stage) => {
                const args = (v: string) =>
                    stage.shop({ skipApproval: true, issuanceTimeoutSeconds: 0, triggers: { v } });
                await stage.issued(args("1"));
                const readLagMs = 16 * 60_000;
                stage.policy({ approval: "none", issuanceMs: 3_600_000, includeChain: false, readLagMs });
                await stage.stack.up(args("2"));
                stage.simulator.advance(15.5 * 60_000);
                const run = await stage.stack.up(args(value));
                assert.deepEqual([run.failure, run.changing], [undefined, did]);
            },
        );
    }

    scenario(
        "and may be this resource's is not searched for endlessly while reads contradict each other",
        async (stage) => {
            await stage.issued();
            stage.policy({ domains: "unvalidated", omitFromReads: ["csr", "comments", "requests"] });
            const before = { order: await stage.answer(), list: await stage.answer("/reissue") };
            stage.loseNextPost("lost-answer");
            const args = stage.shop({ triggers: { v: "2" }, skipApproval: true });
            await stage.stack.up(args);
            stage.simulator.clearFaults();
            // Every other read of the order, with the list that follows, comes from a server that lags behind.
            let reads = 0;
            stage.simulator.chooseFaults((method, path) => {
                if (method !== "GET") return undefined;
                if (/certificate\/\d+$/.test(path)) reads += 1;
                if (reads % 2 === 0) return undefined;
                const body = path.endsWith("/reissue") ? before.list : before.order;
                return { kind: "respond", status: 200, body };
            });
            const run = await stage.stack.up(args);
            assert.match(run.failure ?? "", /contradict each other.*\(ERR_DIGICERT_AMBIGUOUS\)/s);
            assert.deepEqual([run.posts, stage.state.status], [0, "unknown"]);
        },
    );

    for (const status of ["issued", "processing", "needs_approval", "frozen"]) {
        scenario(`stays this resource's while it is pending and the order says ${status}`, async (stage) => {
            await stage.pending(stage.shop({ triggers: { v: "2" } }));
            const { requestIds } = stage.state;
            stage.policy({ orderStatus: status });
            const run = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
            assert.equal(run.posts, 0);
            assert.match(stage.state.status, /^pending_/);
            assert.deepEqual(stage.state.requestIds, requestIds);
            stage.policy({ orderStatus: undefined });
            await stage.approve();
            const last = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
            assert.deepEqual([last.failure, last.posts, stage.state.status], [undefined, 0, "issued"]);
        });
    }

    scenario(
        "stays this resource's if the key may not read requests, and the message says what could not be read",
        async (stage) => {
            await stage.issued();
            stage.policy({ approval: "required", omitFromReads: ["requests"] });
            const body = errors("access_denied|access_denied_missing_permission", "no");
            const forbidden = { method: "GET", path: "/request/*", times: Infinity } as const;
            stage.simulator.fault({ ...forbidden, kind: "respond", status: 403, body });
            for (const posts of [1, 0]) {
                const waiting = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
                assert.equal(waiting.posts, posts);
                const unread = `request ${stage.requestId} cannot be read with this API key`;
                assert.match(waiting.failure ?? "", new RegExp(`${unread}, so it may wait for an approver`));
                assert.match(waiting.failure ?? "", /\(ERR_DIGICERT_PENDING\)/);
                const told = waiting.lines.filter((line) => /waiting for .* s so far/.test(line));
                assert.ok(told.length > 0 && told.every((line) => line.includes(unread)), waiting.text);
                assert.match(stage.state.status, /^pending_/);
            }
            await stage.approve();
            const last = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
            assert.deepEqual([last.failure, last.posts, stage.state.status], [undefined, 0, "issued"]);
        },
    );

    scenario(
        "and was rejected is reported if the key may not read requests, and that they could not be read",
        async (stage) => {
            await stage.pending(stage.shop({ triggers: { v: "2" } }));
            await stage.simulator.reject(stage.requestId, "no budget");
            const body = {
                errors: [{ code: "access_denied|access_denied_missing_permission", message: "no" }],
            };
            const forbidden = { method: "GET", path: "/request/*", times: Infinity } as const;
            stage.simulator.fault({ ...forbidden, kind: "respond", status: 403, body });
            const run = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
            assert.match(run.failure ?? "", /reject.*(403|could not be read)/s);
            assert.deepEqual([run.posts, stage.state.status], [0, "rejected"]);
        },
    );

    for (const [what, policy] of Object.entries<Partial<OrderPolicy>>({
        "another hash than the requested one": { reportedHash: "sha384" },
        "names that DigiCert adds": { addsNames: ["www.shop.example", "odd.example"] },
    })) {
        scenario(`with ${what} causes nothing, in up and in refresh`, async (stage) => {
            stage.policy(policy);
            const before = await stage.issued();
            for (const command of ["up", "refresh", "up"] as const) {
                const run = await (command === "up" ? stage.stack.up(stage.shop()) : stage.stack.refresh());
                assert.deepEqual([run.did, run.posts, run.failure], ["nothing", 0, undefined]);
            }
            assert.deepEqual(stage.state, before);
        });
    }

    scenario("with a hash and names that DigiCert chose is recognised when it is issued", async (stage) => {
        stage.policy({ approval: "required", reportedHash: "sha512", addsNames: ["www.shop.example"] });
        await stage.stack.up(stage.shop());
        await stage.approve();
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 0, "issued"]);
        assert.deepEqual((await stage.stack.up(stage.shop())).requests, []);
    });

    scenario(
        "and was revoked before it was seen as issued fails once and says so; the next up asks for a new one",
        async (stage) => {
            stage.policy({ approval: "required" });
            await stage.stack.up(stage.shop());
            await stage.approve();
            stage.simulator.revoke(stage.live.current.certificateId);
            const run = await stage.stack.up(stage.shop());
            assert.match(run.failure ?? "", /revoked/);
            assert.deepEqual([run.posts, stage.state.status], [0, "revoked"]);
            stage.policy({ approval: "auto" });
            const next = await stage.stack.up(stage.shop());
            assert.deepEqual([next.failure, next.posts, stage.state.status], [undefined, 1, "issued"]);
        },
    );
});

about(SECTION, "reissueId", () => {
    scenario("changes with each accepted reissue, and with nothing else", async (stage) => {
        const first = await stage.issued(stage.shop({ triggers: { v: "1" } }));
        assert.ok(first.reissueId);
        await stage.stack.up(stage.shop({ triggers: { v: "1" }, comments: "recorded" }));
        assert.equal(stage.state.reissueId, first.reissueId);
        await stage.stack.refresh();
        assert.equal(stage.state.reissueId, first.reissueId);
        stage.policy({ approval: "required" });
        await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
        const { reissueId } = stage.state;
        assert.ok(reissueId && reissueId !== first.reissueId, "it is known at the POST");
        await stage.approve();
        await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
        assert.deepEqual([stage.state.status, stage.state.reissueId], ["issued", reissueId]);
    });

    scenario(
        "changes with a certificate that is adopted, followed by refresh, taken over or restored",
        async (stage) => {
            await stage.useOwnOrder();
            const seen = new Set<string | undefined>();
            await stage.stack.up(stage.shop({ adoptExisting: true }));
            seen.add(stage.state.reissueId);
            stage.simulator.autoReissue(stage.orderId);
            await stage.stack.refresh();
            seen.add(stage.state.reissueId);
            stage.advanceDays(175);
            await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
            await stage.stack.up(stage.shop({ adoptExisting: true }));
            seen.add(stage.state.reissueId);
            stage.policy({ approval: "required" });
            await stage.stack.up(stage.shop({ adoptExisting: true, triggers: { v: "2" } }));
            seen.add(stage.state.reissueId);
            await stage.stack.up(stage.shop({ adoptExisting: true }));
            seen.add(stage.state.reissueId);
            assert.ok(seen.size >= 4 && !seen.has(undefined), [...seen].join());
        },
    );

    scenario("stays where the answer to the POST is lost and no id is known", async (stage) => {
        const { reissueId } = await stage.issued(stage.shop({ triggers: { v: "1" } }));
        stage.loseNextPost();
        await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
        assert.deepEqual([stage.state.status, stage.state.reissueId], ["unknown", reissueId]);
        stage.simulator.clearFaults();
        await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
        assert.deepEqual([stage.state.status, stage.state.reissueId], ["unknown", reissueId]);
        const run = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
        assert.deepEqual([run.posts, stage.state.status], [1, "issued"]);
        assert.notEqual(stage.state.reissueId, reissueId);
    });

    scenario("is filled in without a POST where a state has none", async (stage) => {
        await stage.issued();
        const { outputs, ...rest } = stage.recorded;
        const { reissueId, ...older } = outputs;
        await stage.stack.restore({ ...rest, outputs: older });
        await stage.stack.refresh();
        const up = await stage.stack.up(stage.shop({ comments: "recorded" }));
        assert.deepEqual([up.failure, up.posts], [undefined, 0]);
        assert.ok(stage.state.reissueId);
        assert.notEqual(reissueId, undefined);
    });
});
