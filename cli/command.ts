/**
 * Input, output and exit codes of the commands.
 *
 * @module
 */
import type { Command } from "commander";

/** The streams, the environment and the clock that a command uses; tests pass others. */
export interface ProcessContext {
    readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
    readonly stdout: Output;
    readonly stderr: Output;
    readonly env: Readonly<Record<string, string | undefined>>;
    now(): Date;
    /** Resolves when the user stops the command; a signal before the call is ignored. */
    waitForStop(): Promise<void>;
}

/** A stream to write to. */
export interface Output {
    /** Whether it is a terminal, which shows colours. */
    readonly isTTY?: boolean;
    /** Width of the terminal, in characters. */
    readonly columns?: number;
    write(text: string): unknown;
}

/** The exit codes of all commands. */
export const EXIT = {
    /** Done, and no person has to do anything. */
    done: 0,
    /** A person has to do something. */
    attention: 1,
    /** Not done, or not checked. */
    failed: 2,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The arguments of each command. */
export interface CommandContext extends ProcessContext {
    /** Set by a command that ends without an error; an error ends it with {@link EXIT.failed}. */
    exitCode: ExitCode;
}

/** Adds a command to the program. */
export type AddCommand = (program: Command, context: CommandContext) => void;

/** An error in the command line; the message says what is wrong and what to do. */
export class UsageError extends Error {}

/** The error code of a failed file operation, such as `ENOENT`, in words. */
export function describeFileError(error: unknown): string {
    const { code } = error as NodeJS.ErrnoException;
    return (
        (code === undefined ? undefined : FILE_ERRORS[code]) ?? `cannot be used (${code ?? "unknown error"})`
    );
}

const FILE_ERRORS: Readonly<Record<string, string>> = {
    ENOENT: "does not exist",
    EACCES: "may not be accessed by this user",
    EPERM: "may not be accessed by this user",
    EISDIR: "is a folder",
    ENOTDIR: "is below a file, not below a folder",
};
