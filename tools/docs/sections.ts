/**
 * Makes the parts of the documents that come from the code, so that nothing is written twice by hand.
 *
 * @module
 */
import { INPUTS, OUTPUTS, type Change, type InputName } from "../../provider/core/reissue/declaration.js";
import {
    INPUTS as VALIDATION_INPUTS,
    OUTPUTS as VALIDATION_OUTPUTS,
} from "../../provider/core/validation/declaration.js";
import { readSettings, REGIONS } from "../../provider/core/settings.js";
import { SETTING_NAMES, SETTINGS, type SettingName } from "../../provider/core/settings/declaration.js";
import { PAGES, pageOf } from "../../test/plugin/programs.js";
import { REMEDIES as COMMAND } from "../../cli/remedies.js";
import { REMEDIES as RESOURCE } from "../../provider/pulumi/remedies.js";
import { REPOSITORY } from "../plugin/names.js";
import { readDocstrings, type Documented } from "./docstrings.js";
import { listItem, namesAsCode } from "./markdown.js";

/** Where Pulumi's registry finds the pages: it shows two of them, so that relative links in these lead nowhere. */
const PAGES_ON_THE_WEB = `${REPOSITORY}/blob/main/docs`;

/** Makes the list of the inputs whose change means `change`. */
export function inputsSection(change: Change): string {
    const names = (Object.keys(INPUTS) as InputName[]).filter((name) => INPUTS[name].change === change);
    return names.map(inputItem).join("\n");
}

function inputItem(name: InputName): string {
    const input = INPUTS[name];
    const facts = [
        input.type,
        input.default === "required" ? "required" : `default: ${input.default}`,
        ...("bodyMember" in input ? [`sent as \`${input.bodyMember}\``] : []),
    ];
    return listItem(`**\`${name}\`** (${facts.join("; ")}). ${namesAsCode(input.about)}`);
}

/** Makes the list of the outputs that are not inputs. */
export function outputsSection(): string {
    const items = Object.entries(OUTPUTS).map(([name, output]) => {
        const only = "ofCertificate" in output ? ", of the certificate" : "";
        return listItem(`**\`${name}\`** (${output.type}${only}). ${namesAsCode(output.about)}`);
    });
    return items.join("\n");
}

/** The inputs of a validation. */
export function validationInputsSection(): string {
    const items = Object.entries(VALIDATION_INPUTS).map(([name, input]) => {
        const fallback = input.default === "required" ? "required" : `default: ${input.default}`;
        return listItem(`**\`${name}\`** (${input.type}; ${fallback}). ${namesAsCode(input.about)}`);
    });
    return items.join("\n");
}

/** The outputs of a validation. */
export function validationOutputsSection(): string {
    const items = Object.entries(VALIDATION_OUTPUTS).map(([name, output]) => {
        const only = "ofCertificate" in output ? ", of the certificate" : "";
        return listItem(`**\`${name}\`** (${output.type}${only}). ${namesAsCode(output.about)}`);
    });
    return items.join("\n");
}

/** A setting, as the reference shows it. */
interface Setting {
    /** Its name in stack config; absent where only the environment has it. */
    readonly config?: SettingName;
    readonly env: string;
    readonly fallback: string;
    readonly about: string;
}

/** Lists all settings, with the defaults in the code. */
export function settings(): Setting[] {
    const { pollSeconds, requestTimeoutSeconds, settleSeconds, quotaShare, baseUrl } = readSettings({
        config: (name) => (name === "digicert:apiKey" ? "any" : undefined),
        env: {},
    });
    const regions = [...REGIONS].map(([region, url]) => `\`${region}\` is ${url}`).join(", ");
    const defaultRegion = [...REGIONS].find(([, url]) => url === baseUrl)?.[0] ?? "none";
    // Longer than in the declaration, which has to fit into the documentation of an SDK.
    const told: Readonly<Record<SettingName, readonly [fallback: string | number, about: string]>> = {
        apiKey: [
            "none",
            "The API key of CertCentral, a secret. It is sent as `X-DC-DEVKEY` and nowhere else.",
        ],
        region: [defaultRegion, `${regions}.`],
        baseUrl: [
            "none",
            "Overrides the region, path included. `https`, or `http` to a loopback address; credentials, query and fragment " +
                "are refused.",
        ],
        pollSeconds: [
            pollSeconds,
            "Longest pause between two reads of a pending order; the first pauses are shorter. Fractions are allowed.",
        ],
        requestTimeoutSeconds: [requestTimeoutSeconds, "Time limit of one HTTP request."],
        settleSeconds: [
            settleSeconds,
            "**A safety parameter.** How long an order is read, after a POST whose answer was lost, until an absent reissue counts as " +
                "not accepted. A smaller value is less safe: if DigiCert commits the POST later than that, there are two reissues.",
        ],
        quotaShare: [
            quotaShare,
            "The part of the key's quota that this process may use, above 0 and up to 1: with N pipelines on one key, 1/N " +
                `each (see [performance](${PAGES_ON_THE_WEB}/performance.md)).`,
        ],
    };
    return [
        ...SETTING_NAMES.map((name) => {
            const [fallback, about] = told[name];
            return { config: name, env: SETTINGS[name].environment, fallback: String(fallback), about };
        }),
        {
            env: "DIGICERT_CONFIRM_REVOKE",
            fallback: "none",
            about:
                "Ids of the certificates, separated by commas, that this run may revoke (see " +
                `[deleting](${PAGES_ON_THE_WEB}/reference.md#deleting)). Read from the environment only.`,
        },
    ];
}

