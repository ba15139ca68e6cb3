import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../engine/child.js";
import { removeFolder, temporaryFolder } from "../engine/folders.js";
import { requireCli } from "../engine/requireCli.js";
import { type Sample } from "./measure.js";

describe("npm run bench", function () {
    this.timeout(900_000);
    let out: string;

    before(async function () {
        await requireCli(this);
        out = temporaryFolder("bench");
    });
    after(() => {
        removeFolder(out);
    });

    it("measures every Pulumi program, skips what is not there visibly, and writes table and chart", async () => {
        const args = [join(__dirname, "main.js"), "--smallest", "--work", "dg", "--out", out];
        const env = { ...process.env, BENCH_TERRAFORM: "" };
        const { exitCode, output } = await run(process.execPath, args, { env, timeoutMs: 800_000 });
        assert.equal(exitCode, 0, output);
        assert.match(output, /Terraform with restapi is skipped/);

        const { samples } = JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as {
            samples: Sample[];
        };
        // Each of ours, the hand-written one and the engine alone, previewed and applied.
        assert.equal(samples.length, 6);
        for (const { contender, failed, requests, seconds } of samples) {
            assert.equal(failed, undefined, `${contender}: ${failed}`);
            assert.equal(requests, 0, contender);
            assert.ok(seconds > 0);
        }
        assert.match(
            readFileSync(join(out, "report.md"), "utf8"),
            /\| 2 resources, preview +\| hand-written/,
        );
        assert.match(readFileSync(join(out, "chart.svg"), "utf8"), /^<svg[\s\S]+hand-written[\s\S]+<\/svg>$/);
    });
});
