/**
 * Markdown that a terminal and a review can show: lists with lines of at most 100 columns.
 *
 * @module
 */

const COLUMNS = 100;

/** A word with its inline code whole, and with what would begin a list or a heading at the beginning of a line. */
const WORD = /(?:`[^`]*`|\S)+(?: (?:\d+[.)]|[-+*#>]+)(?= |$))*/g;

/** An item of a list, on as many lines as it needs. */
export function listItem(text: string): string {
    const lines: string[] = [];
    let line = "-";
    for (const word of text.match(WORD) ?? []) {
        if (line.length + 1 + word.length > COLUMNS) {
            lines.push(line);
            line = " ";
        }
        line += ` ${word}`;
    }
    return [...lines, line].join("\n");
}

/** Replaces what stands between the markers of a section. */
export function replaceSection(document: string, section: string, content: string): string {
    const [begin, end] = [`<!-- generated: ${section} -->`, "<!-- end of generated -->"];
    const from = document.indexOf(begin);
    const to = document.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`There is no section "${begin}" that ends with "${end}".`);
    return `${document.slice(0, from)}${begin}\n\n${content}\n\n${document.slice(to)}`;
}

/** Names in camel case as code, so that they are not taken for words. */
export function namesAsCode(text: string): string {
    return text.replace(/(?<![`\w:./-])[a-z]+[A-Z]\w*(?![`\w])/g, "`$&`");
}
