/** The contract: one rule recognises the reissue of this resource, everywhere. */
import assert from "node:assert/strict";
import { CANCEL, DOWNLOAD, errors, LIST, ORDER, REVOKE, to } from "../drivers/requests.js";
import type { Props } from "../drivers/driver.js";
import { about, scenario } from "../drivers/scenario.js";
import type { Stage } from "../drivers/stage.js";

const SECTION = "contract: recognising the reissue";

const v = (stage: Stage, value: string, more: Props = {}) => stage.shop({ triggers: { v: value }, ...more });
/** The stack holds the order's own certificate; reissues wait for an approver. */
const adopted = async (stage: Stage): Promise<void> => {
    await stage.useOwnOrder({ policy: { approval: "required" } });
    await stage.stack.up(stage.shop({ adoptExisting: true }));
};
const made = (stage: Stage) => stage.reissues.map(({ status }) => status);

about(SECTION, "An earlier reissue that was rejected or cancelled says nothing about a later one:", () => {
    scenario(
        "this resource cancelled it, and the POST after it got a 502 and made nothing",
        { tags: ["longCli"] },
        async (stage) => {
            await adopted(stage);
            await stage.stack.up(v(stage, "2"));
            stage.faultPost({ kind: "html", status: 502 });
            const run = await stage.stack.up(v(stage, "3"));
            assert.deepEqual(
                [run.failure, run.posts, stage.state.status],
                [undefined, 2, "pending_approval"],
            );
            assert.deepEqual(made(stage), ["rejected", "pending"]);
        },
    );

    scenario(
        "it was rejected, and the POST after it is committed late: the later reissue is found, and nothing is made twice",
        async (stage) => {
            await adopted(stage);
            await stage.stack.up(v(stage, "2"));
            await stage.simulator.reject(stage.requestId);
            await stage.stack.up(v(stage, "2"));
            stage.policy({ approval: "auto" });
            stage.faultPost({ kind: "delayed-commit", ms: 3000 });
            const run = await stage.stack.up(v(stage, "3"));
            assert.deepEqual(
                [run.failure, stage.state.status, made(stage)],
                [undefined, "issued", ["rejected", "issued"]],
            );
            assert.equal(stage.state.certificateId, stage.latest.certificateId);
        },
    );

    scenario(
        "a colleague's was cancelled, and months later the POST for a due certificate gets a 503: renewal goes on",
        async (stage) => {
            await adopted(stage);
            await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, pending: "approval" });
            stage.simulator.cancelReissue(stage.orderId);
            stage.policy({ approval: "auto" });
            stage.advanceDays(175);
            stage.faultPost({ kind: "html", status: 503 });
            const run = await stage.stack.up(stage.shop({ adoptExisting: true }));
            assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 2, "issued"]);
        },
    );

    for (const status of ["issued", "processing", "needs_approval"]) {
        scenario(
            `another resource's was rejected while this resource's, whose request is known, is pending, and the order says ${status}`,
            async (stage) => {
                await adopted(stage);
                await stage.simulator.reissueInConsole(stage.orderId, {
                    csr: stage.csr,
                    pending: "approval",
                });
                stage.simulator.cancelReissue(stage.orderId);
                await stage.stack.up(v(stage, "2"));
                stage.policy({ orderStatus: status });
                const run = await stage.stack.up(v(stage, "2"));
                assert.deepEqual([run.posts, stage.state.status], [0, "pending_approval"]);
            },
        );
    }

    scenario("and a destroy with cancelPending cancels the one that was committed late", async (stage) => {
        await adopted(stage);
        const more = { deletionPolicy: "cancelPending" };
        await stage.stack.up(v(stage, "2", more));
        await stage.simulator.reject(stage.requestId);
        await stage.stack.up(v(stage, "2", more));
        stage.faultPost({ kind: "delayed-commit", ms: 3000 });
        await stage.stack.up(v(stage, "3", more));
        const run = await stage.stack.destroy();
        assert.deepEqual([run.changing, made(stage)], [[CANCEL], ["rejected", "rejected"]]);
    });
});

