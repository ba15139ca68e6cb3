import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { drawingOf } from "../../../cli/timeline/drawing.js";
import type { Timeline } from "../../../cli/timeline/model.js";
import { pageOf } from "../../../cli/timeline/page.js";
import { removeFolder, temporaryFolder } from "../../engine/folders.js";
import { requireBrowser } from "./browser.js";
import { hostile, timelineOfFleet } from "./fleet.js";
import { contrasts, overlaps, placesOfToday } from "./look.js";

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

describe("the timeline in a browser", function () {
    this.timeout(120_000);
    const folder = temporaryFolder("timeline");
    let browser: Browser;
    let page: Page;
    let complaints: string[];

    before(async function () {
        browser = await requireBrowser(this);
    });
    after(async () => {
        await (browser as Browser | undefined)?.close();
        removeFolder(folder);
    });
    afterEach(async () => {
        await (page as Page | undefined)?.context().close();
    });

    /** Opens a file, as a person would, and notes what goes wrong on the way. */
    async function open(text: string, name: string, options: BrowserContextOptions = {}): Promise<void> {
        const file = join(folder, name);
        writeFileSync(file, text);
        const context = await browser.newContext({ viewport: DESK, ...options });
        page = await context.newPage();
        complaints = [];
        page.on("console", (message) => complaints.push(message.text()));
        page.on("pageerror", (error) => complaints.push(error.message));
        page.on("request", (request) => {
            if (request.url() !== pathToFileURL(file).href) complaints.push(request.url());
        });
        await page.goto(pathToFileURL(file).href);
    }
    const openPage = (made: Timeline, options?: BrowserContextOptions) =>
        open(pageOf(made), "timeline.html", options);

    for (const viewport of [DESK, PHONE, { width: 901, height: 900 }, { width: 2200, height: 1200 }]) {
        for (const orders of [5, 300]) {
            it(`shows ${orders} orders at ${viewport.width} px: nothing overlaps, nothing sticks out`, async () => {
                await openPage(timelineOfFleet(orders), { viewport });
                const wide = await page.evaluate("document.documentElement.scrollWidth");
                assert.equal(wide, viewport.width);
                assert.deepEqual(await overlaps(page), []);
                const { lines, pill, cells } = await placesOfToday(page);
                assert.equal(lines.length, orders);
                assert.deepEqual([...new Set(lines)], [pill], "one line from the word down through all rows");
                const [left, right] = cells;
                assert.ok(left < pill && pill < right, `${left} < ${pill} < ${right}`);
                assert.deepEqual(complaints, []);
            });
        }
    }

    it("has the groups and the orders in the order of the data", async () => {
        const made = timelineOfFleet(300);
        await openPage(made);
        const shown = await page.locator("tbody tr:not(.group) .about bdi:first-child").allTextContents();
        const ids = new Set(made.orders.map(({ orderId }) => orderId));
        assert.deepEqual(
            shown.filter((text) => ids.has(text)),
            made.orders.map(({ orderId }) => orderId),
        );
    });

    it("is a table for those who hear it", async () => {
        await openPage(timelineOfFleet(5));
        for (const name of ["Order", "What is next", "Ends", "Timeline"]) {
            assert.equal(await page.getByRole("columnheader", { name, exact: true }).count(), 1, name);
        }
        assert.equal(await page.getByRole("row").count(), 1 + 5 + 5);
        assert.equal(await page.getByRole("rowheader", { name: /^bank\.example/ }).count(), 1);
        const bar = page.getByRole("img", {
            name: /^certificate 880001 valid from 2026-03-24 to 2026-10-09; reissue window from 2026-09-09; reissue pending since 2026-09-11; plan ends on 2027-08-05$/,
        });
        assert.equal(await bar.count(), 1);
    });

    for (const colorScheme of ["light", "dark"] as const) {
        it(`has enough contrast in ${colorScheme} mode`, async () => {
            await openPage(timelineOfFleet(14), { colorScheme });
            const { background, texts } = await contrasts(page);
            assert.equal(background, colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(15, 20, 26)");
            assert.ok(texts.length > 10);
            // WCAG 2.2, 1.4.3: 4.5 for text.
            assert.deepEqual(
                texts.filter(({ ratio }) => ratio < 4.5),
                [],
            );
        });
    }

    it("searches all that is written, names and stacks included", async () => {
        await openPage(timelineOfFleet(300));
        const rows = page.locator("tbody tr:not(.group)").filter({ visible: true });
        await page.keyboard.press("/");
        await page.keyboard.type("alt.www.shop.example PROD");
        assert.equal(await rows.count(), 1);
        assert.equal(await page.locator("tbody").filter({ visible: true }).count(), 1);
        assert.equal(await page.locator("output").innerText(), "1 of 300");
        await page.keyboard.press("Escape");
        assert.equal(await rows.count(), 300);
        assert.deepEqual(complaints, []);
    });

    it("is complete without scripts, except for the search", async () => {
        await openPage(timelineOfFleet(300), { javaScriptEnabled: false });
        assert.equal(await page.locator("tbody tr:not(.group)").filter({ visible: true }).count(), 300);
        assert.equal(await page.locator("input").isVisible(), false);
        await page.locator("summary").first().click();
        assert.ok(await page.locator("ul.said").first().isVisible());
    });

    it("keeps hostile text what it is", async () => {
        for (const viewport of [DESK, PHONE]) {
            await openPage(hostile(), { viewport });
            assert.equal(await page.evaluate("window.attacked"), undefined);
            assert.equal(await page.evaluate("document.documentElement.scrollWidth"), viewport.width);
            assert.deepEqual(await overlaps(page), []);
            assert.deepEqual(complaints, []);
        }
        await open(drawingOf(hostile()), "timeline.svg");
        assert.equal(await page.evaluate("window.attacked"), undefined);
        assert.deepEqual(complaints, []);
    });

    for (const orders of [5, 300]) {
        it(`draws ${orders} orders as SVG that stands by itself, also as an image`, async () => {
            const drawing = drawingOf(timelineOfFleet(orders));
            await open(drawing, "timeline.svg");
            assert.equal(await page.evaluate("document.documentElement.localName"), "svg");
            assert.deepEqual(await overlaps(page), []);
            assert.deepEqual(complaints, []);
            const height = Number(/height="(\d+)"/.exec(drawing)?.[1]);
            const image = await page.evaluate(
                `new Promise((resolve, reject) => {
                    const image = Object.assign(new Image(), { onerror: reject });
                    image.onload = () => resolve([image.naturalWidth, image.naturalHeight]);
                    image.src = "data:image/svg+xml," + encodeURIComponent(new XMLSerializer().serializeToString(document));
                })`,
            );
            assert.deepEqual(image, [1280, height]);
        });
    }
});
