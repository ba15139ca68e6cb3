import assert from "node:assert/strict";
import { type Props } from "../engine/imitation.js";
import { type FaultRule } from "../../simulator/index.js";
import { type HostStack, type Run } from "./hostStack.js";
import { ORDER, POST, useStage } from "./stage.js";

const MARKER = /\[pulumi-digicert ([0-9a-f]{8})([0-9a-f]{8})\]$/;
const LIST = "GET /order/certificate/:id/reissue";
const REISSUE = { method: "POST", path: "/order/certificate/:id/reissue" } as const;

/** The marker in the comments of the last POST, in its halves. */
function marker(run: Run): { identity: string; wanted: string; comments: string } {
    const post = run.recorded.findLast(({ method }) => method === "POST");
    assert.ok(post, "no POST was sent");
    const body = post.body as { comments: string };
    const [, identity = "", wanted = ""] = MARKER.exec(body.comments) ?? [];
    assert.ok(identity, body.comments);
    return { identity, wanted, comments: body.comments };
}

/** Section "Exactly one reissue": before the POST. */
describe("before a POST the order is read", function () {
    this.timeout(30_000);
    const stage = useStage();

    it("and the POST follows at once", async () => {
        assert.deepEqual((await stage.stack.up(stage.shop())).requests, [ORDER, POST]);
    });

    it("and it must exist", async () => {
        const run = await stage.stack.up(stage.shop({ orderId: 999 }));
        assert.match(run.failure ?? "", /order 999: .*404.*wrong account, region or address/);
        assert.deepEqual([run.requests, stage.stack.isEmpty], [[ORDER], true]);
    });

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
        it(`and it must be in a state that allows a reissue: ${status} is refused by name`, async () => {
            stage.simulator.policy(stage.orderId, { orderStatus: status });
            const run = await stage.stack.up(stage.shop());
            assert.match(run.failure ?? "", new RegExp(`order ${stage.orderId}: .*${status}`));
            assert.deepEqual([run.requests, stage.stack.isEmpty], [[ORDER], true]);
        });
    }

    it("and a pending reissue with our marker is adopted, although the state was lost", async () => {
        stage.simulator.policy(stage.orderId, { approval: "required" });
        await stage.stack.up(stage.shop());
        const id = stage.requestId;
        const lost = stage.newStack();
        stage.advanceDays(40);
        const run = await lost.up(stage.shop());
        assert.deepEqual([run.failure, run.posts], [undefined, 0]);
        assert.deepEqual([lost.state.status, lost.state.requestIds], ["pending_approval", [id]]);
        await stage.simulator.approve(id);
        assert.equal((await lost.up(stage.shop())).posts, 0);
        assert.equal(lost.state.status, "issued");
    });

    for (const pending of ["approval", "validation"] as const) {
        it(`and a pending reissue with the wanted key and names is adopted, whoever made it (waits for ${pending})`, async () => {
            await stage.simulator.reissueInConsole(stage.orderId, {
                csr: stage.csr,
                dnsNames: ["a.shop.example"],
                pending,
            });
            const run = await stage.stack.up(
                stage.shop({ certificate: { dnsNames: ["a.shop.example"] }, issuanceTimeoutSeconds: 0 }),
            );
            assert.deepEqual([run.failure, run.posts], [undefined, 0]);
            assert.match(stage.stack.state.status, /^pending_/);
            assert.equal(stage.latest.status, "pending");
        });
    }

    it("and a pending one with another hash, which its request tells, is not ours: an error, no POST", async () => {
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, pending: "approval" });
        const run = await stage.stack.up(stage.shop({ certificate: { signatureHash: "sha512" } }));
        assert.match(run.failure ?? "", new RegExp(`not ours is pending .*${stage.latest.requestId ?? ""}`));
        assert.deepEqual([run.posts, stage.latest.status], [0, "pending"]);
    });

    for (const [what, foreign] of Object.entries<Props>({
        "another key": {},
        "other names": { dnsNames: ["other.example"], ours: true },
    })) {
        it(`and a foreign pending one with ${what} is an error that names it, and is never cancelled`, async () => {
            const { ours, ...rest } = foreign;
            await stage.simulator.reissueInConsole(stage.orderId, {
                ...rest,
                ...(ours === true ? { csr: stage.csr, commonName: "other.example" } : {}),
                pending: "approval",
                comments: "by a colleague",
            });
            for (let ups = 0; ups < 2; ups++) {
                const run = await stage.stack.up(stage.shop());
                assert.match(
                    run.failure ?? "",
                    new RegExp(
                        `order ${stage.orderId}: .*not ours is pending .*${stage.latest.requestId ?? ""}.*by a colleague`,
                    ),
                );
                assert.deepEqual(
                    run.requests.filter((one) => !one.startsWith("GET ")),
                    [],
                );
                assert.equal(stage.latest.status, "pending");
            }
        });
    }

    it("and a foreign pending one that waits for validation is named by its certificate", async () => {
        await stage.issued();
        await stage.simulator.reissueInConsole(stage.orderId, { pending: "validation" });
        const run = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
        assert.match(run.failure ?? "", new RegExp(`not ours is pending .*${stage.latest.certificateId}`));
        assert.deepEqual([run.posts, stage.latest.status], [0, "pending"]);
        assert.equal(stage.stack.state.status, "issued", "the state stays as it was");
    });

    it("again, if it is older than 5 s when the POST is to be sent", async () => {
        // Reissued lately, so that the list is looked at between the read of the order and the POST.
        await stage.simulator.reissueInConsole(stage.orderId);
        stage.simulator.fault({
            method: "GET",
            path: "/order/certificate/:id/reissue",
            kind: "slow-headers",
            ms: 400,
        });
        const running = stage.stack.up(stage.shop());
        await stage.arrival("GET", /reissue$/);
        stage.simulator.advance(6000);
        stage.syncClock();
        const run = await running;
        assert.equal(run.failure, undefined);
        assert.deepEqual(run.requests, [ORDER, LIST, ORDER, LIST, POST]);
    });
});

