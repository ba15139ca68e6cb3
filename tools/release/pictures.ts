/** Takes the pictures of the README: `npm run release:pictures`. */
import { spawnSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { drawingOf } from "../../cli/timeline/drawing.js";
import { pageOf } from "../../cli/timeline/page.js";
import { repositoryRoot } from "../../test/engine/paths.js";
import { startBrowser } from "../../test/cli/timeline/browser.js";
import { timelineOfFleet } from "../../test/cli/timeline/fleet.js";

interface Picture {
    readonly file: string;
    readonly orders: number;
    readonly width: number;
    /** Default: as high as the page. */
    readonly height?: number;
    readonly isDark?: boolean;
    readonly isDrawing?: boolean;
}

const PICTURES: readonly Picture[] = [
    { file: "timeline-5.png", orders: 5, width: 1280 },
    { file: "timeline-5-dark.png", orders: 5, width: 1280, isDark: true },
    { file: "timeline-300.png", orders: 300, width: 1280, height: 1100 },
    { file: "timeline-phone.png", orders: 300, width: 390, height: 844 },
    { file: "timeline-svg.png", orders: 14, width: 1280, isDrawing: true },
];

async function take(browser: Browser, folder: string, picture: Picture): Promise<void> {
    const { file, orders, width, height, isDark = false, isDrawing = false } = picture;
    const timeline = timelineOfFleet(orders);
    const page = await browser.newPage({
        viewport: { width, height: height ?? 300 },
        colorScheme: isDark ? "dark" : "light",
    });
    await page.setContent(
        isDrawing ? `<style>body{margin:0}</style>${drawingOf(timeline)}` : pageOf(timeline),
    );
    const path = join(folder, file);
    await page.screenshot({ path, fullPage: height === undefined });
    await page.close();
    // Where it is installed; 64 colours are all there are.
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