about(SECTION, "Once a request or certificate id is known, it alone decides:", () => {
    /** Ours was approved and issued since the last run; a colleague's with our CSR waits for approval now. */
    const overtaken = async (
        stage: Stage,
        more: Props = {},
    ): Promise<{ ours: number; colleague: number }> => {
        await adopted(stage);
        await stage.stack.up(v(stage, "2", more));
        await stage.approve();
        const ours = stage.latest.certificateId;
        const comments = "Alice, CHG-4711";
        await stage.simulator.reissueInConsole(stage.orderId, {
            csr: stage.csr,
            pending: "approval",
            comments,
        });
        return { ours, colleague: stage.latest.certificateId };
    };
    const statusOf = (stage: Stage, id: number) =>
        stage.live.certificates.find(({ certificateId }) => certificateId === id)?.status;

    scenario(
        "this resource's issued certificate is taken, although a colleague's with the same CSR is pending",
        { tags: ["longCli"] },
        async (stage) => {
            const { ours, colleague } = await overtaken(stage);
            const run = await stage.stack.up(v(stage, "2"));
            assert.deepEqual([run.failure, run.changing], [undefined, []]);
            assert.deepEqual([stage.state.status, stage.state.issuedCertificateId], ["issued", ours]);
            assert.equal(statusOf(stage, colleague), "pending");
        },
    );

    scenario(
        "a change of the program neither cancels a colleague's request with our CSR nor POSTs",
        async (stage) => {
            const { colleague } = await overtaken(stage);
            const run = await stage.stack.up(v(stage, "3"));
            assert.match(run.failure ?? "", /pending/);
            assert.deepEqual([run.changing, statusOf(stage, colleague)], [[], "pending"]);
        },
    );

    scenario(
        "the way back to what was issued before neither cancels a colleague's request",
        async (stage) => {
            const { colleague } = await overtaken(stage);
            await stage.stack.up(stage.shop({ adoptExisting: true }));
            assert.equal(statusOf(stage, colleague), "pending");
        },
    );

    scenario(
        "a pending certificate with another id is a colleague's, although its CSR is not shown",
        async (stage) => {
            const args = (value: string) =>
                v(stage, value, { skipApproval: true, issuanceTimeoutSeconds: 0 });
            await stage.issued(args("1"));
            stage.policy({ approval: "none", domains: "unvalidated", omitFromReads: ["csr"] });
            await stage.stack.up(args("2"));
            stage.simulator.cancelReissue(stage.orderId);
            await stage.simulator.reissueInConsole(stage.orderId, { pending: "validation" });
            await stage.rewriteList((list) => list.filter(({ status }) => status !== "rejected"));
            const run = await stage.stack.up(args("3"));
            assert.match(run.failure ?? "", /a reissue of somebody else is pending/);
            assert.deepEqual([run.changing, stage.latest.status], [[], "pending"]);
        },
    );

    scenario("a destroy with revoke leaves a colleague's request alone", async (stage) => {
        const { ours, colleague } = await overtaken(stage, { deletionPolicy: "revoke", skipApproval: false });
        const env = {
            DIGICERT_CONFIRM_REVOKE: stage.live.certificates.map(({ certificateId }) => certificateId).join(),
        };
        const run = await stage.stack.destroy({ env });
        assert.ok(!run.changing.includes(CANCEL), run.changing.join());
        assert.equal(statusOf(stage, colleague), "pending");
        if (run.failure === undefined) assert.deepEqual(run.changing, [REVOKE]);
        const revocations = run.recorded
            .filter(({ method }) => method === "PUT")
            .map(({ pathname }) => pathname);
        for (const path of revocations) assert.match(path, new RegExp(`/certificate/${ours}/revoke$`));
    });

    scenario(
        "this resource's was rejected and a colleague resubmits the CSR: up reports the rejection, a destroy leaves the colleague's alone",
        async (stage) => {
            await adopted(stage);
            const more = { deletionPolicy: "cancelPending" };
            await stage.stack.up(v(stage, "2", more));
            await stage.simulator.reject(stage.requestId, "wrong cost centre");
            await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, pending: "approval" });
            const run = await stage.stack.up(v(stage, "2", more));
            assert.match(run.failure ?? "", /wrong cost centre/);
            assert.deepEqual([run.posts, stage.state.status], [0, "rejected"]);
            const gone = await stage.stack.destroy();
            assert.deepEqual([gone.changing, stage.latest.status], [[], "pending"]);
        },
    );

    scenario(
        "a pending reissue of somebody else that took the place of this resource's is never cancelled",
        async (stage) => {
            await adopted(stage);
            await stage.stack.up(v(stage, "2"));
            await stage.simulator.reject(stage.requestId);
            await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
            const run = await stage.stack.up(v(stage, "3"));
            assert.match(run.failure ?? "", /pending/);
            assert.deepEqual(run.changing, []);
        },
    );

    scenario(
        "a pending reissue of somebody else stops a create, although an earlier one of this resource was issued",
        async (stage) => {
            const { colleague } = await overtaken(stage);
            await stage.stack.restore(undefined);
            stage.simulator.cancelReissue(stage.orderId);
            await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
            const run = await stage.stack.up(stage.shop({ issuanceTimeoutSeconds: 0 }));
            assert.match(run.failure ?? "", /pending/);
            assert.deepEqual([run.posts, statusOf(stage, colleague)], [0, "rejected"]);
        },
    );
});

