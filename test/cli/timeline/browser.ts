/** A real headless browser, where there is one. */
import { existsSync } from "node:fs";
import type { Context } from "mocha";
import { chromium, type Browser } from "playwright-core";
import { skipSuite } from "../../engine/requireCli.js";

/** Where Debian, Alpine, Google and macOS put it. */
const PLACES = [
    process.env.CHROMIUM_PATH,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Starts it, or says that there is none. */
export async function startBrowser(): Promise<Browser | undefined> {
    const executablePath = PLACES.find((path) => path !== undefined && existsSync(path));
    if (executablePath === undefined) return undefined;
    return chromium.launch({ executablePath, timeout: 60_000 });
}

/**
 * In a `before` hook (a `function`, not an arrow): skips the suite loudly where there is no browser, and fails it
 * where REQUIRE_BROWSER is set, as in the nightly workflow, which installs one.
 */
export async function requireBrowser(context: Context): Promise<Browser> {
    context.timeout(90_000);
    const browser = await startBrowser();
    if (browser !== undefined) return browser;
    const needed = "Chromium, and there is none. Install it, or set CHROMIUM_PATH";
    return skipSuite(context, needed, process.env.REQUIRE_BROWSER);
}
