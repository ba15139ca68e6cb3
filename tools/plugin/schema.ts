/**
 * The schema of the plugin's package, made from the declarations that everything else is made from too.
 *
 * The Pulumi package schema: https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/
 *
 * @module
 */
import { CERTIFICATE_MEMBERS, INPUTS, OUTPUTS } from "../../provider/core/reissue/declaration.js";
import * as validation from "../../provider/core/validation/declaration.js";
import { ORDER_INPUTS } from "../../provider/core/order/declaration.js";
import { SETTINGS } from "../../provider/core/settings/declaration.js";
import { readDocstrings } from "../docs/docstrings.js";
import { namesAsCode } from "../docs/markdown.js";
import { GO_PACKAGE, REPOSITORY } from "./names.js";

/** A type in the schema. */
export interface SchemaType {
    readonly type?: string;
    readonly $ref?: string;
    readonly items?: SchemaType;
    readonly additionalProperties?: SchemaType;
}

/** A property in the schema. */
export interface Property extends SchemaType {
    readonly description: string;
    readonly secret?: true;
}

/** A table of properties. */
export type Properties = Record<string, Property>;

/** A declared input, output, member or setting. */
interface Declared {
    readonly type: string;
    readonly about: string;
    readonly default?: string;
}

type Table = Readonly<Record<string, Declared>>;

const ANY = { $ref: "pulumi.json#/Any" };
const CERTIFICATE = "digicert:index:Certificate";
const SERVER_PLATFORM = "digicert:index:ServerPlatform";
const PENDING_REISSUE = "digicert:index:PendingReissue";
const DCV_RECORD = "digicert:index:DcvRecord";

/** Properties with a type of their own, by name. */
const TYPES: Readonly<Record<string, string>> = {
    certificate: CERTIFICATE,
    serverPlatform: SERVER_PLATFORM,
    dcvMethod: "digicert:index:DcvMethod",
    deletionPolicy: "digicert:index:DeletionPolicy",
};

/** What the choices mean; each is a member of an enumeration in the languages that have them. */
const CHOICES: Readonly<Record<string, string>> = {
    "dns-txt-token": "A TXT record holds the token.",
    "dns-cname-token": "A CNAME record leads to a name that begins with the token.",
    "http-token": "A file on the web server of each name holds the token.",
    email: "DigiCert writes to the contacts of the domains; there is no token.",
    forget: "DigiCert is asked for nothing.",
    cancelPending: "A pending reissue of the resource is cancelled.",
    revoke: "The certificate of the resource is revoked, which each run has to confirm.",
};

/** How the declarations name types, and how the schema does. Ids are numbers: an integer has 32 bits in some languages. */
const WORDS: readonly (readonly [RegExp, SchemaType])[] = [
    [/^number, or string of digits$/, { type: "string" }],
    [/^number/, { type: "number" }],
    [/^boolean$/, { type: "boolean" }],
    [/^string$/, { type: "string" }],
    [/^list of strings$/, { type: "array", items: { type: "string" } }],
    [/^list of numbers$/, { type: "array", items: { type: "number" } }],
    [/^map of strings$/, { type: "object", additionalProperties: { type: "string" } }],
    [/^object$/, { type: "object", additionalProperties: ANY }],
    // A choice inside a nested type: YAML refuses to hand it from one resource to another, unless it is a plain string.
    [/ or \S+$/, { type: "string" }],
];

/** A resource in the schema; a further one is one more of these. */
interface ResourceRow {
    readonly token: string;
    readonly description: string;
    readonly inputs: Table;
    readonly outputs: Table;
    /** The outputs that always exist. */
    readonly required: readonly string[];
    /** The type of the dynamic resource, whose stacks move over by this alias. */
    readonly alias: string;
}

const RESOURCES: readonly ResourceRow[] = [
    {
        token: "digicert:index:Reissue",
        description:
            "Reissues the certificate of a DigiCert CertCentral order when its inputs change, and before it expires while the plan of " +
            "the order goes on: exactly once each time.\n\n" +
            "Its id is the order id. The private key is never an input or an output; certificate outputs are present only if their " +
            "key is the key of `certificate.csr`.\n\n" +
            "Source: DigiCert Services API, “Reissue certificate”, `POST /order/certificate/{order_id}/reissue`.\n\n" +
            "## Import\n\nAn order is imported by its id, with reads only:\n\n" +
            "```sh\npulumi import digicert:index:Reissue shop 112233\n```\n",
        inputs: INPUTS,
        outputs: OUTPUTS,
        required: ["status", "reissueId", "requestIds"],
        alias: "pulumi-nodejs:dynamic/digicert:Reissue",
    },
    {
        token: "digicert:index:Validation",
        description:
            "Stands for “this reissue is issued”: has DigiCert check the domains, waits, and hands on the certificate. It never " +
            "requests a reissue, and deleting it makes no request. It comes after the DNS records that hold the token, so that a " +
            "reissue, its validation and what depends on the certificate are one `pulumi up`.\n\n" +
            "A record that DigiCert does not see yet is not an error; it is named, and waited for. Where an approver is needed, the " +
            "certificate before stays, with `status` `pending_approval`.\n\n" +
            "Source: DigiCert Services API, “Check DCV”, `PUT /order/certificate/{order_id}/check-dcv`.",
        inputs: validation.INPUTS,
        outputs: validation.OUTPUTS,
        required: ["status"],
        alias: "pulumi-nodejs:dynamic/digicert:Validation",
    },
];

