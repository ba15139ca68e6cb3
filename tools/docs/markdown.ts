/**
 * Writes Markdown lists with lines of at most 100 columns, which fit a terminal and a review.
 *
 * @module
 */

const COLUMNS = 100;

/** A word; inline code is one word, and a character that would begin a list or a heading stays with the word before it. */
const WORD = /(?:`[^`]*`|\S)+(?: (?:\d+[.)]|[-+*#>]+)(?= |$))*/g;

/** Writes an item of a list. */
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

/** Replaces the text between the markers of a section. */
export function replaceSection(document: string, section: string, content: string): string {
    const [begin, end] = [`<!-- generated: ${section} -->`, "<!-- end of generated -->"];
    const from = document.indexOf(begin);
    const to = document.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`There is no section "${begin}" that ends with "${end}".`);
    return `${document.slice(0, from)}${begin}\n\n${content}\n\n${document.slice(to)}`;
}

/** Writes names in camel case as code. */
export function namesAsCode(text: string): string {
    return text.replace(/(?<![`\w:./-])[a-z]+[A-Z]\w*(?![`\w])/g, "`$&`");
}
