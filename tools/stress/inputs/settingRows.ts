/** Hostile settings: key, address, region, numbers. */
import { readSettings } from "../../../provider/core/settings.js";
import { ConfigurationError } from "../../../provider/core/errors.js";
import { pastedKeys } from "./secrets.js";

type Values = Readonly<Record<string, string>>;

/** One hostile set of settings, by their names without `digicert:`, and what becomes of it. */
export interface SettingRow {
    readonly title: string;
    readonly config: Values;
    readonly outcome: { readonly says: RegExp } | { readonly goesTo: string; readonly because: string };
}

const KEY = "0123456789ABCDEF0123456789ABCDEF";
const US = "https://www.digicert.com/services/v2";
const SECRET = "hush-hush-secret";

const badUrls: [string, string, RegExp][] = [
    ["a word", SECRET, /is not a URL/],
    ["no scheme", "certcentral.example/services/v2", /is not a URL/],
    ["http", `http://${SECRET}.example/v2`, /must begin with https/],
    ["a host that begins as loopback", "http://127.0.0.1.evil.example/v2", /must begin with https/],
    ["a host that ends as loopback", "http://evil.example.localhost.evil/v2", /must begin with https/],
    ["any address", "http://0.0.0.0/v2", /must begin with https/],
    ["a link-local address", "http://169.254.169.254/latest", /must begin with https/],
    ["an IPv4 address in IPv6", "http://[::ffff:127.0.0.1]/v2", /must begin with https/],
    ["localhost with a dot", "http://localhost./v2", /must begin with https/],
    ["a file", "file:///etc/passwd", /must begin with https/],
    ["a script", "javascript:alert(1)", /must begin with https/],
    ["data", "data:application/json,{}", /must begin with https/],
    ["a web socket", "wss://certcentral.example/v2", /must begin with https/],
    ["a user", `https://${SECRET}@certcentral.example/v2`, /credentials/],
    ["a password", `https://u:${SECRET}@certcentral.example/v2`, /credentials/],
    ["a user that looks like the host", "https://www.digicert.com@evil.example/v2", /credentials/],
    ["a password on loopback", `http://u:${SECRET}@127.0.0.1/v2`, /credentials/],
    ["a query", `https://certcentral.example/v2?key=${SECRET}`, /query or a fragment/],
    ["an empty query", "https://certcentral.example/v2?", /query or a fragment/],
    ["a fragment", "https://certcentral.example/v2#x", /query or a fragment/],
    ["a line end in the host", "https://cert\ncentral.example/v2", /white space or control/],
    ["header injection", `https://certcentral.example/v2\r\nX-Key: ${SECRET}`, /white space or control/],
    ["a tab in the scheme", "ht\ttps://certcentral.example/v2", /white space or control/],
    ["a blank in the path", "https://certcentral.example/a b", /white space or control/],
    ["a NUL", "https://certcentral.example/\u0000", /white space or control/],
    ["a terminal escape", "https://certcentral.example/\u001b[31m", /white space or control/],
    ["a port that is none", "https://certcentral.example:99999/v2", /is not a URL/],
    ["a megabyte", `https://certcentral.example/${"a".repeat(1_000_000)}`, /longer than any address/],
];

const badKeys: [string, string][] = [
    ["two words", `${SECRET} ${SECRET}`],
    ["header injection", `${KEY}\r\nX-Other: ${SECRET}`],
    ["a NUL", `${KEY}\u0000${SECRET}`],
    ["an umlaut", `${KEY}\u00fc`],
    ["an emoji", `${KEY}\u{1f600}`],
    ["a terminal escape", `\u001b[31m${KEY}`],
    ["a zero-width space", `${KEY}\u200b`],
    ["a megabyte", "A".repeat(1_000_000)],
];

const badSeconds = [
    "0",
    "-1",
    "3600.1",
    "1e1",
    "1e999",
    "NaN",
    "Infinity",
    "0x10",
    "0b1",
    "1_0",
    "5s",
    "1,5",
    "\u0665",
    "null",
    "9".repeat(1_000_000),
    SECRET,
];

