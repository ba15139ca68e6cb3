/**
 * The parts that the help of a command ends with.
 *
 * @module
 */
import type { Command } from "commander";
import { EXIT } from "./command.js";

/** A part of a help text: a heading, and lines that fit a terminal of 80 characters. */
export interface HelpPart {
    readonly heading: string;
    readonly lines: readonly string[];
}

/** Adds parts to the end of the help. */
export function addHelpParts(command: Command, parts: readonly HelpPart[]): Command {
    const text = parts.map(
        ({ heading, lines }) =>
            `\n${heading}:\n${lines.map((line) => `${`  ${line}`.trimEnd()}\n`).join("")}`,
    );
    return command.addHelpText("after", text.join("").trimEnd());
}

/** Command lines to copy. */
export function examples(...lines: readonly string[]): HelpPart {
    return { heading: "Examples", lines: lines.map((line) => `$ ${line}`) };
}

/** The exit codes of a command that only succeeds or fails. */
export const EXIT_CODES: HelpPart = {
    heading: "Exit codes",
    lines: [`${EXIT.done}  done`, `${EXIT.failed}  not done; the message says why and what to do`],
};

/** The exit codes of a command that can also find work for a person. */
export const EXIT_CODES_WITH_ATTENTION: HelpPart = {
    heading: "Exit codes",
    lines: [
        `${EXIT.done}  done, and no person has to do anything`,
        `${EXIT.attention}  a person has to do something`,
        `${EXIT.failed}  not done, or something could not be checked; the message says why`,
    ],
};

/** The sources of the API key and the address. */
export const CONNECTION_HELP: HelpPart = {
    heading: "API key and settings",
    lines: [
        "The API key comes from DIGICERT_API_KEY or --key-file, never from an argument.",
        "DIGICERT_REGION, DIGICERT_BASE_URL, DIGICERT_REQUEST_TIMEOUT_SECONDS and",
        "DIGICERT_QUOTA_SHARE count too, unless an option says otherwise; so do",
        "HTTPS_PROXY, NO_PROXY and NODE_EXTRA_CA_CERTS. The configuration of a Pulumi",
        "stack is not read.",
    ],
};
