/**
 * Takes white space and long local names out of what is published, in place, after tsc. Stack traces stay right in this
 * repository: the source maps, which are not published, are carried over.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";

/** What Pulumi may record as text; it must be the same whatever this tool thinks is short. */
const RECORDED = join("dist", "sdk", "stub.js");

const files = ["dist/provider", "dist/sdk", "dist/test/simulator"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
);
for (const file of files) {
    if (!file.endsWith(".js") || file === RECORDED) continue;
    const map = readFileSync(`${file}.map`).toString("base64");
    const code = readFileSync(file, "utf8").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
    const shrunk = transformSync(`${code}//# sourceMappingURL=data:application/json;base64,${map}`, {
        // Not the syntax: Node finds the exports of a CommonJS module by looking for statements.
        minifyWhitespace: true,
        minifyIdentifiers: true,
        platform: "node",
        target: "node20",
        sourcemap: "external",
        sourcefile: file,
    });
    const name = file.split(/[\\/]/).at(-1);
    writeFileSync(file, `${shrunk.code}//# sourceMappingURL=${name}.map\n`);
    writeFileSync(`${file}.map`, shrunk.map);
}
