/**
 * The command line: its commands, and the printing of errors.
 *
 * @module
 */
import { Command, CommanderError } from "commander";
import { explain } from "../provider/core/errors.js";
import { packageVersion } from "../provider/core/version.js";
import { EXIT, type AddCommand, type CommandContext, type ProcessContext } from "./command.js";
import { doctor } from "./doctor.js";
import { addHelpParts, examples, EXIT_CODES_WITH_ATTENTION } from "./help.js";
import { init } from "./init.js";
import { widthOf, writeJson } from "./output.js";
import { REMEDIES } from "./remedies.js";
import { simulator } from "./simulator.js";
import { timeline } from "./timeline.js";

/** The commands, in the order of the help. */
const COMMANDS: readonly AddCommand[] = [doctor, init, timeline, simulator];

/**
 * Runs a command line.
 *
 * @param argv - without node and the script
 * @returns the exit code: one of {@link EXIT}
 */
export async function run(argv: readonly string[], process: ProcessContext): Promise<number> {
    const isJson = argv.includes("--json");
    const context: CommandContext = { ...process, exitCode: EXIT.done };
    try {
        await buildProgram(context).parseAsync(argv, { from: "user" });
        return context.exitCode;
    } catch (error) {
        // Commander throws after it has printed a help text or the version, too.
        if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
        const failure = describeFailure(error);
        if (isJson) writeJson(process.stdout, { error: failure });
        else if (!isHelp(error)) process.stderr.write(`${failure.message}\n`);
        return EXIT.failed;
    }
}

function buildProgram(context: CommandContext): Command {
    const program = new Command("pulumi-digicert")
        .description(
            "Checks DigiCert CertCentral orders for programs that use pulumi-digicert.\n" +
                "No command changes anything at DigiCert.",
        )
        .version(packageVersion())
        .exitOverride()
        .configureOutput({
            writeOut: (text) => context.stdout.write(text),
            writeErr: (text) => context.stderr.write(text),
            getOutHelpWidth: () => widthOf(context.stdout),
            getErrHelpWidth: () => widthOf(context.stderr),
            // run() prints all errors.
            outputError: () => undefined,
        });
    addHelpParts(program, [
        examples(
            "npx pulumi-digicert doctor 112233",
            "npx pulumi-digicert init 112233 --out index.ts",
            "pulumi stack export | npx pulumi-digicert timeline --out timeline.html",
            "npx pulumi-digicert simulator",
        ),
        EXIT_CODES_WITH_ATTENTION,
        { heading: "More", lines: ["Each command has --help, and --json for programs."] },
    ]);
    for (const add of COMMANDS) add(program, context);
    return program;
}

/** Whether the error only says that a help text was printed, because no command was given. */
function isHelp(error: unknown): boolean {
    return error instanceof CommanderError && error.code === "commander.help";
}

function describeFailure(error: unknown): { code?: string; message: string } {
    if (error instanceof CommanderError) return { code: error.code, message: describeUsage(error) };
    const { code } = error as { code?: unknown };
    const message = explain(error, REMEDIES);
    return typeof code === "string" ? { code, message } : { message };
}

/** Joins Commander's message and its suggestion, which is on a second line, to one sentence. */
function describeUsage({ message }: CommanderError): string {
    const text = withoutValues(message)
        .replace(/^error: /, "")
        .replace(/\n\((Did you mean [^)]*\?)\)$/, ". $1");
    const sentence = text.charAt(0).toUpperCase() + text.slice(1);
    return `${/[.?]$/.test(sentence) ? sentence : `${sentence}.`} Run with --help for usage.`;
}

/** Removes values from a message, because a value may be a secret in the wrong place. */
function withoutValues(text: string): string {
    return text.replace(/(--?[\w-]+=)[^'\s]+/g, "$1…");
}
