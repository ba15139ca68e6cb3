import assert from "node:assert/strict";
import fc from "fast-check";
import { plan, type ReissuePlan } from "../../../provider/core/reissue/plan/plan.js";
import { withInputs, type ReissueInputs, type ReissueState } from "../../../provider/core/reissue/state.js";
import { compact } from "../../../provider/core/json.js";
import { csrPem, keyPair } from "../../fixtures/csr.js";
import { ISSUED_AT, issuedState, plusDays } from "../../fixtures/inputs.js";
import { program, quietSettings, situation, state, time } from "../../fixtures/states.js";

const KINDS = ["nothing", "record", "resume", "restore", "reissue", "replace", "refuse", "fail"];

/** Frozen at every depth, so that a plan that writes to its arguments throws. */
function frozen<T>(value: T): T {
    if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
    return value;
}

/** Runs a step in which reading the time, random numbers or the environment throws. */
function withoutWorld<T>(run: () => T): T {
    const { Date: realDate, Math: realMath, process: realProcess } = globalThis;
    const refuse = (what: string) => (): never => {
        throw new Error(`the plan reads ${what}`);
    };
    class DeadDate extends realDate {
        constructor(...args: [] | [number | string]) {
            if (args.length === 0) refuse("the time")();
            super(args[0] ?? 0);
        }
        static override now = refuse("the time");
    }
    const deadMath = Object.create(realMath, { random: { value: refuse("chance") } }) as Math;
    const deadProcess = Object.create(realProcess, {
        env: { get: refuse("the environment") },
    }) as NodeJS.Process;
    try {
        Object.assign(globalThis, { Date: DeadDate, Math: deadMath });
        Object.defineProperty(globalThis, "process", { value: deadProcess, configurable: true });
        return run();
    } finally {
        Object.assign(globalThis, { Date: realDate, Math: realMath });
        Object.defineProperty(globalThis, "process", { value: realProcess, configurable: true });
    }
}

/** Members that a release may have added after the first one: it knew fewer settings and remembered less. */
const LATER: readonly string[] = [
    "minDaysRemaining",
    "failDaysRemaining",
    "waitForApproval",
    "issuanceTimeoutSeconds",
    "allowPendingOutputs",
    "allowNameRemoval",
    "adoptExisting",
    "deletionPolicy",
    "certificateId",
    "dcvRandomValue",
    "asked.replaces",
    "asked.after",
    "asked.rejection",
    "issued.key",
    "issued.added",
];

function without(state: ReissueState, paths: readonly string[], prefix = ""): ReissueState {
    const entries = Object.entries(state).filter(([name]) => !paths.includes(`${prefix}${name}`));
    return Object.fromEntries(
        entries.map(([name, member]: [string, unknown]) =>
            name === "asked" || name === "issued"
                ? [name, without(member as ReissueState, paths, `${name}.`)]
                : [name, member],
        ),
    ) as unknown as ReissueState;
}

