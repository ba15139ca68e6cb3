import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Timeline } from "../../../cli/timeline/model.js";
import { renderPage } from "../../../cli/timeline/page.js";
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
    let problems: string[];

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
        problems = [];
        page.on("console", (message) => problems.push(message.text()));
        page.on("pageerror", (error) => problems.push(error.message));
        page.on("request", (request) => {
            if (request.url() !== pathToFileURL(file).href) problems.push(request.url());
        });
        await page.goto(pathToFileURL(file).href);
    }
    const openPage = (made: Timeline, options?: BrowserContextOptions) =>
        open(renderPage(made), "timeline.html", options);

    const views: readonly { orders: number; viewport: typeof DESK }[] = [
        ...[
            { width: 901, height: 900 },
            { width: 2200, height: 1200 },
        ].map((viewport) => ({ orders: 5, viewport })),
        { orders: 300, viewport: DESK },
        { orders: 300, viewport: PHONE },
    ];
    for (const { orders, viewport } of views) {
        it(`shows ${orders} orders at ${viewport.width} px: no text overlaps another, none sticks out`, async () => {
            await openPage(timelineOfFleet(orders), { viewport });
            assert.equal(await page.evaluate("document.documentElement.scrollWidth"), viewport.width);
            assert.deepEqual(await overlaps(page), []);
            const { lines, pill, cells } = await placesOfToday(page);
            assert.deepEqual([...new Set(lines)], [pill], "one line from the word down through all rows");
            const [left, right] = cells;
            assert.ok(left < pill && pill < right, `${left} < ${pill} < ${right}`);
            assert.deepEqual(problems, []);
        });
    }

    it("shows every order with its details, and none of the texts overlaps", async () => {
        await openPage(timelineOfFleet(14));
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
        assert.deepEqual(await overlaps(page), []);
        assert.ok(await page.getByText("The plan ends on 2027-07-31.").isVisible());
    });

    it("is a table for a screen reader", async () => {
        await openPage(timelineOfFleet(5));
        for (const name of ["Order", "Next step", "Certificate ends", "Timeline"]) {
            assert.equal(await page.getByRole("columnheader", { name, exact: true }).count(), 1, name);
        }
        assert.equal(await page.getByRole("row").count(), 1 + 5 + 5);
        assert.equal(await page.getByRole("rowheader", { name: /^bank\.example/ }).count(), 1);
        const bar = page.getByRole("img", {
            name: /^certificate 880001 valid from 2026-03-24 to 2026-10-09; reissue due from 2026-09-09; reissue pending since 2026-09-11; plan ends on 2027-08-05$/,
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

    it("finds orders by name, id and stack, also those in a folded row", async () => {
        const made = timelineOfFleet(300);
        await openPage(made);
        const orders = page.locator("[data-stack]");
        assert.equal(await orders.count(), 300);
        const shown = () => page.evaluate("document.querySelectorAll('[data-stack]:not([hidden])').length");
        await page.keyboard.press("/");
        await page.keyboard.insertText("alt.www.shop.example PROD");
        assert.equal(await shown(), 1);
        assert.equal(await page.locator("tbody").filter({ visible: true }).count(), 1);
        assert.equal(await page.locator("output").innerText(), "1 of 300");
        await page.keyboard.press("Escape");
        assert.equal(await shown(), 300);
        const folded = page.locator("tr.fold li").first();
        const id = await folded.locator(".id").textContent();
        await page.locator("input").fill(id ?? "");
        assert.deepEqual([await shown(), await folded.isVisible()], [1, true]);
        await page.locator("input").fill("");
        await page.locator("select").selectOption("bank/test");
        assert.equal(await shown(), made.orders.filter(({ stack }) => stack === "bank/test").length);
        assert.deepEqual(problems, []);
    });

    it("is complete without scripts, except for search and filter", async () => {
        await openPage(timelineOfFleet(14), { javaScriptEnabled: false });
        assert.equal(await page.locator("[data-stack]").filter({ visible: true }).count(), 14);
        assert.deepEqual(
            [await page.locator("input").isVisible(), await page.locator("select").isVisible()],
            [false, false],
        );
        await page.locator("td summary").first().click();
        assert.ok(await page.locator("td details ul").first().isVisible());
    });

    it("shows hostile text as text", async () => {
        for (const viewport of [DESK, PHONE]) {
            await openPage(hostile(), { viewport });
            await page.evaluate(
                "document.querySelectorAll('details').forEach((one) => { one.open = true; })",
            );
            assert.equal(await page.evaluate("window.attacked"), undefined);
            assert.equal(await page.evaluate("document.documentElement.scrollWidth"), viewport.width);
            assert.deepEqual(await overlaps(page), []);
            assert.deepEqual(problems, []);
        }
    });

    it("shows at least 20 rows of 300 orders on a first screen of 1280 x 800", async () => {
        await openPage(timelineOfFleet(300), { viewport: { width: 1280, height: 800 } });
        const rows = await page.evaluate(
            `[...document.querySelectorAll("tbody tr:not(.group)")].filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length`,
        );
        assert.ok(Number(rows) >= 20, `${String(rows)} rows`);
    });
});
