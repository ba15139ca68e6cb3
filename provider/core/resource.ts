/**
 * What a resource is, whichever host drives it: each adapter maps the protocol of its host onto this.
 *
 * @module
 */
import type { DigiCertError } from "./errors.js";
import type { Sessions } from "./session.js";

/** One thing that is wrong, at one property. */
export interface CheckFailure {
    /** Path of the input, such as `certificate.dnsNames[1]`. */
    readonly property: string;
    /** A sentence that begins with its subject. */
    readonly reason: string;
}

/** What `check` made of the inputs of a program. */
export interface Checked<Inputs> {
    /** Validated, with defaults, normalised; absent where something is wrong. */
    readonly inputs?: Inputs;
    /** Everything that is wrong, at once. */
    readonly failures: readonly CheckFailure[];
}

/**
 * - `nothing`: state and program agree
 * - `record`: only settings changed; they are saved
 * - `resume`: a reissue was requested; see what became of it, never request it again
 * - `restore`: the program wants again what was last issued; a pending reissue of this resource is cancelled
 * - `reissue`: request a new certificate, once
 * - `replace`: another order
 * - `refuse`: going on would do harm; the preview fails
 * - `fail`: the program can do nothing; `up` fails, the state is kept
 */
export type PlanKind =
    "nothing" | "record" | "resume" | "restore" | "reissue" | "replace" | "refuse" | "fail";

/** What an operation will do and why, in sentences for a person. */
export interface Plan {
    readonly kind: PlanKind;
    /** Why; each begins with the order. */
    readonly reasons: readonly string[];
    /** What a person should know besides. */
    readonly warnings: readonly string[];
    /** Paths of the inputs that differ. */
    readonly changed: readonly string[];
    /** For `refuse` and `fail`. */
    readonly error?: DigiCertError;
}

/** Who asks: project, stack and name of the resource, `project/stack/name`, or `project/stack/types::name` inside components. */
export type Identity = string;

/** The operations of a resource. `check`, `planCreate` and `plan` make no request. */
export interface Resource<Inputs, State> {
    /**
     * Validates and normalises; unknown values of a preview pass.
     *
     * @param recorded - the inputs in the state, which were checked when they came there
     * @param apiKeys - API keys of DigiCert, which no input may hold
     */
    check(
        given: Readonly<Record<string, unknown>>,
        recorded: Readonly<Record<string, unknown>>,
        apiKeys: readonly string[],
    ): Promise<Checked<Inputs>>;
    /** The plan of a create, with its reason. */
    planCreate(inputs: Inputs): Plan;
    /** The plan of an update. */
    plan(state: State, inputs: Inputs, now: Date): Plan;
    /** Whether every output stays as it is under a plan, so that dependents need not be told. */
    keepsOutputs(plan: Plan): boolean;
    /**
     * Reads a stored state.
     *
     * @throws StateError naming the member that cannot be understood.
     */
    readState(stored: Readonly<Record<string, unknown>>): State;
    /** Carries out the plan of a create. */
    create(sessions: Sessions, inputs: Inputs, identity: Identity): Promise<State>;
    /** Carries out the plan of an update. */
    update(sessions: Sessions, state: State, inputs: Inputs, identity: Identity): Promise<State>;
    /** Reads the live order of a resource in the state; never waits for issuance, and changes nothing at DigiCert. */
    refresh(sessions: Sessions, state: State): Promise<State>;
    /** Reads an order that is in no state. */
    read(sessions: Sessions, id: string): Promise<State>;
    /** Whether removing the resource changes anything at DigiCert. */
    changesDigiCertOnRemoval(state: State): boolean;
    /** Removes the resource, by its own policy. */
    remove(sessions: Sessions, state: State): Promise<void>;
}

/**
 * An operation failed, but what DigiCert accepted is in `state`, which has to be saved. The next run goes on from there.
 */
export class PartialFailure<State = unknown> extends Error {
    constructor(
        readonly state: State,
        /** Why; at least one. */
        readonly reasons: readonly DigiCertError[],
    ) {
        super(reasons.map(({ message }) => message).join("; "));
    }
}
