/**
 * The resource "reissue": keeps the certificate of a CertCentral order as the program declares it.
 *
 * @module
 */
import { ExpiringError, RefusedError, type DigiCertError } from "../errors.js";
import { once } from "../once.js";
import { PartialFailure, type Resource } from "../resource.js";
import type { Sessions } from "../session.js";
import { plan, planCreate, planUnknown, type ReissuePlan } from "./plan/plan.js";
import { withReissueId } from "./reissueId.js";
import { withInputs, type ReissueInputs, type ReissueState } from "./state.js";
import { readState } from "./stateSchema.js";

const loadCheck = once(() => import("./check.js"));

/**
 * The steps are loaded when an operation needs them: a plan without changes and a `forget` load neither the HTTP client nor
 * the schemas of DigiCert's answers.
 */
export const reissueResource: Resource<ReissueInputs, ReissueState> = {
    async check(given, recorded, apiKeys) {
        const { checkInputs } = await loadCheck();
        return checkInputs(given, recorded, apiKeys);
    },
    planCreate,
    plan,
    planUnknown,
    keepsOutputs: ({ kind }) => kind === "nothing" || kind === "record",
    recordInputs: (state, inputs) => withReissueId(withInputs(state, inputs)),
    readState,
    // Pulumi takes an absent output for unknown in every preview, and a DNS record made of it would always show an update.
    toRecord: (state) =>
        state.dcvMethod === undefined || state.dcvRandomValue !== undefined
            ? state
            : { ...state, dcvRandomValue: null },

    async create(sessions, inputs, identity) {
        const session = await sessions.open();
        if (inputs.adoptExisting) {
            const { adoptCertificate } = await import("./adopt.js");
            return failIfExpiring(await adoptCertificate(session, inputs), inputs, session.now());
        }
        const { requestReissue } = await import("./request.js");
        const next = await requestReissue(session, inputs, identity, "program");
        return failIfExpiring(next, inputs, session.now());
    },

    async update(sessions, state, inputs, identity) {
        const decided = plan(state, inputs, sessions.now());
        const next = await carryOut(sessions, decided, { state, inputs, identity }).catch(
            async (error: unknown) => {
                if (!(error instanceof PartialFailure) || decided.deadline === undefined) throw error;
                const { expiringError } = await import("./expiring.js");
                const reasons = error.reasons.filter((reason) => !(reason instanceof ExpiringError));
                throw new PartialFailure(error.state, [...reasons, expiringError(decided.deadline)]);
            },
        );
        return failIfExpiring(next, inputs, sessions.now());
    },

    async refresh(sessions, state) {
        return (await import("./refresh.js")).refreshReissue(await sessions.open(), state);
    },

    async read(sessions, id) {
        return (await import("./refresh.js")).importOrder(await sessions.open(), id);
    },

    changesDigiCertOnRemoval: ({ deletionPolicy }) => deletionPolicy !== "forget",

    async remove(sessions, state) {
        if (state.deletionPolicy === "forget") return;
        await (await import("./remove.js")).removeReissue(await sessions.open(), state);
    },
};

async function carryOut(
    sessions: Sessions,
    decided: ReissuePlan,
    { state, inputs, identity }: { state: ReissueState; inputs: ReissueInputs; identity: string },
): Promise<ReissueState> {
    switch (decided.kind) {
        case "nothing":
        case "record":
            return withReissueId(withInputs(state, inputs));
        case "resume":
            return (await import("./follow.js")).resumeReissue(await sessions.open(), inputs, state);
        case "restore": {
            const { restoreCertificate } = await import("./restore.js");
            return restoreCertificate(await sessions.open(), inputs, identity, state);
        }
        case "reissue": {
            const { requestReissue } = await import("./request.js");
            const session = await sessions.open();
            return requestReissue(session, inputs, identity, decided.cause ?? "program", state);
        }
        case "fail":
            throw new PartialFailure(withReissueId(withInputs(state, inputs)), [errorOf(decided)]);
        case "refuse":
        case "replace":
            throw errorOf(decided);
    }
}

function errorOf({ error, reasons }: ReissuePlan): DigiCertError {
    return error ?? new RefusedError(reasons.join(" "));
}

/** Fails if the certificate in use has few days left and its successor is not issued; the state is saved. */
async function failIfExpiring(state: ReissueState, inputs: ReissueInputs, now: Date): Promise<ReissueState> {
    const { expiringErrorOf } = await import("./expiring.js");
    const error = expiringErrorOf(state, inputs, now);
    if (error === undefined) return state;
    throw new PartialFailure(state, [error]);
}
