/** The contract: before a POST, the marker, unclear outcomes. */
import assert from "node:assert/strict";
import { CANCEL, errors, ORDER, POST, to } from "../drivers/requests.js";
import type { Props, Run, StackDriver } from "../drivers/driver.js";
import { about, scenario } from "../drivers/scenario.js";
import type { Stage } from "../drivers/stage.js";
import type { Fault } from "../../simulator/index.js";

const SECTION = "contract: exactly one reissue";

const MARKER = /\[pulumi-digicert ([0-9a-f]{8})([0-9a-f]{8})\]$/;

/** The marker in the comments of the last POST, in its halves. */
function marker(run: Run): { identity: string; wanted: string; comments: string } {
    const post = run.recorded.findLast(({ method }) => method === "POST");
    const { comments } = (post?.body ?? { comments: "no POST was sent" }) as { comments: string };
    const [, identity = "", wanted = ""] = MARKER.exec(comments) ?? [];
    assert.ok(identity, comments);
    return { identity, wanted, comments };
}

about(SECTION, "Before a POST", () => {
    scenario("the order is read, and the POST follows", { tags: ["host", "longCli"] }, async (stage) => {
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.did, run.failure, run.changing], ["create", undefined, [POST]]);
        assert.deepEqual([run.requests[0], run.requests.at(-1)], [ORDER, POST]);
        const same = await stage.stack.up(stage.shop());
        assert.deepEqual([same.did, same.requests], ["nothing", []]);
    });

    scenario(
        "an order that does not exist is an error that names account, region and address",
        async (stage) => {
            const run = await stage.stack.up(stage.shop({ orderId: 999 }));
            assert.match(run.failure ?? "", /order 999.*404.*account, region or address/);
            assert.deepEqual([run.requests, stage.isEmpty], [[ORDER], true]);
        },
    );

    scenario(
        "an answer about another order than the requested one is refused, and no POST is sent",
        async (stage) => {
            await stage.rewriteOrder((order) => ({ ...order, id: 999 }));
            const run = await stage.stack.up(stage.shop());
            assert.match(run.failure ?? "", /999/);
            assert.deepEqual([run.posts, stage.isEmpty], [0, true]);
        },
    );

    for (const status of [
        "pending",
        "needs_approval",
        "needs_csr",
        "processing",
        "waiting_pickup",
        "rejected",
        "denied",
        "canceled",
        "revoked",
        "archived_by_martians",
    ]) {
        scenario(`an order in the state ${status} is refused by name, and no POST is sent`, async (stage) => {
            stage.policy({ orderStatus: status });
            const run = await stage.stack.up(stage.shop());
            assert.match(run.failure ?? "", new RegExp(`order ${stage.orderId}.*${status}`));
            assert.deepEqual([run.requests, stage.isEmpty], [[ORDER], true]);
        });
    }

    scenario("a TLS order asks for a common name, a code signing order takes none", async (stage) => {
        const unnamed = () => ({ orderId: stage.orderId, certificate: { csr: stage.csr } });
        const tls = await stage.stack.up(unnamed());
        assert.match(tls.failure ?? "", /commonName/);
        assert.equal(tls.posts, 0);
        const product = { name_id: "code_signing", type: "code_signing_certificate" };
        await stage.useOrder({ commonName: null, product });
        const signing = await stage.stack.up(unnamed());
        assert.deepEqual([signing.failure, signing.posts], [undefined, 1]);
    });

    scenario("a pending reissue with our marker is followed, although the state was lost", async (stage) => {
        stage.policy({ approval: "required" });
        await stage.stack.up(stage.shop());
        const id = stage.requestId;
        stage.advanceDays(4);
        await stage.stack.restore(undefined);
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts], [undefined, 0]);
        assert.deepEqual([stage.state.status, stage.state.requestIds], ["pending_approval", [id]]);
        await stage.approve();
        assert.equal((await stage.stack.up(stage.shop())).posts, 0);
        assert.equal(stage.state.status, "issued");
    });

    for (const pending of ["approval", "validation"] as const) {
        scenario(
            `a pending reissue with the requested key and names that waits for ${pending} is followed, whoever made it`,
            async (stage) => {
                const dnsNames = ["a.shop.example"];
                await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, dnsNames, pending });
                const args = stage.shop({ certificate: { dnsNames }, issuanceTimeoutSeconds: 0 });
                const run = await stage.stack.up(args);
                assert.deepEqual([run.failure, run.posts], [undefined, 0]);
                assert.match(stage.state.status, /^pending_/);
                assert.equal(stage.latest.status, "pending");
            },
        );
    }

    scenario(
        "a pending reissue with the requested key and names is followed, although DigiCert chose another hash",
        async (stage) => {
            await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, pending: "approval" });
            const run = await stage.stack.up(stage.shop({ certificate: { signatureHash: "sha512" } }));
            assert.deepEqual(
                [run.failure, run.posts, stage.state.status],
                [undefined, 0, "pending_approval"],
            );
        },
    );

    for (const [what, reissue] of Object.entries<(stage: Stage) => Props>({
        "another key": () => ({}),
        "other names": ({ csr }) => ({ csr, commonName: "other.example" }),
    })) {
        scenario(
            `a foreign pending reissue with ${what} is an error that names it, and it is never cancelled`,
            async (stage) => {
                const more = { pending: "approval", comments: "by a colleague" } as const;
                await stage.simulator.reissueInConsole(stage.orderId, { ...reissue(stage), ...more });
                for (let ups = 0; ups < 2; ups++) {
                    const run = await stage.stack.up(stage.shop());
                    assert.match(
                        run.failure ?? "",
                        new RegExp(`order ${stage.orderId}.*pending.*${stage.latest.requestId ?? "?"}`),
                    );
                    assert.deepEqual([run.changing, stage.latest.status], [[], "pending"]);
                }
            },
        );
    }

    scenario(
        "a foreign pending reissue that waits for validation is named by its certificate, and the state stays",
        { tags: ["host"] },
        async (stage) => {
            const before = await stage.issued();
            await stage.simulator.reissueInConsole(stage.orderId, { pending: "validation" });
            const run = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
            assert.match(run.failure ?? "", new RegExp(`pending.*${stage.latest.certificateId}`));
            assert.deepEqual([run.changing, stage.latest.status, stage.state], [[], "pending", before]);
        },
    );

    scenario(
        "the order is read again, if the read is older than 5 s when the POST is to be sent",
        async (stage) => {
            // Reissued lately, so that more than the order is read before the POST.
            await stage.simulator.reissueInConsole(stage.orderId);
            const list = { at: "arrival", method: "GET", path: "/order/certificate/:id/reissue" } as const;
            const run = await stage.during(stage.stack.up(stage.shop()), list, () => {
                stage.simulator.advance(6000);
            });
            const before = run.requests.slice(0, run.requests.indexOf(POST));
            assert.deepEqual([run.failure, before.filter((one) => one === ORDER).length], [undefined, 2]);
        },
    );
});

