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

    it("-- --quick measures every piece of work, skips what is not there visibly, and writes table and chart", async () => {
        const args = [join(__dirname, "main.js"), "--quick", "--out", out];
        const env = { ...process.env, BENCH_TERRAFORM: "" };
        const { exitCode, output } = await run(process.execPath, args, { env, timeoutMs: 800_000 });
        assert.equal(exitCode, 0, output);
        assert.match(output, /Terraform with restapi is skipped/);

        const { samples, cold } = JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as {
            samples: Sample[];
            cold: unknown[];
        };
        assert.deepEqual([...new Set(samples.map(({ work }) => work))].join(""), "abcdef");
        assert.equal(cold.length, 3);
        for (const { work, what, contender, failed, seconds } of samples) {
            assert.equal(failed, undefined, `(${work}) ${what}, ${contender}: ${failed}`);
            assert.ok(seconds > 0);
        }
        for (const { work, what, orders, requests, refused, accepted } of samples.filter(isOurs)) {
            assert.equal(refused, 0, what);
            // The read and the POST; a download and the shared reads where it takes time.
            if (work === "d") assert.equal(requests, 0, what);
            else if (work === "c") assert.ok(requests <= 3 * orders + 30, `${what}: ${requests}`);
            else assert.deepEqual([requests, accepted], [2 * orders, orders], what);
        }
        const report = readFileSync(join(out, "report.md"), "utf8");
        for (const heading of ["(a)", "(b)", "(c)", "(d)", "(e)", "(f)", "(g)"])
            assert.ok(report.includes(`**${heading} `), heading);
        assert.match(readFileSync(join(out, "chart.svg"), "utf8"), /^<svg[\s\S]+hand-written[\s\S]+<\/svg>$/);
    });
});

function isOurs({ contender }: Sample): boolean {
    return contender === "pulumi-digicert";
}
