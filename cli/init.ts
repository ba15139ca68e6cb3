/**
 * `pulumi-digicert init`: writes a program for an existing order.
 *
 * @module
 */
import { existsSync, writeFileSync } from "node:fs";
import { InvalidArgumentError, Option, type Command } from "commander";
import { csrHasKey } from "../provider/core/x509/csr.js";
import {
    describeFileError,
    EXIT,
    UsageError,
    type AddCommand,
    type CommandContext,
    type Output,
} from "./command.js";
import { addConnectionOptions, connect, type ConnectionFlags } from "./connection.js";
import { addHelpParts, CONNECTION_HELP, examples } from "./help.js";
import { readTable, type Table } from "./init/all.js";
import { readCsrFile } from "./init/csrFile.js";
import { writeImportCommands } from "./init/importCommands.js";
import {
    isImportLanguage,
    isNodeLanguage,
    LANGUAGES,
    type Language,
    type NodeLanguage,
} from "./init/language.js";
import { resourceName } from "./init/name.js";
import { readProgramOrder, type ProgramOrder } from "./init/order.js";
import { writeProgram, type ProgramOptions } from "./init/program.js";
import { parsePatterns } from "./init/select.js";
import { describeLeftOut, writeImportFile, writeTable } from "./init/table.js";
import { writeYamlProgram } from "./init/yaml.js";
import { parseOrderId } from "./orderId.js";
import { writeJson } from "./output.js";

interface Flags extends ConnectionFlags {
    readonly all?: boolean;
    readonly product?: readonly string[];
    readonly names?: (name: string) => boolean;
    readonly expiringIn?: number;
    readonly csrDir?: string;
    readonly followRenewals: boolean;
    readonly import?: boolean;
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
        .summary("write a program for an existing order, or for all of them")
        .description(
            "Reads an order and writes a Pulumi program that manages it, with the names and the CSR of its certificate. " +
                "The first pulumi up adopts the certificate, without a reissue. With --all it does so for every order of the " +
                "account that can be managed: one program with a table and a loop. For Python, Go, Java and C# it writes the " +
                "commands that import the order through the provider plugin. It only reads.",
        )
        .argument("[orderId]", "the order", (text: string) => parseOrderId(text, 1));
    addProgramOptions(command);
    addConnectionOptions(command).action(async (orderId: string | undefined, flags: Flags) => {
        refuseMixedOptions(orderId, flags);
        refuseUnusedCsrs(flags);
        const { out, force = false } = flags;
        if (out !== undefined && !force && existsSync(out)) throw refuseOverwriting(out);
        await (orderId === undefined ? runAll(flags, context) : run(orderId, flags, context));
    });
    addHelpParts(command, [
        examples(
            "npx pulumi-digicert init 112233 --out index.ts",
            "npx pulumi-digicert init 112233 --csr shop.csr --language js",
            "npx pulumi-digicert init 112233 --language yaml --out Pulumi.yaml",
            "npx pulumi-digicert init --all --out index.ts",
            "npx pulumi-digicert init --all --names '*.shop.example' --expiring-in 60",
        ),
        {
            heading: "Exit codes",
            lines: [
                `${EXIT.done}  a program was written`,
                `${EXIT.attention}  a program was written, and orders were left out; each with a reason`,
                `${EXIT.failed}  no program was written; the message says why and what to do`,
            ],
        },
        CONNECTION_HELP,
    ]);
};