about(SECTION, "The marker in `comments`", () => {
    scenario("is in hex, behind the program's own comments, which are recorded without it", async (stage) => {
        const { comments } = marker(await stage.stack.up(stage.shop({ comments: "for the auditors" })));
        assert.match(comments, /^for the auditors \[pulumi-digicert [0-9a-f]{16}\]$/);
        assert.equal(stage.state.comments, "for the auditors");
    });

    scenario("has one half for identity and order, and one for the requested certificate", async (stage) => {
        const first = async (args: Props) => marker(await stage.newStack().up(args));
        const one = await first(stage.shop());
        stage.advanceDays(2); // or the other resource would take over what is so new
        const otherName = await first(stage.shop({ identity: "project/dev/other" }));
        await stage.useOrder({});
        const otherOrder = await first(stage.shop());
        assert.equal(new Set([one.identity, otherName.identity, otherOrder.identity]).size, 3);
        assert.deepEqual([otherOrder.wanted, otherName.wanted], [one.wanted, one.wanted]);
        const halves = [one.wanted];
        for (const change of [
            { certificate: { dnsNames: ["a.shop.example"] } },
            { certificate: { csr: stage.otherCsr } },
            { triggers: { v: "1" } },
        ]) {
            await stage.useOrder({});
            halves.push((await first(stage.shop(change))).wanted);
        }
        assert.equal(new Set(halves).size, halves.length);
    });

    scenario("differs in an update by the certificate that is replaced", async (stage) => {
        await stage.issued(stage.shop({ triggers: { v: "1" } }));
        const two = marker(await stage.stack.up(stage.shop({ triggers: { v: "2" } })));
        await stage.stack.up(stage.shop({ triggers: { v: "1" } }));
        const again = marker(await stage.stack.up(stage.shop({ triggers: { v: "2" } })));
        assert.equal(two.identity, again.identity);
        assert.notEqual(two.wanted, again.wanted);
    });

    scenario("is the same for the same request, and holds no key", async (stage) => {
        stage.policy({ approval: "required" });
        const one = marker(await stage.stack.up(stage.shop()));
        await stage.simulator.reject(stage.requestId);
        const two = marker(await stage.newStack().up(stage.shop()));
        assert.deepEqual([two.identity, two.wanted], [one.identity, one.wanted]);
        assert.ok(!one.comments.includes(stage.simulator.apiKey));
    });
});

