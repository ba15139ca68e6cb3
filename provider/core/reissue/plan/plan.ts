/**
 * The one decision: what an `up` does with an existing resource. Pure, so that what preview shows is what
 * update does; the only inputs are the state, the program and the time.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { clampWarning, deadlineOf, duePlan } from "./due.js";
import { sameNames } from "../../x509/names.js";
import type { ReissueInputs, ReissueState } from "../state.js";
import { nameRemoval } from "./nameRemoval.js";
import { changedWanted, wantedDigest } from "../digest.js";

/**
 * - `nothing`: state and program agree
 * - `record`: only settings changed; they are saved
 * - `resume`: a reissue was asked for; look what became of it, never ask again
 * - `restore`: the program wants again what was last issued; an open reissue of ours is cancelled
 * - `reissue`: ask for a new certificate, once
 * - `replace`: another order
 * - `refuse`: going on would do harm; the preview fails
 * - `fail`: nothing can be done by the program; `up` fails, the state is kept
 */
export type PlanKind =
    "nothing" | "record" | "resume" | "restore" | "reissue" | "replace" | "refuse" | "fail";

/**
 * Why a reissue is asked for. `program`: it wants another certificate, or the one it wants was not accepted.
 * `due` and `revoked`: the program did not change, so nothing is insisted on; for `due`, a certificate that somebody
 * else made will do as well.
 */
export type ReissueCause = "program" | "due" | "revoked";

/** What is to be done and why, in sentences for a person. */
export interface Plan {
    readonly kind: PlanKind;
    /** Why; each begins with the order. */
    readonly reasons: readonly string[];
    /** What a person should know besides. */
    readonly warnings: readonly string[];
    /** Paths of the properties that differ. */
    readonly changed: readonly string[];
    /** For `reissue`: why. */
    readonly cause?: ReissueCause;
    /** The certificate in use is about to expire: `up` fails unless its successor gets issued. */
    readonly deadline?: string;
}

type Decision = Pick<Plan, "kind"> & Partial<Plan>;

/** Inputs that are recorded and never cause a reissue. */
const SETTINGS = [
    "comments",
    "skipApproval",
    "minDaysRemaining",
    "failDaysRemaining",
    "waitForApproval",
    "issuanceTimeoutSeconds",
    "allowPendingOutputs",
    "allowNameRemoval",
    "adoptExisting",
    "deletionPolicy",
    "identity",
] as const satisfies readonly (keyof ReissueInputs)[];

/** Decides what an `up` at `now` does about `old`, given what the program wants. */
export function plan(old: ReissueState, wanted: ReissueInputs, now: Date): Plan {
    const order = `order ${old.orderId}`;
    const decision = decide(old, wanted, now, order);
    const result: Plan = {
        kind: decision.kind,
        reasons: decision.reasons ?? [],
        warnings: [...(decision.warnings ?? []), ...clampWarning(old, wanted, order)],
        changed: decision.changed ?? [],
        ...(decision.cause ? { cause: decision.cause } : {}),
    };
    const deadline = deadlineOf(old, wanted, now);
    if (deadline === undefined || result.kind === "refuse" || result.kind === "replace") return result;
    if (result.kind === "nothing" || result.kind === "record") {
        return { ...result, kind: "fail", reasons: [deadline], deadline };
    }
    return { ...result, deadline };
}

function decide(old: ReissueState, wanted: ReissueInputs, now: Date, order: string): Decision {
    if (wanted.orderId !== old.orderId) return replacement(old, wanted, order);
    const settings = SETTINGS.filter((name) => !isSameSetting(name, old, wanted));
    const changed = changedWanted(old, wanted);
    if (changed.length > 0) return change(old, wanted, order, [...changed, ...settings]);
    const open = openReissue(old, now, order);
    if (open) return { ...open, changed: settings };
    const due = duePlan(old, wanted, now, order);
    if (due.kind === "reissue") return { ...due, changed: settings };
    return {
        kind: settings.length > 0 ? "record" : "nothing",
        changed: settings,
        warnings: due.warnings,
    };
}

function isSameSetting(name: (typeof SETTINGS)[number], old: ReissueInputs, wanted: ReissueInputs): boolean {
    // Names are compared as sets here too, so that their order never matters.
    if (name === "allowNameRemoval") return sameNames(new Set(old[name]), new Set(wanted[name]));
    // Early states have no types of components in it: telling them now is no change.
    if (name === "identity") return nameOnly(old.identity) === nameOnly(wanted.identity);
    return isDeepStrictEqual(old[name], wanted[name]);
}

/** An identity without the types of the components around the resource. */
function nameOnly(identity = ""): string {
    return identity.replace(/^([^/]*\/[^/]*\/)[^]*::/, "$1");
}

function replacement(old: ReissueState, wanted: ReissueInputs, order: string): Decision {
    if (old.deletionPolicy === "revoke") {
        return {
            kind: "refuse",
            changed: ["orderId"],
            reasons: [
                `${order}: refused to move to order ${wanted.orderId}, because deletionPolicy "revoke" would revoke the ` +
                    `old certificate even if the new one is still pending. Set deletionPolicy to "forget" first.`,
            ],
        };
    }
    return {
        kind: "replace",
        changed: ["orderId"],
        reasons: [`${order}: replaced by order ${wanted.orderId}, because orderId changed`],
    };
}

function change(old: ReissueState, wanted: ReissueInputs, order: string, changed: string[]): Decision {
    // Without a record of asking, "unknown" means that the last one was not accepted.
    const isOpen = old.asked !== undefined || old.status === "unknown";
    if (isOpen && old.issued?.wanted === wantedDigest(wanted)) {
        return {
            kind: "restore",
            changed,
            reasons: [
                `${order}: back to certificate ${old.issued.certificateId}, which was issued for exactly this; ` +
                    `a reissue of ours that is still pending is cancelled, none is asked for`,
            ],
        };
    }
    const removal = nameRemoval(old, wanted, order);
    if (removal?.kind === "refuse") return { ...removal, changed };
    const instead = old.asked
        ? `; the reissue of ${old.asked.at} is cancelled first if it is still pending`
        : "";
    return {
        kind: "reissue",
        cause: "program",
        changed,
        reasons: [`${order}: reissue, ${changed.join(", ")} changed${instead}`],
        warnings: removal?.warnings ?? [],
    };
}

/** The plan for a reissue that was asked for and is not settled, or was not accepted. */
function openReissue(
    { status, asked, requestIds }: ReissueState,
    now: Date,
    order: string,
): Decision | undefined {
    if (!asked) {
        if (status !== "unknown") return undefined;
        return {
            kind: "reissue",
            cause: "program",
            reasons: [`${order}: reissue, the one asked for before was not accepted by DigiCert`],
        };
    }
    if (status === "rejected") {
        return {
            kind: "fail",
            reasons: [asked.rejection ?? `${order}: the reissue of ${asked.at} was rejected`],
        };
    }
    const request = requestIds.length > 0 ? ` (request ${requestIds.join(", ")})` : "";
    const waits =
        status === "pending_approval"
            ? "approval"
            : status === "unknown"
              ? "an answer, which was lost; DigiCert is asked what became of it"
              : "issuance";
    return {
        kind: "resume",
        reasons: [
            `${order}: the reissue${request} asked for at ${asked.at}, ${howLong(asked.at, now)} ago, waits for ${waits}`,
        ],
    };
}

function howLong(since: string, now: Date): string {
    const minutes = Math.max(0, Math.round((now.getTime() - Date.parse(since)) / 60_000));
    if (minutes < 120) return `${minutes} min`;
    const hours = Math.round(minutes / 60);
    return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
