/**
 * `pulumi-digicert init`: a program for an order that exists.
 *
 * @module
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Option } from "commander";
import { isReadableCsr } from "../provider/core/x509/csr.js";
import { UsageError, EXIT_CODES, type AddCommand, type Cli } from "./cli.js";
import { addConnectionOptions, connect, type ConnectionFlags } from "./connection.js";
import { readFacts, hasKeyOf, type ProgramFacts } from "./init/order.js";
import { LANGUAGES, programFor, type Language } from "./init/program.js";
import { orderIdOf } from "./orderId.js";
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
export const init: AddCommand = (program, cli) => {
    const command = program
        .command("init")
        .summary("write a program for an order that exists")
        .description(
            "Reads an order and writes the few lines of a Pulumi program that manages it: its names, and the CSR that its certificate was made from. " +
                "The program has adoptExisting: true, so the first pulumi up takes the certificate over, without a reissue. " +
                "It goes to standard output, or to a file with --out.",
        )
        .argument("<orderId>", "the order", orderIdOf)
        .addOption(
            new Option("--language <language>", "TypeScript, or JavaScript as CommonJS")
                .choices(LANGUAGES)
                .default("ts"),
        )
        .option("--name <name>", "name of the resource in the stack (default: the common name, with hyphens)")
        .option(
            "--csr <file>",
            "let the program read the CSR from a file instead of holding it; needed if the order tells none",
        )
        .option("--out <file>", "write the program to a file; one that exists is not overwritten")
        .option("--force", "overwrite the file")
        .option("--json", "print the program and what it was made from as one JSON object");
    addConnectionOptions(command)
        .addHelpText("after", EXIT_CODES)
        .action((orderId: string, flags: Flags) => run(orderId, flags, cli));
};

async function run(orderId: string, flags: Flags, cli: Cli): Promise<void> {
    const { out, force = false, language } = flags;
    if (out !== undefined && !force && existsSync(out)) throw exists(out);
    const { client } = await connect(flags, cli);
    const facts = await readFacts(client, orderId, cli.now());
    const notes = notesOn(facts, flags);
    const name = flags.name ?? resourceName(facts);
    const text = programFor(facts, { language, name, csrFile: flags.csr });
    if (out !== undefined) save(out, text, force);
    if (flags.json) {
        const { commonName, dnsNames, notAdoptable } = facts;
        const adoptExisting = notAdoptable === undefined;
        writeJson(cli.stdout, {
            orderId,
            name,
            language,
            commonName,
            dnsNames,
            adoptExisting,
            file: out,
            program: text,
            notes,
        });
        return;
    }
    if (out === undefined) cli.stdout.write(text);
    else cli.stderr.write(`Wrote ${out}.\n`);
    for (const note of notes) cli.stderr.write(`Note: ${note}\n`);
}

function exists(out: string): UsageError {
    return new UsageError(
        `Writing ${out}: it exists. Name another file with --out, or overwrite it with --force.`,
    );
}

/** Never overwrites by accident, also where the file has appeared meanwhile. */
function save(out: string, text: string, force: boolean): void {
    try {
        writeFileSync(out, text, { flag: force ? "w" : "wx" });
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "EEXIST") throw exists(out);
        throw new UsageError(
            `Writing ${out}: it cannot be written (${code ?? "unknown error"}). Name another file with --out.`,
        );
    }
}

function notesOn(facts: ProgramFacts, { csr, region, baseUrl }: Flags): string[] {
    const settings = { region, baseUrl };
    const told = Object.entries(settings).flatMap(([name, value]) =>
        value === undefined
            ? []
            : [`set the same for the stack: pulumi config set digicert:${name} ${value}`],
    );
    return [...told, ...notesOnCsr(facts, csr)];
}

function notesOnCsr(facts: ProgramFacts, csr: string | undefined): string[] {
    if (csr === undefined) {
        if (facts.csr !== undefined) return [];
        throw new UsageError(
            `Writing a program for order ${facts.orderId}: the order tells no CSR. Name the file that holds the one of its certificate with --csr.`,
        );
    }
    if (!existsSync(csr))
        return [`${csr} does not exist yet: put the CSR that the certificate was made from there.`];
    const given = readFileSync(csr, "utf8");
    if (!isReadableCsr(given))
        return [`${csr} is not a CSR that can be read; pulumi up will say what is wrong with it.`];
    if (hasKeyOf(facts, given) !== false) return [];
    return [
        `${csr} has another key than the certificate of the order: with adoptExisting: true, pulumi up will refuse it.`,
    ];
}

/** `shop.example` is `shop-example`; a name that Pulumi shows well, and takes in any place. */
function resourceName({ commonName, orderId }: ProgramFacts): string {
    const name = commonName
        ?.replace(/^\*/, "wildcard")
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "");
    return name === undefined || name === "" ? `order-${orderId}` : name;
}
