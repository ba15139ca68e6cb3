/** `npm run release:record`: records the states that the newest release in `test/fixtures/releases` writes. */
import { writeFileSync } from "node:fs";
import { exitOnSignals } from "../../test/engine/cleanup.js";
import type { Stack } from "../../test/engine/stack.js";
import { previousRelease, statesFile, type RecordedStates } from "../../test/upgrade/releases.js";
import { Stage } from "../../test/upgrade/stage.js";

async function main(): Promise<void> {
    const release = previousRelease();
    const stage = await Stage.open(release.tarball);
    try {
        const resources = [...resourcesOf(stage.settled), ...resourcesOf(stage.waiting)];
        const states: RecordedStates = { at: new Date().toISOString(), resources };
        writeFileSync(statesFile(release.version), `${JSON.stringify(states, undefined, 4)}\n`);
        process.stdout.write(`${statesFile(release.version)}: ${resources.length} resources\n`);
    } finally {
        await stage.dispose();
    }
}

function resourcesOf(stack: Stack): RecordedStates["resources"][number][] {
    return (stack.saved().deployment.resources ?? [])
        .filter(({ type }) => type.endsWith(":Reissue"))
        .map(({ urn, id = "", inputs, outputs }) => ({
            name: urn.split("::").at(-1) ?? "",
            id,
            inputs,
            outputs,
        }));
}

exitOnSignals();
main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
});
