import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { run } from "../../cli/run.js";
import type { Timeline } from "../../cli/timeline/model.js";
import { removeFolder, temporaryFolder } from "../engine/folders.js";
import { cli } from "./harness.js";
import { exported, fleet, resource, TODAY, withDaysLeft } from "./timeline/fleet.js";

describe("pulumi-digicert timeline", () => {
    let folder: string;
    before(() => {
        folder = temporaryFolder("timeline");
    });
    after(() => {
        removeFolder(folder);
    });

    function file(name: string, content: string | Buffer = ""): string {
        const path = join(folder, name);
        if (content !== "") writeFileSync(path, content);
        return path;
    }
    const one = exported(resource("shop", withDaysLeft(20)));

    it("prints the page of an export on stdin, as of now", async () => {
        for (const args of [[], ["-"]]) {
            const { code, out, err } = await cli(["timeline", ...args], { stdin: one, now: TODAY });
            assert.deepEqual([code, err], [0, ""]);
            assert.match(out, /^<!doctype html>\n/);
            assert.ok(out.includes("Reissue due since <time>2026-09-05</time>."));
        }
    });

    it("makes one page of several exports, and says how many orders need a person", async () => {
        const files = fleet(28).map((text, index) => file(`${index}.json`, text));
        assert.equal(files.length, 3);
        const out = file("out.html");
        const made = await cli(["timeline", ...files, "--out", out, "--now", "2026-09-15T09:00:00Z"]);
        assert.deepEqual([made.code, made.out], [0, ""]);
        assert.match(made.err, /^\S+out\.html: 28 orders, [1-9] need a person\n$/);
        assert.match(readFileSync(out, "utf8"), /^<!doctype html>/);
    });

    it("prints the data of the page with --json", async () => {
        const { code, out } = await cli(["timeline", "--json", "--now", "2026-09-15"], { stdin: one });
        const { now, stacks, orders } = JSON.parse(out) as Timeline;
        assert.deepEqual([code, now, stacks], [0, "2026-09-15T00:00:00.000Z", ["shop/prod"]]);
        assert.deepEqual(
            orders.map(({ orderId, next }) => [orderId, next.kind, next.urgency]),
            [["112233", "up", "up"]],
        );
    });

    it("reads the UTF-16 that PowerShell redirects into a file", async () => {
        const utf16 = Buffer.from(`\uFEFF${one}`, "utf16le");
        const { code, out } = await cli(["timeline", file("utf16.json", utf16), "--json"]);
        assert.equal(code, 0);
        assert.equal((JSON.parse(out) as Timeline).orders.length, 1);
    });

    it("refuses to wait for a terminal to type an export", async () => {
        const written: string[] = [];
        const stderr = { write: (text: string) => written.push(text) };
        const code = await run(["timeline"], {
            stdin: Object.assign(Readable.from([]), { isTTY: true }),
            stdout: stderr,
            stderr,
            env: {},
            now: () => TODAY,
            waitForStop: () => Promise.resolve(),
        });
        assert.deepEqual([code, written.length], [2, 1]);
        assert.match(
            written[0] ?? "",
            /no stack export to read\. Name files, or pipe `pulumi stack export` into the command/,
        );
    });

    const WRONG: readonly [string, readonly string[], string, RegExp][] = [
        [
            "a file that is not there",
            ["nowhere.json"],
            "",
            /^Reading the stack export: nowhere\.json does not exist\. Make it with `pulumi stack export/,
        ],
        [
            "a text that is no export",
            ["-"],
            "Updating (prod)",
            /^Reading stdin: .* it is not JSON\. Make one with `pulumi/,
        ],
        ["a word that is no date", ["--now", "today"], one, /It is not a date/],
        [
            "a folder that is not there",
            ["--out", "/nowhere/x.html"],
            one,
            /^Writing the timeline: \/nowhere\/x\.html does not exist\. Name another/,
        ],
    ];
    for (const [what, args, stdin, message] of WRONG) {
        it(`refuses ${what} with one sentence`, async () => {
            const { code, out, err } = await cli(["timeline", ...args], { stdin });
            assert.deepEqual([code, out], [2, ""]);
            assert.match(err, message);
            assert.doesNotMatch(err, /\n\s+at /);
        });
    }
});
