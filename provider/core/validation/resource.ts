/**
 * The resource "validation" stands for "this reissue is issued": it requests checks of the domains, waits, and hands on the
 * certificate. It never sends a POST, and its removal changes nothing at DigiCert.
 *
 * @module
 */
import { RefusedError } from "../errors.js";
import { once } from "../once.js";
import type { Resource } from "../resource.js";
import { plan, planCreate, planUnknown } from "./plan.js";
import {
    toHandedOn,
    isSameCertificate,
    makeState,
    readState,
    reissueStateOf,
    withInputs,
    type ValidationInputs,
    type ValidationState,
} from "./state.js";

const loadInputs = once(() => import("./inputs.js"));

/** The steps are loaded when an operation needs them, as in `reissue/resource.ts`. */
export const validationResource: Resource<ValidationInputs, ValidationState> = {
    async check(given, recorded, apiKeys) {
        const { checkInputs } = await loadInputs();
        return checkInputs(given, recorded, apiKeys);
    },
    planCreate,
    plan,
    planUnknown,
    keepsOutputs: ({ kind }) => kind === "nothing" || kind === "record",
    recordInputs: withInputs,
    readState,
    toRecord: (state) => state,

    async create(sessions, inputs) {
        const { followReissue } = await import("./follow.js");
        return followReissue(await sessions.open(), inputs);
    },

    async update(sessions, state, inputs) {
        const decided = plan(state, inputs, sessions.now());
        if (decided.kind === "nothing" || decided.kind === "record") return withInputs(state, inputs);
        if (decided.kind !== "resume") throw decided.error ?? new RefusedError(decided.reasons.join(" "));
        const { followReissue } = await import("./follow.js");
        return followReissue(await sessions.open(), inputs, state);
    },

    /** Takes a newer certificate with the same key and names; every other change at DigiCert belongs to the resource "reissue". */
    async refresh(sessions, state) {
        const { refreshReissue } = await import("../reissue/refresh.js");
        const live = await refreshReissue(await sessions.open(), reissueStateOf(state));
        if (!isSameCertificate(live.certificate, state.certificate)) return state;
        return makeState(state, live.status, toHandedOn(live));
    },

    read(_sessions, id) {
        const text = `Reading order ${id}: a validation stands for one reissue, which an order does not name, so it cannot be read or imported`;
        return Promise.reject(new RefusedError(text, { remedy: "correctProgram" }));
    },

    changesDigiCertOnRemoval: () => false,
    remove: () => Promise.resolve(),
};
