/**
 * Settings of a provider: those of the stack and the environment, or an explicit provider's own.
 *
 * @module
 */
import { explain } from "../core/errors.js";
import { propertyPath } from "../core/inputs/paths.js";
import type { CheckFailure } from "../core/resource.js";
import { checkSetting, type Sources } from "../core/settings.js";
import { SETTING_NAMES, type SettingName } from "../core/settings/declaration.js";
import { suggestName } from "../core/suggestion.js";
import { UNKNOWN } from "../core/unknown.js";
import { REMEDIES } from "../pulumi/remedies.js";
import { nameOf } from "./urn.js";
import type { Bag } from "./values.js";

/** Members that the engine adds to the settings. */
const OF_THE_ENGINE = new Set(["version", "pluginDownloadURL", "pluginChecksums", "parameterization"]);

/** Makes the sources of settings for `readSettings`, from the settings of a provider, its URN and the environment. */
export function sourcesOf(given: Bag, urn: string | undefined, env: Sources["env"]): Sources {
    const isExplicit = urn !== undefined && !isDefaultProvider(urn);
    return {
        config: (key) => {
            const name = key.replace(/^digicert:/, "");
            return name === "explicit" ? String(isExplicit) : textOf(given[name]);
        },
        env,
    };
}

/**
 * Matches the names of the engine's own providers, for resources that name none: `default`, followed by a version
 * (`default_1_2_3`) and a download address (`default_https_/example.com`) if they were given (`ProviderRequest.DefaultName` in
 * Pulumi's engine). Any other name, `default_eu` too, was given by a person.
 */
const DEFAULT_PROVIDER = /^default(?:_\d+_\d+_\d+(?:_.*)?|_\w+_\/.*)?$/s;

function isDefaultProvider(urn: string): boolean {
    return DEFAULT_PROVIDER.test(nameOf(urn));
}

/** Checks settings; reports all failures together. A missing key is no failure, because only requests need the key. */
export function checkSettings(given: Bag): CheckFailure[] {
    return settingsIn(given).flatMap(([name, value]) => {
        // In brackets: the engine would print the value of a setting that it finds under this path.
        const property = `[${JSON.stringify(propertyPath([name]))}]`;
        if (!isSettingName(name)) {
            const help = `${suggestName(name, SETTING_NAMES)}Settings here: ${SETTING_NAMES.join(", ")}`;
            return [{ property, reason: `${propertyPath([name])} is not a setting; ${help}` }];
        }
        const reason = problemOf(name, value);
        return reason === undefined ? [] : [{ property, reason }];
    });
}

/** Lists the names of the settings that differ. */
export function changedSettings(olds: Bag, news: Bag): string[] {
    const [before, after] = [olds, news].map(
        (bag) => new Map(settingsIn(bag).map(([name, value]) => [name, textOf(value)])),
    );
    const names = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
    return [...names].filter((name) => before?.get(name) !== after?.get(name));
}

function settingsIn(bag: Bag): [string, unknown][] {
    return Object.entries(bag).filter(([name, value]) => {
        return !OF_THE_ENGINE.has(name) && !name.startsWith("__") && value !== undefined && value !== null;
    });
}

function isSettingName(name: string): name is SettingName {
    return (SETTING_NAMES as readonly string[]).includes(name);
}

function problemOf(name: SettingName, value: unknown): string | undefined {
    if (value === UNKNOWN) return undefined;
    try {
        checkSetting(name, textOf(value) ?? "");
        return undefined;
    } catch (error) {
        return explain(error, REMEDIES);
    }
}

/** Writes a setting as a text: numbers come as JSON texts or as numbers. A value that is unknown in a preview counts as not set. */
function textOf(value: unknown): string | undefined {
    if (value === UNKNOWN || value === undefined || value === null) return undefined;
    return typeof value === "string" ? value : JSON.stringify(value);
}
