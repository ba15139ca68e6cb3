/**
 * The only script of the page: a search field that hides the rows without all of its words. Without scripts the
 * field stays hidden and the page is complete.
 *
 * @module
 */

/** Runs in the browser. */
export const SEARCH_SCRIPT = `
const field = document.querySelector("input");
const found = document.querySelector("output");
const rows = [...document.querySelectorAll("tbody tr:not(.group)")].map((row) => [
    row,
    [row.textContent, ...[...row.querySelectorAll("[title]")].map(({ title }) => title)].join(" ").toLowerCase(),
]);
const search = () => {
    const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let count = 0;
    for (const [row, text] of rows) {
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) count += 1;
    }
    for (const group of document.querySelectorAll("tbody")) {
        group.hidden = !group.querySelector("tr:not(.group):not([hidden])");
    }
    found.textContent = words.length === 0 ? "" : count + " of " + rows.length;
};
field.addEventListener("input", search);
document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target !== field) {
        event.preventDefault();
        field.focus();
    } else if (event.key === "Escape" && field.value !== "") {
        field.value = "";
        search();
    }
});
document.querySelector(".search").hidden = false;
search();
`.trim();
