/**
 * Settings of the commands that ask DigiCert: the provider's own, from the environment, and flags that win over it.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { Option, type Command } from "commander";
import { CertCentral } from "../provider/core/certcentral/client.js";
import { readSettings, REGIONS, type Settings } from "../provider/core/settings.js";
import { UsageError, type Around } from "./cli.js";

/** The flags of {@link addConnectionOptions}. */
export interface ConnectionFlags {
    readonly region?: string;
    readonly baseUrl?: string;
    readonly keyFile?: string;
}

/** A client, and what it was made from. */
export interface Connection {
    readonly client: CertCentral;
    readonly settings: Settings;
}

/** Adds the flags, and the part of the help that tells where the key comes from. */
export function addConnectionOptions(command: Command): Command {
    return command
        .addOption(new Option("--region <region>", "region of the account").choices([...REGIONS.keys()]))
        .option("--base-url <url>", "address of the API, path included; wins over the region")
        .option("--key-file <file>", "read the API key from a file, or from standard input if it is -")
        .addHelpText(
            "after",
            `
The API key comes from DIGICERT_API_KEY or --key-file, never from an argument. DIGICERT_REGION, DIGICERT_BASE_URL,
DIGICERT_REQUEST_TIMEOUT_SECONDS, HTTPS_PROXY, NO_PROXY and NODE_EXTRA_CA_CERTS count as they do for the provider;
stack config is not read.`,
        );
}

/**
 * Makes the client.
 *
 * @throws UsageError without a key, ConfigurationError when a setting is wrong.
 */
export async function connect(flags: ConnectionFlags, around: Around): Promise<Connection> {
    const apiKey = await readKey(flags, around);
    const given: Readonly<Record<string, string | undefined>> = {
        "digicert:region": flags.region,
        "digicert:baseUrl": flags.baseUrl,
    };
    const { DIGICERT_BASE_URL: addressInEnv, ...env } = around.env;
    // A region that was asked for is meant, whatever address the environment holds.
    const address = flags.region === undefined ? addressInEnv : undefined;
    const settings = readSettings({
        config: (name) => given[name],
        env: { ...env, DIGICERT_API_KEY: apiKey, DIGICERT_BASE_URL: address },
    });
    return { client: new CertCentral(settings), settings };
}

async function readKey({ keyFile }: ConnectionFlags, { env, stdin }: Around): Promise<string> {
    const key = keyFile === undefined ? env.DIGICERT_API_KEY : await contentOf(keyFile, stdin);
    if (key?.trim()) return key.trim();
    const where = keyFile === undefined ? "" : " in the place that --key-file names";
    throw new UsageError(
        `Reading the settings: there is no DigiCert API key${where}. ` +
            "Set DIGICERT_API_KEY, or name a file that holds it with --key-file (- for standard input).",
    );
}

async function contentOf(file: string, stdin: NodeJS.ReadableStream): Promise<string> {
    if (file === "-") return text(stdin);
    try {
        return readFileSync(file, "utf8");
    } catch (error) {
        throw new UsageError(
            `Reading the API key from ${file} (--key-file): it cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"}). ` +
                "Name a file that can be, or set DIGICERT_API_KEY.",
        );
    }
}
