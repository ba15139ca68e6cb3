import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { repositoryRoot } from "./engine/paths.js";

/** From the bottom up: a file imports files of its own layer and of those before it. */
const layers: readonly (readonly string[])[] = [
    ["provider/core/"],
    ["provider/pulumi/"],
    ["provider/dynamic/", "provider/plugin/"],
    ["sdk/"],
    ["simulator/"],
    ["cli/"],
    ["test/"],
    ["tools/"],
];
/** The folders that are shipped; imports between tests and tools are not checked. */
const SHIPPED = ["provider", "sdk", "simulator", "cli"];

/** Imports by file; those that are only types vanish when it is compiled, but count here. */
function readImports(folders: readonly string[]): Map<string, string[]> {
    const files = folders.flatMap((folder) =>
        readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: "utf8" })
            .filter((name) => name.endsWith(".ts"))
            .map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
    );
    return new Map(
        files.map((file) => [file, importsOf(file, readFileSync(join(repositoryRoot, file), "utf8"))]),
    );
}

function importsOf(file: string, text: string): string[] {
    return [...text.matchAll(/(?:from|import|import\(|require\()\s*"(\.[^"]+)\.js"/g)].map(
        ([, path = ""]) => `${normalize(join(dirname(file), path))}.ts`,
    );
}

function layerOf(file: string): number {
    return layers.findIndex((folders) => folders.some((folder) => file.startsWith(folder)));
}

function arrowsUp(imports: ReadonlyMap<string, readonly string[]>): string[] {
    return [...imports].flatMap(([file, targets]) =>
        targets.filter((target) => layerOf(target) > layerOf(file)).map((target) => `${file} → ${target}`),
    );
}

/** Circles, each as the files on it. */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[] {
    const done = new Set<string>();
    const found: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
        const start = path.indexOf(file);
        if (start >= 0) found.push([...path.slice(start), file].join(" → "));
        if (start >= 0 || done.has(file)) return;
        for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
        done.add(file);
    };
    for (const file of imports.keys()) visit(file, []);
    return found;
}

describe("the layout of the source", () => {
    const imports = readImports(SHIPPED);

    it("has no import that runs back up", () => {
        assert.ok(imports.size > 100);
        for (const file of imports.keys()) assert.ok(layerOf(file) >= 0, file);
        assert.deepEqual(arrowsUp(imports), []);
    });

    it("has no circle of imports", () => {
        assert.deepEqual(circles(imports), []);
    });

    it("is seen as it is", () => {
        const text = `import { type A } from "../core/a.js";\nexport * from "./b.js";\nconst c = await import("./c.js");`;
        const found = importsOf("provider/dynamic/x.ts", text);
        assert.deepEqual(found, ["provider/core/a.ts", "provider/dynamic/b.ts", "provider/dynamic/c.ts"]);
        const wrong = new Map([
            ["provider/core/a.ts", ["cli/b.ts"]],
            ["cli/b.ts", ["provider/core/a.ts"]],
        ]);
        assert.deepEqual(arrowsUp(wrong), ["provider/core/a.ts → cli/b.ts"]);
        assert.equal(circles(wrong).length, 1);
    });
});
