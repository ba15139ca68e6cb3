/** Lists the packages that users install, from the lock file, and the reasons for them in DESIGN.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../test/engine/paths.js";
import { listItem } from "./markdown.js";

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
    /** Whether DESIGN.md has a reason for it, or another package that users install needs it. */
    readonly isNeeded: boolean;
}

/** Lists the packages that users install, without Pulumi's SDK, on which the program itself depends. */
export function readDependencies(): Package[] {
    const textOf = (file: string) => readFileSync(join(repositoryRoot, file), "utf8");
    const { packages } = JSON.parse(textOf("package-lock.json")) as { packages: Record<string, Locked> };
    // The first column of the table of libraries.
    const reasons = [...textOf("DESIGN.md").matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name]) => name);
    const installed = Object.entries(packages)
        .filter(([path, { dev, peer, link }]) => path.startsWith("node_modules/") && !dev && !peer && !link)
        .map(([path, locked]) => ({
            name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
            ...locked,
        }));
    return installed
        .map(({ name, version = "?", license = "?" }) => {
            const isNeeded =
                reasons.includes(name) || installed.some(({ dependencies = {} }) => name in dependencies);
            return { name, version, license, isNeeded };
        })
        .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Makes the list of the packages that users install, by licence. */
export function dependenciesSection(): string {
    const installed = readDependencies();
    return [...new Set(installed.map(({ license }) => license))]
        .sort()
        .map((wanted) => {
            const names = installed
                .filter(({ license }) => license === wanted)
                .map(({ name, version }) => `\`${name}\` ${version}`);
            return listItem(`**${wanted}**: ${names.join(", ")}`);
        })
        .join("\n");
}