/** The settings, where each is set, and its default. */
export function settingsSection(): string {
    const items = settings().map(({ config, env, fallback, about }) => {
        const names = config === undefined ? `**\`${env}\`**` : `**\`digicert:${config}\`**, \`${env}\``;
        return listItem(`${names} (default: ${fallback}). ${about}`);
    });
    return items.join("\n");
}

/** An error class, read from its docstring. */
export interface ErrorClass {
    readonly name: string;
    readonly code: string;
    readonly about: string;
}

/** Lists the error classes with their codes. */
export function errorClasses(): ErrorClass[] {
    return readDocstrings("provider/core/errors.ts").flatMap(({ declaration, text }) => {
        const name = /^export class (\w+) extends DigiCertError\b/.exec(declaration)?.[1];
        const [, code, about] = /^Code `(\w+)`: (.+)$/.exec(text) ?? [];
        if (name === undefined || code === undefined || about === undefined) return [];
        return [{ name, code, about: about.charAt(0).toUpperCase() + about.slice(1) }];
    });
}

/** Makes the table of the codes and their classes. */
export function errorsSection(): string {
    const rows = errorClasses().map(({ name, code }): [string, string] => [`\`${code}\``, `\`${name}\``]);
    const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    const line = (cells: readonly string[], fill = " ") =>
        `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
    return [line(["code", "class"]), line(["-", "-"], "-"), ...rows.map((row) => line(row))].join("\n");
}

/** Makes the list of the meanings of the codes. */
export function codesSection(): string {
    return errorClasses()
        .map(({ name, code, about }) => listItem(`**\`${code}\`** (\`${name}\`). ${namesAsCode(about)}`))
        .join("\n");
}

/** Makes the list of the remedies: the error, and the words of `pulumi up` and of the command. */
export function remediesSection(): string {
    return situations()
        .map(({ remedy, when }) => {
            const [resource, command] = [RESOURCE[remedy], COMMAND[remedy]];
            const words = resource === command ? resource : `${resource} **From the command:** ${command}`;
            return listItem(`**${when}** ${words}`);
        })
        .join("\n");
}

/** Reads the remedies with their comments in `errors.ts`. */
export function situations(): { remedy: keyof typeof RESOURCE; when: string }[] {
    const docstrings = new Map(
        readDocstrings("provider/core/errors.ts").flatMap((documented) => {
            const remedy = remedyOf(documented);
            return remedy === undefined ? [] : [[remedy, documented.text] as const];
        }),
    );
    return (Object.keys(RESOURCE) as (keyof typeof RESOURCE)[]).map((remedy) => {
        const when = docstrings.get(remedy);
        if (when === undefined) throw new Error(`provider/core/errors.ts does not say when to "${remedy}".`);
        return { remedy, when };
    });
}

function remedyOf({ declaration }: Documented): string | undefined {
    return /^\| "(\w+)"/.exec(declaration)?.[1];
}

/** Makes the list of the members of the order that `getOrder` returns. */
export function orderSection(): string {
    const members = readDocstrings("provider/core/order/order.ts").flatMap(({ declaration, text }) => {
        const [, name, type] = /^readonly (\w+\??): (.+);$/.exec(declaration) ?? [];
        return name === undefined || type === undefined ? [] : [{ name, type, text }];
    });
    const last = members.findIndex(({ name }) => name === "pendingReissue?");
    const item = ({ name, type, text }: (typeof members)[number]) =>
        listItem(`**\`${name}\`** (${type.replaceAll("[]", "\\[]")}). ${text}`);
    return members
        .slice(0, last + 1)
        .map(item)
        .join("\n");
}

/** The first program of each language's page, as Pulumi's registry lets readers choose. */
export function programsSection(): string {
    const languages = (Object.keys(PAGES) as (keyof typeof PAGES)[]).map((language) => {
        const { fence } = PAGES[language];
        return {
            key: fence === "ts" ? "typescript" : fence,
            block: `\`\`\`${fence}\n${pageOf(language)[0]}\n\`\`\``,
        };
    });
    const choices = languages.map(
        ({ key, block }) => `{{% choosable language ${key} %}}\n\n${block}\n\n{{% /choosable %}}`,
    );
    const keys = languages.map(({ key }) => key).join(",");
    return `{{< chooser language "${keys}" >}}\n\n${choices.join("\n\n")}\n\n{{< /chooser >}}`;
}
