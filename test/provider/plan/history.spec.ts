import assert from "node:assert/strict";
import fc from "fast-check";
import { plan } from "../../../provider/core/reissue/plan/plan.js";
import { inputsOf, type ReissueInputs } from "../../../provider/core/reissue/state.js";
import { csrPem, keyPair } from "../../fixtures/csr.js";
import { startSimulator, type Simulator } from "../../../simulator/index.js";
import type { StackDriver } from "../../drivers/driver.js";
import { inProcess } from "../../drivers/inProcess.js";

const DAY = 86_400_000;
const CSRS = { first: csrPem(keyPair("P-256")), second: csrPem(keyPair("P-384")) };

/** An event between two runs. */
type Event =
    | { readonly program: Readonly<Record<string, unknown>> }
    | { readonly key: keyof typeof CSRS }
    | { readonly days: number }
    | { readonly policy: Parameters<Simulator["policy"]>[1] }
    | { readonly who: "approves" | "rejects" | "issues" | "cancels" | "revokes" | "re-keys" | "DigiCert" }
    | { readonly who: "refresh" };

const event: fc.Arbitrary<Event> = fc.oneof(
    fc.constantFrom<Event>(
        { program: { triggers: { v: "1" } } },
        { program: { triggers: { v: "2" } } },
        { program: { comments: "for the shop" } },
        { program: { issuanceTimeoutSeconds: 0 } },
        { program: { allowPendingOutputs: true } },
        { key: "first" },
        { key: "second" },
    ),
    fc.constantFrom<Event>(
        { policy: { approval: "auto", issuanceMs: 0 } },
        { policy: { approval: "required" } },
        { policy: { approval: "auto", issuanceMs: 2 * DAY } },
        { days: 1 },
        { days: 20 },
        { days: 90 },
    ),
    fc
        .constantFrom("approves", "rejects", "issues", "cancels", "revokes", "re-keys", "DigiCert", "refresh")
        .map((who) => ({ who })),
);

/** Somebody acts, if there is anything to act on. */
async function act(simulator: Simulator, stack: StackDriver, orderId: number, who: string): Promise<void> {
    const { certificates, requests, current } = simulator.order(orderId);
    const pending = certificates.some(({ status }) => status === "pending");
    const request = requests.find(({ type, status }) => type === "reissue" && status === "pending");
    if (who === "refresh") await stack.refresh();
    else if (who === "approves" && request) await simulator.approve(request.requestId);
    else if (who === "rejects" && request) await simulator.reject(request.requestId, "no");
    else if (who === "issues" && pending && !request) await simulator.issue(orderId);
    else if (who === "cancels" && pending) simulator.cancelReissue(orderId, "by hand");
    else if (who === "revokes" && current.status === "issued") simulator.revoke(current.certificateId);
    else if (who === "re-keys" && !pending && simulator.order(orderId).status === "issued")
        await simulator.reissueInConsole(orderId);
    else if (who === "DigiCert" && !pending && simulator.order(orderId).status === "issued")
        simulator.autoReissue(orderId);
}

describe("any history of a stack", () => {
    let simulator: Simulator;
    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.close());

    it("has one POST at most in a run, none without a reason, and nothing to do after a run that succeeded", async () => {
        const history = fc.array(event, { minLength: 3, maxLength: 14 });
        await fc.assert(
            fc.asyncProperty(history, async (events) => {
                const { orderId } = await simulator.seedOrder({ policy: { approval: "auto" } });
                const stack = inProcess(simulator);
                let program: Record<string, unknown> = {};
                let key: keyof typeof CSRS = "first";
                const up = () =>
                    stack.up({
                        orderId,
                        certificate: { commonName: "shop.example", csr: CSRS[key] },
                        ...program,
                    });
                let posts = 0;
                for (const now of [{ days: 0 }, ...events]) {
                    if ("program" in now) program = { ...program, ...now.program };
                    else if ("key" in now) key = now.key;
                    else if ("days" in now) simulator.advance(now.days * DAY);
                    else if ("policy" in now) simulator.policy(orderId, now.policy);
                    else await act(simulator, stack, orderId, now.who);

                    const run = await up();
                    posts += run.posts;
                    assert.ok(run.posts <= 1);
                    if (run.posts === 1)
                        assert.match(run.lines.join("\n"), /: (reissue, |returns to certificate)/);
                    const { certificates } = simulator.order(orderId);
                    assert.ok(certificates.filter(({ status }) => status === "pending").length <= 1);
                    assert.equal(simulator.committedReissues(orderId), posts);
                    if (!stack.resource()) continue;

                    const again = await up();
                    posts += again.posts;
                    // Going back to what was last issued is no POST, so what is wrong with that is the next run's matter.
                    const isLater = run.lines.some((line) => line.includes("returns to certificate"));
                    const reasons = again.lines.join("\n");
                    if (isLater && again.posts > 0) {
                        assert.match(reasons, /certificate (\d+ was revoked|expires in|\d+ expired)/);
                        continue;
                    }
                    assert.equal(again.posts, 0, `a second POST: ${reasons}`);
                    if (run.failure === undefined && stack.state.status === "issued") {
                        assert.deepEqual([again.did, again.requests.length], ["nothing", 0]);
                        const wanted = inputsOf(stack.resource()?.inputs as unknown as ReissueInputs);
                        const next = plan(stack.state, wanted, simulator.now());
                        assert.deepEqual([next.kind, next.changed], ["nothing", []]);
                    }
                }
            }),
            { numRuns: Number(process.env.HISTORY_RUNS ?? 10) },
        );
    });
});
