/**
 * `pulumi-digicert simulator`: a simulated CertCentral on this machine.
 *
 * @module
 */
import { InvalidArgumentError } from "commander";
import type { SimulatorOptions } from "../simulator/options.js";
import { UsageError, type AddCommand } from "./command.js";
import { addHelpParts, examples, EXIT_CODES } from "./help.js";
import { writeJson } from "./output.js";
import { parseServer } from "./serverAddress.js";

interface Flags {
    readonly port: number;
    readonly adminPort: number;
    readonly apiKey?: string;
    readonly rateLimit?: boolean;
    readonly dns?: string;
    readonly http?: string;
    readonly json?: boolean;
}

/** Adds the command. */
export const simulator: AddCommand = (program, context) => {
    const command = program
        .command("simulator")
        .summary("run a CertCentral simulator on this machine")
        .description(
            "Runs a simulator of DigiCert's Services API v2 on the loopback address, with its own CA and two orders, " +
                "until it is interrupted. For a first try, and for tests of your pipelines.",
        )
        .option("--port <n>", "port of the API; 0 for any free port", parsePort, 8443)
        .option("--admin-port <n>", "port of the admin interface; 0 for any free port", parsePort, 8444)
        .option("--api-key <key>", "the only key that the simulator accepts (default: a random one)")
        .option("--rate-limit", "enforce 100 requests in 5 s and 1,000 in 3 min")
        .option(
            "--dns <host:port>",
            "DNS server in which tokens of domain validation are looked up; adds a DV order",
            parseServer,
        )
        .option(
            "--http <host:port>",
            "web server that serves the files of http-token for every name; adds a DV order",
            parseServer,
        )
        .option("--json", "print addresses, key and orders as one JSON object, once it runs")
        .action(async (flags: Flags) => {
            // Loaded here, because its packages are optional peers that most installations lack.
            const { startTryOut, howToUse } = await import("../simulator/tryOut.js");
            const tryOut = await startTryOut(optionsFrom(flags)).catch(refuseUsedPort);
            const { simulator: running, orders } = tryOut;
            const { baseUrl, adminUrl, apiKey } = running;
            // The wait begins before the addresses are printed, because a program that reads them may stop the command at once.
            const stopped = context.waitForStop();
            if (flags.json) writeJson(context.stdout, { baseUrl, adminUrl, apiKey, orders });
            else context.stdout.write(howToUse(tryOut));
            await stopped;
            await running.close();
        });
    addHelpParts(command, [
        examples(
            "npx pulumi-digicert simulator --api-key try-it-out",
            "npx pulumi-digicert simulator --port 0 --admin-port 0 --json",
            "npx pulumi-digicert simulator --dns 127.0.0.1:5354",
        ),
        EXIT_CODES,
    ]);
};

function parsePort(text: string): number {
    const port = Number(text);
    if (/^\d+$/.test(text) && port <= 65535) return port;
    throw new InvalidArgumentError("It is not a port (0 to 65535).");
}

function optionsFrom({ port, adminPort, rateLimit = false, apiKey, dns, http }: Flags): SimulatorOptions {
    return {
        port,
        adminPort,
        rateLimit,
        ...(apiKey !== undefined && { apiKey }),
        ...(dns !== undefined && { dns }),
        ...(http !== undefined && { http }),
    };
}

function refuseUsedPort(error: NodeJS.ErrnoException & { port?: number }): never {
    if (error.code !== "EADDRINUSE") throw error;
    throw new UsageError(
        `Starting the simulator: port ${error.port ?? ""} is in use. Choose other ports with --port and --admin-port; 0 stands for any free port.`,
    );
}