describe("plan, for any state, program and time", () => {
    it("has an answer, with a sentence about the order for whatever it does", () => {
        fc.assert(
            fc.property(situation(), ([old, wanted, now]) => {
                const { kind, reasons, warnings } = plan(old, wanted, now);
                assert.ok(KINDS.includes(kind));
                assert.equal(reasons.length === 0, kind === "nothing" || kind === "record");
                for (const line of [...reasons, ...warnings]) {
                    assert.match(line, /^order 112233: [^\n]+$/);
                    assert.doesNotMatch(line, /undefined|null|NaN|Invalid|\[object/);
                }
            }),
            { numRuns: 1000 },
        );
    });

    it("takes nothing but its arguments, changes none of them, and answers the same each time", () => {
        fc.assert(
            fc.property(situation(), ([old, wanted, now]) => {
                const first = plan(old, wanted, now);
                const args = frozen([structuredClone(old), structuredClone(wanted)] as const);
                assert.deepEqual(
                    withoutWorld(() => plan(...args, now)),
                    first,
                );
            }),
        );
    });

    it("answers the same for a state that was written to JSON and read again", () => {
        fc.assert(
            fc.property(situation(), ([old, wanted, now]) => {
                assert.deepEqual(plan(compact(old), compact(wanted), now), plan(old, wanted, now));
            }),
        );
    });

    it("names exactly the properties that changed", () => {
        const other: Partial<ReissueInputs> = {
            triggers: { changed: "yes" },
            additionalParameters: { changed: true },
            comments: "another",
            dcvMethod: "email",
            minDaysRemaining: 7.5,
            failDaysRemaining: 0.5,
            allowNameRemoval: ["changed.example"],
        };
        const otherCertificate: Partial<ReissueInputs["certificate"]> = {
            commonName: "changed.example",
            csr: csrPem(keyPair("P-384")),
            serverPlatform: { id: 45 },
            signatureHash: "sha512",
            caCertId: "B2",
        };
        const names = [
            ...Object.keys(other),
            ...Object.keys(otherCertificate).map((name) => `certificate.${name}`),
            "certificate.dnsNames",
        ];
        fc.assert(
            fc.property(state(), fc.subarray(names), time(), (old, changed, now) => {
                const pick = <T extends object>(from: T, prefix = ""): Partial<T> =>
                    Object.fromEntries(
                        Object.entries(from).filter(([name]) => changed.includes(`${prefix}${name}`)),
                    ) as Partial<T>;
                const { dnsNames } = old.certificate;
                const isMore = changed.includes("certificate.dnsNames");
                const certificate = {
                    ...old.certificate,
                    ...pick(otherCertificate, "certificate."),
                    dnsNames: isMore ? [...dnsNames, "more.example"] : dnsNames,
                };
                const result = plan(old, { ...old, ...pick(other), certificate }, now);
                assert.deepEqual([...result.changed].sort(), [...changed].sort());
            }),
            { numRuns: 500 },
        );
    });

    it("names the order alone when that changed", () => {
        fc.assert(
            fc.property(situation(), ([old, wanted, now]) => {
                const { kind, changed } = plan(old, { ...wanted, orderId: "998877" }, now);
                assert.equal(kind, old.deletionPolicy === "revoke" ? "refuse" : "replace");
                assert.deepEqual(changed, ["orderId"]);
            }),
        );
    });

    it("only records a change of settings, whatever else is under way", () => {
        fc.assert(
            fc.property(state(), quietSettings(), time(), (old, settings, now) => {
                const same = plan(old, old, now);
                const result = plan(old, { ...old, ...settings }, now);
                const expected = same.kind === "nothing" && result.changed.length > 0 ? "record" : same.kind;
                assert.equal(result.kind, expected);
                assert.deepEqual(result.reasons, same.reasons);
            }),
        );
    });

    it("only records other limits as long as nothing is due", () => {
        const days = fc.option(fc.double({ min: -1, max: 500, noNaN: true }), { nil: undefined });
        const few = fc.option(fc.double({ min: -1, max: 99, noNaN: true }), { nil: undefined });
        fc.assert(
            fc.property(program(), days, few, (wanted, minDaysRemaining, failDaysRemaining) => {
                const old = issuedState({ ...wanted, orderId: "112233" });
                const changed = { ...old, minDaysRemaining, failDaysRemaining };
                const { kind } = plan(old, changed, plusDays(ISSUED_AT, 99));
                assert.ok(kind === "record" || kind === "nothing");
            }),
        );
    });

    it("does the same, or records settings, for a state of a release that had fewer members", () => {
        fc.assert(
            fc.property(state(), fc.subarray([...LATER]), time(), (full, missing, now) => {
                const old = compact(full);
                const before = plan(old, old, now);
                const { kind, reasons } = plan(without(old, missing), old, now);
                assert.equal(kind, before.kind === "nothing" && kind === "record" ? "record" : before.kind);
                if (!missing.includes("asked.rejection")) assert.deepEqual(reasons, before.reasons);
            }),
            { numRuns: 500 },
        );
    });
});

describe("plan, after an update that succeeded", () => {
    /** The state after an update that carried out its plan, with the certificate that it requested. */
    function updated(
        { kind }: ReissuePlan,
        old: ReissueState,
        wanted: ReissueInputs,
        now: Date,
    ): ReissueState {
        const next = { certificateId: 990001, validFrom: now, orderValidTill: "2031-01-01" };
        if (kind === "nothing" || kind === "record") return withInputs(old, wanted);
        if (kind !== "restore") return issuedState(wanted, next);
        const { validFrom, validTill, certificateId } = old.issued ?? { certificateId: 0 };
        return issuedState(wanted, {
            certificateId,
            validFrom: new Date(validFrom ?? now),
            validTill: new Date(validTill ?? now),
        });
    }

    it("has nothing left to do, at once and the next day", () => {
        const done = ["nothing", "record", "resume", "restore", "reissue"];
        fc.assert(
            fc.property(situation(), ([old, wanted, now]) => {
                const first = plan(old, { ...wanted, orderId: old.orderId }, now);
                fc.pre(done.includes(first.kind));
                const next = updated(first, old, { ...wanted, orderId: old.orderId }, now);
                const again = plan(next, { ...wanted, orderId: old.orderId }, now);
                // What is returned to may be due, or about to expire.
                if (first.kind === "restore" && again.kind !== "nothing") {
                    assert.ok(again.kind === "fail" || again.cause === "due");
                } else assert.equal(again.kind, "nothing");
                assert.deepEqual(again.changed, []);
            }),
            { numRuns: 500 },
        );
    });
});
