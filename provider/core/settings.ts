/**
 * Settings: from the stack's configuration, the environment, or an explicit provider.
 *
 * @module
 */
import { ConfigurationError, type Remedy } from "./errors.js";
import type { AllTrue, Same } from "./same.js";
import { SETTINGS, type SettingName } from "./settings/declaration.js";
import { holdsPrivateKey } from "./x509/privateKey.js";

/** Valid settings. A function returns the API key, so that a dump of the object does not show it. */
export interface Settings {
    readonly apiKey: () => string;
    /** Without a trailing slash. */
    readonly baseUrl: string;
    /** Longest pause between two reads of a pending reissue. */
    readonly pollSeconds: number;
    /** Time limit of one HTTP request. */
    readonly requestTimeoutSeconds: number;
    /** How long an order is read, after a lost answer, until an absent reissue counts as not accepted. */
    readonly settleSeconds: number;
    /** The part of the key's quota that this process may use: above 0, up to 1. */
    readonly quotaShare: number;
}

/**
 * Fails to compile unless every declared setting is read. The region decides the base URL.
 *
 * @internal
 */
export type DeclaredSettings = AllTrue<[Same<keyof Settings | "region", SettingName>]>;

/** The sources of settings: Pulumi's configuration by `digicert:` key, and the environment. */
export interface Sources {
    readonly config: (name: string) => string | undefined;
    readonly env: Readonly<Record<string, string | undefined>>;
}

/** The base URL of each region. */
export const REGIONS: ReadonlyMap<string, string> = new Map([
    ["us", "https://www.digicert.com/services/v2"],
    ["eu", "https://certcentral.digicert.eu/services/v2"],
]);

/** The defaults of the settings that are a number of seconds. */
const DEFAULT_SECONDS = { pollSeconds: 10, requestTimeoutSeconds: 30, settleSeconds: 60 } as const;
const CONFIRM_REVOKE = "DIGICERT_CONFIRM_REVOKE";
const MAX_SECONDS = 3600;
/** Longest base URL and longest API key that are accepted; real ones are much shorter. */
const MAX_LENGTH = 2000;

/**
 * Reads and validates all settings. An explicit provider takes key, region and base URL from its own arguments only; the
 * numbers may come from the environment.
 *
 * @throws ConfigurationError naming the setting; the message never shows its value.
 */
export function readSettings(sources: Sources): Settings {
    const isExplicit = sources.config("digicert:explicit") === "true";
    const config = (name: string) => trim(sources.config(`digicert:${name}`));
    const env = (name: string) => trim(sources.env[name]);
    const given = (name: SettingName) => config(name) ?? env(SETTINGS[name].environment);
    const address = givenAddress(sources);
    const configKey = config("apiKey");
    const apiKey = configKey ?? (isExplicit ? undefined : env("DIGICERT_API_KEY"));
    if (apiKey === undefined) throw missingKey(isExplicit);
    refuseMalformedKey(apiKey);
    if (configKey !== undefined && !isExplicit) refuseSplitSettings(config, env);

    return {
        apiKey: () => apiKey,
        baseUrl: readBaseUrl(address.url, address.region),
        pollSeconds: readSeconds("pollSeconds", given("pollSeconds")),
        requestTimeoutSeconds: readSeconds("requestTimeoutSeconds", given("requestTimeoutSeconds")),
        settleSeconds: readSeconds("settleSeconds", given("settleSeconds")),
        quotaShare: readQuotaShare(given("quotaShare")),
    };
}

/**
 * Returns the base URL of the settings, without a check of the other settings. An invalid base URL or region is returned as it
 * was given: the operation that needs the settings reports what is wrong.
 */
export function addressOf(sources: Sources): string {
    const { url, region } = givenAddress(sources);
    try {
        return readBaseUrl(url, region);
    } catch {
        return url ?? region ?? "";
    }
}

/** The rule for the value of each setting by itself. */
const RULES: Readonly<Record<SettingName, (value: string) => unknown>> = {
    apiKey: refuseMalformedKey,
    region: (value) => readBaseUrl(undefined, value),
    baseUrl: checkUrl,
    pollSeconds: (value) => readSeconds("pollSeconds", value),
    requestTimeoutSeconds: (value) => readSeconds("requestTimeoutSeconds", value),
    settleSeconds: (value) => readSeconds("settleSeconds", value),
    quotaShare: readQuotaShare,
};

/**
 * Checks the value of one setting by itself.
 *
 * @throws ConfigurationError naming the setting; never its value.
 */
export function checkSetting(name: SettingName, given: string): void {
    const value = trim(given);
    if (value !== undefined) RULES[name](value);
}

/**
 * The ids of the certificates that this run may revoke: `DIGICERT_CONFIRM_REVOKE`, separated by commas. It is read anew each
 * time, and only from the environment, so that no confirmation outlives its run. An entry that is no id confirms nothing.
 */
