import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../engine/paths.js";
import { previousRelease, recordedReleases } from "../upgrade/releases.js";

const read = (file: string): string => readFileSync(join(repositoryRoot, file), "utf8");

describe("releases", () => {
    const headings = [...read("CHANGELOG.md").matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);
    const released = headings.filter((heading) => heading !== "[Unreleased]");
    const versions = released.map(
        (heading) => /^\[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$/.exec(heading)?.[1] ?? heading,
    );
    const { version } = JSON.parse(read("package.json")) as { version: string };

    it("have a dated heading each in the changelog, newest first, after what is not released", () => {
        assert.ok(headings.indexOf("[Unreleased]") <= 0, headings.join(", "));
        for (const one of versions) assert.match(one, /^\d+\.\d+\.\d+$/);
        const inOrder = [...versions].sort((one, other) => other.localeCompare(one, "en", { numeric: true }));
        assert.deepEqual(versions, inOrder);
    });

    it("use the sections of Keep a Changelog", () => {
        const sections = [...read("CHANGELOG.md").matchAll(/^### (.+)$/gm)].map(([, section]) => section);
        const known = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
        assert.deepEqual(
            sections.filter((section) => !known.includes(section ?? "")),
            [],
        );
    });

    it("end with the version of package.json", () => {
        assert.equal(versions[0], version);
    });

    it("are kept for the upgrade test: the package of the one before, and the states of all", () => {
        const before = versions.slice(1);
        // Until there is one before, what will be the first release stands in for it.
        const expected = before.length > 0 ? before : versions;
        assert.equal(previousRelease().version, expected[0]);
        assert.deepEqual(recordedReleases(), [...expected].reverse());
    });
});