about(SECTION, "What was there before a POST can never be its result:", () => {
    const long = "2026-01-01T00:00:00+00:00";
    // JSON leaves out what is undefined.
    const dates: Record<string, Props> = {
        "date_issued is that of the first issuance": { date_issued: long },
        "date_issued is absent and date_created that of the order": {
            date_issued: undefined,
            date_created: long,
        },
        "there are no dates at all": { date_issued: undefined, date_created: undefined },
    };
    for (const [what, change] of Object.entries(dates)) {
        scenario(
            `a POST that was dropped is not found as an older certificate with the same CSR, where ${what}`,
            { tags: what.startsWith("date_issued is that") ? ["longCli"] : [] },
            async (stage) => {
                await stage.issued(v(stage, "1"));
                stage.advanceDays(3);
                await stage.stack.up(v(stage, "2"));
                stage.advanceDays(3);
                await stage.rewriteOrder(
                    (order) => ({ ...order, certificate: { ...(order.certificate as Props), ...change } }),
                    { times: 4 },
                );
                stage.faultPost({ kind: "dropped" });
                const run = await stage.stack.up(v(stage, "3"));
                assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 2, 3]);
                assert.equal(stage.state.certificateId, stage.latest.certificateId);
            },
        );
    }

    scenario(
        "a POST that was dropped is not found as the last reissue, where the read before it lagged behind",
        async (stage) => {
            await stage.issued(v(stage, "1"));
            const late = await stage.answer();
            await stage.issued(v(stage, "2"));
            stage.simulator.fault({ ...to(ORDER), kind: "respond", status: 200, body: late });
            stage.faultPost({ kind: "dropped" });
            const run = await stage.stack.up(v(stage, "3"));
            assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 2, 3]);
            assert.equal(stage.state.certificateId, stage.latest.certificateId);
        },
    );

    scenario(
        "the answer to a POST that names the certificate before it does not make it so",
        async (stage) => {
            const { certificateId } = await stage.issued(v(stage, "1"));
            stage.policy({ approval: "required" });
            stage.faultPost({ kind: "replace-members", members: { certificate_id: certificateId } });
            await stage.stack.up(v(stage, "2"));
            assert.deepEqual(
                [stage.state.status, stage.state.certificateId],
                ["pending_approval", undefined],
            );
            await stage.approve();
            const run = await stage.stack.up(v(stage, "2"));
            assert.deepEqual([run.posts, stage.state.certificateId], [0, stage.latest.certificateId]);
        },
    );

    scenario("the answer to a POST that lists earlier requests too tells the new one", async (stage) => {
        const [earlier = 0] = (await stage.issued(v(stage, "1"))).requestIds;
        stage.policy({ approval: "required" });
        const requests = [{ id: earlier }, { id: earlier + 1 }];
        stage.faultPost({ kind: "replace-members", members: { requests } });
        await stage.stack.up(v(stage, "2"));
        assert.deepEqual(
            [stage.state.status, stage.state.requestIds],
            ["pending_approval", [stage.latest.requestId]],
        );
    });

    scenario(
        "an earlier reissue does not count as the new one if dates and comments are not shown",
        async (stage) => {
            await stage.useOrder({ policy: { omitFromReads: ["date_created", "comments"] } });
            await stage.stack.up(stage.shop());
            const first = stage.state.certificateId;
            await stage.stack.up(v(stage, "2"));
            stage.advanceDays(2);
            stage.faultPost({ kind: "dropped" });
            await stage.stack.up(v(stage, "3"));
            assert.deepEqual([stage.reissues.length, stage.state.status], [3, "issued"]);
            assert.notEqual(stage.state.certificateId, first);
        },
    );
});

/** Members that CertCentral is said to leave out now and then, for some products or roles. */
for (const omitFromReads of [
    ["csr"],
    ["csr", "comments"],
    ["date_created"],
    ["dns_names"],
    ["dns_names", "csr"],
    ["requests"],
]) {
    about(SECTION, `Answers without ${omitFromReads.join(" and ")}`, () => {
        scenario("do not hide a reissue whose answer was lost", async (stage) => {
            stage.policy({ omitFromReads });
            stage.faultPost({ kind: "lost-answer" });
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual(
                [run.failure, stage.reissues.length, stage.state.status],
                [undefined, 1, "issued"],
            );
        });

        scenario("do not hide a create whose state was lost", async (stage) => {
            stage.policy({ omitFromReads });
            await stage.stack.up(stage.shop());
            await stage.stack.restore(undefined);
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual(
                [run.failure, stage.reissues.length, stage.state.status],
                [undefined, 1, "issued"],
            );
        });

        scenario("do not make a refresh see drift", async (stage) => {
            stage.policy({ omitFromReads });
            const before = await stage.issued();
            assert.equal((await stage.stack.refresh()).did, "nothing");
            assert.deepEqual(stage.state, before);
        });
    });
}

