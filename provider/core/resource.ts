/**
 * The interface of a resource. Each adapter maps the protocol of its host onto it.
 *
 * @module
 */
import type { DigiCertError } from "./errors.js";
import type { Sessions } from "./session.js";

/** One failure of `check`, at one property. */
export interface CheckFailure {
    /** Path of the input, such as `certificate.dnsNames[1]`. */
    readonly property: string;
    /** A sentence that begins with its subject. */
    readonly reason: string;
}

/** The result of `check`. */
export interface Checked<Inputs> {
    /** The inputs, validated, with defaults, normalised; absent if there is a failure. */
    readonly inputs?: Inputs;
    /** All failures, not only the first. */
    readonly failures: readonly CheckFailure[];
}

/**
 * - `nothing`: state and program agree
 * - `record`: only settings changed; they are saved
 * - `resume`: a reissue was requested; its result is read, and it is never requested again
 * - `restore`: the program returns to the last issued certificate; a pending reissue of this resource is cancelled
 * - `reissue`: request a new certificate, once
 * - `replace`: another order
 * - `refuse`: going on would do harm; the preview fails
 * - `fail`: only a person can help; `up` fails, the state is kept
 */
export type PlanKind =
    "nothing" | "record" | "resume" | "restore" | "reissue" | "replace" | "refuse" | "fail";

/** What an operation will do and why, in sentences for a person. */
export interface Plan {
    readonly kind: PlanKind;
    /** The reasons of the plan; each begins with the order. */
    readonly reasons: readonly string[];
    /** Warnings beside the reasons. */
    readonly warnings: readonly string[];
    /** Paths of the inputs that differ. */
    readonly changed: readonly string[];
    /** The error of `refuse` and `fail`. */
    readonly error?: DigiCertError;
}

/** Identifies the resource: `project/stack/name`, or `project/stack/types::name` inside components. */
export type Identity = string;

/** The operations of a resource. `check`, `planCreate` and `plan` make no request. */
export interface Resource<Inputs, State> {
    /**
     * Validates and normalises the inputs. Values that are unknown in a preview are accepted.
     *
     * @param recorded - the inputs in the state, which an earlier `check` accepted
     * @param apiKeys - DigiCert API keys in use; an input that holds one is a failure
     */
    check(
        given: Readonly<Record<string, unknown>>,
        recorded: Readonly<Record<string, unknown>>,
        apiKeys: readonly string[],
    ): Promise<Checked<Inputs>>;
    /** Plans a create; undefined while an input that the reason needs is unknown in a preview. */
    planCreate(inputs: Inputs): Plan | undefined;
    /** Plans an update. */
    plan(state: State, inputs: Inputs, now: Date): Plan;
    /** Plans an update some of whose inputs are unknown in a preview; undefined if the plan depends on them. */
    planUnknown(state: State, inputs: Inputs, now: Date): Plan | undefined;
    /** Whether no output changes under a plan; then resources that depend on this one do not change either. */
    keepsOutputs(plan: Plan): boolean;
    /** Returns the state with these inputs: the result of a plan that keeps the outputs. */
    recordInputs(state: State, inputs: Inputs): State;
    /**
     * Reads a stored state.
     *
     * @throws StateError naming the member that cannot be read.
     */
    readState(stored: Readonly<Record<string, unknown>>): State;
    /** Returns what is recorded of a state. */
    toRecord(state: State): object;
    /** Carries out the plan of a create. */
    create(sessions: Sessions, inputs: Inputs, identity: Identity): Promise<State>;
    /** Carries out the plan of an update. */
    update(sessions: Sessions, state: State, inputs: Inputs, identity: Identity): Promise<State>;
    /** Reads the order of a resource that is in the state. It only reads, and does not wait for issuance. */
    refresh(sessions: Sessions, state: State): Promise<State>;
    /** Reads an order that is not in the state, for an import. */
    read(sessions: Sessions, id: string): Promise<State>;
    /** Whether removing the resource changes anything at DigiCert. */
    changesDigiCertOnRemoval(state: State): boolean;
    /** Removes the resource as its `deletionPolicy` says. */
    remove(sessions: Sessions, state: State): Promise<void>;
}

/**
 * An operation failed, and its result must be saved: DigiCert accepted a request, or may have accepted it, or the operation has
 * something else to record. The adapter must save `state`, from which the next run continues.
 */
export class PartialFailure<State = unknown> extends Error {
    constructor(
        readonly state: State,
        /** The errors; at least one. */
        readonly reasons: readonly DigiCertError[],
    ) {
        super(reasons.map(({ message }) => message).join("; "));
    }
}
