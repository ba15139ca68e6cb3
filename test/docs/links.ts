/** The links of a Markdown text, and the anchors that GitHub gives its headings. */
import { dirname, join, normalize } from "node:path";
import { REPOSITORY } from "../../tools/plugin/names.js";

/** Where the files of the repository are on the web. */
const FILES_ON_THE_WEB = `${REPOSITORY}/blob/main/`;

/** Text without blocks of code: what looks like a link or a heading there is none. */
function withoutBlocks(text: string): string {
    return text.replace(/^(\s*)(`{3,})[\s\S]*?^\1\2\s*$/gm, "");
}

/** Targets of links and pictures, without those to other sites. */
export function linksOf(text: string): string[] {
    const prose = withoutBlocks(text).replace(/`[^`\n]*`/g, "`");
    return [...prose.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)]
        .map(([, inline, defined = ""]) => inline ?? defined)
        .filter((target) => target.startsWith(FILES_ON_THE_WEB) || !/^[a-z]+:/.test(target));
}

/** The file that a link in a document leads to, relative to the repository. */
export function fileOf(document: string, target: string): string {
    const [path = ""] = target.split("#");
    if (path.startsWith(FILES_ON_THE_WEB)) return path.slice(FILES_ON_THE_WEB.length);
    return path === "" ? document : normalize(join(dirname(document), path));
}

/** Anchors of the headings: lower case, without punctuation, with hyphens; a repeated one gets a number. */
export function anchorsOf(text: string): Set<string> {
    const seen = new Map<string, number>();
    return new Set(
        [...withoutBlocks(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => {
            const slug = heading
                .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
                .toLowerCase()
                .replace(/[^\p{L}\p{N}\s_-]/gu, "")
                .replace(/ /g, "-");
            const count = seen.get(slug) ?? 0;
            seen.set(slug, count + 1);
            return count === 0 ? slug : `${slug}-${count}`;
        }),
    );
}
