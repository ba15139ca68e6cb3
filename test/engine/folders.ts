/** Temporary folders. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "./cleanup.js";

/** A new folder that is removed at the end of this process, if not before. */
export function temporaryFolder(purpose: string): string {
    // The package's own name is left out of the path: see the layout "installed-namesake".
    const folder = mkdtempSync(join(tmpdir(), `digicert-test-${purpose}-`));
    atExit(() => {
        removeFolder(folder);
    });
    return folder;
}

/** Removes a folder with all that is in it; links are removed, not followed. */
export function removeFolder(folder: string): void {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
