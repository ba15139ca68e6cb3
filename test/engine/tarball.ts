/** Packs this package as npm publishes it. */
import { join } from "node:path";
import { npm } from "./npm.js";
import { repositoryRoot } from "./paths.js";
import { oncePerRun } from "./testRun.js";

let packed: Promise<string> | undefined;

/** Path of the packed package; made once per process, and once per run of `npm test`. */
export function tarball(): Promise<string> {
    return (packed ??= oncePerRun("packed", pack));
}

async function pack(folder: string): Promise<string> {
    // Scripts are not run: "prepack" would remove the dist/ that this code runs from.
    const report = await npm(
        ["pack", "--ignore-scripts", "--json", "--pack-destination", folder],
        repositoryRoot,
    );
    const [file] = JSON.parse(report) as { filename: string }[];
    if (file === undefined) {
        throw new Error(`Packing ${repositoryRoot} for a test: npm reported no file, but ${report}`);
    }
    return join(folder, file.filename);
}
