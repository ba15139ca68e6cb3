import assert from "node:assert/strict";
import fc from "fast-check";
import { CertCentral } from "../../../provider/core/certcentral/client.js";
import { makeProviders, type Providers } from "../../../provider/dynamic/provider.js";
import { plan } from "../../../provider/core/reissue/plan/plan.js";
import type { ReissueInputs, ReissueState } from "../../../provider/core/reissue/state.js";
import { explain } from "../../../provider/core/errors.js";
import { withReissueId } from "../../../provider/core/reissue/reissueId.js";
import { reissueResource } from "../../../provider/core/reissue/resource.js";
import { withInputs } from "../../../provider/core/reissue/state.js";
import { compact } from "../../../provider/core/json.js";
import type { HostPartialFailure } from "../../../provider/dynamic/hostErrors.js";
import { REMEDIES } from "../../../provider/pulumi/remedies.js";
import { situation } from "../../fixtures/states.js";

type Bag = Record<string, unknown>;

const OFFLINE = "no call is expected to go out";

/** A client that makes no connection: the first call of any endpoint throws. */
function offline(calls: string[]): CertCentral {
    return new Proxy(Object.create(CertCentral.prototype) as CertCentral, {
        get: (_target, name) => {
            // What has a "then" is awaited.
            if (name === "then") return undefined;
            return () => {
                calls.push(String(name));
                return Promise.reject(new Error(OFFLINE));
            };
        },
    });
}

/** The lifecycle at a moment, with what it printed and which endpoint it would have called. */
function lifecycleAt(now: Date) {
    const calls: string[] = [];
    const lines: string[] = [];
    const { reissue: lifecycle } = makeProviders({
        now: () => now,
        elapsed: () => now.getTime(),
        sleep: () => Promise.resolve(),
        env: { DIGICERT_API_KEY: "key" },
        log: (line) => lines.push(line),
        connect: () => Promise.resolve(offline(calls)),
    });
    return { lifecycle, calls, lines };
}

/** The result of update: the outputs, or the failure. */
async function update(lifecycle: Providers["reissue"], old: ReissueState, wanted: ReissueInputs) {
    try {
        return { outs: (await lifecycle.update(old.orderId, bag(old), bag(wanted))).outs as Bag };
    } catch (error) {
        return { failure: error as HostPartialFailure };
    }
}

function bag(value: object): Bag {
    return compact(value) as Bag;
}

describe("diff and update", () => {
    it("do as the plan says, for any state, program and time", async () => {
        await fc.assert(
            fc.asyncProperty(situation(), async ([old, wanted, now]) => {
                const expected = plan(old, wanted, now);
                const { lifecycle, calls, lines } = lifecycleAt(now);
                const diff = await lifecycle.diff(old.orderId, bag(old), bag(wanted));
                assert.equal(diff.changes, expected.kind !== "nothing");
                assert.deepEqual(diff.replaces, expected.kind === "replace" ? ["orderId"] : []);
                assert.equal(calls.length, 0);
                assert.deepEqual(lines, [
                    ...(expected.kind === "refuse" ? [] : expected.reasons),
                    ...expected.warnings.map((warning) => `warning: ${warning}`),
                ]);

                const { outs, failure } = await update(lifecycle, old, wanted);
                switch (expected.kind) {
                    case "nothing":
                    case "record":
                        assert.equal(calls.length, 0);
                        assert.deepEqual(
                            outs,
                            bag(reissueResource.toRecord(withReissueId(withInputs(old, wanted)))),
                        );
                        return;
                    case "fail":
                        assert.equal(calls.length, 0);
                        assert.equal(failure?.reasons[0], explain(expected.error, REMEDIES));
                        // A rejected reissue whose predecessor is about to expire is told with both.
                        assert.ok(
                            failure.reasons.slice(1).every((one) => one.includes(expected.deadline ?? "?")),
                        );
                        return;
                    case "refuse":
                    case "replace":
                        assert.equal(calls.length, 0);
                        assert.ok(failure?.message.startsWith(expected.reasons.join(" ")), failure?.message);
                        return;
                    case "resume":
                    case "restore":
                    case "reissue":
                        assert.equal(calls[0], "order", "the order is read first");
                        assert.ok(
                            !calls.includes("reissue"),
                            "nothing is requested on an order that was not read",
                        );
                        assert.ok(failure);
                }
            }),
            { numRuns: 300 },
        );
    });

    it("refuse in preview what the plan refuses", async () => {
        await fc.assert(
            fc.asyncProperty(situation(), async ([old, wanted, now]) => {
                const { lifecycle } = lifecycleAt(now);
                const checked = await lifecycle.check({}, bag(wanted));
                assert.deepEqual(checked.failures, []);
                const inputs = checked.inputs as Bag;
                const expected = plan(old, inputs as unknown as ReissueInputs, now);
                const preview = lifecycle.diff(old.orderId, bag(old), inputs);
                if (expected.kind !== "refuse") assert.ok(await preview);
                else await assert.rejects(preview, { message: explain(expected.error, REMEDIES) });
            }),
            { numRuns: 100 },
        );
    });
});
