/**
 * What the commands have in common: where they read and write, and how they end.
 *
 * @module
 */
import type { Command } from "commander";

/** What a command takes from the process; replaced in tests. */
export interface Around {
    readonly stdin: NodeJS.ReadableStream;
    readonly stdout: Output;
    readonly stderr: Output;
    readonly env: Readonly<Record<string, string | undefined>>;
    now(): Date;
    /** Resolves when the user wants a command that runs on to stop, from this call on. */
    stopped(): Promise<void>;
}

/** A stream to write to; whether it is a terminal decides about colours. */
export interface Output {
    readonly isTTY?: boolean;
    write(text: string): unknown;
}

/** The exit codes of all commands. */
export const EXIT = {
    /** Done, and nothing needs a person. */
    fine: 0,
    /** Something needs a person. */
    attention: 1,
    /** It could not be done, or not be checked. */
    failed: 2,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Handed to each command. */
export interface Cli extends Around {
    /** Set by a command; what it throws makes it 2. */
    exitCode: ExitCode;
}

/** Adds a command to the program. */
export type AddCommand = (program: Command, cli: Cli) => void;

/** A mistake of the user, in a sentence that says what to do. */
export class UsageError extends Error {}

/** Ends the help of a command that only succeeds or fails. */
export const EXIT_CODES = `
Exit codes:
  0  done
  2  not done; the message says why and what to do
`;
