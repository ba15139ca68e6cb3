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
 * Returns the provider object that Pulumi serialises.
 *
 * If the package lies directly in the only `node_modules` of its path, it is the module itself, which Pulumi records as
 * `require("pulumi-digicert/stub")`. In a deeper layout (pnpm's store, a dependency of a dependency) some SDKs would fail, or
 * record a version or a path; so they would below a folder with the name of this package, because Pulumi searches for that name
 * from the left. There it is a plain copy, which Pulumi records by its text. A symlinked package is outside of any
 * `node_modules`, so Pulumi records its module by text as well.
 */
export function makeRecordable(
    directory: string = dirname(dirname(__dirname)),
    module: dynamic.ResourceProvider = stub,
): dynamic.ResourceProvider {
    const [above = "", installed, ...deeper] = directory.split(/[\\/]node_modules[\\/]/);
    if (installed === undefined) return module;
    const isPlain = deeper.length === 0 && /^pulumi-digicert[\\/]dist$/.test(installed);
    return isPlain && !above.includes("pulumi-digicert") ? module : copyOf(module);
}

/** The copy of each module. All resources of a type share a copy, because Pulumi serialises each provider object once. */
const copies = new Map<dynamic.ResourceProvider, dynamic.ResourceProvider>();

function copyOf(module: dynamic.ResourceProvider): dynamic.ResourceProvider {
    const copy = copies.get(module) ?? { ...module };
    copies.set(module, copy);
    return copy;
}
