/** Temporary folders. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "./cleanup.js";

/** Makes a folder that is removed at the end of this process at the latest. */
export function temporaryFolder(purpose: string, parent = tmpdir()): string {
    // The path must not contain the name of the package: see the layout "installed-namesake".
    const folder = mkdtempSync(join(parent, `digicert-test-${purpose}-`));
    atExit(() => {
        removeFolder(folder);
    });
    return folder;
}

/** Removes a folder with all that is in it; links are removed, not followed. */
export function removeFolder(folder: string): void {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