describe("`comments` carries a marker", function () {
    this.timeout(30_000);
    const stage = useStage();
    const first = async (args: Props, stack: HostStack = stage.newStack()) => marker(await stack.up(args));

    it("in hex, behind the program's own comments", async () => {
        const { comments } = marker(await stage.stack.up(stage.shop({ comments: "for the auditors" })));
        assert.match(comments, /^for the auditors \[pulumi-digicert [0-9a-f]{16}\]$/);
        assert.equal(stage.stack.state.comments, "for the auditors");
    });

    it("one half of which stands for identity and order, the other for what is wanted", async () => {
        const one = await first(stage.shop());
        stage.advanceDays(2); // or the other resource would take over what is so new
        const otherName = await first(stage.shop({ identity: "project/dev/other" }));
        const otherOrder = await first(stage.shop({ orderId: (stage.orderId = await stage.order()) }));
        assert.equal(new Set([one.identity, otherName.identity, otherOrder.identity]).size, 3);
        assert.equal(one.wanted, otherOrder.wanted);
        assert.equal(one.wanted, otherName.wanted);
        const halves = [one.wanted];
        for (const change of [
            { certificate: { dnsNames: ["a.shop.example"] } },
            { certificate: { csr: stage.otherCsr } },
            { triggers: { v: "1" } },
        ]) {
            stage.orderId = await stage.order();
            halves.push((await first(stage.shop(change))).wanted);
        }
        assert.equal(new Set(halves).size, halves.length);
    });

    it("that differs in an update by the certificate that is replaced", async () => {
        await stage.issued(stage.shop({ triggers: { v: "1" } }));
        const two = marker(await stage.stack.up(stage.shop({ triggers: { v: "2" } })));
        await stage.stack.up(stage.shop({ triggers: { v: "1" } }));
        const again = marker(await stage.stack.up(stage.shop({ triggers: { v: "2" } })));
        assert.equal(two.identity, again.identity);
        assert.notEqual(two.wanted, again.wanted);
    });

    it("that says nothing secret: the same wish gives the same one, another key of the account too", async () => {
        stage.simulator.policy(stage.orderId, { approval: "required" });
        const one = marker(await stage.stack.up(stage.shop()));
        await stage.simulator.reject(stage.requestId);
        const two = marker(await stage.newStack().up(stage.shop()));
        assert.deepEqual([two.identity, two.wanted], [one.identity, one.wanted]);
        assert.ok(!one.comments.includes(stage.simulator.apiKey));
    });
});

