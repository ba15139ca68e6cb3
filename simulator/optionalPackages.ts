/**
 * The packages that only the simulator needs. Who only uses the resource does without them: they are optional peer
 * dependencies, so npm does not install them by itself. Loaded first, to say so in one sentence.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
    readonly peerDependencies?: Readonly<Record<string, string>>;
    readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Names and ranges, from our package.json: all of its optional peers are the simulator's. */
function optionalPackages(): [name: string, range: string][] {
    // The compiled file lies in dist/simulator/.
    const file = join(__dirname, "..", "..", "package.json");
    const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
    const isOptional = (name: string) => manifest.peerDependenciesMeta?.[name]?.optional === true;
    return Object.entries(manifest.peerDependencies ?? {}).filter(([name]) => isOptional(name));
}

function isInstalled(name: string): boolean {
    try {
        require.resolve(name);
        return true;
    } catch {
        return false;
    }
}

const missing = optionalPackages().filter(([name]) => !isInstalled(name));
if (missing.length > 0) {
    const names = missing.map(([name]) => `'${name}'`).join(", ");
    const specifiers = missing.map(([name, range]) => `"${name}@${range}"`).join(" ");
    const message = `Loading pulumi-digicert/simulator: it needs ${names}, which ${missing.length === 1 ? "is" : "are"} not installed; run npm install --save-dev ${specifiers}`;
    throw Object.assign(new Error(message), { code: "MODULE_NOT_FOUND" });
}
