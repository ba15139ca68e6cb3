import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../engine/paths.js";
import { documents, textOf } from "./blocks.js";
import { anchorsOf, fileOf, linksOf } from "./links.js";

/** The pages that Pulumi's registry shows as its own. */
const REGISTRY_PAGES = ["docs/_index.md", "docs/installation-configuration.md"];

/** The problem of a link; undefined if there is none. */
function problemOf(document: string, target: string): string | undefined {
    const [, anchor] = target.split("#");
    const file = fileOf(document, target);
    if (file.startsWith("..") || !existsSync(join(repositoryRoot, file)))
        return `${document}: ${target} is not there`;
    if (anchor === undefined) return undefined;
    const anchors = anchorsOf(readFileSync(join(repositoryRoot, file), "utf8"));
    return anchors.has(anchor) ? undefined : `${document}: ${file} has no heading for #${anchor}`;
}

describe("links in the documents", () => {
    it("are told from code and from other sites, and headings from comments", () => {
        const text =
            "# A `b`: c, d\n[x](y.md#z) `[no](no)` [web](https://shop.example)\n```sh\n# [no](no)\n```\n# A b c d\n[a]: b.md\n";
        assert.deepEqual(linksOf(text), ["y.md#z", "b.md"]);
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
        const [page = ""] = REGISTRY_PAGES;
        const elsewhere = linksOf(textOf(page)).map((target) => target.replace("/docs/", "/doc/"));
        assert.ok(elsewhere.every((target) => problemOf(page, target) !== undefined));
    });

    for (const page of REGISTRY_PAGES) {
        it(`lead away by their whole address in ${page}, which the registry shows without the others`, () => {
            const relative = linksOf(textOf(page)).filter((target) => !/^(https:|#)/.test(target));
            assert.deepEqual(relative, []);
        });
    }

    it("lead to every page", () => {
        const linked = new Set(
            documents().flatMap((document) =>
                linksOf(textOf(document)).map((target) => fileOf(document, target)),
            ),
        );
        const pages = documents().filter((document) => /^(docs|examples)\//.test(document));
        assert.deepEqual(
            pages.filter((page) => !linked.has(page)),
            [],
        );
    });
});
