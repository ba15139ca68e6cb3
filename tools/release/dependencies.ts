/** `npm run release:dependencies`: lists the packages that users install, from the lock file and the reasons in DESIGN.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../test/engine/paths.js";

/** The document with the list. */
export const documentFile = join(repositoryRoot, "docs", "dependencies.md");

interface Locked {
    readonly version?: string;
    readonly license?: string;
    readonly dev?: boolean;
    readonly peer?: boolean;
    readonly link?: boolean;
    readonly dependencies?: Readonly<Record<string, string>>;
}

/** A package that users install. */
export interface Package {
    readonly name: string;
    readonly version: string;
    readonly license: string;
    /** The reason in DESIGN.md, or the package that needs it. */
    readonly why: string;
}

/** Lists the packages that users install, without Pulumi's SDK, on which the program itself depends. */
export function readDependencies(): Package[] {
    const textOf = (file: string) => readFileSync(join(repositoryRoot, file), "utf8");
    const { packages } = JSON.parse(textOf("package-lock.json")) as { packages: Record<string, Locked> };
    const reasons = reasonsIn(textOf("DESIGN.md"));
    const installed = Object.entries(packages)
        .filter(([path, { dev, peer, link }]) => path.startsWith("node_modules/") && !dev && !peer && !link)
        .map(([path, locked]) => ({
            name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
            ...locked,
        }));
    return installed
        .map(({ name, version = "?", license = "?" }) => {
            const users = installed.filter(({ dependencies = {} }) => name in dependencies);
            const [first = "", ...others] = users.map((user) => user.name);
            const more = others.length > 0 ? ` and ${others.length} more` : "";
            const why = reasons.get(name) ?? (first === "" ? "" : `needed by ${first}${more}`);
            return { name, version, license, why };
        })
        .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Reads the first two columns of the table of libraries: names and purposes. */
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
    const rows = readDependencies().map(
        ({ name, version, license, why }) => `| \`${name}\` | ${version} | ${license} | ${why} |`,
    );
    const text = `# Dependencies and their licences

What npm installs with this package, beside Pulumi's SDK, which is the program's own. Versions are those of the
lock file; an installation may have later ones of the same range.

| package | version | licence | for |
| --- | --- | --- | --- |
${rows.join("\n")}

Made from \`package-lock.json\` and [DESIGN.md](../DESIGN.md#libraries) by \`npm run release:dependencies\`; a test
holds it current. Packages for development only are in package.json; DESIGN.md has their reasons.
`;
    const { format, resolveConfig } = await import("prettier");
    return format(text, { ...(await resolveConfig(documentFile)), parser: "markdown" });
}

if (require.main === module) {
    void dependenciesDocument().then((text) => {
        writeFileSync(documentFile, text);
    });
}
