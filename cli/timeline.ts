/**
 * `pulumi-digicert timeline`: what the orders of some stacks need, and when.
 *
 * @module
 */
import { readFile, writeFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { InvalidArgumentError, Option } from "commander";
import { EXIT_CODES, UsageError, type AddCommand, type Cli } from "./cli.js";
import type { Timeline } from "./timeline/model.js";

type Format = "html" | "svg";

interface Flags {
    readonly out?: string;
    readonly format?: Format;
    readonly now?: Date;
    readonly json?: boolean;
}

const STDIN = "-";

/** Adds the command. */
export const timeline: AddCommand = (program, cli) => {
    program
        .command("timeline")
        .summary("show what each order needs next, and when")
        .description(
            "Makes a page of the orders in one or more stacks, from what pulumi stack export prints: the plan, the certificate, " +
                "the reissue window, what waits for approval, and what needs a person next, the most urgent first. Asks DigiCert " +
                "nothing. Secrets are left out.",
        )
        .argument("[files...]", "stack exports; - or none reads one from stdin")
        .option("--out <file>", "write to a file instead of stdout")
        .addOption(
            new Option("--format <format>", "default: svg if the file is called so, else html").choices([
                "html",
                "svg",
            ] satisfies Format[]),
        )
        .option("--now <date>", "show it as of this day or instant, as 2026-03-01 (default: now)", dateOf)
        .option("--json", "print the data of the page as JSON instead")
        .addHelpText(
            "after",
            `
Example:
  pulumi stack export --stack prod | npx pulumi-digicert timeline --out timeline.html
${EXIT_CODES}`,
        )
        .action(async (files: string[], flags: Flags) => {
            const made = await read(files, flags.now ?? cli.now(), cli);
            const text = await write(made, flags);
            if (flags.out === undefined) {
                cli.stdout.write(text);
                return;
            }
            await save(flags.out, text);
            cli.stderr.write(`${flags.out}: ${countsOf(made)}\n`);
        });
};

function dateOf(text: string): Date {
    const date = new Date(text);
    if (!Number.isNaN(date.getTime())) return date;
    throw new InvalidArgumentError("It is not a date, as 2026-03-01 or 2026-03-01T12:00:00Z.");
}

async function read(files: readonly string[], now: Date, cli: Cli): Promise<Timeline> {
    const { readExport } = await import("./timeline/export.js");
    const { timelineOf } = await import("./timeline/model.js");
    const recorded = [];
    for (const file of files.length > 0 ? files : [STDIN]) {
        const source = file === STDIN ? "stdin" : file;
        recorded.push(...readExport(textOf(await bytesOf(file, cli)), source));
    }
    return timelineOf(recorded, now);
}

async function bytesOf(file: string, { stdin }: Cli): Promise<Buffer> {
    if (file !== STDIN) {
        return readFile(file).catch((cause: unknown) => {
            throw new UsageError(`Reading the stack export ${file}: ${(cause as Error).message}`, { cause });
        });
    }
    if ((stdin as { isTTY?: boolean }).isTTY === true) {
        throw new UsageError(
            "Making the timeline: there is nothing to read; name files, or pipe pulumi stack export into it.",
        );
    }
    return buffer(stdin);
}

/** Windows PowerShell writes UTF-16 where its output goes to a file. */
function textOf(bytes: Buffer): string {
    return bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? "utf16le" : "utf8");
}

async function write(made: Timeline, { json, format, out }: Flags): Promise<string> {
    if (json) return `${JSON.stringify(made, undefined, 2)}\n`;
    if ((format ?? (out?.endsWith(".svg") ? "svg" : "html")) === "svg") {
        return (await import("./timeline/drawing.js")).drawingOf(made);
    }
    return (await import("./timeline/page.js")).pageOf(made);
}

async function save(file: string, text: string): Promise<void> {
    await writeFile(file, text).catch((cause: unknown) => {
        throw new UsageError(`Writing the timeline to ${file}: ${(cause as Error).message}`, { cause });
    });
}

function countsOf({ orders, counts }: Timeline): string {
    const many = orders.length === 1 ? "1 order" : `${orders.length} orders`;
    const urgent = counts.critical + counts.person;
    return urgent === 0
        ? `${many}, none needs a person`
        : `${many}, ${urgent} ${urgent === 1 ? "needs" : "need"} a person`;
}