/** What may become of `comments` on the way to us. */
const COMMENTS: Record<string, (stage: Stage) => void> = {
    "comments are shown": () => undefined,
    "comments are hidden": (stage) => {
        stage.policy({ showComments: false });
    },
    "comments are empty": (stage) => {
        stage.policy({ showComments: false });
        const members = { comments: "" };
        stage.simulator.fault({ method: "GET", path: "*", times: Infinity, kind: "extra-members", members });
    },
};

about(SECTION, "After a POST whose outcome is unclear", () => {
    /** After these the reissue is on the order: it is found, and nothing is asked for again. */
    const committed: Record<string, Fault> = {
        "the answer was lost": { kind: "lost-answer" },
        "the connection was reset after it": { kind: "lost-answer", reset: true },
        "a 502 came": { kind: "html", status: 502, commit: true },
        "a 408 without errors came": { kind: "html", status: 408, commit: true },
        "a 409 without errors came": { kind: "respond", status: 409, body: {}, commit: true },
        "a 425 without errors came": { kind: "respond", status: 425, body: "", commit: true },
        "a 499 without errors came": { kind: "html", status: 499, commit: true },
        "a 418 without errors came": { kind: "html", status: 418, commit: true },
        "an HTML page came with 200": { kind: "html", status: 200, commit: true },
        "the answer was cut off": { kind: "cut-off" },
        "the JSON was cut off": { kind: "cut-off", shortened: true },
        "the 201 had none of its members": { kind: "respond", status: 201, body: {}, commit: true },
        "the 201 had members of other types": {
            kind: "respond",
            status: 201,
            body: { id: "x", certificate_id: {}, requests: 7 },
            commit: true,
        },
        "it was committed 20 s after the connection was lost": { kind: "delayed-commit", ms: 20_000 },
    };
    for (const [reading, read] of Object.entries(COMMENTS)) {
        for (const approval of ["auto", "required"] as const) {
            for (const [what, fault] of Object.entries(committed)) {
                // What can be seen of the reissue afterwards differs by the comments, not by how the answer was lost.
                if (reading !== "comments are shown" && !/lost|408/.test(what)) continue;
                scenario(
                    `exactly one reissue is made where ${what} (approval ${approval}, ${reading})`,
                    async (stage) => {
                        await stage.issued();
                        stage.policy({ approval });
                        read(stage);
                        stage.faultPost(fault);
                        const args = stage.shop({ triggers: { v: "2" } });
                        const run = await stage.stack.up(args);
                        assert.deepEqual([run.failure, run.posts], [undefined, 1]);
                        if (approval === "required") {
                            assert.deepEqual(
                                [stage.state.status, stage.state.requestIds],
                                ["pending_approval", [stage.latest.requestId]],
                            );
                            await stage.approve();
                            assert.equal((await stage.stack.up(args)).posts, 0);
                        }
                        assert.deepEqual(
                            [stage.state.status, stage.state.certificateId],
                            ["issued", stage.latest.certificateId],
                        );
                        stage.simulator.advance(120_000);
                        assert.deepEqual(
                            [(await stage.stack.up(args)).did, stage.reissues.length],
                            ["nothing", 2],
                        );
                    },
                );
            }
        }
    }

    scenario("a lost answer is looked for over Pulumi's host as well", { tags: ["host"] }, async (stage) => {
        stage.faultPost({ kind: "lost-answer" });
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 1, 1]);
        assert.equal(stage.state.status, "issued");
    });

    for (const [what, fault] of Object.entries<Fault>({
        "the connection was dropped": { kind: "dropped" },
        "a 502 came": { kind: "html", status: 502, commit: false },
    })) {
        scenario(
            `the order is read at least three times over settleSeconds before one more POST, where ${what} and nothing was committed`,
            async (stage) => {
                stage.faultPost(fault);
                const run = await stage.stack.up(stage.shop());
                assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 2, 1]);
                const [first, second] = run.recorded.filter(({ method }) => method === "POST");
                assert.ok(first && second);
                const between = run.requests.slice(
                    run.requests.indexOf(POST) + 1,
                    run.requests.lastIndexOf(POST),
                );
                // Three reads and the read that allows the second POST.
                assert.ok(between.filter((one) => one === ORDER).length >= 4, between.join());
                assert.ok(
                    second.at.getTime() - first.at.getTime() >= 60_000,
                    "settleSeconds is 60 by default",
                );
            },
        );
    }

    for (const [seconds, posts] of [
        [170, 2],
        [600, 1],
    ] as const) {
        scenario(
            `${posts === 1 ? "no second POST is sent" : "the second POST waits"} where the first got a 503 with Retry-After ${seconds}`,
            async (stage) => {
                const headers = { "retry-after": String(seconds) };
                stage.faultPost({ kind: "respond", status: 503, headers });
                const run = await stage.stack.up(stage.shop());
                const [first, second] = run.recorded.filter(({ method }) => method === "POST");
                assert.deepEqual([run.posts, run.failure === undefined], [posts, posts === 2]);
                if (first && second) assert.ok(second.at.getTime() - first.at.getTime() >= seconds * 1000);
                else assert.equal(stage.state.status, "unknown");
            },
        );
    }

    scenario(
        "a POST that DigiCert commits between the proof of its absence and the next POST is followed",
        async (stage) => {
            await stage.issued(stage.shop({ triggers: { v: "1" } }));
            stage.policy({ showComments: false });
            stage.faultPost({ kind: "respond", status: 503 });
            const changed = stage.shop({ triggers: { v: "2" } });
            // The read before the POST, four reads of the proof, and the read before the next POST.
            const run = await stage.during(
                stage.stack.up(changed),
                { at: "arrival", ...to(ORDER), nth: 6 },
                () => stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr }),
            );
            assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 1, "issued"]);
            assert.equal(stage.state.certificateId, stage.latest.certificateId);
        },
    );

    scenario(
        "an id that a read shows with certainty is kept where the reads after it lag behind",
        async (stage) => {
            await stage.issued();
            const before = await stage.answer();
            stage.policy({ issuanceMs: 7_200_000 });
            const args = stage.rotated({ issuanceTimeoutSeconds: 600 });
            stage.loseNextPost("lost-answer");
            await stage.stack.up(args);
            assert.deepEqual([stage.state.status, stage.state.requestIds], ["unknown", []]);
            stage.simulator.clearFaults();
            const stale = {
                ...to(ORDER),
                times: Infinity,
                kind: "respond",
                status: 200,
                body: before,
            } as const;
            const run = await stage.during(
                stage.stack.up(args),
                { at: "arrival", ...to(ORDER), nth: 2 },
                () => {
                    stage.simulator.fault(stale);
                },
            );
            assert.match(run.failure ?? "", /was accepted and is not issued yet \(request \d+\)/);
            assert.deepEqual([run.posts, stage.state.requestIds], [0, [stage.latest.requestId]]);
        },
    );

    scenario("a POST that was lost is not forgotten where DigiCert refuses the next", async (stage) => {
        await stage.issued();
        stage.faultPost({ kind: "dropped" });
        stage.faultPost({
            kind: "respond",
            status: 400,
            body: errors("pending_reissue", "A reissue is pending."),
        });
        const run = await stage.stack.up(stage.rotated());
        assert.match(run.failure ?? "", /not known whether.*the next attempt failed.*A reissue is pending/s);
        assert.deepEqual([run.posts, stage.state.status], [2, "unknown"]);
    });

    scenario(
        "a POST that DigiCert commits only after the proof of its absence is not forgotten",
        async (stage) => {
            await stage.issued(stage.shop({ triggers: { v: "1" } }));
            stage.policy({ showComments: false, approval: "required" });
            stage.faultPost({ kind: "respond", status: 503 });
            const changed = stage.shop({ triggers: { v: "2" } });
            // The read before the POST, four reads of the proof, the search for it, and the read before the next POST.
            const run = await stage.during(
                stage.stack.up(changed),
                { at: "arrival", ...to(ORDER), nth: 7 },
                () =>
                    stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, pending: "approval" }),
            );
            assert.match(run.failure ?? "", /not known whether.*the order has changed since/s);
            assert.deepEqual([run.posts, stage.state.status], [1, "unknown"]);
            await stage.simulator.approve(stage.latest.requestId ?? 0);
            const next = await stage.stack.up(changed);
            assert.deepEqual([next.failure, next.posts], [undefined, 0]);
        },
    );

    scenario("pollSeconds does not shorten the proof of absence, settleSeconds does", async (stage) => {
        for (const [config, seconds] of [
            [{ "digicert:pollSeconds": "0.1" }, 60],
            [{ "digicert:settleSeconds": "5" }, 5],
        ] as const) {
            await stage.useOrder({});
            stage.faultPost({ kind: "dropped" });
            const run = await stage.newStack().up(stage.shop(), { config });
            const [first, second] = run.recorded.filter(({ method }) => method === "POST");
            assert.ok(first && second);
            const took = (second.at.getTime() - first.at.getTime()) / 1000;
            assert.ok(took >= seconds && took < 2 * seconds, `${took} s with ${JSON.stringify(config)}`);
        }
    });

    scenario(
        "settleSeconds comes from the environment as well, and nonsense in it is refused by name",
        async (stage) => {
            stage.faultPost({ kind: "dropped" });
            const run = await stage.stack.up(stage.shop(), { env: { DIGICERT_SETTLE_SECONDS: "5" } });
            const [first, second] = run.recorded.filter(({ method }) => method === "POST");
            assert.ok(first && second && second.at.getTime() - first.at.getTime() < 20_000);
            const args = stage.shop({ triggers: { v: "2" } });
            const odd = await stage.stack.up(args, { env: { DIGICERT_SETTLE_SECONDS: "soon" } });
            assert.match(odd.failure ?? "", /settleSeconds|DIGICERT_SETTLE_SECONDS/);
            assert.equal(odd.posts, 0);
        },
    );

    scenario(
        "at most three POSTs are sent in one up when nothing is ever committed, and the state says unknown",
        async (stage) => {
            await stage.issued();
            stage.faultPost({ kind: "dropped", times: Infinity });
            const args = stage.shop({ triggers: { v: "2" } });
            const run = await stage.stack.up(args);
            assert.ok(run.failure);
            assert.ok(run.posts >= 2 && run.posts <= 3, `${run.posts} POSTs`);
            assert.equal(stage.state.status, "unknown");
            stage.simulator.clearFaults();
            for (let ups = 0; ups < 3; ups++) await stage.stack.up(args);
            assert.deepEqual([stage.state.status, stage.reissues.length], ["issued", 2]);
        },
    );

    scenario(
        "an up that cannot tell fails with the marker saved, and the next one looks again",
        async (stage) => {
            await stage.issued();
            const args = stage.shop({ triggers: { v: "2" } });
            stage.loseNextPost("lost-answer");
            const run = await stage.stack.up(args);
            assert.match(run.failure ?? "", new RegExp(`order ${stage.orderId}.*not known whether`));
            assert.deepEqual([run.posts, stage.state.status], [1, "unknown"]);
            const sent = marker(run);
            assert.ok(JSON.stringify(stage.state).includes(`${sent.identity}${sent.wanted}`));
            assert.ok(stage.state.certificatePem, "the key is the same");
            stage.simulator.clearFaults();
            const next = await stage.stack.up(args);
            assert.deepEqual([next.did, next.failure, next.posts], ["update", undefined, 0]);
            assert.deepEqual([stage.state.status, stage.reissues.length], ["issued", 2]);
        },
    );

    scenario(
        "a reissue whose answer was lost, found pending and certain, is cancelled when the program has changed meanwhile",
        async (stage) => {
            await stage.issued();
            stage.policy({ approval: "required" });
            stage.loseNextPost("lost-answer");
            await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
            assert.equal(stage.state.status, "unknown");
            stage.simulator.clearFaults();
            const run = await stage.stack.up(stage.shop({ triggers: { v: "3" } }));
            assert.deepEqual([run.failure, run.changing], [undefined, [CANCEL, POST]]);
            assert.equal(stage.state.status, "pending_approval");
        },
    );

    scenario(
        "the order is looked at over settleSeconds also when the program has changed meanwhile",
        async (stage) => {
            await stage.issued();
            stage.loseNextPost();
            await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
            stage.simulator.clearFaults();
            const run = await stage.stack.up(stage.shop({ triggers: { v: "3" } }));
            const post = run.recorded.find(({ method }) => method === "POST");
            const looks = run.requests.slice(0, run.requests.indexOf(POST)).filter((one) => one === ORDER);
            if (!post) {
                assert.ok(run.failure, "the following up may POST");
                assert.equal((await stage.stack.up(stage.shop({ triggers: { v: "3" } }))).posts, 1);
            } else {
                assert.ok(looks.length >= 3, run.requests.join());
                assert.ok(post.at.getTime() - (run.recorded[0]?.at.getTime() ?? 0) >= 59_000);
            }
        },
    );

    for (const status of [400, 403, 404, 409, 422]) {
        scenario(
            `${status} with DigiCert's errors is proof that nothing was made: no second POST, and nothing is recorded`,
            async (stage) => {
                const body = errors("some|code", "Something is not right.");
                stage.faultPost({ kind: "respond", status, body, times: Infinity });
                const run = await stage.stack.up(stage.shop());
                assert.match(
                    run.failure ?? "",
                    new RegExp(`order ${stage.orderId}.*${status}.*Something is not right`),
                );
                assert.deepEqual([run.posts, stage.isEmpty], [1, true]);
            },
        );
    }

    for (const retryAfter of [undefined, 30]) {
        scenario(
            `429 ${retryAfter === undefined ? "" : `with Retry-After ${retryAfter} `}is proof that nothing was made: the order is read again, and one more POST sent`,
            async (stage) => {
                stage.faultPost({ kind: "rate-limited", retryAfter });
                const run = await stage.stack.up(stage.shop());
                assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 2, 1]);
                const [first, second] = run.recorded.filter(({ method }) => method === "POST");
                const took = (second?.at.getTime() ?? 0) - (first?.at.getTime() ?? 0);
                assert.ok(took >= (retryAfter ?? 0) * 1000, `${took} ms`);
                const between = run.requests.slice(
                    run.requests.indexOf(POST) + 1,
                    run.requests.lastIndexOf(POST),
                );
                assert.ok(between.includes(ORDER), "read before each POST");
            },
        );
    }

    scenario(
        "a firewall's HTML page with 403 says that nothing was made, in words that name a firewall, not a role",
        async (stage) => {
            await stage.issued();
            const before = stage.recorded;
            stage.faultPost({ kind: "html", status: 403, times: Infinity });
            const run = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
            assert.match(run.failure ?? "", /firewall|proxy/i);
            assert.doesNotMatch(run.failure ?? "", /\brole\b/);
            assert.deepEqual([run.posts, stage.recorded], [1, before]);
        },
    );

    scenario("a firewall's HTML page with 403 for a GET is a passing failure", async (stage) => {
        stage.simulator.fault({ method: "GET", path: "*", kind: "html", status: 403 });
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts], [undefined, 1]);
    });

    scenario("an update that DigiCert refuses leaves the state as it was", async (stage) => {
        await stage.issued();
        const before = stage.recorded;
        stage.policy({ skipApprovalAllowed: false });
        const run = await stage.stack.up(stage.rotated({ skipApproval: true }));
        assert.match(run.failure ?? "", new RegExp(`order ${stage.orderId}.*403`));
        assert.deepEqual([run.posts, stage.reissues.length, stage.recorded], [1, 1, before]);
    });

    scenario("the token is asked for at once where the answer had neither ids nor token", async (stage) => {
        await stage.issued();
        stage.policy({ domains: "unvalidated" });
        stage.faultPost({ kind: "respond", status: 201, body: {}, commit: true });
        const begun = stage.simulator.now().getTime();
        const run = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
        assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 1, "pending_issuance"]);
        assert.ok(stage.state.dcvRandomValue);
        assert.ok(stage.simulator.now().getTime() - begun < 60_000, "before issuanceTimeoutSeconds are over");
    });

    scenario("an approver is named at once where the order shows no requests", async (stage) => {
        await stage.issued();
        stage.policy({ approval: "required", omitFromReads: ["requests"] });
        stage.faultPost({ kind: "lost-answer" });
        const run = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
        assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 1, "pending_approval"]);
        await stage.simulator.approve(stage.latest.requestId ?? 0);
        await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
        assert.deepEqual([stage.state.status, stage.reissues.length], ["issued", 2]);
    });

    scenario("few requests search for a missing validation while DigiCert issues", async (stage) => {
        await stage.issued();
        stage.policy({ organization: "unvalidated" });
        stage.faultPost({ kind: "lost-answer" });
        const args = stage.shop({ triggers: { v: "2" }, issuanceTimeoutSeconds: 180 });
        const run = await stage.stack.up(args);
        assert.match(run.failure ?? "", /was not issued within 180 s/);
        const checks = run.changing.filter((one) => one.endsWith("/check-dcv"));
        assert.ok(checks.length > 0 && checks.length <= 10, `${checks.length} checks`);
    });

    scenario("the answer that did not come in time is looked for", async (stage) => {
        stage.faultPost({ kind: "slow-headers", ms: 1500 });
        const run = await stage.stack.up(stage.shop(), {
            config: { "digicert:requestTimeoutSeconds": "0.3" },
        });
        assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 1, 1]);
    });
});