describe("the POST is never repeated blindly", function () {
    this.timeout(60_000);
    const stage = useStage();

    /** After these the reissue is on the order: it is found and adopted. */
    const committed: Record<string, FaultRule> = {
        "the answer was lost": { ...REISSUE, kind: "lost-answer" },
        "the connection was reset after it": { ...REISSUE, kind: "lost-answer", reset: true },
        "a 502 came": { ...REISSUE, kind: "html", status: 502, commit: true },
        "an HTML page came with 200": { ...REISSUE, kind: "html", status: 200, commit: true },
        "the answer was cut off": { ...REISSUE, kind: "cut-off" },
        "the answer was no JSON": { ...REISSUE, kind: "cut-off", shortened: true },
        "it was committed after the connection was lost": { ...REISSUE, kind: "delayed-commit", ms: 100 },
        "the answer did not come in time": { ...REISSUE, kind: "slow-headers", ms: 2500 },
    };
    for (const approval of ["auto", "required"] as const) {
        for (const [what, fault] of Object.entries(committed)) {
            it(`when ${what}: it is looked for and adopted (approval ${approval})`, async () => {
                stage.stack = stage.newStack({ "digicert:requestTimeoutSeconds": "1" });
                await stage.issued(stage.shop());
                stage.simulator.policy(stage.orderId, { approval });
                stage.simulator.fault(fault);
                const run = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
                assert.deepEqual([run.failure, run.posts], [undefined, 1]);
                assert.equal(stage.ours.length, 2);
                assert.equal(stage.stack.state.status, approval === "auto" ? "issued" : "pending_approval");
                const after = run.requests.slice(run.requests.indexOf(POST) + 1);
                assert.equal(after[0], ORDER);
                if (approval === "required") await stage.approve();
                const next = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
                assert.deepEqual([next.posts, stage.stack.state.status], [0, "issued"]);
            });
        }
    }

    /** Nothing was committed, but a server still might: looked at for a while. */
    for (const [what, fault] of Object.entries<FaultRule>({
        "the connection was dropped": { ...REISSUE, kind: "dropped" },
        "a 502 came": { ...REISSUE, kind: "html", status: 502, commit: false },
    })) {
        it(`when ${what} and nothing was committed: at least three looks over 6 × pollSeconds, then one more POST`, async () => {
            stage.simulator.fault(fault);
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual([run.failure, run.posts, stage.ours.length], [undefined, 2, 1]);
            const posts = run.recorded.filter(({ method }) => method === "POST");
            const between = run.recorded
                .slice(run.requests.indexOf(POST) + 1, run.requests.lastIndexOf(POST))
                .filter(({ pathname }) => /certificate\/\d+$/.test(pathname));
            assert.ok(between.length >= 3, `${between.length} looks`);
            const pause = (posts[1]?.at.getTime() ?? 0) - (posts[0]?.at.getTime() ?? 0);
            assert.ok(pause >= 290, `${pause} ms between the two`);
            assert.equal(run.requests[run.requests.lastIndexOf(POST) - 1], ORDER, "read before each POST");
        });
    }

    it("when nothing is ever committed: a bounded number of times, and the state says unknown", async () => {
        await stage.issued();
        stage.simulator.fault({ ...REISSUE, kind: "dropped", times: Infinity });
        const args = stage.shop({ triggers: { v: "2" } });
        const run = await stage.stack.up(args);
        assert.ok(run.failure);
        assert.ok(run.posts >= 2 && run.posts <= 5, `${run.posts} POSTs`);
        assert.equal(stage.stack.state.status, "unknown");
        stage.simulator.clearFaults();
        for (let ups = 0; ups < 3; ups++) await stage.stack.up(args);
        assert.deepEqual([stage.stack.state.status, stage.ours.length], ["issued", 2]);
    });

    it("when it cannot be told: the run fails with status unknown and the marker, and the next run looks again", async () => {
        await stage.issued();
        const args = stage.shop({ triggers: { v: "2" } });
        stage.simulator.fault({ ...REISSUE, kind: "lost-answer" });
        stage.simulator.fault({
            method: "GET",
            path: "*",
            nth: 2,
            times: Infinity,
            kind: "html",
            status: 503,
        });
        const run = await stage.stack.up(args);
        assert.match(
            run.failure ?? "",
            new RegExp(`order ${stage.orderId}: .*not known whether DigiCert accepted`),
        );
        assert.deepEqual([run.posts, stage.stack.state.status], [1, "unknown"]);
        const sent = marker(run);
        assert.ok(JSON.stringify(stage.stack.state).includes(`${sent.identity}${sent.wanted}`));
        assert.ok(stage.stack.state.certificatePem, "of the same key");
        stage.simulator.clearFaults();
        const next = await stage.stack.up(args);
        assert.deepEqual([next.did, next.failure, next.posts], ["update", undefined, 0]);
        assert.deepEqual([stage.stack.state.status, stage.ours.length], ["issued", 2]);
    });

    for (const status of [400, 403, 404, 409, 422]) {
        it(`when DigiCert answers ${status}: proof that it is absent, and nothing to repeat`, async () => {
            const body = { errors: [{ code: "some|code", message: "Something is not right." }] };
            stage.simulator.fault({ ...REISSUE, kind: "respond", status, body, times: Infinity });
            const run = await stage.stack.up(stage.shop());
            assert.match(
                run.failure ?? "",
                new RegExp(`order ${stage.orderId}: .*${status}.*Something is not right`),
            );
            assert.deepEqual([run.requests, stage.stack.isEmpty], [[ORDER, POST], true]);
        });
    }

    it("when DigiCert answers 429: proof that it is absent; read again and asked again", async () => {
        stage.simulator.fault({ ...REISSUE, kind: "rate-limited", retryAfter: 1 });
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts, stage.ours.length], [undefined, 2, 1]);
        assert.equal(run.requests[run.requests.lastIndexOf(POST) - 1], ORDER);
    });
});