export function readConfirmedRevocations({ env }: Pick<Sources, "env">): ReadonlySet<number> {
    const entries = trim(env[CONFIRM_REVOKE])?.split(",") ?? [];
    const ids = entries.filter((entry) => /^\s*[1-9]\d*\s*$/.test(entry)).map(Number);
    return new Set(ids.filter(Number.isSafeInteger));
}

/** Lists the API keys that are set, valid or not; no input may hold any of them. */
export function givenKeys({ config, env }: Sources): string[] {
    return [config("digicert:apiKey"), env.DIGICERT_API_KEY].flatMap((key) => trim(key) ?? []);
}

/** The base URL and the region that are set; those of an explicit provider come from its own arguments only. */
function givenAddress({ config, env }: Sources): { url: string | undefined; region: string | undefined } {
    const isExplicit = config("digicert:explicit") === "true";
    const given = (name: string, variable: string) =>
        trim(config(`digicert:${name}`)) ?? (isExplicit ? undefined : trim(env[variable]));
    return { url: given("baseUrl", "DIGICERT_BASE_URL"), region: given("region", "DIGICERT_REGION") };
}

type Lookup = (name: string) => string | undefined;

function settingError(problem: string, remedy: Remedy = "correctSetting"): ConfigurationError {
    return new ConfigurationError(`Reading the settings: ${problem}.`, { remedy });
}

function missingKey(isExplicit: boolean): ConfigurationError {
    return isExplicit
        ? settingError("this provider has no apiKey", "passApiKey")
        : settingError("there is no DigiCert API key", "setApiKey");
}

/**
 * Refuses a value that cannot be an API key, before any request sends it.
 *
 * @throws ConfigurationError
 */
function refuseMalformedKey(apiKey: string): void {
    const error = (problem: string) => settingError(`the DigiCert API key ${problem}`, "setApiKeyAgain");
    if (holdsPrivateKey(apiKey)) throw error("is the private key of a certificate");
    if (!/^[\x21-\x7e]+$/.test(apiKey)) throw error("holds white space or characters that no key has");
    if (apiKey.length > MAX_LENGTH) throw error("is longer than any key");
}

/** Refuses an API key in stack config together with an address in the environment: the environment must not redirect the key. */
function refuseSplitSettings(config: Lookup, env: Lookup): void {
    if (config("baseUrl") !== undefined) return;
    const stray =
        env("DIGICERT_BASE_URL") !== undefined
            ? "DIGICERT_BASE_URL"
            : env("DIGICERT_REGION") !== undefined && config("region") === undefined
              ? "DIGICERT_REGION"
              : undefined;
    if (stray === undefined) return;
    throw settingError(
        `the API key comes from the configuration, but where to send it from the environment (${stray})`,
        "setKeyAndAddressTogether",
    );
}

function readBaseUrl(url: string | undefined, region: string | undefined): string {
    if (url !== undefined) return checkUrl(url);
    const regional = REGIONS.get((region ?? "us").toLowerCase());
    if (regional === undefined) throw settingError('region (DIGICERT_REGION) must be "us" or "eu"');
    return regional;
}

function checkUrl(text: string): string {
    const error = (problem: string) => settingError(`baseUrl (DIGICERT_BASE_URL) ${problem}`);
    if (text.length > MAX_LENGTH) throw error("is longer than any address");
    // The request would go to a URL that was not checked, because a URL parser drops these characters.
    if (/[\s\p{Cc}]/u.test(text)) throw error("must not hold white space or control characters");
    if (!URL.canParse(text)) throw error("is not a URL; an example is https://www.digicert.com/services/v2");
    const url = new URL(text);
    if (url.username !== "" || url.password !== "") throw error("must not hold credentials");
    if (/[?#]/.test(text)) throw error("must not have a query or a fragment");
    if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
        throw error("must begin with https://; http:// is allowed to a loopback address only");
    }
    return url.href.replace(/\/+$/, "");
}

function isLoopback(host: string): boolean {
    return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function readSeconds(name: keyof typeof DEFAULT_SECONDS, given: string | undefined): number {
    if (given === undefined) return DEFAULT_SECONDS[name];
    const value = parseDecimal(given);
    if (value > 0 && value <= MAX_SECONDS) return value;
    const { environment } = SETTINGS[name];
    throw settingError(
        `${name} (${environment}) must be a number of seconds above 0 and up to ${MAX_SECONDS}`,
    );
}

function readQuotaShare(given: string | undefined): number {
    const value = given === undefined ? 1 : parseDecimal(given);
    if (value > 0 && value <= 1) return value;
    const { environment } = SETTINGS.quotaShare;
    throw settingError(`quotaShare (${environment}) must be a number above 0 and up to 1, such as 0.2`);
}

/** A number without sign and exponent; NaN for anything else. */
function parseDecimal(text: string): number {
    return /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN;
}

function trim(value: string | undefined): string | undefined {
    const text = value?.trim();
    return text === "" ? undefined : text;
}
