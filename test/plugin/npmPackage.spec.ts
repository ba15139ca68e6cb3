import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { run } from "../engine/child.js";
import { temporaryFolder } from "../engine/folders.js";
import { repositoryRoot } from "../engine/paths.js";
import { writeFiles } from "../engine/program.js";

describe("the plugin of the npm package", () => {
    /** Starts the executable beside a package.json of Pulumi's SDK. */
    async function start(sdk: Record<string, string>) {
        const folder = temporaryFolder("version");
        const installed = join(folder, "node_modules", "pulumi-digicert", "dist");
        for (const file of ["plugin", "provider/plugin/pulumiVersion.js"])
            cpSync(join(repositoryRoot, "dist", file), join(installed, file), { recursive: true });
        writeFiles(folder, sdk);
        return run(process.execPath, [join(installed, "plugin", "pulumi-resource-digicert")]);
    }
    const pulumi = (version: string) => ({
        "node_modules/@pulumi/pulumi/package.json": JSON.stringify({ name: "@pulumi/pulumi", version }),
    });

    for (const version of ["3.139.0", "3.153.1", "2.200.0"]) {
        it(`does not start beside @pulumi/pulumi ${version}, and says what to do`, async () => {
            const { exitCode, stdout, stderr } = await start(pulumi(version));
            assert.deepEqual([exitCode, stdout], [1, ""]);
            assert.equal(
                stderr,
                `The plugin digicert needs @pulumi/pulumi 3.154 or later, and ${version} is installed: run "npm install ` +
                    '@pulumi/pulumi@^3.154" where pulumi-digicert is installed, or install the plugin from its release archive.\n',
            );
        });
    }

    it("does not start without @pulumi/pulumi", async () => {
        const { exitCode, stderr } = await start({});
        assert.equal(exitCode, 1);
        assert.match(
            stderr,
            /^The plugin digicert needs @pulumi\/pulumi 3\.154 or later, which is not installed: run /,
        );
    });

    it("loads of @pulumi/pulumi only the messages, no schemas before the first resource, and no HTTP code before the first request", async () => {
        const main = join(repositoryRoot, "dist", "provider", "plugin", "main.js");
        const script = `require(${JSON.stringify(main)}); console.log(JSON.stringify(Object.keys(require.cache)))`;
        const { stdout, stderr } = await run(process.execPath, ["-e", script]);
        assert.equal(stderr, "");
        const loaded = JSON.parse(stdout) as string[];
        const own = /@pulumi[\\/]pulumi[\\/](?!node_modules[\\/])/;
        const messages = /@pulumi[\\/]pulumi[\\/]proto[\\/]/;
        assert.ok(loaded.some((file) => messages.test(file)));
        assert.deepEqual(
            loaded.filter(
                (file) =>
                    (own.test(file) && !messages.test(file)) || /node_modules[\\/](?:undici|zod)/.test(file),
            ),
            [],
        );
    });

    for (const version of ["3.154.0", "3.300.1", "4.0.0"]) {
        it(`goes on beside @pulumi/pulumi ${version}`, async () => {
            const { stderr } = await start(pulumi(version));
            assert.match(stderr, /Cannot find module .*main\.js/);
        });
    }
});
