/**
 * `npm run plugin`: makes the release archives of the plugin in `build/`.
 *
 * @module
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../test/engine/child.js";
import { repositoryRoot } from "../../test/engine/paths.js";
import { makeBundle } from "./bundle.js";
import { COMMAND, EXECUTABLE, packageVersion } from "./folder.js";

/** The platforms that Pulumi's CLI asks for; the content is the same, because Node runs it. */
export const PLATFORMS = [
    "linux-amd64",
    "linux-arm64",
    "darwin-amd64",
    "darwin-arm64",
    "windows-amd64",
] as const;

/** A platform, as Pulumi's CLI names it. */
export type Platform = (typeof PLATFORMS)[number];

/** The name of an archive, as the CLI looks for it. */
export function archiveName(platform: Platform): string {
    return `${EXECUTABLE}-v${packageVersion()}-${platform}.tar.gz`;
}

/** Makes archives in a folder; of all platforms, unless some are named. */
export async function makeArchives(
    target: string,
    platforms: readonly Platform[] = PLATFORMS,
): Promise<void> {
    mkdirSync(target, { recursive: true });
    const { script, licences } = await makeBundle();
    const folder = mkdtempSync(join(tmpdir(), "archive-"));
    try {
        writeFileSync(join(folder, EXECUTABLE), script);
        chmodSync(join(folder, EXECUTABLE), 0o755);
        writeFileSync(join(folder, `${EXECUTABLE}.cmd`), COMMAND);
        writeFileSync(join(folder, "LICENSES.txt"), licences);
        for (const platform of platforms) {
            const command = platform.startsWith("windows") ? [`${EXECUTABLE}.cmd`] : [];
            const files = [EXECUTABLE, ...command, "LICENSES.txt"];
            const archive = join(target, archiveName(platform));
            const { exitCode, output } = await run("tar", ["-czf", archive, "-C", folder, ...files]);
            if (exitCode !== 0) throw new Error(`Making ${archive}: ${output}`);
        }
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

if (require.main === module) void makeArchives(join(repositoryRoot, "build"));
