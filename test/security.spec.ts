import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./engine/paths.js";

/** A test that SECURITY.md names. */
interface Reference {
    readonly file: string;
    readonly title: string;
}

const textOf = (file: string) => readFileSync(join(repositoryRoot, file), "utf8");

/** The items of a list, each with the items below it; lines that go on are joined. */
function promisesIn(document: string): { promise: string; references: Reference[] }[] {
    const [promised = ""] = document.split("\n## What is not promised");
    const items = promised.replace(/\n +(?=[^\s-])/g, " ").matchAll(/^- (.+)\n((?: +- .+\n?)*)/gm);
    return [...items].map(([, promise = "", below = ""]) => ({ promise, references: referencesIn(below) }));
}

function referencesIn(lines: string): Reference[] {
    return lines.split("\n").flatMap((line) => {
        const [, file = ""] = /\]\((test\/[^)]+\.spec\.ts)\)/.exec(line) ?? [];
        return [...line.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => ({ file, title }));
    });
}

/** The titles of a spec, without `@long`, as patterns: what a template fills in may be anything. */
function titlesIn(source: string): RegExp[] {
    const calls = source.matchAll(/\b(?:it|describe|scenario)\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1/g);
    return [...calls].map(([, , title = ""]) => {
        const parts = title
            .replace(/ @long$/, "")
            .split(/\$\{[^}]*\}/)
            .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
        return new RegExp(`^${parts.join(".*")}$`);
    });
}

describe("SECURITY.md", () => {
    const promises = promisesIn(textOf("SECURITY.md"));

    it("names a test for every promise", () => {
        assert.ok(promises.length > 15, `only ${promises.length} promises were found`);
        const bare = promises.filter(({ references }) => references.length === 0);
        assert.deepEqual(
            bare.map(({ promise }) => promise),
            [],
        );
    });

    it("names tests that there are", () => {
        for (const { file, title } of promises.flatMap(({ references }) => references)) {
            assert.ok(existsSync(join(repositoryRoot, file)), `there is no ${file} for "${title}"`);
            const isThere = titlesIn(textOf(file)).some((pattern) => pattern.test(title));
            assert.ok(isThere, `${file} has no test "${title}"`);
        }
    });

    it("would not take a title that is nearly one for a test", () => {
        const titles = titlesIn('it("keeps nothing", …); it(`ends after ${n} ms`, …)');
        const isThere = (title: string) => titles.some((pattern) => pattern.test(title));
        assert.ok(isThere("keeps nothing") && isThere("ends after 5 ms"));
        assert.ok(!isThere("keeps nothing at all") && !isThere("ends after") && !isThere("keeps"));
    });
});
