/**
 * The command line: which commands there are, and what happens to what they throw.
 *
 * @module
 */
import { Command, CommanderError } from "commander";
import { packageVersion } from "../provider/core/version.js";
import { EXIT, type AddCommand, type Around, type Cli } from "./cli.js";
import { doctor } from "./doctor.js";
import { init } from "./init.js";
import { writeJson } from "./output.js";
import { simulator } from "./simulator.js";
import { timeline } from "./timeline.js";

/** In the order of the help. */
const COMMANDS: readonly AddCommand[] = [doctor, init, timeline, simulator];

/**
 * Runs a command line.
 *
 * @param argv - without node and the script
 * @returns the exit code: one of {@link EXIT}
 */
export async function run(argv: readonly string[], around: Around): Promise<number> {
    const isJson = argv.includes("--json");
    const cli: Cli = { ...around, exitCode: EXIT.fine };
    try {
        await programFor(cli, isJson).parseAsync(argv, { from: "user" });
        return cli.exitCode;
    } catch (error) {
        // Help and version are thrown as well.
        if (error instanceof CommanderError && error.exitCode === 0) return EXIT.fine;
        if (isJson) writeJson(around.stdout, { error: failureOf(error) });
        // Commander has printed what it has to say.
        else if (!(error instanceof CommanderError)) around.stderr.write(`${failureOf(error).message}\n`);
        return EXIT.failed;
    }
}

function programFor(cli: Cli, isJson: boolean): Command {
    const program = new Command("pulumi-digicert")
        .description(
            "Looks at DigiCert CertCentral orders for programs that use pulumi-digicert.\n" +
                "No command changes anything at DigiCert.",
        )
        .version(packageVersion())
        .exitOverride()
        .showHelpAfterError(isJson ? false : "(--help tells more)")
        .configureOutput({
            writeOut: (text) => cli.stdout.write(text),
            writeErr: (text) => cli.stderr.write(text),
            outputError: (text, write) => {
                if (!isJson) write(withoutValues(text));
            },
        })
        .addHelpText(
            "after",
            `
Exit codes:
  0  done, and nothing needs a person
  1  something needs a person (doctor)
  2  not done, or not checked; the message says why and what to do

Each command tells more with --help, and prints JSON with --json.`,
        );
    for (const add of COMMANDS) add(program, cli);
    return program;
}

/** What was given as a value may be a secret in the wrong place. */
function withoutValues(text: string): string {
    return text.replace(/(--?[\w-]+=)[^'\s]+/g, "$1…");
}

function failureOf(error: unknown): { code?: string; message: string } {
    const text = error instanceof Error ? error.message : String(error);
    const message = error instanceof CommanderError ? withoutValues(text) : text;
    const code = (error as { code?: unknown }).code;
    return typeof code === "string" ? { code, message } : { message };
}
