/**
 * Decides what an `up` does. The decision is a pure function of the recorded state, the program's inputs and the time, so that
 * preview and update do the same.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { ExpiringError, RefusedError, RejectedError, type DigiCertErrorDetails } from "../../errors.js";
import { isObject } from "../../json.js";
import type { Plan } from "../../resource.js";
import { containsUnknown, UNKNOWN } from "../../unknown.js";
import { allowsClientAuth, readCertificate } from "../../x509/certificate.js";
import { sameNames } from "../../x509/names.js";
import { inputsThat, type InputName } from "../declaration.js";
import { listRequestChanges, dcvMethodOf, isDigestOf } from "../digest.js";
import type { ReissueInputs, ReissueState } from "../state.js";
import {
    certificateInUse,
    clampWarning,
    duePlan,
    expiryFailure,
    recordedClosedReason,
    renewalAdvice,
} from "./due.js";
import { removalFromLastIssued } from "./nameRemoval.js";

/**
 * Why a reissue is requested. `program`: the program changed, or the requested reissue was not accepted. `due` and `revoked`:
 * the program did not change. Then an order that has ended is a warning, not a failure, and the order's current
 * certificate, or a pending reissue, is used if it has the program's key and names.
 */
export type ReissueCause = "program" | "due" | "revoked";

/** The plan of a reissue. */
export interface ReissuePlan extends Plan {
    /** The cause of a `reissue`. */
    readonly cause?: ReissueCause;
    /** The error if the certificate in use is about to expire: `up` fails with it unless the successor is issued. */
    readonly deadline?: string;
}

type Decision = Pick<ReissuePlan, "kind"> & Partial<ReissuePlan>;

/** Plans a create; the reason needs no request, and neither key nor names. */
export function planCreate({ orderId, adoptExisting }: ReissueInputs): ReissuePlan | undefined {
    if (containsUnknown([orderId, adoptExisting])) return undefined;
    const order = `order ${orderId}`;
    const reason = adoptExisting
        ? `${order}: its current certificate is adopted, if it has the key and the names; no reissue is requested`
        : `${order}: reissue, the resource is new`;
    return { kind: "reissue", cause: "program", reasons: [reason], warnings: [], changed: [] };
}

/** Decides what an `up` at `now` does about `old`, given the inputs of the program. */
export function plan(old: ReissueState, inputs: ReissueInputs, now: Date): ReissuePlan {
    const order = `order ${old.orderId}`;
    const decision = decide(old, inputs, now, order);
    const warnings = [...(decision.warnings ?? []), ...clampWarning(old, inputs, order)];
    if (decision.kind === "reissue") warnings.push(...clientAuthWarning(old, order));
    const result: ReissuePlan = { reasons: [], changed: [], ...decision, warnings };
    const deadline = expiryFailure(certificateInUse(old), inputs, now, order);
    if (deadline === undefined || result.kind === "refuse" || result.kind === "replace") return result;
    if (result.kind === "nothing" || result.kind === "record") {
        return { ...result, ...failure(ExpiringError, deadline, "getSuccessorIssued"), deadline };
    }
    return { ...result, deadline };
}

/**
 * Decides what an `up` certainly does although some inputs are unknown in a preview, such as the CSR of a key that the same
 * `up` makes: a replacement, or the refusal to move or to remove names. Otherwise the plan would refuse only after the key was
 * made.
 */
export function planUnknown(old: ReissueState, inputs: ReissueInputs): ReissuePlan | undefined {
    const order = `order ${old.orderId}`;
    const { orderId, allowNameRemoval } = inputs;
    if (orderId === UNKNOWN) return undefined;
    if (orderId !== old.orderId) return { warnings: [], ...planReplacement(old, inputs, order) };
    const { certificate } = inputs as { certificate: unknown };
    if (!isObject(certificate)) return undefined;
    const { commonName, dnsNames } = inputs.certificate;
    if (containsUnknown([commonName, dnsNames, allowNameRemoval])) return undefined;
    const onlyNames = { ...old, allowNameRemoval, certificate: { ...old.certificate, commonName, dnsNames } };
    if (listRequestChanges(old, onlyNames).length === 0) return undefined;
    const removal = removalFromLastIssued(old, onlyNames, order);
    if (removal?.kind !== "refused") return undefined;
    return { changed: ["certificate.dnsNames"], warnings: [], ...refusal(removal.text, undefined) };
}