about(SECTION, "A killed update is found again,", () => {
    for (const [what, comments] of Object.entries({
        empty: { showComments: false, blank: true },
        absent: { showComments: false, blank: false },
    })) {
        scenario(`where skipApproval was sent and comments are ${what}, within 24 hours`, async (stage) => {
            stage.policy({ showComments: comments.showComments });
            const members = { comments: "" };
            if (comments.blank)
                stage.simulator.fault({
                    method: "GET",
                    path: "*",
                    times: Infinity,
                    kind: "extra-members",
                    members,
                });
            await stage.issued(v(stage, "1", { skipApproval: true }));
            const saved = stage.recorded;
            await stage.stack.up(v(stage, "2", { skipApproval: true }));
            await stage.stack.restore(saved);
            const run = await stage.stack.up(v(stage, "2", { skipApproval: true }));
            assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 0, 2]);
        });
    }

    scenario("where its comment was cut off by DigiCert", async (stage) => {
        await stage.issued(stage.shop());
        const saved = stage.recorded;
        await stage.stack.up(stage.rotated({ comments: "x".repeat(250) }));
        await stage.stack.restore(saved);
        await stage.rewriteOrder((order) => ({
            ...order,
            requests: (order.requests as Props[]).map((one) => ({ ...one, comments: "x".repeat(250) })),
        }));
        const run = await stage.stack.up(stage.rotated({ comments: "x".repeat(250) }));
        assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 0, 2]);
    });

    // With the real CLI, and really killed: test/stress/crash.spec.ts.
    scenario("for a new key also on Monday after it was killed on Friday", async (stage) => {
        stage.policy({ showComments: false });
        await stage.issued(stage.shop({ skipApproval: true }));
        const saved = stage.recorded;
        await stage.stack.up(stage.rotated({ skipApproval: true }));
        await stage.stack.restore(saved);
        stage.advanceDays(3);
        const run = await stage.stack.up(stage.rotated({ skipApproval: true }));
        assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 0, 2]);
    });

    scenario("where the state is restored from an export one reissue old, comments hidden", async (stage) => {
        stage.policy({ showComments: false });
        await stage.issued(stage.shop());
        const saved = stage.recorded;
        await stage.stack.up(stage.rotated());
        stage.advanceDays(40);
        await stage.stack.restore(saved);
        const run = await stage.stack.up(stage.rotated());
        assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 0, 2]);
    });
});

about(SECTION, "A copy of the POST that arrives late, and replaces the request that is waited for,", () => {
    /** Requests a reissue, and sends its POST once more, as a network does that has delayed a copy. */
    const replaced = async (stage: Stage, args: Props): Promise<void> => {
        await stage.pending(args);
        await repeatPost(stage);
        await stage.simulator.approve(stage.live.requests.at(-1)?.requestId ?? 0);
        assert.deepEqual(made(stage), ["issued", "rejected", "issued"]);
    };
    const repeatPost = async (stage: Stage): Promise<void> => {
        const post = stage.simulator.requests.findLast(({ method }) => method === "POST");
        assert.ok(post);
        const { status } = await fetch(new URL(post.path, stage.simulator.baseUrl), {
            method: "POST",
            headers: { "X-DC-DEVKEY": stage.simulator.apiKey, "Content-Type": "application/json" },
            body: JSON.stringify(post.body),
        });
        assert.equal(status, 201);
    };
    const options = { simulator: { secondReissue: "replace" } } as const;

    scenario("is followed by its marker, without a POST", options, async (stage) => {
        const args = v(stage, "2");
        await replaced(stage, args);
        const run = await stage.stack.up(args);
        assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 0, "issued"]);
        assert.equal(stage.state.certificateId, stage.latest.certificateId);
        assert.equal((await stage.stack.up(args)).requests.length, 0);
    });

    scenario("is waited for where the first certificate is known", options, async (stage) => {
        await stage.issued();
        stage.policy({ approval: "required", certificateIdBeforeApproval: true });
        const args = v(stage, "2");
        await stage.stack.up(args);
        assert.ok(stage.state.certificateId);
        await repeatPost(stage);
        for (let ups = 0; ups < 2; ups++) {
            const run = await stage.stack.up(args);
            assert.deepEqual(
                [run.failure, run.posts, stage.state.status],
                [undefined, 0, "pending_approval"],
            );
        }
        await stage.approve();
        const last = await stage.stack.up(args);
        assert.deepEqual(
            [last.failure, last.posts, stage.state.certificateId],
            [undefined, 0, stage.latest.certificateId],
        );
    });

    scenario("is followed by a refresh, where its comments are hidden", options, async (stage) => {
        stage.policy({ showComments: false });
        const args = v(stage, "2");
        await replaced(stage, args);
        const run = await stage.stack.up(args);
        assert.match(run.failure ?? "", /rejected or cancelled/);
        assert.equal(run.posts, 0);
        await stage.stack.refresh();
        const next = await stage.stack.up(args);
        assert.deepEqual([next.failure, next.posts, stage.state.status], [undefined, 0, "issued"]);
        assert.equal(stage.state.certificateId, stage.latest.certificateId);
    });
});