describe("a create that finds on the order", function () {
    this.timeout(30_000);
    const stage = useStage();
    /** The engine was killed before it could save anything. */
    const killed = async (args: Props): Promise<HostStack> => {
        await stage.stack.up(args);
        return stage.newStack();
    };
    const takesOver = async (stack: HostStack, args: Props = stage.shop()): Promise<boolean> => {
        const run = await stack.up(args);
        assert.equal(run.failure, undefined);
        if (run.posts === 0) assert.equal(stack.state.serialNumber, stage.live.current.serialNumber);
        return run.posts === 0;
    };

    it("a reissue with our marker, whatever its age, takes it over", async () => {
        const stack = await killed(stage.shop());
        stage.advanceDays(100);
        assert.ok(await takesOver(stack));
        assert.deepEqual((await stack.up(stage.shop())).requests, []);
    });

    it("its current certificate with the same key and names under our identity, whatever its age, takes it over", async () => {
        const stack = await killed(stage.shop({ triggers: { v: "1" } }));
        stage.advanceDays(100);
        assert.ok(await takesOver(stack, stage.shop({ triggers: { v: "2" } })));
    });

    it("one with the same key and names of the last 24 hours, by whomever, takes it over", async () => {
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, age: 23 * 3_600_000 });
        assert.ok(await takesOver(stage.stack));
    });

    it("one with the same key and names that is older, and not ours, asks", async () => {
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, age: 25 * 3_600_000 });
        assert.ok(!(await takesOver(stage.stack)));
    });

    it("one of ours whose comments DigiCert does not show takes it over within 24 hours", async () => {
        const stack = await killed(stage.shop({ skipApproval: true }));
        stage.simulator.advance(23 * 3_600_000);
        assert.ok(await takesOver(stack, stage.shop({ skipApproval: true })));
    });

    it("one of the last 24 hours with another key, or other names, asks", async () => {
        await stage.simulator.reissueInConsole(stage.orderId);
        assert.ok(!(await takesOver(stage.stack)));
        stage.orderId = await stage.order();
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
        const args = stage.shop({ certificate: { dnsNames: ["a.shop.example"] } });
        assert.ok(!(await takesOver(stage.newStack(), args)));
    });

    it("one with more names than are wanted does not lose them by a POST", async () => {
        await stage.simulator.reissueInConsole(stage.orderId, {
            csr: stage.csr,
            dnsNames: ["a.shop.example"],
        });
        const run = await stage.stack.up(stage.shop());
        assert.equal(run.posts, 0);
    });

    it("the original certificate with the same key and names, made today, asks: it is no reissue", async () => {
        stage.orderId = await stage.order({ csr: stage.csr });
        assert.ok(!(await takesOver(stage.stack)));
    });

    describe("one with our marker that", () => {
        it("was rejected asks", async () => {
            stage.simulator.policy(stage.orderId, { approval: "required" });
            const stack = await killed(stage.shop());
            await stage.simulator.reject(stage.latest.requestId ?? 0);
            stage.simulator.policy(stage.orderId, { approval: "auto" });
            assert.ok(!(await takesOver(stack)));
        });

        it("was revoked asks", async () => {
            const stack = await killed(stage.shop());
            stage.simulator.revoke(stage.latest.certificateId);
            assert.ok(!(await takesOver(stack)));
        });

        it("has expired asks", async () => {
            const stack = await killed(stage.shop());
            stage.advanceDays(205);
            assert.ok(!(await takesOver(stack)));
        });

        it("is due asks", async () => {
            const stack = await killed(stage.shop());
            stage.advanceDays(175);
            assert.ok(!(await takesOver(stack)));
        });
    });
});

describe("an update that was killed", function () {
    this.timeout(30_000);
    const stage = useStage();

    for (const skipApproval of [false, true]) {
        it(`finds in the next run what it had asked for (skipApproval ${skipApproval})`, async () => {
            await stage.issued(stage.shop({ skipApproval }));
            const saved = stage.stack.recorded();
            await stage.stack.up(stage.shop({ skipApproval, triggers: { v: "2" } }));
            const { certificateId } = stage.stack.state;
            stage.stack.restore(saved);
            stage.simulator.advance(3_600_000);
            const run = await stage.stack.up(stage.shop({ skipApproval, triggers: { v: "2" } }));
            assert.deepEqual([run.did, run.failure, run.posts], ["update", undefined, 0]);
            assert.deepEqual([stage.stack.state.certificateId, stage.ours.length], [certificateId, 2]);
        });
    }

    it("does not take for it what somebody else made with the same key and names", async () => {
        await stage.issued();
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
        const run = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
        assert.deepEqual([run.failure, run.posts], [undefined, 1]);
    });
});
