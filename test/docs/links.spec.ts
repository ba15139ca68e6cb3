import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { repositoryRoot } from "../engine/paths.js";
import { documents, textOf } from "./blocks.js";
import { anchorsOf, linksOf } from "./links.js";

/** The problem of a link; undefined if there is none. */
function problemOf(document: string, target: string): string | undefined {
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? document : normalize(join(dirname(document), path));
    if (file.startsWith("..") || !existsSync(join(repositoryRoot, file)))
        return `${document}: ${target} is not there`;
    if (anchor === undefined) return undefined;
    const anchors = anchorsOf(readFileSync(join(repositoryRoot, file), "utf8"));
    return anchors.has(anchor) ? undefined : `${document}: ${file} has no heading for #${anchor}`;
}

describe("links in the documents", () => {
    it("are told from code and from other sites, and headings from comments", () => {
        const text =
            "# A `b`: c, d\n[x](y.md#z) `[no](no)` [web](https://shop.example)\n```sh\n# [no](no)\n```\n# A b c d\n";
        assert.deepEqual(linksOf(text), ["y.md#z"]);
        assert.deepEqual([...anchorsOf(text)], ["a-b-c-d", "a-b-c-d-1"]);
    });

    it("lead to what is there, headings included", () => {
        const links = documents().flatMap((document) =>
            linksOf(textOf(document)).map((target) => ({ document, target })),
        );
        assert.ok(links.length > 50, `only ${links.length} links were found`);
        assert.deepEqual(
            links.flatMap(({ document, target }) => problemOf(document, target) ?? []),
            [],
        );
    });

    it("would be noticed if they did not", () => {
        assert.match(problemOf("README.md", "docs/nothing.md") ?? "", /is not there/);
        assert.match(problemOf("docs/reference.md", "reference.md#nothing") ?? "", /no heading/);
    });

    it("lead to every page", () => {
        const linked = new Set(
            documents().flatMap((document) =>
                linksOf(textOf(document)).map((target) =>
                    normalize(join(dirname(document), target.split("#")[0] ?? "")),
                ),
            ),
        );
        const pages = documents().filter((document) => /^(docs|examples)\//.test(document));
        assert.deepEqual(
            pages.filter((page) => !linked.has(page)),
            [],
        );
    });
});
