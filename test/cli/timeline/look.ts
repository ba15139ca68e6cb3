/** Measures the appearance of the page: overlapping texts, the line of today, contrast. */
import type { Page } from "playwright-core";

/** Pairs of visible texts that overlap. */
export const overlaps = (page: Page) =>
    page.evaluate<string[]>(`(() => {
    const texts = [];
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const parent = node.parentElement;
        if (node.data.trim() === "" || parent.closest("title, desc, style, script, .sr")) continue;
        if (!parent.checkVisibility()) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        // These cut a text that is too long, and show an ellipsis.
        const box = parent.closest(".name, .id, .stack, summary")?.getBoundingClientRect();
        for (const { left, right, top, bottom } of range.getClientRects()) {
            const cut = box ? Math.min(right, box.right) : right;
            if (cut - left > 1) texts.push({ text: node.data.trim().slice(0, 40), parent, left, right: cut, top, bottom });
        }
    }
    const found = [];
    texts.sort((a, b) => a.top - b.top);
    texts.forEach((a, index) => {
        for (let next = index + 1; next < texts.length && texts[next].top < a.bottom; next += 1) {
            const b = texts[next];
            const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const down = Math.min(a.bottom, b.bottom) - b.top;
            // Boxes of lines are higher than their letters; a text that is cut has a second box for its ellipsis.
            if (a.parent !== b.parent && across > 1 && down > 4) found.push(a.text + " / " + b.text);
        }
        if (a.right > innerWidth + 1) found.push(a.text + " / edge");
    });
    return found;
})()`);

/** Where the lines of today are, the word for it, and the edges of the cells; across, in pixels. */
export const placesOfToday = (page: Page) =>
    page.evaluate<{ lines: number[]; pill: number; cells: [number, number] }>(`(() => {
    const middle = (element) => {
        const { left, right } = element.getBoundingClientRect();
        return Math.round((left + right) / 2);
    };
    const cell = document.querySelector("tbody td.chart").getBoundingClientRect();
    return {
        lines: [...document.querySelectorAll("tbody line.today")].map(middle),
        pill: middle(document.querySelector("thead .pill")),
        cells: [cell.left, cell.right],
    };
})()`);

/** The contrast of each colour of text with what is behind it (WCAG 2.2, relative luminance). */
export const contrasts = (page: Page) =>
    page.evaluate<{ background: string; texts: { text: string; ratio: number }[] }>(`(() => {
    const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const luminance = (colour) => {
        const [r, g, b] = channels(colour).map((value) => {
            const share = value / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
        const own = getComputedStyle(element).backgroundColor;
        return channels(own)[3] === 0 && element.parentElement ? behind(element.parentElement) : own;
    };
    const seen = new Map();
    for (const element of document.querySelectorAll("h1, p, .chip, .legend li, th, td, h2, small, .name, .id, .stack, .left, .action, .why, summary, footer, .m, .tag")) {
        const style = getComputedStyle(element);
        const colour = element.closest("svg") ? style.fill : style.color;
        const ground = element.matches(".tag") ? getComputedStyle(document.querySelector(".pill")).fill : behind(element);
        const [light, dark] = [luminance(colour), luminance(ground)].sort((a, b) => b - a);
        seen.set(colour + ground, { text: element.textContent.slice(0, 30), colour, ground, ratio: (light + 0.05) / (dark + 0.05) });
    }
    return { background: getComputedStyle(document.body).backgroundColor, texts: [...seen.values()] };
})()`);
