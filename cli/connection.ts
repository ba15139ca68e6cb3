/**
 * Makes the API client of a command. API key and address come from options and the environment.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { Option, type Command } from "commander";
import { CertCentral } from "../provider/core/certcentral/client.js";
import { ConfigurationError } from "../provider/core/errors.js";
import { readSettings, REGIONS, type Settings } from "../provider/core/settings.js";
import { describeFileError, UsageError, type ProcessContext } from "./command.js";

/** The options of {@link addConnectionOptions}. */
export interface ConnectionFlags {
    readonly region?: string;
    readonly baseUrl?: string;
    readonly keyFile?: string;
}

/** A client, and the settings that it was made from. */
export interface Connection {
    readonly client: CertCentral;
    readonly settings: Settings;
}

/** Adds the options that choose key and address. */
export function addConnectionOptions(command: Command): Command {
    return command
        .addOption(new Option("--region <region>", "region of the account").choices([...REGIONS.keys()]))
        .option("--base-url <url>", "address of the API, path included; wins over the region")
        .option("--key-file <file>", "file that holds the API key; - is standard input");
}

/**
 * Makes the client.
 *
 * @throws ConfigurationError if the key is missing or a setting is invalid.
 */
export async function connect(flags: ConnectionFlags, process: ProcessContext): Promise<Connection> {
    const apiKey = await readKey(flags, process);
    const options: Readonly<Record<string, string | undefined>> = {
        "digicert:region": flags.region,
        "digicert:baseUrl": flags.baseUrl,
    };
    const { DIGICERT_BASE_URL: addressInEnv, ...env } = process.env;
    // The option --region takes precedence over an address in the environment; readSettings lets an address take precedence.
    const address = flags.region === undefined ? addressInEnv : undefined;
    const settings = readSettings({
        config: (name) => options[name],
        env: { ...env, DIGICERT_API_KEY: apiKey, DIGICERT_BASE_URL: address },
    });
    return { client: new CertCentral(settings), settings };
}

async function readKey({ keyFile }: ConnectionFlags, { env, stdin }: ProcessContext): Promise<string> {
    const key = keyFile === undefined ? env.DIGICERT_API_KEY : await readContent(keyFile, stdin);
    if (key?.trim()) return key.trim();
    const place = keyFile === undefined ? "" : " in the file that --key-file names";
    throw new ConfigurationError(`Reading the settings: there is no DigiCert API key${place}.`, {
        remedy: "setApiKey",
    });
}

async function readContent(file: string, stdin: NodeJS.ReadableStream): Promise<string> {
    if (file === "-") return text(stdin);
    try {
        return readFileSync(file, "utf8");
    } catch (error) {
        throw new UsageError(
            `Reading the API key (--key-file): ${file} ${describeFileError(error)}. ` +
                "Name a file that can be read, or set DIGICERT_API_KEY.",
        );
    }
}
