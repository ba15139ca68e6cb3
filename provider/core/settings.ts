/**
 * Settings: from the stack's configuration, the environment, or an explicit `DigiCertProvider`.
 *
 * @module
 */
import { ConfigurationError } from "./errors.js";
import { holdsPrivateKey } from "./x509/privateKey.js";

/** Valid settings; the API key is handed over by a function so that no dump of an object shows it. */
export interface Settings {
    readonly apiKey: () => string;
    /** Without a trailing slash. */
    readonly baseUrl: string;
    readonly pollSeconds: number;
    readonly requestTimeoutSeconds: number;
}

/** Where settings are read from: Pulumi's configuration by `digicert:` key, and the environment. */
export interface Sources {
    readonly config: (name: string) => string | undefined;
    readonly env: Readonly<Record<string, string | undefined>>;
}

/** The base URL of each region. */
export const REGIONS: ReadonlyMap<string, string> = new Map([
    ["us", "https://www.digicert.com/services/v2"],
    ["eu", "https://certcentral.digicert.eu/services/v2"],
]);
const DEFAULT_POLL_SECONDS = 10;
const DEFAULT_REQUEST_TIMEOUT_SECONDS = 30;
const MAX_SECONDS = 3600;
/** Of a base URL and of an API key; far above real ones. */
const MAX_LENGTH = 2000;

/**
 * Reads and validates all settings.
 *
 * @throws ConfigurationError naming the setting and where to set it; never its value.
 */
export function readSettings(sources: Sources): Settings {
    const isExplicit = sources.config("digicert:explicit") === "true";
    const config = (name: string) => trimmed(sources.config(`digicert:${name}`));
    const env = (name: string) => trimmed(sources.env[name]);
    const shared = (name: string, variable: string) =>
        config(name) ?? (isExplicit ? undefined : env(variable));

    const configKey = config("apiKey");
    const apiKey = configKey ?? (isExplicit ? undefined : env("DIGICERT_API_KEY"));
    if (apiKey === undefined) throw missingKey(isExplicit);
    refuseOddKey(apiKey);
    if (configKey !== undefined && !isExplicit) refuseSplitSettings(config, env);

    return {
        apiKey: () => apiKey,
        baseUrl: baseUrl(shared("baseUrl", "DIGICERT_BASE_URL"), shared("region", "DIGICERT_REGION")),
        pollSeconds: seconds("pollSeconds", config, env, DEFAULT_POLL_SECONDS),
        requestTimeoutSeconds: seconds("requestTimeoutSeconds", config, env, DEFAULT_REQUEST_TIMEOUT_SECONDS),
    };
}

/** The API keys that are set, valid or not: what must not turn up anywhere else. */
export function givenKeys({ config, env }: Sources): string[] {
    return [config("digicert:apiKey"), env.DIGICERT_API_KEY].flatMap((key) => trimmed(key) ?? []);
}

type Lookup = (name: string) => string | undefined;

function missingKey(isExplicit: boolean): ConfigurationError {
    return new ConfigurationError(
        isExplicit
            ? "Reading the settings: this DigiCertProvider has no apiKey. Pass one; it is never taken from stack config or the environment."
            : "Reading the settings: there is no DigiCert API key. Set it with `pulumi config set --secret digicert:apiKey`, " +
                  "or in the environment variable DIGICERT_API_KEY.",
    );
}

/** What is no API key is sent to nobody, least of all a private key. */
function refuseOddKey(apiKey: string): void {
    const wrong = (what: string) =>
        new ConfigurationError(
            `Reading the settings: the DigiCert API key ${what}. Set it again, without quotes or line breaks.`,
        );
    if (holdsPrivateKey(apiKey)) throw wrong("is the private key of a certificate");
    if (!/^[\x21-\x7e]+$/.test(apiKey)) throw wrong("holds white space or characters that no key has");
    if (apiKey.length > MAX_LENGTH) throw wrong("is longer than any key");
}

/** A key from stack config is never sent where only the environment points. */
function refuseSplitSettings(config: Lookup, env: Lookup): void {
    if (config("baseUrl") !== undefined) return;
    const stray =
        env("DIGICERT_BASE_URL") !== undefined
            ? "DIGICERT_BASE_URL"
            : env("DIGICERT_REGION") !== undefined && config("region") === undefined
              ? "DIGICERT_REGION"
              : undefined;
    if (stray === undefined) return;
    const key = stray === "DIGICERT_REGION" ? "digicert:region" : "digicert:baseUrl";
    throw new ConfigurationError(
        `Reading the settings: the API key comes from stack config (digicert:apiKey), but where to send it from the environment (${stray}). ` +
            `Set both in one place: ${key} in stack config, or the key in DIGICERT_API_KEY.`,
    );
}

function baseUrl(url: string | undefined, region: string | undefined): string {
    if (url !== undefined) return checkedUrl(url);
    const regional = REGIONS.get((region ?? "us").toLowerCase());
    if (regional === undefined) {
        throw new ConfigurationError(
            'Reading the settings: digicert:region (DIGICERT_REGION) must be "us" or "eu"; for another address set digicert:baseUrl.',
        );
    }
    return regional;
}

function checkedUrl(text: string): string {
    const wrong = (what: string) =>
        new ConfigurationError(`Reading the settings: digicert:baseUrl (DIGICERT_BASE_URL) ${what}.`);
    if (text.length > MAX_LENGTH) throw wrong("is longer than any address");
    // A URL is read without them; it would not be the one that was looked at.
    if (/[\s\p{Cc}]/u.test(text)) throw wrong("must not hold white space or control characters");
    if (!URL.canParse(text)) throw wrong("is not a URL; an example is https://www.digicert.com/services/v2");
    const url = new URL(text);
    if (url.username !== "" || url.password !== "") throw wrong("must not hold credentials");
    if (/[?#]/.test(text)) throw wrong("must not have a query or a fragment");
    if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
        throw wrong("must begin with https://; http:// is allowed to a loopback address only");
    }
    return url.href.replace(/\/+$/, "");
}

function isLoopback(host: string): boolean {
    return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function seconds(
    name: "pollSeconds" | "requestTimeoutSeconds",
    config: Lookup,
    env: Lookup,
    fallback: number,
): number {
    const variable = name === "pollSeconds" ? "DIGICERT_POLL_SECONDS" : "DIGICERT_REQUEST_TIMEOUT_SECONDS";
    const given = config(name) ?? env(variable);
    if (given === undefined) return fallback;
    const value = /^(\d+\.?\d*|\.\d+)$/.test(given) ? Number(given) : NaN;
    if (!(value > 0 && value <= MAX_SECONDS)) {
        throw new ConfigurationError(
            `Reading the settings: digicert:${name} (${variable}) must be a number of seconds above 0 and up to ${MAX_SECONDS}.`,
        );
    }
    return value;
}

function trimmed(value: string | undefined): string | undefined {
    const text = value?.trim();
    return text === "" ? undefined : text;
}
