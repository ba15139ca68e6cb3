/**
 * The parts of the documents that are made from the code, so that nothing is told twice by hand.
 *
 * @module
 */
import { INPUTS, OUTPUTS, type Change, type InputName } from "../../provider/core/reissue/declaration.js";
import {
    INPUTS as VALIDATION_INPUTS,
    OUTPUTS as VALIDATION_OUTPUTS,
} from "../../provider/core/validation/declaration.js";
import { readSettings, REGIONS } from "../../provider/core/settings.js";
import { REMEDIES as COMMAND } from "../../cli/remedies.js";
import { REMEDIES as RESOURCE } from "../../provider/dynamic/remedies.js";
import { readDocstrings, type Documented } from "./docstrings.js";
import { listItem, namesAsCode } from "./markdown.js";

/** The inputs a change of which means the same. */
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

/** The outputs beside the inputs. */
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

/** What a setting means, and its default where the code does not tell it. */
interface Setting {
    readonly config?: string;
    readonly env: string;
    readonly fallback: string;
    readonly about: string;
}

/** All settings. The defaults are those that the code uses. */
export function settings(): Setting[] {
    const { pollSeconds, requestTimeoutSeconds, settleSeconds, baseUrl } = readSettings({
        config: (name) => (name === "digicert:apiKey" ? "any" : undefined),
        env: {},
    });
    const regions = [...REGIONS].map(([region, url]) => `\`${region}\` is ${url}`).join(", ");
    const defaultRegion = [...REGIONS].find(([, url]) => url === baseUrl)?.[0] ?? "none";
    return [
        {
            config: "apiKey",
            env: "DIGICERT_API_KEY",
            fallback: "none",
            about: "The API key of CertCentral, a secret. It is sent as `X-DC-DEVKEY` and nowhere else.",
        },
        { config: "region", env: "DIGICERT_REGION", fallback: defaultRegion, about: `${regions}.` },
        {
            config: "baseUrl",
            env: "DIGICERT_BASE_URL",
            fallback: "none",
            about:
                "Overrides the region, path included. `https`, or `http` to a loopback address; credentials, query and fragment " +
                "are refused.",
        },
        {
            config: "pollSeconds",
            env: "DIGICERT_POLL_SECONDS",
            fallback: String(pollSeconds),
            about: "Longest pause between two reads of a pending order; the first pauses are shorter. Fractions are allowed.",
        },
        {
            config: "requestTimeoutSeconds",
            env: "DIGICERT_REQUEST_TIMEOUT_SECONDS",
            fallback: String(requestTimeoutSeconds),
            about: "Limit for one HTTP request.",
        },
        {
            config: "settleSeconds",
            env: "DIGICERT_SETTLE_SECONDS",
            fallback: String(settleSeconds),
            about:
                "**A safety parameter.** For how long an order is read, after a POST whose answer was lost, before absence counts as " +
                "proof that nothing was made. Less weakens the proof: a POST that DigiCert commits later than that is made twice.",
        },
        {
            env: "DIGICERT_CONFIRM_REVOKE",
            fallback: "none",
            about:
                "Ids of certificates, separated by commas, that this one run may revoke (see [deleting](#deleting)). Read from the " +
                "environment only.",
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

/** A class of errors, from its docstring. */
export interface ErrorClass {
    readonly name: string;
    readonly code: string;
    readonly about: string;
}

/** The classes of errors, each with its code. */
export function errorClasses(): ErrorClass[] {
    return readDocstrings("provider/core/errors.ts").flatMap(({ declaration, text }) => {
        const name = /^export class (\w+) extends DigiCertError\b/.exec(declaration)?.[1];
        const [, code, about] = /^Code `(\w+)`: (.+)$/.exec(text) ?? [];
        if (name === undefined || code === undefined || about === undefined) return [];
        return [{ name, code, about: about.charAt(0).toUpperCase() + about.slice(1) }];
    });
}

/** The codes with their classes. */
export function errorsSection(): string {
    const rows = errorClasses().map(({ name, code }): [string, string] => [`\`${code}\``, `\`${name}\``]);
    const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    const line = (cells: readonly string[], fill = " ") =>
        `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
    return [line(["code", "class"]), line(["-", "-"], "-"), ...rows.map((row) => line(row))].join("\n");
}

/** What each code means. */
export function codesSection(): string {
    return errorClasses()
        .map(({ name, code, about }) => listItem(`**\`${code}\`** (\`${name}\`). ${namesAsCode(about)}`))
        .join("\n");
}

/** Each thing that a person can do: when, and how `pulumi up` and the command say it. */
export function remediesSection(): string {
    return situations()
        .map(({ remedy, when }) => {
            const [resource, command] = [RESOURCE[remedy], COMMAND[remedy]];
            const words = resource === command ? resource : `${resource} **From the command:** ${command}`;
            return listItem(`**${when}** ${words}`);
        })
        .join("\n");
}

/** Every remedy with the sentence of `errors.ts` that says when it helps. */
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

/** The members of the order that `getOrder` returns. */
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