about(SECTION, "A foreign reissue never counts as the change that the program wants:", () => {
    for (const [what, change] of Object.entries<Props>({
        triggers: { triggers: { v: "2" } },
        "the CA": { certificate: { caCertId: "ABC" } },
        "additional parameters": { additionalParameters: { certificate: { cert_validity: { days: 30 } } } },
    })) {
        scenario(
            `DigiCert's auto-reissue 20 hours ago does not stand in for ${what}, comments absent`,
            async (stage) => {
                stage.policy({ showComments: false });
                await stage.issued();
                stage.advanceDays(30);
                stage.simulator.autoReissue(stage.orderId);
                stage.simulator.advance(20 * 3_600_000);
                const run = await stage.stack.up(stage.shop(change));
                assert.deepEqual([run.failure, run.posts], [undefined, 1]);
            },
        );
    }
});

about(SECTION, "An order whose status is odd", () => {
    for (const orderStatus of ["issued", "processing"]) {
        scenario(
            `(${orderStatus}) while this resource's reissue is pending has it cancelled before another POST`,
            async (stage) => {
                await stage.pending(v(stage, "2"));
                stage.policy({ orderStatus });
                const run = await stage.stack.up(v(stage, "3"));
                stage.policy({ orderStatus: undefined });
                if (run.failure !== undefined) await stage.stack.up(v(stage, "3"));
                assert.deepEqual(made(stage), ["issued", "rejected", "pending"]);
            },
        );
    }

    scenario("a cancellation that is answered 200 with text counts as done", async (stage) => {
        await stage.pending(v(stage, "2", { deletionPolicy: "cancelPending" }));
        const headers = { "content-type": "text/plain" };
        stage.faultCancel({ kind: "respond", status: 200, body: "OK", headers, commit: true });
        const run = await stage.stack.destroy();
        assert.deepEqual(
            [run.failure, stage.isEmpty, made(stage)],
            [undefined, true, ["issued", "rejected"]],
        );
    });
});

about(SECTION, "A foreign pending reissue is named", () => {
    scenario("without the comment of a stack whose comments are secret", async (stage) => {
        await stage.issued();
        stage.policy({ approval: "required" });
        await stage
            .newStack()
            .up(stage.rotated({ comments: "S3cretCommentValue", identity: "project/dev/other" }));
        await stage.stack.restore(undefined);
        const run = await stage.stack.up(
            stage.shop({ certificate: { commonName: "shop.example", csr: stage.csr }, triggers: { v: "9" } }),
        );
        assert.match(run.failure ?? "", new RegExp(`pending.*${stage.latest.requestId ?? "?"}`));
        assert.doesNotMatch(run.text, /S3cretCommentValue/);
    });
});

about(SECTION, "A pending reissue of an interrupted run that the state does not show", () => {
    scenario("is named as such where the program wants another certificate by now", async (stage) => {
        await stage.issued(v(stage, "1"));
        const saved = stage.recorded;
        stage.policy({ approval: "required" });
        await stage.stack.up(v(stage, "2"));
        await stage.stack.restore(saved);
        const run = await stage.stack.up(v(stage, "3"));
        assert.match(run.failure ?? "", /which an interrupted run of this resource requested/);
        assert.deepEqual([run.changing, stage.latest.status], [[], "pending"]);
        assert.equal(
            (await stage.stack.up(v(stage, "2"))).failure,
            undefined,
            "the earlier program follows it",
        );
    });
});

about(SECTION, "A key that may not read what is listed", () => {
    const refuseList = (stage: Stage): void => {
        const body = errors("access_denied|access_denied_missing_permission", "no");
        stage.simulator.fault({ ...to(LIST), times: Infinity, kind: "respond", status: 403, body });
    };

    scenario("(403 for the list of reissues) fails an up before a POST, and says so", async (stage) => {
        await stage.pending(v(stage, "2"));
        // With a rejected request on the order, a POST needs the list.
        await stage.simulator.reject(stage.requestId);
        await stage.stack.up(v(stage, "2"));
        refuseList(stage);
        const run = await stage.stack.up(v(stage, "3"));
        assert.match(run.failure ?? "", /^Listing the reissues of order \d+: .*403.*permission/);
        assert.equal(run.posts, 0);
        stage.simulator.clearFaults();
        const next = await stage.stack.up(v(stage, "3"));
        assert.deepEqual([next.failure, next.posts], [undefined, 1]);
    });

    scenario(
        "(403 for the list of reissues) leaves the outcome of a POST without an answer unknown, and says so",
        async (stage) => {
            await stage.issued();
            refuseList(stage);
            stage.faultPost({ kind: "dropped" });
            const run = await stage.stack.up(v(stage, "2"));
            assert.match(run.failure ?? "", /cannot be read: Listing the reissues of order \d+: .*403/);
            assert.deepEqual([run.posts, stage.state.status], [1, "unknown"]);
            stage.simulator.clearFaults();
            assert.match((await stage.stack.up(v(stage, "2"))).failure ?? "", /knows no reissue/);
            const next = await stage.stack.up(v(stage, "2"));
            assert.deepEqual([next.failure, next.posts, stage.reissues.length], [undefined, 1, 2]);
        },
    );
});

