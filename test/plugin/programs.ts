/** The same program in the languages of the plugin's tests, and the programs of the languages' pages. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { blocksOf } from "../docs/blocks.js";
import { repositoryRoot } from "../engine/paths.js";
import { nodeProject, type Files } from "../engine/program.js";

/** Folder of the programs in the languages of the plugin; most of them are not copied to `dist`. */
export const PROGRAMS = join(repositoryRoot, "test", "plugin", "programs");

/** What a program says of its one resource. */
export interface Wanted {
    /** Default `shop`. */
    readonly name?: string;
    /** The program of the language's page that runs beside it, the first or the second; default none. */
    readonly page?: 0 | 1;
    readonly orderId: number;
    readonly csr: string;
    readonly names?: readonly string[];
    /** Further inputs. */
    readonly more?: Readonly<Record<string, unknown>>;
}

/** The four lines that a project with the npm package in its node_modules needs. */
export const PLUGINS = {
    providers: [{ name: "digicert", path: "node_modules/pulumi-digicert/dist/plugin" }],
};

/**
 * The same, and the package `aws` of the programs of the pages. The engine attaches to it, see route53.ts, and only looks whether the
 * folder exists.
 */
export const PLUGINS_OF_PAGES = { providers: [...PLUGINS.providers, { name: "aws", path: "." }] };

/** The inputs of the resource. */
export function inputsOf({ orderId, csr, names = [], more = {} }: Wanted): Record<string, unknown> {
    return { orderId, certificate: { commonName: "shop.example", dnsNames: names, csr }, ...more };
}

/** A YAML program: it is its Pulumi.yaml. */
export function yamlProgram(wanted: Wanted): Files {
    const { name = "shop", page } = wanted;
    type Sections = Partial<Record<"variables" | "resources" | "outputs", object>>;
    const shown = page === undefined ? {} : (parse(pageOf("YAML")[page]) as Sections);
    const { variables, resources, outputs }: Sections = shown;
    return yamlFiles({
        ...(variables && { variables }),
        plugins: PLUGINS_OF_PAGES,
        resources: { ...resources, [name]: { type: "digicert:Reissue", properties: inputsOf(wanted) } },
        outputs: { ...outputs, status: `\${${name}.status}`, serialNumber: `\${${name}.serialNumber}` },
    });
}

/** A YAML program of any content. */
export function yamlFiles(program: object): Files {
    return { "Pulumi.yaml": stringify({ name: "test", runtime: "yaml", plugins: PLUGINS, ...program }) };
}

/** A TypeScript program with the hand-written classes. */
export function typescriptProgram(wanted: Wanted): Files {
    const { name = "shop", page } = wanted;
    const program = `
        import { Reissue } from "pulumi-digicert/plugin";
        ${page === undefined ? "" : 'export * as page from "./page";'}
        const resource = new Reissue(${JSON.stringify(name)}, ${JSON.stringify(inputsOf(wanted))});
        export const { status, serialNumber, fullChainPem } = resource;`;
    if (page === undefined) return typescriptFiles(program);
    return {
        ...typescriptFiles(program),
        "page.ts": pageOf("TypeScript")[page].replace('"@pulumi/aws"', '"./aws"'),
        "aws.ts": readFileSync(join(PROGRAMS, "aws.ts"), "utf8"),
    };
}

/** A TypeScript program of any content. Pulumi's SDK compiles it, and refuses errors of types. */
export function typescriptFiles(text: string): Files {
    return nodeProject({ "index.ts": text }, "test", { plugins: PLUGINS_OF_PAGES });
}

/** A Node program of any content. */
export function nodeFiles(text: string): Files {
    return nodeProject({ "index.js": text }, "test", { plugins: PLUGINS });
}

/** A Node program of the dynamic resources, with the plugin's classes in their place. */
export function throughPlugin({ "index.js": text = "" }: Files): Files {
    const classes = (_all: string, names: string) =>
        `{${names.replace(/DigiCert(\w+)/g, "$1: DigiCert$1")}} = require("pulumi-digicert/plugin")`;
    return nodeFiles(text.replace(/\{([^}]*)\} = require\("pulumi-digicert"\)/, classes));
}

/** The page of each language, and how its blocks are marked. */
export const PAGES = {
    YAML: { document: "docs/yaml.md", fence: "yaml" },
    TypeScript: { document: "docs/plugin.md", fence: "ts" },
    Python: { document: "docs/python.md", fence: "python" },
    Go: { document: "docs/go.md", fence: "go" },
    Java: { document: "docs/java.md", fence: "java" },
    ".NET": { document: "docs/dotnet.md", fence: "csharp" },
} as const;

/** The order in these programs. */
export const PAGE_ORDER = 1190000001;

/** The programs of a page: a reissue, and the same resource with validation in one `up`. */
export function pageOf(language: keyof typeof PAGES): readonly [first: string, validated: string] {
    const { document, fence } = PAGES[language];
    const programs = blocksOf(document).flatMap((block) => (block.language === fence ? [block.code] : []));
    const [first, validated, ...others] = programs;
    if (first === undefined || validated === undefined || others.length > 0)
        throw new Error(`${document} has ${programs.length} programs, and the tests play two.`);
    return [first, validated];
}
