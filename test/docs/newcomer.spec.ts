import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { Child, type ChildResult } from "../engine/child.js";
import { cleanEnvironment } from "../engine/environment.js";
import { removeFolder, temporaryFolder } from "../engine/folders.js";
import { developedAgainst } from "../engine/npm.js";
import { requireCli } from "../engine/requireCli.js";
import { tarball } from "../engine/tarball.js";
import { commandsIn } from "./commands.js";
import { missingLines, type Step, walkSteps } from "./walk.js";

async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    if (address === null || typeof address === "string") throw new Error("A TCP server has a port.");
    return address.port;
}

describe("the README, with an empty folder and nothing else", function () {
    this.timeout(600_000);
    const folder = temporaryFolder("newcomer");
    const steps = walkSteps();
    const children: Child[] = [];
    let env: Record<string, string>;
    /** Nothing in the README is changed but where packages come from, and ports that may be in use here. */
    let here: (commands: string) => string;

    before(async function () {
        const cli = await requireCli(this);
        this.timeout(300_000);
        const packed = await tarball();
        const [port, adminPort] = [await freePort(), await freePort()];
        here = (commands) =>
            commands
                .replace(/^(npm install.*) pulumi-digicert /m, `$1 ${packed} `)
                .replaceAll(" @pulumi/pulumi ", ` @pulumi/pulumi@${developedAgainst("@pulumi/pulumi")} `)
                .replace("pulumi-digicert simulator", `$& --port ${port} --admin-port ${adminPort}`)
                .replaceAll("127.0.0.1:8443", `127.0.0.1:${port}`)
                .replaceAll("127.0.0.1:8444", `127.0.0.1:${adminPort}`);
        const ours = Object.entries(process.env).filter(([name]) =>
            /_proxy$|^npm_config_(registry|cache|userconfig)$|^node_extra_ca_certs$/i.test(name),
        );
        env = cleanEnvironment({
            PATH: [dirname(cli.bin), process.env.PATH ?? ""].join(delimiter),
            PULUMI_HOME: join(folder, "home"),
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            // Answers what "pulumi up" asks a person.
            PULUMI_SKIP_CONFIRMATIONS: "true",
            npm_config_prefer_offline: "true",
            npm_config_ignore_scripts: "true",
            npm_config_audit: "false",
            npm_config_fund: "false",
            ...Object.fromEntries(ours),
        });
        writeFileSync(join(folder, "terminal"), `cd "${folder}"\n`);
    });
    after(async () => {
        await Promise.all(children.map((child) => child.end()));
        removeFolder(folder);
    });

    /** One terminal: folder and exported variables stay from step to step. */
    function start(commands: string): Child {
        const terminal = join(folder, "terminal");
        const script = `set -e; . "${terminal}"; set -v\n${here(commands)}\nset +v; { export -p; echo "cd \\"$PWD\\""; } > "${terminal}"`;
        const child = new Child("bash", ["-o", "pipefail", "-c", script], { env, timeoutMs: 300_000 });
        children.push(child);
        return child;
    }

    async function take({ commands, program }: Step): Promise<ChildResult> {
        if (program !== undefined) writeFileSync(join(folder, "shop", "index.ts"), program);
        const child = start(commands);
        if (!commands.includes("pulumi-digicert simulator")) return child.done;
        await child.waitForLine(/Ctrl-C stops it/);
        return { exitCode: 0, signal: null, timedOut: false, stdout: "", stderr: "", output: child.output };
    }

    it("has steps, each with commands, and one program", () => {
        assert.ok(steps.length >= 7);
        assert.equal(steps.filter(({ program }) => program !== undefined).length, 1);
        assert.deepEqual(missingLines(["a in 3 days", "2026-01-02"], "a  in 4 days\n2026-01-03"), []);
        assert.deepEqual(missingLines(["a", "b"], "b\na"), ["b"]);
    });

    for (const step of steps) {
        it(`goes on with: ${step.commands.split("\n")[0] ?? ""}`, async () => {
            const { exitCode, output } = await take(step);
            assert.equal(exitCode, 0, output);
            assert.deepEqual(missingLines(step.prints, output), [], output);
        });
    }

    it("leaves what it promised", () => {
        for (const file of ["timeline.html", "fullchain.pem", "Pulumi.dev.yaml"])
            assert.ok(existsSync(join(folder, "shop", file)), file);
    });

    it("shows settings that the CLI takes, in the other documents too", async () => {
        const settings = new Set(
            commandsIn()
                .map(({ command }) => command)
                .filter((command) => command.startsWith("pulumi config set ")),
        );
        assert.ok(settings.size > 3);
        // The value that a command asks for comes from standard input.
        const answered = [...settings].map((command) => `${command} <<< answer`).join("\n");
        const { exitCode, output } = await start(answered).done;
        assert.equal(exitCode, 0, output);
    });
});
