/**
 * What a check found.
 *
 * @module
 */
import { DigiCertError } from "../../provider/core/errors.js";
import { EXIT, type ExitCode } from "../cli.js";

/**
 * - `ok`: as it should be
 * - `info`: worth knowing
 * - `unknown`: no read tells; said, and not held against anybody
 * - `attention`: a person has to do something
 * - `failed`: it could not be checked
 */
export type Level = "ok" | "info" | "unknown" | "attention" | "failed";

/** One line of the report. */
export interface Finding {
    /** What was checked, in a word. */
    readonly check: string;
    readonly level: Level;
    readonly text: string;
}

/** The exit code for findings: the worst counts. */
export function exitCodeFor(findings: readonly Finding[]): ExitCode {
    if (findings.some(({ level }) => level === "failed")) return EXIT.failed;
    return findings.some(({ level }) => level === "attention") ? EXIT.attention : EXIT.fine;
}

/** Runs a check; an error of the API is a finding. */
export async function attempt<T>(
    check: string,
    step: () => Promise<T>,
): Promise<{ value: T } | { finding: Finding }> {
    try {
        return { value: await step() };
    } catch (error) {
        if (!(error instanceof DigiCertError)) throw error;
        return { finding: { check, level: "failed", text: error.message } };
    }
}
