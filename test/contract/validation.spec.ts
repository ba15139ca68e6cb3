/** The contract: the token of domain control validation, and `dcvMethod`. */
import assert from "node:assert/strict";
import { errors, METHOD, POST, TOKEN } from "../drivers/requests.js";
import type { Props } from "../drivers/driver.js";
import { about, scenario } from "../drivers/scenario.js";
import type { Stage } from "../drivers/stage.js";

const SECTION = "contract: domain validation";

/** The last body that was sent by POST, or by PUT to a path. */
function sent({ simulator }: Stage, end = "/reissue"): Props {
    return (simulator.requests.findLast(({ method, pathname }) => method !== "GET" && pathname.endsWith(end))
        ?.body ?? {}) as Props;
}

about(SECTION, "The token of a reissue that waits for validation", () => {
    for (const [what, fault] of Object.entries({
        "the answer to the POST was lost": { kind: "lost-answer" },
        "the answer to the POST had none": {
            kind: "respond",
            status: 201,
            body: { id: 1190000001, certificate_id: 880011002 },
            commit: true,
        },
    } as const)) {
        scenario(`is requested if ${what}`, async (stage) => {
            stage.policy({ domains: "unvalidated" });
            stage.faultPost(fault);
            const args = stage.shop({ skipApproval: true, issuanceTimeoutSeconds: 3 });
            const run = await stage.stack.up(args);
            assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 1, 1]);
            assert.ok(run.changing.includes(TOKEN), run.changing.join());
            assert.equal(stage.state.status, "pending_issuance");
            assert.ok(stage.state.dcvRandomValue && stage.state.dcvRandomValue === stage.live.dcvRandomValue);
            await stage.simulator.issue(stage.orderId);
            const next = await stage.stack.up(args);
            assert.deepEqual([next.failure, next.posts, stage.state.status], [undefined, 0, "issued"]);
        });
    }

    for (const [what, status, body] of [
        ["refused", 400, errors("invalid_order_status", "The order is issued.")],
        ["answered without one", 200, {}],
    ] as const) {
        scenario(`is requested again if DigiCert ${what} directly after the POST`, async (stage) => {
            stage.policy({ domains: "unvalidated" });
            stage.faultPost({ kind: "lost-answer" });
            const put = { method: "PUT", path: "/order/certificate/:id/dcv-random-value" } as const;
            stage.simulator.fault({ ...put, kind: "respond", status, body });
            const args = stage.shop({ skipApproval: true, dcvMethod: "dns-txt-token" });
            const run = await stage.stack.up(args);
            assert.deepEqual([run.failure, run.posts], [undefined, 1]);
            assert.equal(stage.state.status, "pending_issuance");
            assert.equal(stage.state.dcvRandomValue, stage.live.dcvRandomValue);
        });

        scenario(`is requested by the next up if DigiCert ${what} in all of this up`, async (stage) => {
            stage.policy({ domains: "unvalidated" });
            stage.faultPost({ kind: "lost-answer" });
            const put = { method: "PUT", path: "/order/certificate/:id/dcv-random-value" } as const;
            stage.simulator.fault({ ...put, kind: "respond", times: Infinity, status, body });
            const args = stage.shop({
                skipApproval: true,
                dcvMethod: "dns-txt-token",
                issuanceTimeoutSeconds: 5,
            });
            const refused = await stage.stack.up(args);
            assert.match(refused.failure ?? "", /ERR_DIGICERT_PENDING/);
            assert.equal(refused.text.includes("The order is issued."), status === 400, refused.text);
            stage.simulator.clearFaults();
            const run = await stage.stack.up(args);
            assert.deepEqual([run.failure, run.posts], [undefined, 0]);
            assert.ok(stage.state.dcvRandomValue && stage.state.dcvRandomValue === stage.live.dcvRandomValue);
        });
    }

    scenario("is asked for once by an up whose key may not ask for it, which says so", async (stage) => {
        stage.policy({ domains: "unvalidated" });
        stage.faultPost({ kind: "lost-answer" });
        const put = { method: "PUT", path: "/order/certificate/:id/dcv-random-value" } as const;
        const body = errors("access_denied|missing_permission", "No.");
        stage.simulator.fault({ ...put, kind: "respond", times: Infinity, status: 403, body });
        const args = stage.shop({
            skipApproval: true,
            dcvMethod: "dns-txt-token",
            issuanceTimeoutSeconds: 60,
        });
        const refused = await stage.stack.up(args);
        assert.match(refused.failure ?? "", /ERR_DIGICERT_PENDING/);
        assert.deepEqual(refused.changing, [POST, TOKEN]);
        assert.match(refused.text, /Requesting the DCV token of order \d+: .*its role lacks the permission/);
        stage.simulator.clearFaults();
        const run = await stage.stack.up(args);
        assert.deepEqual([run.failure, run.posts], [undefined, 0]);
        assert.ok(stage.state.dcvRandomValue && stage.state.dcvRandomValue === stage.live.dcvRandomValue);
    });

    scenario(
        "is requested by the up that finds a killed create's reissue waiting for validation",
        async (stage) => {
            stage.policy({ domains: "unvalidated" });
            const args = stage.shop({ skipApproval: true });
            await stage.stack.up(args);
            const { dcvRandomValue } = stage.state;
            await stage.stack.restore(undefined);
            const run = await stage.stack.up(args);
            assert.deepEqual(
                [run.failure, run.posts, stage.state.dcvRandomValue],
                [undefined, 0, dcvRandomValue],
            );
        },
    );

    scenario("is requested by the up after the approval, if an approver came first", async (stage) => {
        stage.policy({ approval: "required", domains: "unvalidated" });
        await stage.stack.up(stage.shop());
        assert.deepEqual(
            Object.keys(stage.state).filter((name) => name === "dcvRandomValue"),
            [],
        );
        await stage.approve();
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts], [undefined, 0]);
        assert.equal(stage.state.status, "pending_issuance");
        assert.ok(stage.state.dcvRandomValue && stage.state.dcvRandomValue === stage.live.dcvRandomValue);
    });

    scenario(
        "stays after issuance, so that a record made from it does not come and go",
        { tags: ["host"] },
        async (stage) => {
            stage.policy({ domains: "unvalidated" });
            await stage.stack.up(stage.shop({ skipApproval: true }));
            const { dcvRandomValue } = stage.state;
            assert.ok(dcvRandomValue);
            await stage.simulator.issue(stage.orderId);
            await stage.stack.up(stage.shop({ skipApproval: true }));
            assert.deepEqual([stage.state.status, stage.state.dcvRandomValue], ["issued", dcvRandomValue]);
            stage.policy({ domains: "validated" });
            await stage.stack.up(stage.shop({ skipApproval: true, triggers: { v: "2" } }));
            assert.deepEqual([stage.state.status, stage.state.dcvRandomValue], ["issued", dcvRandomValue]);
        },
    );

    scenario("is not the token of an earlier reissue, which the state still has", async (stage) => {
        stage.policy({ domains: "unvalidated" });
        await stage.stack.up(stage.shop({ skipApproval: true }));
        await stage.simulator.issue(stage.orderId);
        await stage.issued(stage.shop({ skipApproval: true }));
        stage.policy({ domains: "validated", issuanceMs: 600_000 });
        const args = (issuanceTimeoutSeconds: number) =>
            stage.shop({ skipApproval: true, issuanceTimeoutSeconds, triggers: { v: "2" } });
        assert.match((await stage.stack.up(args(60))).failure ?? "", /not issued within 60 s/);
        const run = await stage.stack.up(args(900));
        assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 0, "issued"]);
    });

    scenario(
        "is requested again by an up that finds the reissue pending with a token older than 30 days",
        async (stage) => {
            stage.policy({ domains: "unvalidated" });
            const args = stage.shop({ skipApproval: true });
            await stage.stack.up(args);
            stage.advanceDays(31);
            const run = await stage.stack.up(args);
            assert.deepEqual([run.failure, run.posts], [undefined, 0]);
            assert.ok(run.changing.includes(TOKEN), run.requests.join());
            assert.equal(stage.state.dcvRandomValue, stage.live.dcvRandomValue);
        },
    );

    scenario(
        "cannot be requested: up says that it waits for validation, and does not call the order rejected",
        async (stage) => {
            stage.policy({ domains: "unvalidated" });
            stage.faultPost({ kind: "lost-answer" });
            stage.simulator.fault({ method: "PUT", path: "*", times: Infinity, kind: "html", status: 503 });
            const run = await stage.stack.up(stage.shop({ skipApproval: true, issuanceTimeoutSeconds: 30 }));
            assert.equal(run.posts, 1);
            assert.match(run.text, /validat|dcvRandomValue|DCV/);
            assert.equal(stage.state.status, "pending_issuance");
        },
    );

    scenario(
        "is requested by the next up if it could not be requested after a lost answer, and up does not wait",
        async (stage) => {
            const args = stage.shop({ skipApproval: true, issuanceTimeoutSeconds: 0 });
            stage.policy({ domains: "unvalidated" });
            stage.faultPost({ kind: "lost-answer" });
            stage.simulator.fault({ method: "PUT", path: "*", times: Infinity, kind: "html", status: 503 });
            await stage.stack.up(args);
            assert.deepEqual(
                [stage.state.status, stage.state.dcvRandomValue],
                ["pending_issuance", undefined],
            );
            stage.simulator.clearFaults();
            const run = await stage.stack.up(args);
            assert.deepEqual([run.failure, run.posts], [undefined, 0]);
            assert.ok(stage.state.dcvRandomValue && stage.state.dcvRandomValue === stage.live.dcvRandomValue);
        },
    );
});