about(SECTION, "Where an order tells no CSR and shows what is pending as its certificate,", () => {
    /** The certificate is due, and a colleague's reissue with another key waits for an approver; nothing tells whose it is. */
    const dueWhileColleagueWaits = async (stage: Stage, more = {}): Promise<void> => {
        stage.policy({
            omitFromReads: ["csr"],
            showComments: false,
            certificateWhilePending: "pending",
            listsPrimary: true,
            ...more,
        });
        await stage.issued();
        await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
        stage.advanceDays(175);
    };
    const granted = async (stage: Stage): Promise<void> => {
        const [request] = stage.live.requests.filter(({ status }) => status === "pending");
        await stage.simulator.approve(request?.requestId ?? 0);
    };

    scenario(
        "what was issued before is never the result of a pending reissue that may be the resource's",
        async (stage) => {
            await dueWhileColleagueWaits(stage);
            const before = stage.state.certificateId;
            await stage.stack.up(stage.shop());
            assert.deepEqual(
                [stage.state.status, stage.state.certificateId],
                ["pending_approval", undefined],
            );
            await granted(stage);
            assert.match((await stage.stack.up(stage.shop())).failure ?? "", /knows no reissue/);
            await stage.stack.up(stage.shop());
            assert.equal(stage.state.status, "issued");
            assert.ok(Number(stage.state.certificateId) > Number(before));
            assert.equal(stage.reissues.length, 2);
        },
    );

    scenario("a wrong download does not make a colleague's certificate the resource's", async (stage) => {
        await dueWhileColleagueWaits(stage, { downloadGives: "previous", wrongDownloads: 1 });
        await stage.stack.up(stage.shop());
        await granted(stage);
        await stage.stack.up(stage.shop());
        await stage.stack.up(stage.shop());
        assert.deepEqual(
            [stage.state.status, stage.state.certificateId],
            ["issued", stage.latest.certificateId],
        );
        assert.equal(stage.reissues.length, 2);
    });
});

about(SECTION, "A certificate that cannot be read and may be the requested one", () => {
    scenario("after a lost answer leaves the outcome unknown, and no POST is repeated", async (stage) => {
        await stage.issued();
        stage.policy({ omitFromReads: ["csr"], showComments: false, issuanceMs: 0 });
        stage.faultPost({ kind: "lost-answer" });
        const body = errors("certificate_not_ready", "no");
        stage.simulator.fault({ ...to(DOWNLOAD), times: Infinity, kind: "respond", status: 404, body });
        const run = await stage.stack.up(stage.rotated());
        assert.match(run.failure ?? "", /certificate \d+, which may be its result, cannot be read/);
        assert.deepEqual([run.posts, stage.state.status], [1, "unknown"]);
        stage.simulator.clearFaults();
        const next = await stage.stack.up(stage.rotated());
        assert.deepEqual([next.posts, stage.state.status, stage.reissues.length], [0, "issued", 2]);
    });

    scenario(
        "after a lost answer is not forgotten by a return to what was last issued, which requests that again",
        async (stage) => {
            await stage.issued();
            stage.policy({ omitFromReads: ["csr"], showComments: false, issuanceMs: 0 });
            stage.faultPost({ kind: "lost-answer" });
            const body = errors("certificate_not_ready", "no");
            stage.simulator.fault({ ...to(DOWNLOAD), times: Infinity, kind: "respond", status: 404, body });
            await stage.stack.up(stage.rotated());
            const run = await stage.stack.up(stage.shop());
            assert.match(run.failure ?? "", /certificate \d+, which may be its result, cannot be read/);
            assert.deepEqual([run.changing, stage.state.status], [[], "unknown"]);
            stage.simulator.clearFaults();
            const next = await stage.stack.up(stage.shop());
            assert.deepEqual(
                [next.failure, next.posts, stage.state.status, stage.reissues.length],
                [undefined, 1, "issued", 3],
            );
        },
    );

    scenario("after a killed create prevents a POST, and says so", async (stage) => {
        stage.policy({ omitFromReads: ["csr"] });
        await stage.issued();
        await stage.stack.restore(undefined);
        const body = errors("certificate_not_ready", "no");
        stage.simulator.fault({ ...to(DOWNLOAD), times: Infinity, kind: "respond", status: 404, body });
        const run = await stage.stack.up(stage.shop());
        assert.match(run.failure ?? "", /certificate \d+ of the order cannot be read/);
        stage.simulator.clearFaults();
        await stage.stack.up(stage.shop());
        assert.deepEqual([stage.state.status, stage.reissues.length], ["issued", 1]);
    });
});

