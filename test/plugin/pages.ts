/** The programs of the languages' pages. */
import { blocksOf } from "../docs/blocks.js";

/** The page of each language, and how its blocks are marked. */
export const PAGES = {
    YAML: { document: "docs/yaml.md", fence: "yaml" },
    TypeScript: { document: "docs/plugin.md", fence: "ts" },
    Python: { document: "docs/python.md", fence: "python" },
    Go: { document: "docs/go.md", fence: "go" },
    Java: { document: "docs/java.md", fence: "java" },
    ".NET": { document: "docs/dotnet.md", fence: "csharp" },
} as const;

/** The order in these programs. */
export const PAGE_ORDER = 1190000001;

/** The programs of a page: a reissue, and the same resource with validation in one `up`. */
export function pageOf(language: keyof typeof PAGES): readonly [first: string, validated: string] {
    const { document, fence } = PAGES[language];
    const programs = blocksOf(document).flatMap((block) => (block.language === fence ? [block.code] : []));
    const [first, validated, ...others] = programs;
    if (first === undefined || validated === undefined || others.length > 0)
        throw new Error(`${document} has ${programs.length} programs, and the tests play two.`);
    return [first, validated];
}