function decide(old: ReissueState, inputs: ReissueInputs, now: Date, order: string): Decision {
    if (inputs.orderId !== old.orderId) return planReplacement(old, inputs, order);
    const settings = inputsThat("record").filter((name) => !isSameSetting(name, old, inputs));
    const changed = listRequestChanges(old, inputs);
    if (changed.length > 0)
        return { ...planChange(old, inputs, order, changed), changed: [...changed, ...settings] };
    const open = planUnissued(old, inputs, now, order);
    if (open) return { ...open, changed: settings };
    const due = duePlan(old, inputs, now, order);
    if (due.kind === "reissue") return { ...due, changed: settings };
    return {
        kind: settings.length > 0 ? "record" : "nothing",
        changed: settings,
        warnings: due.warnings,
    };
}

function isSameSetting(name: InputName, old: ReissueInputs, inputs: ReissueInputs): boolean {
    // Names are compared as sets, so that their order makes no difference.
    if (name === "allowNameRemoval") return sameNames(new Set(old[name]), new Set(inputs[name]));
    if (name === "dcvMethod") return dcvMethodOf(old) === dcvMethodOf(inputs);
    return isDeepStrictEqual(old[name], inputs[name]);
}

function planReplacement(
    old: ReissueState,
    inputs: ReissueInputs,
    order: string,
): Decision & Pick<ReissuePlan, "changed" | "reasons"> {
    if (old.deletionPolicy === "revoke") {
        const text =
            `${order}: refused to move to order ${inputs.orderId}, because deletionPolicy "revoke" would revoke the ` +
            "old certificate even if the new one is still pending";
        return { changed: ["orderId"], ...refusal(text, "forgetFirst") };
    }
    return {
        kind: "replace",
        changed: ["orderId"],
        reasons: [`${order}: replaced by order ${inputs.orderId}, because orderId changed`],
    };
}

function planChange(
    old: ReissueState,
    inputs: ReissueInputs,
    order: string,
    changed: readonly string[],
): Decision {
    // The status "unknown" without a pending request means that the last request was not accepted.
    const isOpen = old.asked !== undefined || old.status === "unknown";
    if (isOpen && old.issued && isDigestOf(old.issued.wanted, inputs)) {
        const text =
            `${order}: returns to certificate ${old.issued.certificateId}, which already matches; a pending reissue of this ` +
            "resource will be cancelled; if it is issued by then, the certificate will be requested again";
        return { kind: "restore", reasons: [text] };
    }
    const instead = old.asked
        ? `; the reissue requested at ${old.asked.at} is cancelled first if it is still pending`
        : "";
    return planReissue(old, inputs, order, `reissue, ${changed.join(", ")} changed${instead}`);
}

/** Plans a reissue, unless it would remove names that may not be removed. */
function planReissue(
    old: ReissueState,
    inputs: ReissueInputs,
    order: string,
    reason: string,
    cause: ReissueCause = "program",
): Decision {
    const removal = removalFromLastIssued(old, inputs, order);
    if (removal?.kind === "refused") return refusal(removal.text, undefined);
    return {
        kind: "reissue",
        cause,
        reasons: [`${order}: ${reason}`],
        warnings: removal ? [removal.warning] : [],
    };
}

