import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { repositoryRoot } from "../engine/paths.js";
import { type Block, blocksIn, blocksOf, documents, textOf } from "./blocks.js";
import { compile } from "./compile.js";

/** A block whose first line is a file name is that file, for the other blocks of its document. */
function fileOf({ document, line, code }: Block): string {
    const name = /^\/\/ (\w+)\.ts$/m.exec(code.split("\n", 1)[0] ?? "")?.[1] ?? `line${line}`;
    // Docstrings show single statements, "await" among them, so they are ES modules.
    const extension = document.endsWith(".ts") ? "mts" : "ts";
    return `docs-blocks/${document.replaceAll("/", "_")}/${name}.${extension}`;
}

/** The TypeScript files whose docstrings users read: what the entries export. */
function sources(): string[] {
    return ["sdk/nodejs", "simulator"].flatMap((folder) =>
        readdirSync(join(repositoryRoot, folder))
            .filter((name) => name.endsWith(".ts") && !name.endsWith(".spec.ts"))
            .map((name) => `${folder}/${name}`)
            .sort(),
    );
}

/** The blocks in the docstrings of a file. */
function docstringBlocksOf(source: string, text = textOf(source)): Block[] {
    return blocksOf(source, text.replace(/^ *\* ?/gm, ""));
}

describe("code in the documents", function () {
    this.timeout(120_000);

    it("is found, with its place", () => {
        const text = ["Text", "```ts", "one;", "```", "1. Item", "   ```sh", "   two", "   ```"].join("\n");
        assert.deepEqual(blocksOf("a.md", text), [
            { document: "a.md", line: 3, language: "ts", code: "one;" },
            { document: "a.md", line: 7, language: "sh", code: "two" },
        ]);
        assert.deepEqual(
            docstringBlocksOf("a.ts", ["/**", " * ```ts", " * one;", " * ```", " */"].join("\n")),
            [{ document: "a.ts", line: 3, language: "ts", code: "one;" }],
        );
        assert.throws(() => blocksOf("a.md", "```ts\none;"), /a\.md:2: this block does not end/);
    });

    it("fits into a terminal, and so do the sentences and tables around it", () => {
        const written = documents().filter((document) => document !== "tools/bench/REPORT.md");
        const wide = written.flatMap((document) =>
            textOf(document)
                .split("\n")
                .map((line, index) => ({ place: `${document}:${index + 1}`, columns: line.length }))
                .filter(({ columns }) => columns > 114),
        );
        assert.deepEqual(wide, []);
    });

    it("has a language that is checked, or is one of the plugin's", () => {
        // Programs in these languages are played by test/plugin/road.spec.ts, not compiled here.
        const ofPlugin = ["csharp", "go", "java", "python"];
        const checked = ["ts", "sh", "yaml", "json", "mermaid", "nginx", "text", ...ofPlugin];
        const others = documents()
            .flatMap((document) => blocksOf(document))
            .filter(({ language }) => !checked.includes(language));
        assert.deepEqual(
            others.map(({ document, line, language }) => `${document}:${line} ${language}`),
            [],
        );
    });

    it("compiles, where it is TypeScript", () => {
        const examples = sources().flatMap((source) => docstringBlocksOf(source));
        assert.ok(examples.length > 5, `only ${examples.length} blocks were found in docstrings`);
        assert.deepEqual([...new Set(examples.map(({ language }) => language))], ["ts"]);
        const shown = blocksIn("ts");
        assert.ok(shown.length > 10, `only ${shown.length} blocks were found in documents`);
        const blocks = new Map([...shown, ...examples].map((block) => [fileOf(block), block]));
        const complaints = compile(new Map([...blocks].map(([path, { code }]) => [path, code])));
        const places = new Map([...blocks].map(([path, block]) => [resolve(repositoryRoot, path), block]));
        assert.deepEqual(
            complaints.map(({ file, line, message }) => {
                const block = places.get(resolve(file));
                return `${block?.document ?? file}:${(block?.line ?? 1) + line} ${message}`;
            }),
            [],
        );
    });

    it("would be refused if it did not", () => {
        const wrong = `import { DigiCertReissue } from "pulumi-digicert";\nnew DigiCertReissue("shop", { orderId: true });`;
        assert.deepEqual(
            compile(new Map([["docs-blocks/wrong.ts", wrong]])).map(({ line }) => line),
            [1],
        );
    });

    for (const { document, line, code } of blocksIn("yaml")) {
        it(`is YAML: ${document}:${line}`, () => {
            assert.equal(typeof parse(code), "object");
        });
    }

    for (const { document, line, code } of blocksIn("json")) {
        it(`is JSON: ${document}:${line}`, () => {
            JSON.parse(code);
        });
    }
});
