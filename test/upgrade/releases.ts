/** What is kept of releases in `test/fixtures/releases`: the package of the newest, and what each recorded in states. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../engine/paths.js";

/** The states that a release wrote in the stacks of stage.ts. */
export interface RecordedStates {
    /** When it ran. */
    readonly at: string;
    readonly resources: readonly {
        readonly name: string;
        readonly id: string;
        readonly inputs: Readonly<Record<string, unknown>>;
        readonly outputs: Readonly<Record<string, unknown>>;
    }[];
}

const folder = join(repositoryRoot, "test", "fixtures", "releases");

/** The newest release whose package is kept. */
export function previousRelease(): { readonly version: string; readonly tarball: string } {
    const version = versions(/^pulumi-digicert-(.+)\.tgz$/).at(-1);
    if (version === undefined)
        throw new Error(`Looking for a release in ${folder}: there is none. See its README.`);
    return { version, tarball: join(folder, `pulumi-digicert-${version}.tgz`) };
}

/** Releases whose recorded states are kept, oldest first. */
export const recordedReleases = (): string[] => versions(/^states-(.+)\.json$/);

/** Path of the recorded states of a release. */
export const statesFile = (version: string): string => join(folder, `states-${version}.json`);

/** Reads the recorded states of a release. */
export function recordedStates(version: string): RecordedStates {
    return JSON.parse(readFileSync(statesFile(version), "utf8")) as RecordedStates;
}

function versions(pattern: RegExp): string[] {
    const found = readdirSync(folder).flatMap((file) => pattern.exec(file)?.[1] ?? []);
    return found.sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
}
