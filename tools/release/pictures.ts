/** Takes the pictures of the README: `npm run release:pictures`. */
import { spawnSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { renderPage } from "../../cli/timeline/page.js";
import { repositoryRoot } from "../../test/engine/paths.js";
import { startBrowser } from "../../test/cli/timeline/browser.js";
import { timelineOfFleet } from "../../test/cli/timeline/fleet.js";

interface Picture {
    readonly file: string;
    readonly orders: number;
    readonly width: number;
    /** Height of the picture; default the height of the page. */
    readonly height?: number;
}

const PICTURES: readonly Picture[] = [
    { file: "timeline-5.png", orders: 5, width: 1280 },
    { file: "timeline-300.png", orders: 300, width: 1280, height: 800 },
];

async function take(browser: Browser, folder: string, picture: Picture): Promise<void> {
    const { file, orders, width, height } = picture;
    const page = await browser.newPage({ viewport: { width, height: height ?? 300 } });
    await page.setContent(renderPage(timelineOfFleet(orders)));
    const path = join(folder, file);
    await page.screenshot({ path, fullPage: height === undefined });
    await page.close();
    // If pngquant is installed, the pictures are reduced to 64 colours, which is the number they have.
    spawnSync("pngquant", ["64", "--force", "--output", path, path]);
    console.log(`${path}: ${Math.round(statSync(path).size / 1000)} kB`);
}

async function main(folder: string): Promise<void> {
    const browser = await startBrowser();
    if (browser === undefined)
        throw new Error("Taking pictures: there is no Chromium. Install it, or set CHROMIUM_PATH.");
    mkdirSync(folder, { recursive: true });
    try {
        for (const picture of PICTURES) await take(browser, folder, picture);
    } finally {
        await browser.close();
    }
}

void main(process.argv[2] ?? join(repositoryRoot, "docs", "images"));
