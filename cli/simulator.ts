/**
 * `pulumi-digicert simulator`: a CertCentral of one's own.
 *
 * @module
 */
import { InvalidArgumentError } from "commander";
import type { SimulatorOptions } from "../simulator/options.js";
import { EXIT_CODES, UsageError, type AddCommand } from "./cli.js";
import { writeJson } from "./output.js";

interface Flags {
    readonly port: number;
    readonly adminPort: number;
    readonly apiKey?: string;
    readonly rateLimit?: boolean;
    readonly json?: boolean;
}

/** Adds the command. */
export const simulator: AddCommand = (program, cli) => {
    program
        .command("simulator")
        .summary("run a CertCentral simulator on this machine")
        .description(
            "Runs a simulator of DigiCert's Services API v2 on the loopback address, with a CA of its own and two orders, " +
                "until it is interrupted. For trying things out, and for tests of your own pipelines.",
        )
        .option("--port <n>", "port of the API; 0 takes a free one", portOf, 8443)
        .option("--admin-port <n>", "port of the admin interface; 0 takes a free one", portOf, 8444)
        .option("--api-key <key>", "the one key that the simulator accepts (default: a random one)")
        .option("--rate-limit", "enforce 100 requests in 5 s and 1,000 in 3 min")
        .option("--json", "print where it is and what it holds as one JSON object, once it runs")
        .addHelpText("after", EXIT_CODES)
        .action(async (flags: Flags) => {
            // Its packages are optional, so that they do not burden who only uses the resource; it says so if one is missing.
            const { startTryOut, howToUse } = await import("../simulator/tryOut.js");
            const tryOut = await startTryOut(optionsOf(flags)).catch(inUse);
            const { simulator: running, orders } = tryOut;
            const { baseUrl, adminUrl, apiKey } = running;
            // Before anybody is told that it runs, so that nobody stops it too early.
            const stopped = cli.stopped();
            if (flags.json) writeJson(cli.stdout, { baseUrl, adminUrl, apiKey, orders });
            else cli.stdout.write(howToUse(tryOut));
            await stopped;
            await running.close();
        });
};

function portOf(text: string): number {
    const port = Number(text);
    if (/^\d+$/.test(text) && port <= 65535) return port;
    throw new InvalidArgumentError("It is not a port (0 to 65535).");
}

function optionsOf({ port, adminPort, rateLimit = false, apiKey }: Flags): SimulatorOptions {
    return { port, adminPort, rateLimit, ...(apiKey !== undefined && { apiKey }) };
}

function inUse(error: NodeJS.ErrnoException & { port?: number }): never {
    if (error.code !== "EADDRINUSE") throw error;
    throw new UsageError(
        `Starting the simulator: port ${error.port ?? ""} is in use. Choose others with --port and --admin-port; 0 takes a free one.`,
    );
}
