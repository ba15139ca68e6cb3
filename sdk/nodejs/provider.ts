/**
 * An explicit provider: a second account or region beside the stack's own settings.
 *
 * @module
 */
import {
    type Input,
    output,
    type Output,
    ProviderResource,
    type ResourceOptions,
    RunError,
    secret,
} from "@pulumi/pulumi";
import type { AllTrue, Same } from "../../provider/core/same.js";
import { SETTING_NAMES, SETTINGS, type SettingName } from "../../provider/core/settings/declaration.js";

/** Settings of a {@link DigiCertProvider}. */
export interface DigiCertProviderArgs {
    /** API key, sent as `X-DC-DEVKEY` and nowhere else. Stored encrypted. Never taken from stack config or environment. */
    apiKey: Input<string>;
    /** `us` (https://www.digicert.com/services/v2) or `eu` (https://certcentral.digicert.eu/services/v2). Default `us`. */
    region?: Input<"us" | "eu"> | undefined;
    /** Overrides the region: with its path, `https` only, or `http` to a loopback address. */
    baseUrl?: Input<string> | undefined;
    /** Longest pause, in seconds, between two reads of a pending reissue. Default: `DIGICERT_POLL_SECONDS`, or else 10. */
    pollSeconds?: Input<number> | undefined;
    /** Time limit, in seconds, of one HTTP request. Default: `DIGICERT_REQUEST_TIMEOUT_SECONDS`, or else 30. */
    requestTimeoutSeconds?: Input<number> | undefined;
    /**
     * For how long, in seconds, an order is read after a request whose outcome is unclear, before absence counts as proof.
     * Less weakens the proof. Default: `DIGICERT_SETTLE_SECONDS`, else 60.
     */
    settleSeconds?: Input<number> | undefined;
    /**
     * The part of the key's quota that a process may use, above 0 and up to 1. Where several processes use the key, their parts
     * add up to 1. Default: `DIGICERT_QUOTA_SHARE`, else 1.
     */
    quotaShare?: Input<number> | undefined;
}

/**
 * Fails to compile unless the arguments name exactly the settings that the core declares.
 *
 * @internal
 */
export type DeclaredArguments = AllTrue<[Same<keyof DigiCertProviderArgs, SettingName>]>;

/**
 * A second account or region for some resources. Key, region and base URL are this provider's own, never taken from stack
 * config or environment, so that no call goes to the wrong account. Moving a resource between providers makes no request.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { DigiCertProvider, DigiCertReissue } from "pulumi-digicert";
 *
 * const config = new pulumi.Config();
 * const eu = new DigiCertProvider("eu", { apiKey: config.requireSecret("euApiKey"), region: "eu" });
 *
 * export const shop = new DigiCertReissue(
 *     "shop",
 *     { orderId: 112233, certificate: { commonName: "shop.example", csr: config.require("csr") } },
 *     { provider: eu },
 * );
 * ```
 */
export class DigiCertProvider extends ProviderResource {
    /** @throws pulumi.RunError for an argument that is no setting: a misspelt region would lead to another account */
    constructor(name: string, args: DigiCertProviderArgs, opts?: ResourceOptions) {
        const [other] = otherNames(args);
        if (other !== undefined)
            throw new RunError(
                `Making the DigiCertProvider "${name}": ${other} is not a setting. Settings: ${SETTING_NAMES.join(", ")}`,
            );
        const own = Object.entries(recordedSettings(args)).map(([key, value]) => [`digicert:${key}`, value]);
        const settings = {
            // Tells the provider process that no other source may fill in key and address.
            "digicert:explicit": "true",
            ...(Object.fromEntries(own) as Record<string, RecordedSetting>),
        };
        super("pulumi-nodejs", name, settings, opts);
        settingsByProvider.set(this, settings);
    }
}

type RecordedSetting = Input<string | undefined> | undefined;

/**
 * The arguments as the engine records them: the key as a secret, numbers as texts.
 *
 * @internal
 */
export function recordedSettings(args: DigiCertProviderArgs): Record<SettingName, RecordedSetting> {
    const entries = SETTING_NAMES.map((name) => [name, recordedSetting(name, args[name])]);
    return Object.fromEntries(entries) as ReturnType<typeof recordedSettings>;
}

/**
 * Arguments that are no settings: the plugin refuses them by name. Their values may be a key whose name was misspelt.
 *
 * @internal
 */
export function otherSettings(args: object): Record<string, Output<unknown>> {
    return Object.fromEntries(
        otherNames(args).map((name) => [name, secret(args[name as keyof typeof args] as unknown)]),
    );
}

function otherNames(args: object): string[] {
    return Object.keys(args).filter((name) => !(SETTING_NAMES as readonly string[]).includes(name));
}

function recordedSetting(name: SettingName, value: RecordedSetting | Input<number>): RecordedSetting {
    const isText = value === undefined || SETTINGS[name].type === "string";
    const text = isText ? (value as RecordedSetting) : output(value).apply(textOf);
    return text !== undefined && "isSecret" in SETTINGS[name] ? secret(text) : text;
}

/** An output may have no value although its type says so. */
function textOf(value: string | number | null | undefined): string | undefined {
    return value === null || value === undefined ? undefined : String(value);
}

/**
 * Settings by the names that stack config has for them, `digicert:apiKey` and so on.
 *
 * @internal
 */
export type ProviderSettings = Readonly<Record<string, string | undefined>>;

/** The settings are kept outside of the provider objects, so that a dump of a provider does not show its key. */
const settingsByProvider = new WeakMap<ProviderResource, Record<string, RecordedSetting>>();

/**
 * The settings of a {@link DigiCertProvider}; none for any other provider.
 *
 * @internal
 */
export function settingsOf(provider: ProviderResource): Output<ProviderSettings> | undefined {
    const settings = settingsByProvider.get(provider);
    return settings && output(settings);
}
