/**
 * The result of one check.
 *
 * @module
 */
import { DigiCertError, explain } from "../../provider/core/errors.js";
import { EXIT, type ExitCode } from "../command.js";
import { REMEDIES } from "../remedies.js";

/**
 * Levels, the most serious first:
 * - `failed`: the check could not be made
 * - `attention`: a person has to do something
 * - `info`: worth knowing
 * - `unknown`: the API does not expose this; does not affect the exit code
 * - `ok`: as it should be
 */
export const LEVELS = ["failed", "attention", "info", "unknown", "ok"] as const;

/** One of {@link LEVELS}. */
export type Level = (typeof LEVELS)[number];

/** The result of one check. */
export interface Finding {
    /** The subject of the check, in one word. */
    readonly check: string;
    readonly level: Level;
    /** At most two lines in a terminal of 80 characters, as long as the names in it are short; errors may be longer. */
    readonly text: string;
}

/** A value that was read, or the finding that says why it could not be read. */
export type ReadResult<T> = { readonly value: T } | { readonly finding: Finding };

/** The exit code for findings: the most serious finding decides. */
export function exitCodeFor(findings: readonly Finding[]): ExitCode {
    if (findings.some(({ level }) => level === "failed")) return EXIT.failed;
    return findings.some(({ level }) => level === "attention") ? EXIT.attention : EXIT.done;
}

/** Makes a check; an error of the API becomes a finding. */
export async function attemptCheck<T>(check: string, read: () => Promise<T>): Promise<ReadResult<T>> {
    try {
        return { value: await read() };
    } catch (error) {
        if (!(error instanceof DigiCertError)) throw error;
        return { finding: { check, level: "failed", text: explain(error, REMEDIES) } };
    }
}
