/**
 * Declares the settings. Stack config, an explicit provider and the environment have the names in this table; the
 * schema of the plugin and the list in the documents are made from it. `settings.ts`, the arguments of the providers of the Node SDK
 * and `tools/docs/sections.ts` do not compile unless they have every name.
 *
 * This file imports nothing, so that a program that imports `pulumi-digicert` loads no more of the core.
 *
 * @module
 */

interface SettingDeclaration {
    readonly type: "string" | "number";
    /** The environment variable that is read if stack config does not have the setting. */
    readonly environment: `DIGICERT_${string}`;
    /** Whether its value is never shown. */
    readonly isSecret?: true;
    /** One or two sentences that fit every programming language. */
    readonly about: string;
}

/** Every setting: the key that stack config has for it, and the property of an explicit provider. */
export const SETTINGS = {
    apiKey: {
        type: "string",
        environment: "DIGICERT_API_KEY",
        isSecret: true,
        about: "The API key of CertCentral, sent as `X-DC-DEVKEY` and nowhere else.",
    },
    region: {
        type: "string",
        environment: "DIGICERT_REGION",
        about: "`us` (https://www.digicert.com/services/v2) or `eu` (https://certcentral.digicert.eu/services/v2). Default: `us`.",
    },
    baseUrl: {
        type: "string",
        environment: "DIGICERT_BASE_URL",
        about:
            "Overrides the region, path included: `https`, or `http` to a loopback address. Credentials, query and fragment are " +
            "refused.",
    },
    pollSeconds: {
        type: "number",
        environment: "DIGICERT_POLL_SECONDS",
        about: "Longest pause, in seconds, between two reads of a pending order. Default: 10.",
    },
    requestTimeoutSeconds: {
        type: "number",
        environment: "DIGICERT_REQUEST_TIMEOUT_SECONDS",
        about: "Limit, in seconds, for one HTTP request. Default: 30.",
    },
    settleSeconds: {
        type: "number",
        environment: "DIGICERT_SETTLE_SECONDS",
        about:
            "For how long, in seconds, an order is read after a request whose outcome is unclear, before absence counts as proof. " +
            "Less weakens the proof. Default: 60.",
    },
    quotaShare: {
        type: "number",
        environment: "DIGICERT_QUOTA_SHARE",
        about:
            "The part of the API key's quota that this process may use, above 0 and up to 1. Where several processes use the key, " +
            "their parts add up to 1. Default: 1.",
    },
} as const satisfies Readonly<Record<string, SettingDeclaration>>;

/** The name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** The names of all settings. */
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];
