import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../engine/child.js";
import { cleanEnvironment } from "../engine/environment.js";
import { repositoryRoot } from "../engine/paths.js";
import { requireCli } from "../engine/requireCli.js";
import { commandsFor } from "./places.js";
import { scripts } from "./scripts.js";

/**
 * The commands for a checkout of this repository. A test cannot run what builds `dist/` anew, because it runs from there,
 * nor what runs all tests: `.ci/run` does that. Of a script the last step is what it is for; the steps before it (`npm run
 * build`, `npm run engine`) are steps of `npm test` too.
 */
describe("the commands for a checkout", function () {
    this.timeout(120_000);
    const parts = [...new Set(commandsFor("checkout").flatMap(({ command }) => command.split(" && ")))];
    const inShell = (command: string) =>
        run("bash", ["-ec", command], {
            cwd: repositoryRoot,
            // No Terraform, for which the benchmark would build a provider.
            env: cleanEnvironment({ PATH: process.env.PATH ?? "", BENCH_TERRAFORM: "" }),
            timeoutMs: 280_000,
        });
    const lastStep = (script: string): string => scripts[script]?.split(" && ").at(-1) ?? "";
    const withArguments = parts.flatMap((part) => {
        const [, script = "", given] = /^npm run (\S+)(?: -- (.*))?$/.exec(part) ?? [];
        return script === "" ? [] : [{ part, script, given }];
    });

    it("are lines of .ci/run, scripts of package.json, or a run of mocha", () => {
        const lines = readFileSync(join(repositoryRoot, ".ci", "run"), "utf8").split("\n");
        const others = parts.filter(
            (part) =>
                !lines.includes(part) &&
                !withArguments.some(({ part: script }) => script === part) &&
                !part.startsWith("npx mocha "),
        );
        assert.deepEqual(others, []);
        assert.ok(parts.includes("npm ci") && parts.includes("npm test"));
    });

    it("begin with steps that the whole check has too", () => {
        const whole = scripts.test?.split(" && ") ?? [];
        for (const { script } of withArguments)
            for (const step of scripts[script]?.split(" && ").slice(0, -1) ?? [])
                assert.ok(whole.includes(step), `${script}: ${step}`);
    });

    for (const part of parts.filter((one) => one.startsWith("npx mocha ")))
        it(part, async () => {
            const { exitCode, output } = await inShell(part);
            assert.equal(exitCode, 0, output);
            assert.match(output, /\d+ passing/);
        });

    /** What a command that is run whole prints in the end. */
    const ending = ({ script, given = "" }: (typeof withArguments)[number]): RegExp | undefined => {
        if (script === "demo") return /^Every step did what it says; /m;
        return script === "bench" && given.includes("--work") ? /^Written to bench-results: /m : undefined;
    };
    for (const one of withArguments) {
        const { part, script, given = "" } = one;
        const end = ending(one);
        if (end)
            it(part, async function () {
                await requireCli(this);
                this.timeout(300_000);
                const { exitCode, output } = await inShell(`${lastStep(script)} ${given}`);
                assert.equal(exitCode, 0, output);
                assert.match(output, end);
            });
        // Hours; and minutes for --quick, which bench.spec.ts runs.
        else
            it(`${part}, as far as its arguments go`, async () => {
                const { exitCode, output } = await inShell(`${lastStep(script)} ${given} --help`);
                assert.equal(exitCode, 0, output);
                assert.match(output, /^Usage: npm run bench -- /m);
            });
    }
});
