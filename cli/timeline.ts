/**
 * `pulumi-digicert timeline`: shows the next step of each order in some stacks.
 *
 * @module
 */
import { readFile, writeFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { InvalidArgumentError } from "commander";
import { describeFileError, UsageError, type AddCommand, type CommandContext } from "./command.js";
import { addHelpParts, examples, EXIT_CODES } from "./help.js";
import type { Timeline } from "./timeline/model.js";

interface Flags {
    readonly out?: string;
    readonly now?: Date;
    readonly json?: boolean;
}

/** The file name that stands for standard input. */
const STDIN = "-";

/** Adds the command. */
export const timeline: AddCommand = (program, context) => {
    const command = program
        .command("timeline")
        .summary("show what each order needs next, and when")
        .description(
            "Makes a page of the orders in one or more stacks, from their exports: what each order needs next, who does it, and when, " +
                "the most urgent first. It makes no request to DigiCert, and leaves secrets out.",
        )
        .argument("[files...]", "stack exports, one for each stack; - or none reads one from stdin")
        .option("--out <file>", "write the page to a file instead of stdout")
        .option("--now <date>", "make the page as of another day or instant, such as 2026-03-01", parseDate)
        .option("--json", "print the data of the page as JSON instead")
        .action((files: string[], flags: Flags) => run(files, flags, context));
    addHelpParts(command, [
        examples(
            "pulumi stack export --stack prod | npx pulumi-digicert timeline --out t.html",
            "npx pulumi-digicert timeline prod.json test.json --out timeline.html",
            "npx pulumi-digicert timeline prod.json --json",
        ),
        EXIT_CODES,
    ]);
};

async function run(files: readonly string[], flags: Flags, context: CommandContext): Promise<void> {
    const timeline = await readTimeline(files, flags.now ?? context.now(), context);
    const text = flags.json
        ? `${JSON.stringify(timeline, undefined, 2)}\n`
        : (await import("./timeline/page.js")).renderPage(timeline);
    if (flags.out === undefined) {
        context.stdout.write(text);
        return;
    }
    await save(flags.out, text);
    context.stderr.write(`${flags.out}: ${summarizeCounts(timeline)}\n`);
}

function parseDate(text: string): Date {
    const date = new Date(text);
    if (!Number.isNaN(date.getTime())) return date;
    throw new InvalidArgumentError("It is not a date, such as 2026-03-01 or 2026-03-01T12:00:00Z.");
}

async function readTimeline(files: readonly string[], now: Date, context: CommandContext): Promise<Timeline> {
    const { readExport } = await import("./timeline/export.js");
    const { buildTimeline } = await import("./timeline/model.js");
    const resources = [];
    for (const file of files.length > 0 ? files : [STDIN]) {
        const source = file === STDIN ? "stdin" : file;
        resources.push(...readExport(decodeText(await readBytes(file, context)), source));
    }
    return buildTimeline(resources, now);
}

async function readBytes(file: string, { stdin }: CommandContext): Promise<Buffer> {
    if (file !== STDIN) {
        return readFile(file).catch((cause: unknown) => {
            throw new UsageError(
                `Reading the stack export: ${file} ${describeFileError(cause)}. ` +
                    "Make it with `pulumi stack export --stack STACK --file FILE`.",
                { cause },
            );
        });
    }
    if (stdin.isTTY === true) {
        throw new UsageError(
            "Making the timeline: there is no stack export to read. Name files, or pipe `pulumi stack export` into the command.",
        );
    }
    return buffer(stdin);
}

/** Decodes UTF-8, or UTF-16, which Windows PowerShell writes when output is redirected to a file. */
function decodeText(bytes: Buffer): string {
    return bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? "utf16le" : "utf8");
}

async function save(file: string, text: string): Promise<void> {
    await writeFile(file, text).catch((cause: unknown) => {
        throw new UsageError(
            `Writing the timeline: ${file} ${describeFileError(cause)}. Name another file with --out.`,
            { cause },
        );
    });
}

function summarizeCounts({ orders, counts }: Timeline): string {
    const total = orders.length === 1 ? "1 order" : `${orders.length} orders`;
    const urgent = counts.critical + counts.person;
    if (urgent === 0) return `${total}, none needs a person`;
    return `${total}, ${urgent} ${urgent === 1 ? "needs" : "need"} a person`;
}
