import assert from "node:assert/strict";
import { type Props } from "../engine/imitation.js";
import { type Run } from "./hostStack.js";
import { CANCEL, REVOKE, useStage } from "./stage.js";

/** Section "Refresh, delete, adopt": `pulumi destroy`, by policy and by what the order shows. */
describe("a destroy", function () {
    this.timeout(30_000);
    const stage = useStage();
    const changing = ({ requests }: Run) => requests.filter((request) => !request.startsWith("GET "));
    const statuses = () => stage.live.certificates.map(({ status }) => status);
    const args = (deletionPolicy: string, more: Props = {}) =>
        stage.shop({ deletionPolicy, skipApproval: true, ...more });

    /** Certificates afterwards: the original one, the one that was issued for the stack, the pending one. */
    const situations: Record<string, (policy: string) => Promise<void>> = {
        issued: (policy) => stage.issued(args(policy)),
        "pending, ours": async (policy) => {
            await stage.issued(args(policy));
            stage.simulator.policy(stage.orderId, { approval: "required" });
            await stage.stack.up(args(policy, { skipApproval: false, triggers: { v: "2" } }));
            await stage.stack.up(args(policy, { triggers: { v: "2" } })); // revoke with skip_approval
            assert.equal(stage.latest.status, "pending");
        },
        "pending, ours, and nothing issued before": async (policy) => {
            stage.simulator.policy(stage.orderId, { domains: "unvalidated" });
            await stage.stack.up(args(policy));
            assert.equal(stage.latest.status, "pending");
        },
        "pending, foreign": async (policy) => {
            await stage.issued(args(policy));
            await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
        },
        "pending for us, foreign by now": async (policy) => {
            await situations["pending, ours"]?.(policy);
            stage.simulator.cancelReissue(stage.orderId);
            await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
        },
        "pending for us, issued meanwhile": async (policy) => {
            await situations["pending, ours"]?.(policy);
            await stage.approve();
        },
        "revoked already": async (policy) => {
            await stage.issued(args(policy));
            stage.simulator.revoke(stage.latest.certificateId);
        },
        "pending for us, cancelled already": async (policy) => {
            await situations["pending, ours"]?.(policy);
            stage.simulator.cancelReissue(stage.orderId);
        },
        "on an order that is revoked already": async (policy) => {
            await stage.issued(args(policy));
            stage.simulator.cancelOrder(stage.orderId, "revoked");
        },
    };
    const outcomes: [policy: string, situation: string, did: string[], certificates: string[]][] = [
        ["cancelPending", "issued", [], ["issued", "issued"]],
        ["cancelPending", "pending, ours", [CANCEL], ["issued", "issued", "rejected"]],
        ["cancelPending", "pending, ours, and nothing issued before", [CANCEL], ["issued", "rejected"]],
        ["cancelPending", "pending, foreign", [], ["issued", "issued", "pending"]],
        ["cancelPending", "pending for us, foreign by now", [], ["issued", "issued", "rejected", "pending"]],
        ["cancelPending", "pending for us, issued meanwhile", [], ["issued", "issued", "issued"]],
        ["cancelPending", "revoked already", [], ["issued", "revoked"]],
        ["cancelPending", "pending for us, cancelled already", [], ["issued", "issued", "rejected"]],
        ["revoke", "issued", [REVOKE], ["issued", "revoked"]],
        ["revoke", "pending, ours", [CANCEL, REVOKE], ["issued", "revoked", "rejected"]],
        ["revoke", "pending, ours, and nothing issued before", [CANCEL], ["issued", "rejected"]],
        ["revoke", "revoked already", [], ["issued", "revoked"]],
        ["revoke", "pending for us, cancelled already", [REVOKE], ["issued", "revoked", "rejected"]],
        ["revoke", "on an order that is revoked already", [], ["revoked", "revoked"]],
    ];
    for (const [policy, situation, did, certificates] of outcomes) {
        it(`with ${policy}, ${situation}: ${did.join(", then ") || "changes nothing"}`, async () => {
            await situations[situation]?.(policy);
            const run = await stage.stack.destroy();
            assert.equal(run.failure, undefined);
            assert.deepEqual(changing(run), did);
            assert.deepEqual(statuses(), certificates);
            assert.ok(stage.stack.isEmpty);
        });
    }

    for (const situation of Object.keys(situations)) {
        it(`with forget, ${situation}: no request`, async () => {
            await situations[situation]?.("forget");
            const before = statuses();
            const run = await stage.stack.destroy();
            assert.deepEqual([run.failure, run.requests], [undefined, []]);
            assert.deepEqual([statuses(), stage.stack.isEmpty], [before, true]);
        });
    }

    it("with revoke, pending for us and issued meanwhile: revokes the certificate that this resource has by now, and cancels nothing", async () => {
        await situations["pending for us, issued meanwhile"]?.("revoke");
        const run = await stage.stack.destroy();
        assert.equal(run.failure, undefined);
        assert.ok(!run.requests.includes(CANCEL));
        assert.deepEqual([statuses()[0], statuses()[2]], ["issued", "revoked"]);
    });

    for (const situation of ["pending, foreign", "pending for us, foreign by now"]) {
        it(`with revoke, ${situation}: DigiCert refuses, the error says why, the foreign one and the state are kept`, async () => {
            await situations[situation]?.("revoke");
            const run = await stage.stack.destroy();
            assert.match(run.failure ?? "", new RegExp(`order ${stage.orderId}: .*pending`));
            assert.ok(!run.requests.includes(CANCEL));
            assert.deepEqual([stage.latest.status, stage.stack.isEmpty], ["pending", false]);
            assert.ok(!statuses().includes("revoked"));
        });
    }

    for (const skipApproval of [true, false]) {
        it(`with revoke sends skip_approval as in the inputs: ${skipApproval}`, async () => {
            await stage.issued(args("revoke", { skipApproval }));
            const id = stage.stack.state.certificateId ?? 0;
            stage.simulator.policy(stage.orderId, { approval: "required" });
            const run = await stage.stack.destroy();
            assert.equal(run.failure, undefined);
            const revocation = run.recorded.find(({ method }) => method === "PUT");
            assert.match(revocation?.pathname ?? "", new RegExp(`/certificate/${id}/revoke$`));
            assert.equal((revocation?.body as { skip_approval: boolean }).skip_approval, skipApproval);
            assert.equal(stage.latest.status, skipApproval ? "revoked" : "issued");
            assert.ok(stage.stack.isEmpty);
        });
    }

    it("with revoke revokes the certificate of this resource and nothing else, not the order", async () => {
        await stage.issued(args("revoke", { triggers: { v: "1" } }));
        await stage.stack.up(args("revoke", { triggers: { v: "2" } }));
        await stage.simulator.reissueInConsole(stage.orderId);
        await stage.stack.destroy();
        assert.deepEqual(statuses(), ["issued", "issued", "revoked", "issued"]);
        assert.equal(stage.live.status, "issued");
    });

    it("with revoke revokes the certificate that a refresh has followed", async () => {
        await stage.issued(args("revoke"));
        stage.simulator.autoReissue(stage.orderId);
        await stage.stack.refresh();
        await stage.stack.destroy();
        assert.deepEqual(statuses(), ["issued", "issued", "revoked"]);
    });

    it("with revoke never revokes a certificate with another key that a refresh has shown as drift", async () => {
        await stage.issued(args("revoke"));
        await stage.simulator.reissueInConsole(stage.orderId);
        await stage.stack.refresh();
        await stage.stack.destroy();
        assert.equal(statuses()[2], "issued");
    });

    for (const policy of ["cancelPending", "revoke"]) {
        it(`with ${policy}, on an order that is not found, is an error, and state is kept`, async () => {
            await situations["pending, ours"]?.(policy);
            const before = stage.stack.recorded();
            const body = { errors: [{ code: "not_found|order", message: "not found" }] };
            stage.simulator.fault({ path: "*", kind: "respond", status: 404, body, times: Infinity });
            const run = await stage.stack.destroy();
            assert.match(
                run.failure ?? "",
                new RegExp(`order ${stage.orderId}: .*404.*account, region or address.*pulumi state delete`),
            );
            assert.deepEqual(stage.stack.recorded(), before);
            assert.deepEqual(changing(run), []);
        });

        it(`with ${policy} and a key that is refused says that it uses the settings saved by the last up`, async () => {
            await situations["pending, ours"]?.(policy);
            const run = await stage.stack.as({ "digicert:apiKey": "AN-OLD-KEY" }).destroy();
            assert.match(run.failure ?? "", /403.*saved by the last up.*--run-program/);
            assert.ok(!stage.stack.isEmpty);
        });
    }

    it("that was cut off after the revocation counts it as done in the next one", async () => {
        await stage.issued(args("revoke"));
        stage.simulator.fault({ method: "PUT", path: "*", kind: "lost-answer" });
        const first = await stage.stack.destroy();
        if (first.failure !== undefined) assert.equal((await stage.stack.destroy()).failure, undefined);
        assert.deepEqual([statuses(), stage.stack.isEmpty], [["issued", "revoked"], true]);
    });
});