about(SECTION, "dcvMethod", () => {
    for (const method of ["dns-txt-token", "dns-cname-token", "http-token", "email"]) {
        scenario(`is sent as dcv_method with the next POST: ${method}`, async (stage) => {
            await stage.issued(stage.shop({ dcvMethod: method }));
            assert.deepEqual([sent(stage).dcv_method, stage.state.dcvMethod], [method, method]);
        });
    }

    scenario("is not sent where it is not given", async (stage) => {
        await stage.issued();
        assert.ok(!("dcv_method" in sent(stage)));
    });

    scenario("is changed at once by a PUT while the reissue waits for validation", async (stage) => {
        stage.policy({ domains: "unvalidated" });
        await stage.stack.up(stage.shop({ dcvMethod: "dns-txt-token", skipApproval: true }));
        const run = await stage.stack.up(stage.shop({ dcvMethod: "http-token", skipApproval: true }));
        assert.deepEqual([run.failure, run.posts], [undefined, 0]);
        assert.ok(run.changing.includes(METHOD), run.changing.join());
        assert.deepEqual(
            [sent(stage, "/dcv-method").dcv_method, stage.state.dcvMethod],
            ["http-token", "http-token"],
        );
        assert.equal(stage.state.dcvRandomValue, stage.live.dcvRandomValue);
        assert.equal(stage.reissues.length, 1);
        const again = await stage.stack.up(stage.shop({ dcvMethod: "http-token", skipApproval: true }));
        assert.ok(!again.changing.includes(METHOD), "once");
    });

    scenario(
        "is only recorded while the reissue waits for an approver, and sent when it waits for validation",
        async (stage) => {
            stage.policy({ approval: "required", domains: "unvalidated" });
            await stage.stack.up(stage.shop({ dcvMethod: "dns-txt-token" }));
            const args = stage.shop({ dcvMethod: "dns-cname-token" });
            const run = await stage.stack.up(args);
            assert.deepEqual([run.failure, run.changing, stage.latest.status], [undefined, [], "pending"]);
            assert.equal(stage.state.dcvMethod, "dns-cname-token");
            await stage.approve();
            const approved = await stage.stack.up(args);
            assert.deepEqual([approved.failure, approved.changing], [undefined, [METHOD]]);
            assert.deepEqual(
                [(await stage.answer()).dcv_method, stage.state.dcvRandomValue],
                ["dns-cname-token", stage.live.dcvRandomValue],
            );
            const again = await stage.stack.up(args);
            assert.deepEqual([again.failure, again.changing], [undefined, [TOKEN]]);
        },
    );

    scenario(
        "is sent after the approval where it was given only while an approver was waited for",
        async (stage) => {
            stage.policy({ approval: "required", domains: "unvalidated" });
            await stage.stack.up(stage.shop());
            const args = stage.shop({ dcvMethod: "dns-cname-token" });
            await stage.stack.up(args);
            await stage.approve();
            const run = await stage.stack.up(args);
            assert.deepEqual([run.failure, run.changing], [undefined, [METHOD]]);
            assert.equal((await stage.answer()).dcv_method, "dns-cname-token");
        },
    );

    scenario("is compared with the inputs in the state of an earlier release", async (stage) => {
        stage.policy({ domains: "unvalidated" });
        const first = stage.shop({ dcvMethod: "dns-txt-token", skipApproval: true });
        await stage.stack.up(first);
        const { outputs, ...rest } = stage.recorded;
        const { dcvMethod, ...asked } = outputs.asked ?? assert.fail();
        assert.equal(dcvMethod, "dns-txt-token");
        await stage.stack.restore({ ...rest, outputs: { ...outputs, asked } });
        assert.deepEqual((await stage.stack.up(first)).changing, [TOKEN]);
        await stage.stack.restore({ ...rest, outputs: { ...outputs, asked } });
        const run = await stage.stack.up(stage.shop({ dcvMethod: "http-token", skipApproval: true }));
        assert.deepEqual([run.failure, run.changing], [undefined, [METHOD]]);
    });

    scenario("that a killed create had sent is changed by the create after it", async (stage) => {
        stage.policy({ domains: "unvalidated" });
        await stage.stack.up(stage.shop({ dcvMethod: "dns-txt-token", skipApproval: true }));
        await stage.stack.restore(undefined);
        const run = await stage.stack.up(stage.shop({ dcvMethod: "dns-cname-token", skipApproval: true }));
        assert.deepEqual([run.failure, run.posts, run.changing], [undefined, 0, [METHOD]]);
        assert.equal((await stage.answer()).dcv_method, "dns-cname-token");
    });

    scenario("is sent as email, and up says that a link has to be followed", async (stage) => {
        stage.policy({ domains: "unvalidated" });
        await stage.stack.up(stage.shop({ dcvMethod: "dns-txt-token", skipApproval: true }));
        const { dcvRandomValue } = stage.state;
        const args = stage.shop({ dcvMethod: "email", skipApproval: true });
        for (const changing of [[METHOD], []]) {
            const run = await stage.stack.up(args);
            assert.deepEqual([run.failure, run.changing], [undefined, changing]);
            assert.match(run.text, /link in DigiCert's e-mail/);
            assert.doesNotMatch(run.text, /dcvRandomValue/);
        }
        assert.deepEqual(
            [(await stage.answer()).dcv_method, stage.state.dcvMethod, stage.state.dcvRandomValue],
            ["email", "email", dcvRandomValue],
        );
        const back = await stage.stack.up(stage.shop({ dcvMethod: "dns-txt-token", skipApproval: true }));
        assert.deepEqual([back.failure, back.changing], [undefined, [METHOD]]);
        assert.match(back.text, /dcvRandomValue has to be published/);
    });

    for (const [what, fault, pattern] of [
        ["cannot be sent", { kind: "html", status: 503 }, /not changed to dns-cname-token.*503/s],
        [
            "is refused",
            { kind: "respond", status: 400, body: errors("invalid_dcv_method", "Not for this order.") },
            /not changed to dns-cname-token.*Not for this order/s,
        ],
    ] as const) {
        scenario(`that ${what} is reported, and sent again by the next up`, async (stage) => {
            stage.policy({ domains: "unvalidated" });
            await stage.stack.up(stage.shop({ dcvMethod: "dns-txt-token", skipApproval: true }));
            const { dcvRandomValue } = stage.state;
            stage.simulator.fault({
                method: "PUT",
                path: "/order/certificate/:id/dcv-method",
                times: Infinity,
                ...fault,
            });
            const args = stage.shop({ dcvMethod: "dns-cname-token", skipApproval: true });
            const run = await stage.stack.up(args);
            assert.deepEqual([run.failure, run.posts], [undefined, 0]);
            assert.match(run.text, pattern);
            assert.equal(stage.state.dcvRandomValue, dcvRandomValue);
            stage.simulator.clearFaults();
            const next = await stage.stack.up(args);
            assert.deepEqual([next.failure, next.changing], [undefined, [METHOD]]);
            assert.equal((await stage.answer()).dcv_method, "dns-cname-token");
        });
    }

    scenario("and additionalParameters.dcv_method are refused together, in preview", async (stage) => {
        const args = stage.shop({
            dcvMethod: "email",
            additionalParameters: { dcv_method: "dns-txt-token" },
        });
        const run = await stage.stack.up(args);
        assert.deepEqual([run.did, run.requests], ["refused", []]);
        assert.match(run.failure ?? "", /dcvMethod|dcv_method/);
    });

    scenario("that does not exist is refused in preview, with those that do", async (stage) => {
        const run = await stage.stack.up(stage.shop({ dcvMethod: "dns-txt" }));
        assert.deepEqual([run.did, run.requests], ["refused", []]);
        assert.match(run.failure ?? "", /dcvMethod.*dns-txt-token.*email/s);
    });

    scenario("in additionalParameters is changed without a reissue, as dcvMethod is", async (stage) => {
        await stage.issued(stage.shop({ additionalParameters: { dcv_method: "email" } }));
        assert.equal(sent(stage).dcv_method, "email");
        const run = await stage.stack.up(
            stage.shop({ additionalParameters: { dcv_method: "dns-txt-token" } }),
        );
        assert.deepEqual([run.did, run.failure, run.requests], ["update", undefined, []]);
        const due = await stage.stack.up(
            stage.shop({ additionalParameters: { dcv_method: "dns-txt-token" }, triggers: { v: "2" } }),
        );
        assert.deepEqual([due.changing, sent(stage).dcv_method], [[POST], "dns-txt-token"]);
    });
});
