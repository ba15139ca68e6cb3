/**
 * How the stub is handed to Pulumi, by the layout in which this package is installed.
 *
 * @module
 */
import { dirname } from "node:path";
import type { dynamic } from "@pulumi/pulumi";
// The module itself is recorded; see Pulumi's serialisation of modules.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import stub = require("./stub.js");

/**
 * The module itself where Pulumi can record it as `require("pulumi-digicert/stub")`: directly in the only
 * `node_modules` of its path. Deeper layouts (pnpm's store, a dependency of a dependency) make some SDKs fail or
 * record a version or a path, and so does our name in a folder above: Pulumi looks for it from the left. There a
 * plain copy is recorded by its text. A symlinked package is outside any `node_modules`; its module is recorded
 * by text as well.
 */
export function capturable(
    directory: string = dirname(dirname(__dirname)),
    module: dynamic.ResourceProvider = stub,
): dynamic.ResourceProvider {
    const [above = "", installed, ...deeper] = directory.split(/[\\/]node_modules[\\/]/);
    if (installed === undefined) return module;
    const isPlain = deeper.length === 0 && /^pulumi-digicert[\\/]dist$/.test(installed);
    return isPlain && !above.includes("pulumi-digicert") ? module : copyOf(module);
}

/** One object for all resources of a kind: Pulumi serialises each provider object once. */
const copies = new Map<dynamic.ResourceProvider, dynamic.ResourceProvider>();

function copyOf(module: dynamic.ResourceProvider): dynamic.ResourceProvider {
    const copy = copies.get(module) ?? { ...module };
    copies.set(module, copy);
    return copy;
}
