/** The list of dependencies and their licences, made from the lock file and from the reasons in DESIGN.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../engine/paths.js";

/** Where the list is kept. */
export const documentFile = join(repositoryRoot, "docs", "dependencies.md");

interface Locked {
    version?: string;
    license?: string;
    dev?: boolean;
    link?: boolean;
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
    peerDependencies?: Record<string, string>;
}

/** One installed package. */
export interface Package {
    readonly name: string;
    readonly version: string;
    readonly license: string;
    /** Why it is there: the reason in DESIGN.md, or who needs it. */
    readonly why: string;
}

/** The packages that users install with this one, those of its development, and the rest. */
export interface Dependencies {
    readonly production: readonly Package[];
    readonly peer: readonly Package[];
    readonly development: readonly Package[];
    /** What the development dependencies need, more than one version of some. */
    readonly indirect: readonly Package[];
}

const textOf = (file: string) => readFileSync(join(repositoryRoot, file), "utf8");

/** Reads the lock file. */
export function readDependencies(): Dependencies {
    const { packages } = JSON.parse(textOf("package-lock.json")) as { packages: Record<string, Locked> };
    const { "": own = {}, ...locked } = packages;
    const reasons = reasonsIn(textOf("DESIGN.md"));
    const installed = Object.entries(locked)
        .filter(([, { link }]) => link !== true)
        .map(([path, { version = "?", license = "?", dev }]) => {
            const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
            return { name, version, license, isDev: dev === true, isTop: path === `node_modules/${name}` };
        })
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
    const needing = (name: string) =>
        Object.entries(locked)
            .filter(([, { dev, dependencies }]) => dev !== true && dependencies?.[name] !== undefined)
            .map(([path]) => path.replace("node_modules/", ""));
    const shown = (one: (typeof installed)[number], isWithReason: boolean): Package => {
        const { name, version, license } = one;
        const users = needing(name);
        const why = reasons.get(name) ?? (users.length > 0 ? `needed by ${users.join(", ")}` : "");
        return { name, version, license, why: isWithReason ? why : "" };
    };
    const isNamedIn = (names: Record<string, string> = {}, one: (typeof installed)[number]) =>
        one.isTop && one.name in names;
    const peer = installed.filter((one) => isNamedIn(own.peerDependencies, one));
    const dev = installed.filter((one) => one.isDev && !peer.includes(one));
    return {
        production: installed.filter(({ isDev }) => !isDev).map((one) => shown(one, true)),
        peer: peer.map((one) => shown(one, false)),
        development: dev.filter((one) => isNamedIn(own.devDependencies, one)).map((one) => shown(one, false)),
        indirect: dev.filter((one) => !isNamedIn(own.devDependencies, one)).map((one) => shown(one, false)),
    };
}

/** The first two columns of the table of libraries: names, and what they are for. */
function reasonsIn(design: string): Map<string, string> {
    const rows = design.matchAll(/^\| (`.+?) +\| (.+?) +\|/gm);
    return new Map(
        [...rows].flatMap(([, names = "", reason = ""]) =>
            [...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]): [string, string] => [name, reason]),
        ),
    );
}

/** The document, formatted. */
export async function dependenciesDocument(): Promise<string> {
    const { production, peer, development, indirect } = readDependencies();
    const table = (head: string, rows: readonly string[]) =>
        [head, head.replace(/[^|]+/g, "---"), ...rows].join("\n");
    const full = ({ name, version, license, why }: Package) =>
        `| \`${name}\` | ${version} | ${license} | ${why} |`;
    const brief = ({ name, version, license }: Package) => `| \`${name}\` | ${version} | ${license} |`;
    const licences = [...new Set(indirect.map(({ license }) => license))].sort();
    const lines = licences.map((licence) => {
        const names = indirect.filter(({ license }) => license === licence);
        return `- ${licence}: ${names.map(({ name, version }) => `${name} ${version}`).join(", ")}`;
    });
    const text = `# Dependencies and their licences

Made from \`package-lock.json\` and [DESIGN.md](../DESIGN.md#libraries) by \`npm run dependencies\`; a test holds it current.

## Installed with this package

${table("| package | version | licence | for |", production.map(full))}

Versions are those of the lock file; an installation may have later ones of the same range.

Peers: Pulumi's SDK is the program's own; the others are optional, and needed by \`pulumi-digicert/simulator\` only:
${peer.map(({ name, version, license }) => `\`${name}\` (tested with ${version}, ${license})`).join(", ")}.

## For development

None of them is in the published package.

${table("| package | version | licence |", development.map(brief))}

What these need:

${lines.join("\n")}
`;
    const { format, resolveConfig } = await import("prettier");
    return format(text, { ...(await resolveConfig(documentFile)), parser: "markdown" });
}
