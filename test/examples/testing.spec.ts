import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { blocksOf, missingLines } from "../docs/blocks.js";
import { run } from "../engine/child.js";
import { cleanEnvironment } from "../engine/environment.js";
import { removeFolder, temporaryFolder } from "../engine/folders.js";
import { programFolder } from "../engine/layout.js";
import { repositoryRoot } from "../engine/paths.js";
import { writeProgram } from "../engine/program.js";
import { requireCli } from "../engine/requireCli.js";
import { type Cli } from "../engine/lookup.js";

/** What mocha printed, without how long it took. */
const untimed = (output: string): string => output.replace(/ \(\d+ms\)$/gm, "");

/** As a user runs it: its own test command, in a folder of its own. */
describe("examples/testing", function () {
    this.timeout(300_000);
    let cli: Cli;
    let folder: string;
    let home: string;

    before(async function () {
        cli = await requireCli(this);
        folder = await programFolder("symlink");
        home = temporaryFolder("home");
        writeProgram(folder, join(repositoryRoot, "examples", "testing"), undefined);
        const { devDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
            devDependencies: Record<string, string>;
        };
        for (const name of Object.keys(devDependencies))
            link(name, join(repositoryRoot, "node_modules", name));
        // npm looks here first, then in the folders above, where somebody may have others.
        link(".bin/mocha", join(repositoryRoot, "node_modules", "mocha", "bin", "mocha.js"));
        link(".bin/tsc", join(repositoryRoot, "node_modules", "typescript", "bin", "tsc"));
        link(".bin/pulumi", cli.bin);
    });
    after(() => {
        for (const one of [folder, home]) removeFolder(one);
    });

    function link(name: string, target: string): void {
        const path = join(folder, "node_modules", name);
        mkdirSync(dirname(path), { recursive: true });
        if (!existsSync(path)) symlinkSync(target, path);
    }

    it("compiles, and passes against the simulator @long", async () => {
        const env = cleanEnvironment({
            PATH: [dirname(cli.bin), process.env.PATH].join(delimiter),
            PULUMI_HOME: home,
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        });
        const blocks = blocksOf("examples/testing/README.md");
        const [shown, ...more] = blocks.filter(({ language }) => language === "sh");
        assert.ok(shown && more.length === 0, "the README shows one command");
        const { exitCode, output } = await run("bash", ["-c", shown.code], {
            cwd: folder,
            env,
            timeoutMs: 280_000,
        });
        assert.equal(exitCode, 0, output);
        assert.match(output, /3 passing/);
        const printed = blocks.filter(({ language }) => language === "text");
        assert.equal(printed.length, 1);
        for (const { code } of printed) assert.deepEqual(missingLines(code.split("\n"), untimed(output)), []);
    });
});