about(SECTION, "In place of a POST, a create takes over", () => {
    /** The engine was killed before it could save anything. */
    const killed = async (stage: Stage, args: Props = stage.shop()): Promise<void> => {
        await stage.stack.up(args);
        await stage.stack.restore(undefined);
    };
    const takesOver = async (
        stage: Stage,
        args: Props = stage.shop(),
        stack: StackDriver = stage.stack,
    ): Promise<boolean> => {
        const run = await stack.up(args);
        assert.equal(run.failure, undefined);
        if (run.posts === 0) assert.equal(stack.state.serialNumber, stage.live.current.serialNumber);
        return run.posts === 0;
    };

    for (const approval of ["auto", "required"] as const) {
        for (const skipApproval of [true, false]) {
            scenario(
                `what a killed create had requested (approval ${approval}, skipApproval ${skipApproval})`,
                async (stage) => {
                    stage.policy({ approval });
                    await killed(stage, stage.shop({ skipApproval }));
                    const run = await stage.stack.up(stage.shop({ skipApproval }));
                    assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 0, 1]);
                    assert.ok(stage.state.certificateId ?? stage.state.requestIds[0]);
                },
            );
        }
    }

    scenario("a reissue with our marker, whatever its age", { tags: ["host"] }, async (stage) => {
        await killed(stage);
        stage.advanceDays(100);
        assert.ok(await takesOver(stage));
        assert.deepEqual((await stage.stack.up(stage.shop())).requests, []);
    });

    scenario(
        "its current certificate with key and names under our identity, whatever its age",
        async (stage) => {
            await killed(stage, stage.shop({ triggers: { v: "1" } }));
            stage.advanceDays(100);
            assert.ok(await takesOver(stage, stage.shop({ triggers: { v: "2" } })));
        },
    );

    for (const [hours, isTaken] of [
        [23, true],
        [25, false],
    ] as const) {
        scenario(
            `${isTaken ? "a" : "nothing from a"} reissue with key and names that anybody made ${hours} hours ago`,
            async (stage) => {
                const age = hours * 3_600_000;
                await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, age });
                assert.equal(await takesOver(stage), isTaken);
            },
        );
    }

    scenario(
        "a reissue of this resource whose comments DigiCert does not show, within 24 hours",
        async (stage) => {
            await killed(stage, stage.shop({ skipApproval: true }));
            stage.simulator.advance(23 * 3_600_000);
            assert.ok(await takesOver(stage, stage.shop({ skipApproval: true })));
        },
    );

    scenario("nothing with another key or other names", async (stage) => {
        await stage.simulator.reissueInConsole(stage.orderId);
        assert.ok(!(await takesOver(stage)));
        await stage.useOrder({});
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
        const args = stage.shop({ certificate: { dnsNames: ["a.shop.example"] } });
        assert.ok(!(await takesOver(stage, args, stage.newStack())));
    });

    scenario(
        "nothing from the original certificate with key and names, made today: it is no reissue",
        async (stage) => {
            await stage.useOwnOrder();
            assert.ok(!(await takesOver(stage)));
        },
    );

    for (const [what, become] of Object.entries<(stage: Stage) => unknown>({
        rejected: (stage) => stage.simulator.reject(stage.latest.requestId ?? 0),
        revoked: (stage) => {
            stage.simulator.revoke(stage.latest.certificateId);
        },
        expired: (stage) => {
            stage.advanceDays(205);
        },
        due: (stage) => {
            stage.advanceDays(175);
        },
    })) {
        scenario(`nothing that has our marker and is ${what}`, async (stage) => {
            if (what === "rejected") stage.policy({ approval: "required" });
            await killed(stage);
            await become(stage);
            stage.policy({ approval: "auto" });
            assert.ok(!(await takesOver(stage)));
        });
    }

    scenario("nothing that is due by the program's own minDaysRemaining", async (stage) => {
        for (const [minDaysRemaining, isTaken] of [
            [90, false],
            [30, true],
        ] as const) {
            await stage.useOrder({ policy: { maxValidityDays: 100 } });
            await stage.newStack().up(stage.shop({ minDaysRemaining }));
            stage.advanceDays(60);
            assert.equal(await takesOver(stage, stage.shop({ minDaysRemaining }), stage.newStack()), isTaken);
        }
    });
});