about(SECTION, "A list without a known status", () => {
    scenario(
        "does not make an older certificate a pending one, whose colleague's is followed",
        async (stage) => {
            await stage.issued();
            await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
            stage.advanceDays(175);
            await stage.rewriteList((list) => list.map((one) => ({ ...one, status: "frozen" })));
            const run = await stage.stack.up(stage.shop());
            assert.match(run.failure ?? "", /a reissue of somebody else is pending/);
            assert.equal(stage.state.status, "issued");
        },
    );
});

about(SECTION, "An order whose certificate has a status that is not known", () => {
    scenario("is not reissued, and the status is named", async (stage) => {
        await stage.issued(v(stage, "1"));
        await stage.rewriteOrder((order) => ({
            ...order,
            certificate: { ...(order.certificate as Props), status: "archived" },
        }));
        const run = await stage.stack.up(v(stage, "2"));
        assert.match(run.failure ?? "", /certificate \d+ \(status "archived"\)/);
        assert.equal(run.posts, 0);
    });
});

about(SECTION, "An order with an unknown status", () => {
    scenario(
        "stops a return to what was last issued, and nothing is cancelled or requested",
        async (stage) => {
            await stage.pending(stage.rotated({ allowPendingOutputs: true }));
            stage.policy({ certificateWhilePending: "pending" });
            stage.simulator.fault({
                ...to(ORDER),
                times: Infinity,
                kind: "unknown-status",
                status: "ISSUED",
            });
            const run = await stage.stack.up(stage.shop());
            assert.match(run.failure ?? "", /Returning to certificate .* is in the state "ISSUED"/);
            assert.deepEqual(run.changing, []);
            stage.simulator.clearFaults();
            const next = await stage.stack.up(stage.shop());
            assert.deepEqual(
                [next.failure, next.changing, stage.state.status],
                [undefined, [CANCEL], "issued"],
            );
            assert.deepEqual(made(stage), ["issued", "rejected"]);
        },
    );
});

about(SECTION, "A pending reissue whose comments name a person or another resource", () => {
    const COMMENTS = "by hand, for the load balancer [pulumi-digicert 0123456789abcdef]";
    const byHand = (stage: Stage) =>
        stage.simulator.reissueInConsole(stage.orderId, {
            csr: stage.csr,
            pending: "approval",
            comments: COMMENTS,
        });

    scenario(
        "is waited for by a create with the same key and names, and never cancelled, not even by a destroy",
        async (stage) => {
            stage.policy({ approval: "required" });
            await byHand(stage);
            stage.advanceDays(3);
            const created = await stage.stack.up(stage.shop({ deletionPolicy: "cancelPending" }));
            assert.deepEqual([created.failure, created.changing], [undefined, []]);
            assert.match(created.text, /its comments name a person or another resource/);
            const named = { deletionPolicy: "cancelPending", certificate: stage.rotated().certificate };
            const changed = await stage.stack.up(stage.shop(named));
            assert.match(changed.failure ?? "", /may be this resource's.*it is not cancelled/s);
            const gone = await stage.stack.destroy();
            assert.deepEqual([changed.changing, gone.changing, stage.latest.status], [[], [], "pending"]);
        },
    );

    scenario("is the result where it is issued, and no POST is sent", async (stage) => {
        stage.policy({ approval: "required" });
        await byHand(stage);
        await stage.stack.up(stage.shop());
        await stage.approve();
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 0, "issued"]);
    });

    scenario("is waited for by a stack whose certificate is due, and never cancelled", async (stage) => {
        await stage.issued();
        stage.policy({ approval: "required" });
        stage.advanceDays(175);
        await byHand(stage);
        const due = await stage.stack.up(stage.shop());
        const changed = await stage.stack.up(v(stage, "2"));
        assert.ok(changed.failure);
        assert.deepEqual(
            [due.posts, due.changing, changed.changing, stage.latest.status],
            [0, [], [], "pending"],
        );
    });
});