/** All rows. */
export const settingRows: SettingRow[] = [
    ...badUrls.map(([what, baseUrl, says]) => refused(`${what} as base URL`, { baseUrl }, says)),
    ...badKeys.map(([what, apiKey]) => refused(`${what} as API key`, { apiKey }, /the DigiCert API key/)),
    ...pastedKeys()
        .filter(({ text }) => text.trim() !== "")
        .map(({ form, text }) =>
            refused(
                `a private key, ${form}, as API key`,
                { apiKey: text },
                /is the private key of a certificate/,
            ),
        ),
    ...["usa", "asia", "us,eu", "us\u0000", "__proto__", "constructor", "toString", "../eu", SECRET].map(
        (region) => refused(`the region ${JSON.stringify(region)}`, { region }, /must be "us" or "eu"/),
    ),
    ...["pollSeconds", "requestTimeoutSeconds"].flatMap((name) =>
        badSeconds.map((text) =>
            refused(
                `${name} of ${text.slice(0, 20)}`,
                { [name]: text },
                /must be a number of seconds above 0/,
            ),
        ),
    ),
    accepted("a region in capitals", { region: " US\n" }, US, "case and white space around it do not count"),
    accepted(
        "an address in capitals",
        { baseUrl: "HTTPS://WWW.DIGICERT.COM/services/v2" },
        US,
        "hosts have no case",
    ),
    accepted(
        "a path upwards",
        { baseUrl: `${US}/../v2/` },
        US,
        "the URL is normalised before anything is appended",
    ),
    accepted(
        "a backslash",
        { baseUrl: "https://www.digicert.com\\services\\v2" },
        US,
        "the URL standard reads it as a slash",
    ),
    accepted(
        "the usual port",
        { baseUrl: "https://www.digicert.com:443/services/v2" },
        US,
        "it is the same address",
    ),
    accepted(
        "loopback as one number",
        { baseUrl: "http://2130706433:8080" },
        "http://127.0.0.1:8080",
        "it is loopback",
    ),
    accepted(
        "half an hour between looks",
        { pollSeconds: "1800" },
        US,
        "slow, but it ends with issuanceTimeoutSeconds",
    ),
    accepted("the smallest pause", { pollSeconds: ".001" }, US, "the quota is kept all the same"),
];

/** What is wrong with how a row is read. */
export function settingDeviations({ config, outcome }: SettingRow): string[] {
    const full: Values = { apiKey: KEY, ...config };
    try {
        const { baseUrl } = readSettings({ config: (name) => full[name.replace(/^digicert:/, "")], env: {} });
        if ("says" in outcome) return ["accepted"];
        return baseUrl === outcome.goesTo ? [] : [`goes to ${baseUrl}`];
    } catch (error) {
        if (!(error instanceof ConfigurationError)) return [`throws ${String(error)}`];
        if (!("says" in outcome)) return [`refused: ${error.message}`];
        return sentenceFaults(error.message, config, outcome.says);
    }
}

/** What is wrong with the sentence of a refusal. */
export function sentenceFaults(message: string, config: Values, says: RegExp): string[] {
    const values = Object.values(config).filter((value) => value.length >= 8);
    return [
        ...(says.test(message) ? [] : [`says: ${message.slice(0, 300)}`]),
        ...(message.length < 500 ? [] : ["has no end"]),
        ...values.filter((value) => message.includes(value)).map(() => "echoes the value"),
        ...(message.includes(SECRET) ? ["echoes a secret"] : []),
        ...(/\p{C}/u.test(message) ? ["is unfit for a terminal"] : []),
    ];
}

function refused(title: string, config: Values, says: RegExp): SettingRow {
    return { title, config, outcome: { says } };
}

function accepted(title: string, config: Values, goesTo: string, because: string): SettingRow {
    return { title, config, outcome: { goesTo, because } };
}
