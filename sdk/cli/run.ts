/**
 * The command line: which commands there are, and what happens to what they throw.
 *
 * @module
 */
import { Command, CommanderError } from "commander";
import { packageVersion } from "../../provider/certcentral/version.js";
import { EXIT, type AddCommand, type Around, type Cli } from "./cli.js";
import { doctor } from "./doctor.js";
import { writeJson } from "./output.js";
import { simulator } from "./simulator.js";
import { timeline } from "./timeline.js";

/** In the order of the help. */
const COMMANDS: readonly AddCommand[] = [doctor, timeline, simulator];

/**
 * Runs a command line.
 *
 * @param argv - without node and the script
 * @returns the exit code: one of {@link EXIT}
 */
export async function run(argv: readonly string[], around: Around): Promise<number> {
    const cli: Cli = { ...around, exitCode: EXIT.fine };
    try {
        await programFor(cli).parseAsync(argv, { from: "user" });
        return cli.exitCode;
    } catch (error) {
        // Help and version are thrown as well; commander has printed what there is to say.
        if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.failed;
        fail(error, argv, around);
        return EXIT.failed;
    }
}

function programFor(cli: Cli): Command {
    const program = new Command("pulumi-digicert")
        .description(
            "Looks at DigiCert CertCentral orders for programs that use pulumi-digicert.\n" +
                "No command changes anything at DigiCert.",
        )
        .version(packageVersion())
        .exitOverride()
        .showHelpAfterError("(--help tells more)")
        .configureOutput({
            writeOut: (text) => cli.stdout.write(text),
            writeErr: (text) => cli.stderr.write(text),
            // What was given as a value may be a secret in the wrong place.
            outputError: (text, write) => {
                write(text.replace(/(--?[\w-]+=)[^'\s]+/g, "$1…"));
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

/** A sentence for people, or an object for programs. */
function fail(error: unknown, argv: readonly string[], { stdout, stderr }: Around): void {
    const message = error instanceof Error ? error.message : String(error);
    const code = (error as { code?: unknown }).code;
    if (!argv.includes("--json")) stderr.write(`${message}\n`);
    else writeJson(stdout, { error: { ...(typeof code === "string" && { code }), message } });
}