describe("on an order that another resource of the same run has checked or created nothing is revoked or cancelled", function () {
    this.timeout(30_000);
    const stage = useStage();

    it("when the resource was renamed: its successor adopted the certificate", async () => {
        const args = stage.shop({ deletionPolicy: "revoke", skipApproval: true });
        await stage.issued(args);
        const run = await stage.stack.up(undefined, { renamed: args });
        assert.deepEqual([run.did, run.others, run.failure], ["delete", { renamed: "create" }, undefined]);
        assert.deepEqual(
            run.requests.filter((one) => one.startsWith("PUT ")),
            [],
        );
        assert.equal(run.posts, 0);
        assert.equal(stage.live.current.status, "issued");
        assert.equal(stage.stack.recorded("renamed").outputs.serialNumber, stage.live.current.serialNumber);
    });

    it("when the resource was renamed while its reissue was pending", async () => {
        const args = stage.shop({ deletionPolicy: "cancelPending", triggers: { v: "2" } });
        await stage.pending(args);
        const run = await stage.stack.up(undefined, { renamed: args });
        assert.deepEqual([run.failure, run.posts], [undefined, 0]);
        assert.equal(stage.latest.status, "pending");
        assert.equal(stage.stack.recorded("renamed").outputs.status, "pending_approval");
    });

    it("but what is gone from the program, while others stay on other orders, goes by its policy", async () => {
        const other = await stage.order();
        const args = stage.shop({ deletionPolicy: "revoke", skipApproval: true });
        await stage.stack.up(args, { other: stage.shop({ orderId: other }) });
        const run = await stage.stack.up(undefined, { other: stage.shop({ orderId: other }) });
        assert.deepEqual([run.failure, run.did], [undefined, "delete"]);
        assert.deepEqual(
            run.requests.filter((one) => !one.startsWith("GET ")),
            [REVOKE],
        );
        assert.equal(stage.live.current.status, "revoked");
        assert.equal(stage.simulator.order(other).current.status, "issued");
    });

    it("and two resources of one program on the same order are refused in preview", async () => {
        const run = await stage.stack.up(stage.shop(), { twin: stage.shop() });
        assert.deepEqual(run.requests, []);
        assert.match(run.failure ?? "", /orderId: .*another resource/);
    });
});