/** The schema, without a version. */
export function makeSchema(): Record<string, unknown> {
    return {
        name: "digicert",
        displayName: "DigiCert",
        description: "Reissue DigiCert CertCentral certificates from Pulumi stacks, exactly once per change.",
        keywords: [
            "pulumi",
            "digicert",
            "certcentral",
            "certificate",
            "tls",
            "category/infrastructure",
            "kind/native",
        ],
        homepage: REPOSITORY,
        repository: REPOSITORY,
        license: "Apache-2.0",
        publisher: "pulumi-digicert",
        meta: { moduleFormat: "(.*)" },
        config: { variables: settings({ withEnvironment: true }) },
        provider: {
            description:
                "An account of DigiCert CertCentral. An explicit provider is a second account or region: its key, region and address are " +
                "its own, never taken from stack config or the environment.",
            inputProperties: settings({ withEnvironment: false }),
        },
        types: makeTypes(),
        resources: Object.fromEntries(RESOURCES.map((row) => [row.token, resource(row)])),
        functions: { "digicert:index:getDcvRecords": getDcvRecords(), "digicert:index:getOrder": getOrder() },
        language: {
            // Without rootPackageName: with it, a program that "pulumi import" prints in Go names the nested types wrongly.
            go: {
                importBasePath: GO_PACKAGE,
                generateResourceContainerTypes: true,
                respectSchemaVersion: true,
            },
            nodejs: { packageName: "@pulumi-digicert/digicert", respectSchemaVersion: true },
            python: {
                packageName: "pulumi_digicert",
                pyproject: { enabled: true },
                respectSchemaVersion: true,
            },
            csharp: {
                rootNamespace: "PulumiDigicert",
                namespaces: { digicert: "Digicert" },
                respectSchemaVersion: true,
            },
            java: { basePackage: "io.github.pulumidigicert", buildFiles: "gradle" },
        },
    };
}

/** The schema as it is committed. */
export function schemaText(): string {
    return `${JSON.stringify(makeSchema(), null, 4)}\n`;
}

function resource({ description, inputs, outputs, required, alias }: ResourceRow): object {
    const always = Object.keys(inputs).filter((name) => hasValueAlways(inputs[name]));
    return {
        description,
        properties: { ...propertiesOf(inputs), ...propertiesOf(outputs) },
        required: [...always, ...required],
        inputProperties: propertiesOf(inputs),
        requiredInputs: requiredInputs(inputs),
        aliases: [{ type: alias }],
    };
}

function requiredInputs(inputs: Table): string[] {
    return Object.keys(inputs).filter((name) => inputs[name]?.default === "required");
}

/** An input that is required, or has a default that is recorded. */
function hasValueAlways(input: Declared | undefined): boolean {
    const fallback = input?.default ?? "";
    return fallback === "required" || /^(true|false|\d+|forget)$/.test(fallback);
}

function propertiesOf(table: Table): Properties {
    return Object.fromEntries(
        Object.entries(table).map(([name, declared]) => [name, propertyOf(name, declared)]),
    );
}

function propertyOf(name: string, { type, about, default: fallback }: Declared): Property {
    const isTold = fallback === undefined || /^(required|none|not sent)$/.test(fallback);
    const more = isTold ? "" : ` Default: ${namesAsCode(fallback)}.`;
    const description = `${namesAsCode(about)}${more}`;
    const token = TYPES[name];
    if (token !== undefined) return { $ref: `#/types/${token}`, description };
    const found = WORDS.find(([word]) => word.test(type));
    if (!found) throw new Error(`The schema has no type for "${type}", which ${name} is declared with.`);
    const choices = / or \S+$/.test(type) && found[1].type === "string" && !type.startsWith("number");
    return { ...found[1], description: choices ? `${description} One of ${type}.` : description };
}

