import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { run } from "../engine/child.js";
import { cleanEnvironment } from "../engine/environment.js";
import { repositoryRoot } from "../engine/paths.js";
import { requireCli } from "../engine/requireCli.js";
import { commandsFor } from "./places.js";
import { scripts } from "./scripts.js";

/** What the text calls by its name, as in "a later `pulumi refresh`", has to exist. */
describe("commands that the documents name", function () {
    this.timeout(120_000);
    const names = [...new Set(commandsFor("names").map(({ command }) => command))];
    const script = /^npm run (\S+)$/;

    it("are scripts of package.json whose programs are there", () => {
        const named = names.flatMap((name) => script.exec(name)?.[1] ?? []);
        assert.ok(named.length > 10);
        for (const name of named) {
            const steps = scripts[name]?.split(" && ") ?? [];
            assert.ok(steps.length > 0, `npm run ${name}`);
            for (const step of steps) {
                const [, file] = /^node (\S+)/.exec(step) ?? [];
                if (file !== undefined) assert.ok(existsSync(join(repositoryRoot, file)), file);
            }
        }
    });

    it("are commands that Pulumi and npm have", async function () {
        const cli = await requireCli(this);
        this.timeout(120_000);
        const others = names.filter((name) => !script.test(name));
        assert.ok(others.length > 10);
        const env = cleanEnvironment({
            PULUMI_SKIP_UPDATE_CHECK: "true",
            npm_config_offline: "true",
            npm_config_update_notifier: "false",
            PATH: [dirname(cli.bin), process.env.PATH ?? ""].join(delimiter),
        });
        for (const name of others) {
            const { exitCode, output } = await run("bash", ["-ec", `${name} --help`], { env });
            assert.equal(exitCode, 0, output);
            const usage = output.slice(output.indexOf("Usage:"));
            for (const word of name.split(" ")) assert.ok(usage.includes(word), `${name}:\n${output}`);
        }
    });
});
