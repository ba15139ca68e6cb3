import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./engine/child.js";
import { removeFolder } from "./engine/folders.js";
import { programFolder } from "./engine/layout.js";
import { repositoryRoot } from "./engine/paths.js";
import { writeFiles } from "./engine/program.js";

/** Where a reader finds TypeScript to copy: the pages of `docs/`, and the examples in docstrings. */
const pages = readdirSync(join(repositoryRoot, "docs")).map((name) => join("docs", name));
const sources = [
    "sdk/getOrder.ts",
    "sdk/order.ts",
    ...["index", "keys", "simulator"].map((name) => `test/simulator/${name}.ts`),
];

/** The blocks of TypeScript in a file; in a docstring each line begins with a star. */
function blocks(path: string): string[] {
    const text = readFileSync(join(repositoryRoot, path), "utf8").replace(/^ +\* ?/gm, "");
    return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);
}

describe("the code in the documentation", function () {
    this.timeout(120_000);

    it("compiles", async () => {
        const folder = await programFolder("symlink");
        const files = [...pages, ...sources].flatMap((path) =>
            blocks(path).map((code, index): [string, string] => [
                `${path.replace(/\W/g, "-")}-${index + 1}.ts`,
                /^(import|export) /m.test(code) ? code : `${code}\nexport {};`,
            ]),
        );
        assert.ok(files.length >= 10, `only ${files.length} blocks were found`);
        writeFiles(folder, Object.fromEntries(files));
        const settings = [
            "--strict",
            "--noEmit",
            "--skipLibCheck",
            "--module",
            "node16",
            "--target",
            "es2022",
        ];
        const compiler = join(repositoryRoot, "node_modules", "typescript", "bin", "tsc");
        const args = [compiler, ...settings, "--types", "node", ...files.map(([name]) => name)];
        const { exitCode, output } = await run(process.execPath, args, { cwd: folder });
        assert.equal(exitCode, 0, output);
        removeFolder(folder);
    });
});