/** Plans the next step where the state has no certificate for its inputs: the reissue that was requested is not issued, or there is drift. */
function planUnissued(
    old: ReissueState,
    inputs: ReissueInputs,
    now: Date,
    order: string,
): Decision | undefined {
    const { status, asked, requestIds } = old;
    if (!asked) {
        if (status === "unknown") return planRepetition(old, inputs, now, order);
        if (status !== "issued" || !holdsDrift(old)) return undefined;
        const text = `certificate ${old.certificateId} has the program's key, so it is taken over if it has the names; otherwise reissue`;
        return planReissue(old, inputs, order, text);
    }
    if (status === "rejected") {
        const text = asked.rejection ?? `${order}: the reissue requested at ${asked.at} was rejected`;
        const closed = recordedClosedReason(old, now);
        if (closed === undefined) return failure(RejectedError, text, "changeProgram");
        return failure(RejectedError, `${text}. The order ${closed}. ${renewalAdvice(old)}`, undefined);
    }
    const request = requestIds.length > 0 ? `request ${requestIds.join(", ")}` : "the reissue";
    const time = `${asked.at.slice(0, 16).replace("T", " ")} UTC (${describeAge(asked.at, now)})`;
    if (status === "unknown") {
        const text = `${order}: DigiCert's answer to the reissue that was requested at ${time} was lost, so the order is read first`;
        return { kind: "resume", reasons: [text] };
    }
    const step = status === "pending_approval" ? "approval" : "issuance";
    const text = `${order}: ${request} from ${time} was waiting for ${step} when it was last read`;
    return { kind: "resume", reasons: [text] };
}

/** Whether a refresh has shown that the order's certificate has another key, and has dropped the outputs of the certificate before it. */
function holdsDrift({ certificatePem, certificateId, issued }: ReissueState): boolean {
    const isOther = certificateId !== undefined && certificateId !== issued?.certificateId;
    return certificatePem === undefined && issued !== undefined && isOther;
}

/**
 * Plans to request again a reissue that DigiCert did not accept. If the program is still that of the last certificate, and that is
 * due, the cause is `due`. That it was revoked is not in such a state any more, so the cause is `program` then.
 */
function planRepetition(old: ReissueState, inputs: ReissueInputs, now: Date, order: string): Decision {
    const isUnchanged = old.issued !== undefined && isDigestOf(old.issued.wanted, inputs);
    const due = isUnchanged ? duePlan(old, inputs, now, order) : undefined;
    const text = "reissue, because DigiCert did not accept the reissue that was requested before";
    return planReissue(old, inputs, order, text, due?.kind === "reissue" ? due.cause : "program");
}

/** DigiCert issues public TLS certificates without clientAuth since 2025-10-01 (DigiCert knowledge base, ALERT53). */
function clientAuthWarning(old: ReissueState, order: string): string[] {
    if (!hasClientAuth(old)) return [];
    return [
        `${order}: the certificate in use may authenticate clients (extended key usage clientAuth). Since 2025-10-01 DigiCert ` +
            "issues public TLS certificates with serverAuth only, unless a profile of the account or the request says otherwise, " +
            "so the reissue may lose it.",
    ];
}

/** Whether the last certificate of a state may authenticate clients. States of earlier releases do not record it. */
export function hasClientAuth({ issued, certificatePem }: ReissueState): boolean {
    if (issued?.clientAuth === true) return true;
    return certificatePem !== undefined && allowsClientAuth(readCertificate(certificatePem));
}

function refusal(
    text: string,
    remedy: DigiCertErrorDetails["remedy"],
): Decision & Pick<ReissuePlan, "reasons"> {
    return { kind: "refuse", reasons: [text], error: new RefusedError(text, { remedy }) };
}

function failure(
    Class: typeof ExpiringError | typeof RejectedError,
    text: string,
    remedy: DigiCertErrorDetails["remedy"],
): Decision {
    return { kind: "fail", reasons: [text], error: new Class(text, { remedy }) };
}

/** Describes the time since a moment, such as `3 hours ago`. */
function describeAge(since: string, now: Date): string {
    const minutes = Math.max(0, Math.round((now.getTime() - Date.parse(since)) / 60_000));
    if (minutes < 2) return "just now";
    if (minutes < 120) return `${minutes} min ago`;
    const hours = Math.round(minutes / 60);
    return hours < 48 ? `${hours} hours ago` : `${Math.round(hours / 24)} days ago`;
}
