/** Packs this package as npm publishes it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./folders.js";
import { npm } from "./npm.js";
import { repositoryRoot } from "./paths.js";

let packed: Promise<string> | undefined;

/** Path of the packed package; made once per process. */
export function tarball(): Promise<string> {
    packed ??= pack();
    return packed;
}

async function pack(): Promise<string> {
    if (!existsSync(join(repositoryRoot, "dist", "sdk", "nodejs", "index.js"))) {
        throw new Error(
            `Packing ${repositoryRoot} for a test: dist/ is not there. Run "npm run build" first.`,
        );
    }
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
