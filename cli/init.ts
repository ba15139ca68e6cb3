/**
 * `pulumi-digicert init`: writes a program for an existing order.
 *
 * @module
 */
import { existsSync, writeFileSync } from "node:fs";
import { Option } from "commander";
import { csrHasKey } from "../provider/core/x509/csr.js";
import { describeFileError, UsageError, type AddCommand, type CommandContext } from "./command.js";
import { addConnectionOptions, connect, type ConnectionFlags } from "./connection.js";
import { addHelpParts, CONNECTION_HELP, examples, EXIT_CODES } from "./help.js";
import { readCsrFile } from "./init/csrFile.js";
import { readProgramOrder, type ProgramOrder } from "./init/order.js";
import { LANGUAGES, writeProgram, type Language } from "./init/program.js";
import { parseOrderId } from "./orderId.js";
import { writeJson } from "./output.js";

interface Flags extends ConnectionFlags {
    readonly language: Language;
    readonly name?: string;
    readonly csr?: string;
    readonly out?: string;
    readonly force?: boolean;
    readonly json?: boolean;
}

/** Adds the command. */
export const init: AddCommand = (program, context) => {
    const command = program
        .command("init")
        .summary("write a program for an existing order")
        .description(
            "Reads an order and writes a Pulumi program that manages it, with the names and the CSR of its certificate. " +
                "The first pulumi up adopts the certificate, without a reissue. It only reads.",
        )
        .argument("<orderId>", "the order", (text: string) => parseOrderId(text, 1))
        .addOption(
            new Option("--language <language>", "TypeScript, or JavaScript as CommonJS")
                .choices(LANGUAGES)
                .default("ts"),
        )
        .option("--name <name>", "name of the resource (default: the common name, with hyphens)")
        .option(
            "--csr <file>",
            "let the program read the CSR from this file; needed if DigiCert reports none",
        )
        .option("--out <file>", "write to a new file instead of standard output")
        .option("--force", "let --out overwrite a file")
        .option("--json", "print the program and what it was made from as one JSON object");
    addConnectionOptions(command).action((orderId: string, flags: Flags) => run(orderId, flags, context));
    addHelpParts(command, [
        examples(
            "npx pulumi-digicert init 112233 --out index.ts",
            "npx pulumi-digicert init 112233 --csr shop.csr --language js",
        ),
        EXIT_CODES,
        CONNECTION_HELP,
    ]);
};

async function run(orderId: string, flags: Flags, context: CommandContext): Promise<void> {
    const { out, force = false, language } = flags;
    if (out !== undefined && !force && existsSync(out)) throw refuseOverwriting(out);
    const csr = flags.csr === undefined ? undefined : readCsrFile(flags.csr);
    const { client } = await connect(flags, context);
    const order = await readProgramOrder(client, orderId, context.now());
    if (csr === undefined && order.csr === undefined) {
        throw new UsageError(
            `Writing a program for order ${orderId}: DigiCert reports no CSR. Name the file with the CSR of its certificate with --csr.`,
        );
    }
    const hasOtherKey = csr !== undefined && csrHasKey(order.csr, csr.key) === false;
    const notes = [...settingNotes(flags), ...(hasOtherKey ? [otherKeyNote(flags.csr ?? "")] : [])];
    const name = flags.name ?? resourceName(order);
    const program = writeProgram(order, { language, name, csrFile: flags.csr });
    if (out !== undefined) saveProgram(out, program, force);
    if (flags.json) {
        const { commonName, dnsNames, notAdoptable } = order;
        const adoptExisting = notAdoptable === undefined;
        const facts = { orderId, name, language, commonName, dnsNames, adoptExisting };
        writeJson(context.stdout, { ...facts, file: out, program, notes });
        return;
    }
    if (out === undefined) context.stdout.write(program);
    else context.stderr.write(`Wrote ${out}.\n`);
    for (const note of notes) context.stderr.write(`Note: ${note}\n`);
}

function refuseOverwriting(out: string): UsageError {
    return new UsageError(
        `Writing ${out}: the file exists. Name another file with --out, or overwrite it with --force.`,
    );
}

/** Writes the file; without `force` the write itself fails where a file has appeared since the first look. */
function saveProgram(out: string, text: string, force: boolean): void {
    try {
        writeFileSync(out, text, { flag: force ? "w" : "wx" });
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") throw refuseOverwriting(out);
        throw new UsageError(
            `Writing ${out}: the path ${describeFileError(error)}. Name another file with --out.`,
        );
    }
}

/** The stack needs the settings that were given as options here. */
function settingNotes({ region, baseUrl }: Flags): string[] {
    return Object.entries({ region, baseUrl }).flatMap(([setting, value]) =>
        value === undefined
            ? []
            : [`set the same for the stack: pulumi config set digicert:${setting} ${value}`],
    );
}

function otherKeyNote(file: string): string {
    return `${file} has another key than the certificate of the order, so pulumi up will refuse to adopt it.`;
}

/** The common name with hyphens in place of dots, which Pulumi shows well in every place. */
function resourceName({ commonName, orderId }: ProgramOrder): string {
    const name = commonName
        ?.replace(/^\*/, "wildcard")
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "");
    return name === undefined || name === "" ? `order-${orderId}` : name;
}
