/**
 * Decides what an `up` does with a validation; a pure function of state, inputs and time.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { ExpiringError } from "../errors.js";
import type { Plan, PlanKind } from "../resource.js";
import { expiryFailure } from "../reissue/plan/due.js";
import { readReissueId } from "../reissue/reissueId.js";
import { containsUnknown, UNKNOWN } from "../unknown.js";
import { INPUT_NAMES, INPUTS, type InputName } from "./declaration.js";
import {
    handedOn,
    isPending,
    isSameCertificate,
    type ValidationInputs,
    type ValidationState,
} from "./state.js";

/** Plans a create. */
export function planCreate({ orderId, reissueId }: ValidationInputs): Plan | undefined {
    if (orderId === UNKNOWN) return undefined;
    return makePlan("resume", [], [`order ${orderId}: ${describe(reissueId)}`]);
}

/** Decides what an `up` at `now` does. */
export function plan(state: ValidationState, inputs: ValidationInputs, now: Date): Plan {
    const order = `order ${state.orderId}`;
    const replacement = planReplacement(state, inputs);
    if (replacement) return replacement;
    const settings = SETTINGS.filter((name) => !isDeepStrictEqual(inputs[name], state[name]));
    if (!isHandedOn(state, inputs)) {
        const changed = [
            ...(inputs.reissueId === state.reissueId ? [] : ["reissueId"]),
            ...(isSameCertificate(state.certificate, inputs.certificate) ? [] : ["certificate"]),
            ...settings,
        ];
        return makePlan("resume", changed, [`${order}: ${describe(inputs.reissueId)}`]);
    }
    const text = expiryFailure(handedOn(state), inputs, now, order);
    if (text === undefined) return makePlan(settings.length > 0 ? "record" : "nothing", settings, []);
    const error = new ExpiringError(text, { remedy: "getSuccessorIssued" });
    return { ...makePlan("fail", settings, [text]), error };
}

/** Plans an update some of whose inputs are unknown: a certificate that was handed on does not depend on its token and ids. */
export function planUnknown(state: ValidationState, inputs: ValidationInputs, now: Date): Plan | undefined {
    const replacement = planReplacement(state, inputs);
    if (replacement) return replacement;
    const others = Object.entries(inputs).filter(([name]) => !isOfReissue(name as InputName));
    const isDecided = !containsUnknown(Object.fromEntries(others)) && isHandedOn(state, inputs);
    return isDecided ? plan(state, inputs, now) : undefined;
}

/** Plans a replacement, for which only `orderId` must be known. */
function planReplacement({ orderId }: ValidationState, inputs: ValidationInputs): Plan | undefined {
    if (inputs.orderId === orderId || inputs.orderId === UNKNOWN) return undefined;
    const reason = `order ${orderId}: replaced by order ${inputs.orderId}, because orderId changed`;
    return makePlan("replace", ["orderId"], [reason]);
}

/** Whether the state hands on the certificate of the reissue that the inputs name. */
function isHandedOn(state: ValidationState, { reissueId, certificate }: ValidationInputs): boolean {
    if (isPending(state) || !isSameCertificate(state.certificate, certificate)) return false;
    if (reissueId === state.reissueId) return true;
    const named = readReissueId(reissueId);
    return named?.kind === "certificate" && named.certificateId === state.certificateId;
}

/** The inputs that describe the reissue, besides `certificate` and `reissueId`. */
const OF_REISSUE = ["certificateId", "requestIds", "dcvRandomValue", "dcvMethod"] as const;

/** The settings. The other inputs describe the reissue; a certificate that was handed on does not depend on them. */
const SETTINGS = INPUT_NAMES.filter(
    (name): name is Setting => INPUTS[name].change === "record" && !isOfReissue(name),
);

type Setting = Exclude<InputName, "orderId" | "certificate" | "reissueId" | OfReissue>;
type OfReissue = (typeof OF_REISSUE)[number];

function isOfReissue(name: InputName): name is OfReissue {
    return (OF_REISSUE as readonly string[]).includes(name);
}

/** Describes what the validation will do, in words that follow "order 112233: ". */
function describe(reissueId: string): string {
    if (reissueId === UNKNOWN) return "waits until its reissue is validated and issued";
    const named = readReissueId(reissueId);
    if (named?.kind === "certificate") return `hands on certificate ${named.certificateId}`;
    const at = named?.request.at.slice(0, 16).replace("T", " ");
    return `waits until the reissue requested at ${at} UTC is validated and issued`;
}

function makePlan(kind: PlanKind, changed: readonly string[], reasons: readonly string[]): Plan {
    return { kind, changed, reasons, warnings: [] };
}
