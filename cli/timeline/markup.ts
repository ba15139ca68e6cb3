/**
 * Writes HTML and SVG. A template escapes its values, except values that are markup.
 *
 * @module
 */

/** Text that is markup already. */
export class Markup {
    constructor(readonly text: string) {}
}

/** A value in a template; `undefined` and `false` add nothing. */
export type Content = Markup | string | number | undefined | false | readonly Content[];

/** A template whose values are escaped, in elements and in quoted attributes. */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
    return new Markup(
        parts.map((part, index) => part.replace(/\n\s*/g, "\n") + render(values[index])).join(""),
    );
}

function render(value: Content): string {
    if (value === undefined || value === false) return "";
    if (value instanceof Markup) return value.text;
    if (typeof value === "string" || typeof value === "number") return escapeText(String(value));
    return value.map(render).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
};

/** Characters that XML does not allow, and characters that change the direction of text. */
const UNPRINTABLE =
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/gu;

function escapeText(text: string): string {
    return text.replace(UNPRINTABLE, "\ufffd").replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
