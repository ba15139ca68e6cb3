/**
 * The only script of the page. It hides the orders that do not match the search field and the chosen stack. If the browser runs no
 * scripts, both fields stay hidden, and the page shows all orders.
 *
 * @module
 */

/** The script, which runs in the browser. */
export const SEARCH_SCRIPT = `
const field = document.querySelector("input");
const stack = document.querySelector("select");
const found = document.querySelector("output");
const orders = [...document.querySelectorAll("[data-stack]")].map((order) => {
    // The step of a folded order is in its row.
    const step = order.matches("tr") ? "" : order.closest("tr").querySelector(".next").textContent;
    const titles = [...order.querySelectorAll("[title]")].map(({ title }) => title);
    return { order, text: [order.textContent, step, ...titles].join(" ").toLowerCase() };
});
const search = () => {
    const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const chosen = stack ? stack.value : "";
    const isFiltered = words.length > 0 || chosen !== "";
    let count = 0;
    for (const { order, text } of orders) {
        order.hidden = (chosen !== "" && order.dataset.stack !== chosen) || !words.every((word) => text.includes(word));
        if (!order.hidden) count += 1;
    }
    for (const fold of document.querySelectorAll("tr.fold")) {
        fold.hidden = !fold.querySelector("li:not([hidden])");
        fold.querySelector("details").open = isFiltered;
    }
    for (const group of document.querySelectorAll("tbody")) {
        group.hidden = !group.querySelector("tr:not(.group):not([hidden])");
    }
    found.textContent = isFiltered ? count + " of " + orders.length : "";
};
field.addEventListener("input", search);
if (stack) stack.addEventListener("input", search);
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
