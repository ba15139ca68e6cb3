/** The interface of the tools that are compared. */
import { type Row } from "../rows.js";
import { type Server } from "../server.js";

/** A task for one contender. */
export interface Job {
    readonly orders: readonly Row[];
    readonly server: Server;
    /** `--parallel`; default the tool's default. */
    readonly parallel?: number | undefined;
    /** Further environment variables for the Pulumi CLI. */
    readonly env?: Readonly<Record<string, string>>;
}

/** The abilities of a contender, for the table. */
export interface Abilities {
    /** Whether it waits until a certificate is issued. */
    readonly waits: string;
    /** Whether it continues with a reissue that was accepted before the run was interrupted. */
    readonly resumes: string;
    /** Its reaction to a 429. */
    readonly quota: string;
    /** Whether a POST whose answer was lost can become two certificates. */
    readonly asksOnce: string;
}

/** A tool that reissues certificates. */
export interface Contender {
    readonly name: string;
    readonly abilities: Abilities;
    /** Prepares the contender; this is not measured. */
    prepare(job: Job): Promise<Prepared>;
}

/** A prepared contender. */
export interface Prepared {
    /** Applies the program. */
    apply(): Promise<void>;
    /** Previews the program. */
    preview(): Promise<void>;
    /** Measures the state. */
    stateSize(): StateSize | undefined;
    dispose(): Promise<void>;
}

/** Bytes of state per resource. */
export interface StateSize {
    readonly bytes: number;
    /** Without CSRs and certificates, which every contender keeps. */
    readonly withoutPem: number;
    /** Of the recorded provider, which is in inputs and outputs. */
    readonly providerText: number;
}