function makeTypes(): Record<string, unknown> {
    return {
        [CERTIFICATE]: {
            type: "object",
            description:
                "The certificate that is wanted; mirrors `certificate` of DigiCert's reissue request.",
            properties: propertiesOf(CERTIFICATE_MEMBERS),
            required: ["csr"],
        },
        [DCV_RECORD]: {
            type: "object",
            description: "A DNS record for the token of a reissue.",
            properties: {
                domain: { type: "string", description: "The domain that is validated." },
                name: {
                    type: "string",
                    description: "Name of the record: `_dnsauth.<domain>`, without a dot at the end.",
                },
                type: { type: "string", description: "Type of the record: `TXT` or `CNAME`." },
                value: {
                    type: "string",
                    description: "The token; for a CNAME record `<token>.dcv.digicert.com`.",
                },
            },
            required: ["domain", "name", "type", "value"],
        },
        [SERVER_PLATFORM]: {
            type: "object",
            description: "A server platform that DigiCert formats certificates for.",
            properties: {
                id: {
                    type: "number",
                    description: "DigiCert's number of it, such as 2 (Apache) or 45 (nginx); -1 is “Other”.",
                },
            },
            required: ["id"],
        },
        ...choice("dcvMethod", INPUTS.dcvMethod),
        ...choice("deletionPolicy", INPUTS.deletionPolicy),
        [PENDING_REISSUE]: { type: "object", ...membersOf("PendingReissue") },
    };
}

function choice(name: string, { type, about }: Declared): Record<string, unknown> {
    const values = type.split(/, | or /);
    const members = values.map((value) => {
        const description = CHOICES[value];
        if (description === undefined)
            throw new Error(`The schema has no words for "${value}", a choice of ${name}.`);
        const member = value.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
        return { name: member, value, description };
    });
    return { [TYPES[name] ?? ""]: { type: "string", description: namesAsCode(about), enum: members } };
}

function settings({ withEnvironment }: { withEnvironment: boolean }): Record<string, unknown> {
    const entries = Object.entries(SETTINGS).map(([name, { type, environment, about, ...setting }]) => [
        name,
        {
            type,
            description: about,
            ...("isSecret" in setting ? { secret: true } : {}),
            // On an input of the provider the SDK would read the environment of the program, and record it in the state.
            ...(withEnvironment ? { defaultInfo: { environment: [environment] } } : {}),
        },
    ]);
    return Object.fromEntries(entries) as Record<string, unknown>;
}

function getOrder(): object {
    return {
        description:
            "Reads an order: names, product, end of the plan, current certificate, pending reissue. One request whenever the program " +
            "runs, in previews too, and one more while a reissue is pending.\n\n" +
            "Source: DigiCert Services API, “Order info”, `GET /order/certificate/{order_id}`.",
        inputs: {
            type: "object",
            properties: propertiesOf(ORDER_INPUTS),
            required: requiredInputs(ORDER_INPUTS),
        },
        outputs: { type: "object", ...membersOf("Order") },
    };
}

function getDcvRecords(): object {
    return {
        description:
            "Lists the DNS records for the token of a reissue, one for each domain that DigiCert validates: a wildcard, and a `www.` " +
            "name, is validated at the name below it; an IP address has no record. It makes no request.\n\n" +
            "Before DigiCert ever gave a token, and where it needs none, the value is `unused`, so that a record can be made all the " +
            "same, and does not come and go with each reissue.\n\n" +
            "Source: DigiCert documentation, “Supported DCV methods”.",
        inputs: {
            type: "object",
            properties: propertiesOf(validation.RECORDS_INPUTS),
            required: requiredInputs(validation.RECORDS_INPUTS),
        },
        outputs: {
            type: "object",
            properties: {
                records: {
                    type: "array",
                    items: { $ref: `#/types/${DCV_RECORD}` },
                    description: "The records, in the order of the names.",
                },
            },
            required: ["records"],
        },
    };
}

/** The members of an interface of `order.ts`, from their docstrings. */
function membersOf(name: string): { description: string; properties: Properties; required: string[] } {
    const documented = readDocstrings("provider/core/order/order.ts");
    const begin = documented.findIndex(({ declaration }) =>
        declaration.startsWith(`export interface ${name} `),
    );
    const rest = documented.slice(begin + 1);
    const end = rest.findIndex(({ declaration }) => declaration.startsWith("export "));
    const members = (end < 0 ? rest : rest.slice(0, end)).map(({ declaration, text }) => {
        const [, member = "", optional, type = ""] = /^readonly (\w+)(\??): (.+);$/.exec(declaration) ?? [];
        return {
            member,
            isRequired: optional === "",
            property: { ...typeOfMember(type), description: text },
        };
    });
    return {
        description: documented[begin]?.text ?? "",
        properties: Object.fromEntries(members.map(({ member, property }) => [member, property])),
        required: members.flatMap(({ member, isRequired }) => (isRequired ? [member] : [])),
    };
}

function typeOfMember(type: string): SchemaType {
    if (type.endsWith("[]")) return { type: "array", items: typeOfMember(type.slice(0, -2)) };
    if (type === "PendingReissue") return { $ref: `#/types/${PENDING_REISSUE}` };
    if (["string", "number", "boolean"].includes(type)) return { type };
    throw new Error(`The schema has no type for a member of an order that is declared with ${type}.`);
}
