/** Packs this package as npm publishes it. */
import { join } from "node:path";
import { temporaryFolder } from "./folders.js";
import { npm } from "./npm.js";
import { repositoryRoot } from "./paths.js";

let packed: Promise<string> | undefined;

/** Path of the packed package; made once per process. */
export function tarball(): Promise<string> {
    return (packed ??= pack());
}

async function pack(): Promise<string> {
    const folder = temporaryFolder("packed");
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