about(SECTION, "In place of a POST, an update takes over", () => {
    scenario("what a killed update had requested, after any number of refreshes", async (stage) => {
        await stage.issued();
        const saved = stage.recorded;
        const args = stage.shop({ triggers: { v: "2" } });
        await stage.stack.up(args);
        await stage.stack.restore(saved);
        await stage.stack.refresh();
        assert.equal(stage.state.certificateId, stage.latest.certificateId);
        await stage.stack.refresh();
        const run = await stage.stack.up(args);
        assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 0, 2]);
        assert.deepEqual(
            [(await stage.stack.up(args)).did, stage.state.issued?.ownCertificateId],
            ["nothing", undefined],
        );
        const next = await stage.stack.up(stage.shop({ triggers: { v: "3" } }));
        assert.deepEqual([next.failure, next.posts], [undefined, 1]);
    });

    scenario("the certificate for a new key of a killed update, after a refresh", async (stage) => {
        await stage.issued();
        const saved = stage.recorded;
        await stage.stack.up(stage.rotated());
        await stage.stack.restore(saved);
        await stage.stack.refresh();
        assert.equal(stage.state.certificatePem, undefined);
        const run = await stage.stack.up(stage.rotated());
        assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 0, 2]);
        assert.equal(stage.state.serialNumber, stage.latest.serialNumber);
        assert.deepEqual((await stage.stack.up(stage.rotated())).requests, []);
    });

    for (const skipApproval of [false, true]) {
        scenario(`what a killed update had requested (skipApproval ${skipApproval})`, async (stage) => {
            await stage.issued(stage.shop({ skipApproval }));
            const saved = stage.recorded;
            const args = stage.shop({ skipApproval, triggers: { v: "2" } });
            await stage.stack.up(args);
            const { certificateId } = stage.state;
            await stage.stack.restore(saved);
            stage.simulator.advance(3_600_000);
            const run = await stage.stack.up(args);
            assert.deepEqual([run.did, run.failure, run.posts], ["update", undefined, 0]);
            assert.deepEqual([stage.state.certificateId, stage.reissues.length], [certificateId, 2]);
        });
    }

    for (const [reading, read] of Object.entries(COMMENTS)) {
        scenario(
            `the current certificate that has the new key, at any age, where ${reading}`,
            async (stage) => {
                read(stage);
                await stage.issued();
                const saved = stage.recorded;
                await stage.stack.up(stage.rotated());
                await stage.stack.restore(saved);
                stage.advanceDays(3);
                const run = await stage.stack.up(stage.rotated());
                assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 0, 2]);
                assert.equal(stage.state.serialNumber, stage.live.current.serialNumber);
            },
        );
    }

    scenario("the current certificate that somebody made with the new names", async (stage) => {
        await stage.issued();
        const dnsNames = ["api.shop.example"];
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, dnsNames });
        stage.advanceDays(40);
        const run = await stage.stack.up(stage.shop({ certificate: { dnsNames } }));
        assert.deepEqual([run.failure, run.posts], [undefined, 0]);
        assert.equal(stage.state.serialNumber, stage.live.current.serialNumber);
    });

    for (const [what, change] of Object.entries<Props>({
        triggers: { triggers: { v: "2" } },
        "the platform": { certificate: { serverPlatform: { id: 45 } } },
        "the CA": { certificate: { caCertId: "ABC" } },
        "the hash": { certificate: { signatureHash: "sha384" } },
        additionalParameters: { additionalParameters: { certificate: { cert_validity: { days: 20 } } } },
    })) {
        for (const showComments of [true, false]) {
            scenario(
                `no foreign reissue for a change of ${what} (comments ${showComments ? "shown" : "hidden"})`,
                async (stage) => {
                    stage.policy({ showComments });
                    await stage.issued();
                    stage.advanceDays(30);
                    await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
                    stage.simulator.advance(20 * 3_600_000);
                    const run = await stage.stack.up(stage.shop(change));
                    assert.deepEqual([run.failure, run.posts], [undefined, 1]);
                },
            );
        }
    }

    scenario("no earlier reissue of the same day for the one that a trigger asks for", async (stage) => {
        for (const v of ["1", "2", "3", "1"]) await stage.stack.up(stage.shop({ triggers: { v } }));
        assert.equal(stage.reissues.length, 4);
    });

    scenario("no earlier reissue for one that was dropped, whatever dates DigiCert tells", async (stage) => {
        for (const v of ["1", "2"]) await stage.stack.up(stage.shop({ triggers: { v } }));
        stage.faultPost({ kind: "dropped" });
        const run = await stage.stack.up(stage.shop({ triggers: { v: "3" } }));
        assert.deepEqual([run.failure, stage.reissues.length], [undefined, 3]);
        assert.equal(stage.state.certificateId, stage.live.current.certificateId);
    });
});
