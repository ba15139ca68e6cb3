/** What takes part in the comparison. */
import { type Row } from "../rows.js";
import { type Server } from "../server.js";

/** One piece of work for one contender. */
export interface Job {
    readonly orders: readonly Row[];
    readonly server: Server;
    /** `--parallel`; default: the tool's own. */
    readonly parallel?: number | undefined;
    /** The simulator enforces the quota. */
    readonly isLimited?: boolean;
    /** Of the Pulumi CLI, besides what a stack needs. */
    readonly env?: Readonly<Record<string, string>>;
}

/** What it can do, for the table: measured numbers are elsewhere. */
export interface Abilities {
    /** Waits until a certificate that takes time is issued. */
    readonly waits: string;
    /** Goes on with a reissue that was accepted before the run was interrupted. */
    readonly resumes: string;
    /** What it does about 429. */
    readonly quota: string;
    /** Whether a POST whose answer was lost can become two certificates. */
    readonly asksOnce: string;
}

/** One way to get certificates reissued. */
export interface Contender {
    readonly name: string;
    readonly abilities: Abilities;
    /** Makes everything ready; this is not measured. */
    prepare(job: Job): Promise<Prepared>;
}

/** A contender that is ready to go. */
export interface Prepared {
    /** Makes the certificates, or applies again. */
    apply(): Promise<void>;
    /** Shows what an apply would do. */
    preview(): Promise<void>;
    /** Sizes of what is kept. */
    stateSize(): StateSize | undefined;
    dispose(): Promise<void>;
}

/** Bytes of state per resource. */
export interface StateSize {
    readonly bytes: number;
    /** Without CSRs and certificates, which everybody has to keep. */
    readonly withoutPem: number;
    /** Of the text that the provider is loaded from, which lies in inputs and outputs. */
    readonly providerText: number;
}