about(SECTION, "If requests are neither listed nor readable and this resource's was rejected,", () => {
    /** A colleague's reissue with another key waits for an approver. */
    const rejected = async (stage: Stage, more: Props = {}): Promise<void> => {
        await stage.issued(stage.shop(more));
        stage.policy({ approval: "required", omitFromReads: ["requests"] });
        await stage.stack.up(v(stage, "2", more));
        const body = errors("access_denied|access_denied_missing_permission", "no");
        stage.simulator.fault({
            method: "GET",
            path: "/request/*",
            times: Infinity,
            kind: "respond",
            status: 403,
            body,
        });
        await stage.simulator.reject(stage.requestId);
    };

    scenario("a colleague's pending reissue is not cancelled by a change or a destroy", async (stage) => {
        const more = { deletionPolicy: "cancelPending" };
        await rejected(stage, more);
        await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
        const changed = await stage.stack.up(v(stage, "3", more));
        assert.match(changed.failure ?? "", /a reissue of somebody else is pending/);
        const gone = await stage.stack.destroy();
        assert.deepEqual([changed.changing, gone.changing, stage.latest.status], [[], [], "pending"]);
    });

    for (const what of ["a change", "a destroy"]) {
        scenario(`a colleague's whose CSR is not shown is not cancelled by ${what}`, async (stage) => {
            const more = { deletionPolicy: "cancelPending" };
            await rejected(stage, more);
            stage.policy({ omitFromReads: ["requests", "csr"] });
            await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
            const run =
                what === "a change" ? await stage.stack.up(v(stage, "3", more)) : await stage.stack.destroy();
            assert.match(run.text, /may be this resource's, but DigiCert does not tell/);
            assert.deepEqual([run.changing, stage.latest.status], [[], "pending"]);
        });
    }

    scenario("a return to what was last issued ends, and cancels nothing", async (stage) => {
        await rejected(stage);
        const early = await stage.stack.up(stage.shop());
        stage.advanceDays(1);
        const later = await stage.stack.up(stage.shop());
        assert.deepEqual(
            [early.changing, later.changing, later.failure, stage.state.status],
            [[], [], undefined, "issued"],
        );
    });
});

about(SECTION, "A request that stays approved although its certificate was rejected", () => {
    const stuck = async (stage: Stage, more: Props = {}): Promise<void> => {
        await stage.issued(stage.shop(more));
        stage.policy({ approval: "required", domains: "unvalidated" });
        await stage.stack.up(v(stage, "2", more));
        const id = stage.requestId;
        await stage.approve();
        stage.simulator.advance(60_000);
        stage.simulator.cancelReissue(stage.orderId, "DigiCert rejected it");
        await stage.rewriteOrder((order) => ({
            ...order,
            requests: (order.requests as Props[]).map((one) =>
                one.id === id ? { ...one, status: "approved" } : one,
            ),
        }));
    };

    scenario("does not keep a changed program from its POST", async (stage) => {
        await stuck(stage);
        const run = await stage.stack.up(v(stage, "3"));
        assert.deepEqual([run.failure, run.posts], [undefined, 1]);
    });

    scenario("does not keep the program from what was last issued", async (stage) => {
        await stuck(stage);
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 0, "issued"]);
        assert.ok(run.changing.length <= 1, run.changing.join());
    });

    scenario("does not keep a destroy with cancelPending from its end", async (stage) => {
        await stuck(stage, { deletionPolicy: "cancelPending" });
        const run = await stage.stack.destroy();
        assert.deepEqual([run.failure, run.did], [undefined, "delete"]);
    });
});

about(SECTION, "An order that stays issued while a request for a reissue waits", () => {
    scenario("gets no second request after a killed create", async (stage) => {
        stage.policy({ approval: "required", statusWhilePending: "issued" });
        await stage.stack.up(stage.shop());
        await stage.stack.restore(undefined);
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 0, "pending_approval"]);
    });

    for (const hides of [[], ["requests"]] as const) {
        scenario(
            `is not reissued over a colleague's${hides.length > 0 ? ", whose request is not listed" : ""}`,
            async (stage) => {
                await stage.issued();
                stage.policy({ statusWhilePending: "issued", omitFromReads: [...hides] });
                await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
                const run = await stage.stack.up(v(stage, "2"));
                assert.match(run.failure ?? "", /a reissue of somebody else is pending/);
                assert.deepEqual([run.posts, stage.latest.status], [0, "pending"]);
            },
        );
    }
});

about(SECTION, "A pending reissue that is only possibly the result of a lost answer", () => {
    scenario("refuses a changed program, also where the next read does not show it", async (stage) => {
        await stage.issued();
        stage.policy({ domains: "unvalidated", omitFromReads: ["csr", "comments", "requests"] });
        stage.faultPost({ kind: "lost-answer" });
        await stage.stack.up(v(stage, "2", { skipApproval: true, issuanceTimeoutSeconds: 1 }));
        const run = await stage.during(
            stage.stack.up(stage.rotated()),
            { at: "arrival", ...to(LIST) },
            () => {
                stage.policy({ statusWhilePending: "issued", listsPrimary: false });
            },
        );
        assert.match(run.failure ?? "", /may be this resource's, but DigiCert does not tell/);
        assert.deepEqual([run.changing, stage.latest.status], [[], "pending"]);
    });
});