/** Adds the options that choose the orders and the form of the program. */
function addProgramOptions(command: Command): void {
    command
        .option("--all", "all orders of the account; each costs a request, 1,000 in 3 minutes")
        .option("--product <ids>", "with --all: only these products, such as ssl_plus,ssl_basic", parseList)
        .option(
            "--names <patterns>",
            "with --all: only orders with such a name, as in *.shop.example",
            parsePatterns,
        )
        .option(
            "--expiring-in <days>",
            "with --all: only certificates with so many days left, or fewer",
            parseDays,
        )
        .option(
            "--csr-dir <folder>",
            "with --all: let the program read the CSRs from this folder (112233.csr, or shop.example.csr, or .pem)",
        )
        .option("--no-follow-renewals", "with --all: stay with an order when it is renewed")
        .option("--import", "with --all: write a file for pulumi import --file, for the provider plugin")
        .addOption(
            new Option(
                "--language <language>",
                "ts, js (CommonJS), yaml: a program; others: commands for pulumi import; with --all, all but ts and js imply --import",
            )
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
}

/** Refuses options of the other form of the command, which would be ignored, before any request. */
function refuseMixedOptions(orderId: string | undefined, flags: Flags): void {
    if (flags.all !== true && orderId === undefined) {
        throw new UsageError("There is no order. Give an order id, or --all.");
    }
    if (flags.all === true && orderId !== undefined) {
        throw new UsageError("There are an order id and --all. Give one of them.");
    }
    const { name, csr, product, names, expiringIn, csrDir, followRenewals, import: isImport } = flags;
    const single = { "--name": name, "--csr": csr };
    const many = {
        "--product": product,
        "--names": names,
        "--expiring-in": expiringIn,
        "--csr-dir": csrDir,
        "--no-follow-renewals": followRenewals ? undefined : true,
        "--import": isImport,
    };
    const stray = Object.entries(flags.all === true ? single : many).find(
        ([, value]) => value !== undefined,
    )?.[0];
    if (stray !== undefined) {
        throw new UsageError(
            flags.all === true
                ? `${stray} belongs to one order. Leave it out, or --all.`
                : `${stray} needs --all.`,
        );
    }
}

/** Refuses files with CSRs where `pulumi import` makes the program, which reads no file. */
function refuseUnusedCsrs(flags: Flags): void {
    const { csr, csrDir, language } = flags;
    const isImported = flags.all === true ? tableLanguage(flags) === undefined : isImportLanguage(language);
    const [option, file] = flags.all === true ? ["--csr-dir", csrDir] : ["--csr", csr];
    if (isImported && file !== undefined) {
        throw new UsageError(
            `${option} needs a program that reads the file; pulumi import takes the CSR from DigiCert. Leave it out, or choose another --language.`,
        );
    }
}

/** The language of the table; undefined where `--all` writes a file for `pulumi import`, because only Node programs have a table. */
function tableLanguage({ import: isImport, language }: Flags): NodeLanguage | undefined {
    return isImport !== true && isNodeLanguage(language) ? language : undefined;
}

function parseList(text: string): string[] {
    return [...new Set(text.split(",").flatMap((item) => item.trim() || []))];
}

function parseDays(text: string): number {
    if (/^\d{1,5}$/.test(text)) return Number(text);
    throw new InvalidArgumentError("Give a number of days, such as 60.");
}

/** Writes one program for many orders. */
async function runAll(flags: Flags, context: CommandContext): Promise<void> {
    const { product: products, names: isNamed, expiringIn, csrDir, out } = flags;
    const language = tableLanguage(flags);
    // An imported resource has the order id that it was imported with.
    const followsRenewals = flags.followRenewals && language !== undefined;
    const connection = await connect(flags, context);
    const { rows, leftOut, unreadable } = await readTable(
        connection,
        { products, isNamed, expiringIn, csrDir, followsRenewals },
        context,
    );
    const isWritten = rows.length > 0;
    const text =
        language === undefined
            ? writeImportFile(rows)
            : writeTable(rows, leftOut, { language, followsRenewals });
    if (isWritten && out !== undefined) saveProgram(out, text, flags.force === true);
    const isAttention = leftOut.length + unreadable > 0;
    context.exitCode = !isWritten ? EXIT.failed : isAttention ? EXIT.attention : EXIT.done;
    const notes = [
        ...settingNotes(flags),
        ...(unreadable === 0 ? [] : [`${unreadable} entries of the list of orders could not be read`]),
        ...(language === undefined && isWritten ? [importNote(out)] : []),
    ];
    const program = isWritten ? text : undefined;
    if (flags.json) {
        const { exitCode } = context;
        writeJson(context.stdout, { exitCode, orders: rows, leftOut, file: out, program, notes });
        return;
    }
    if (program !== undefined && out === undefined) context.stdout.write(program);
    printSummary(context.stderr, { rows, leftOut, notes, out });
}

function importNote(out = "<file>"): string {
    return (
        `pulumi import --file ${out} --protect=false takes the orders over, and prints the program; ` +
        "a protected resource could not be replaced by its renewal"
    );
}

/** Prints what was left out and what was written. */
function printSummary(
    stderr: Output,
    {
        rows,
        leftOut,
        notes,
        out,
    }: Pick<Table, "rows" | "leftOut"> & { notes: readonly string[]; out: string | undefined },
): void {
    for (const order of leftOut) stderr.write(`Left out: ${describeLeftOut(order)}\n`);
    for (const note of notes) stderr.write(`Note: ${note}\n`);
    const where = out === undefined ? "" : ` to ${out}`;
    const why = leftOut.length === 0 ? "no order matches" : "none of the orders can be managed";
    stderr.write(
        rows.length > 0
            ? `Wrote ${rows.length} orders${where}; ${leftOut.length} were left out.\n`
            : `Nothing was written: ${why}.\n`,
    );
}

/** Writes a program for one order. */
async function run(orderId: string, flags: Flags, context: CommandContext): Promise<void> {
    const { out, force = false, language } = flags;
    const csr = flags.csr === undefined ? undefined : readCsrFile(flags.csr);
    const { client } = await connect(flags, context);
    const order = await readProgramOrder(client, orderId, context.now());
    if (csr === undefined && order.csr === undefined) {
        throw new UsageError(
            isImportLanguage(language)
                ? `Importing order ${orderId}: DigiCert reports no CSR, so pulumi import cannot read one. Write a program with adoptExisting, as --language yaml --csr <file> does.`
                : `Writing a program for order ${orderId}: DigiCert reports no CSR. Name the file with the CSR of its certificate with --csr.`,
        );
    }
    const hasOtherKey = csr !== undefined && csrHasKey(order.csr, csr.key) === false;
    const notes = [...settingNotes(flags), ...(hasOtherKey ? [otherKeyNote(flags.csr ?? "")] : [])];
    const name = flags.name ?? resourceName(order);
    const program = writeText(order, language, { name, csrFile: flags.csr });
    if (out !== undefined) saveProgram(out, program, force);
    if (flags.json) {
        const { commonName, dnsNames, notAdoptable } = order;
        const adoptExisting = isImportLanguage(language) ? undefined : notAdoptable === undefined;
        const facts = { orderId, name, language, commonName, dnsNames, adoptExisting };
        writeJson(context.stdout, { ...facts, file: out, program, notes });
        return;
    }
    if (out === undefined) context.stdout.write(program);
    else context.stderr.write(`Wrote ${out}.\n`);
    for (const note of notes) context.stderr.write(`Note: ${note}\n`);
}

function writeText(order: ProgramOrder, language: Language, options: ProgramOptions): string {
    if (isImportLanguage(language)) return writeImportCommands(order, language, options.name);
    return language === "yaml" ? writeYamlProgram(order, options) : writeProgram(order, language, options);
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

/** Names the settings that were given as options here, because the stack needs them too. */
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
