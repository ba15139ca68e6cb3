import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { Child } from "../engine/child.js";
import { installEnvironment } from "../engine/environment.js";
import { removeFolder, temporaryFolder } from "../engine/folders.js";
import { developedAgainst } from "../engine/npm.js";
import { requireCli } from "../engine/requireCli.js";
import { tarball } from "../engine/installation.js";
import { blocksOf, missingLines, textOf } from "./blocks.js";

/** A block of commands with the program that is to be saved before, and what it is said to print. */
interface Step {
    readonly commands: string;
    readonly program: string | undefined;
    readonly prints: string[];
}

/** The steps of the README's "Ten minutes": a block of `ts` belongs to the commands after it, of `text` to those before. */
function readSteps(): Step[] {
    const [, rest = ""] = textOf("README.md").split("\n## Ten minutes\n");
    const [section = ""] = rest.split("\n## ");
    const steps: Step[] = [];
    let program: string | undefined;
    for (const { language, code } of blocksOf("README.md", section)) {
        if (language === "ts") program = code;
        else if (language === "text") steps.at(-1)?.prints.push(...code.split("\n"));
        else {
            assert.equal(language, "sh", "blocks are commands, their output, or the program");
            steps.push({ commands: code, program, prints: [] });
            program = undefined;
        }
    }
    return steps;
}

/** Stands in the output between two steps. */
const NEXT = "── next ──\n";

/** One script for the steps: folder and exported variables stay. The simulator goes on in the background as soon as it is ready. */
function scriptOf(steps: readonly Step[]): string {
    const lines = steps.flatMap(({ commands, program }) => [
        ...(program === undefined ? [] : [`cat > index.ts <<'EOF'\n${program}\nEOF`]),
        commands.includes("pulumi-digicert simulator")
            ? `${commands} > simulator.log 2>&1 &\nuntil grep "Ctrl-C stops it" simulator.log; do sleep 0.1; done; cat simulator.log`
            : commands,
        // The program's types were checked once.
        ...(program === undefined ? [] : ["export PULUMI_NODEJS_TRANSPILE_ONLY=true"]),
        `printf '${NEXT.replace("\n", "\\n")}'`,
    ]);
    return ["trap 'echo ── end ──; wait' EXIT", ...lines].join("\n");
}

async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
}

describe("the README, with an empty folder and nothing else", function () {
    this.timeout(600_000);
    const folder = temporaryFolder("newcomer");
    const steps = readSteps();
    let child: Child;
    let here: (text: string) => string;

    before(async function () {
        const cli = await requireCli(this);
        this.timeout(600_000);
        const packed = await tarball();
        const [port, adminPort] = [await freePort(), await freePort()];
        // The ports of the README may be in use here.
        here = (text) =>
            text
                .replace("pulumi-digicert simulator", `$& --port ${port} --admin-port ${adminPort}`)
                .replaceAll("127.0.0.1:8443", `127.0.0.1:${port}`)
                .replaceAll("127.0.0.1:8444", `127.0.0.1:${adminPort}`);
        const script = here(scriptOf(steps))
            .replace(/^(npm install.*?) pulumi-digicert(?= |$)/m, `$1 ${packed}`)
            .replaceAll(/ @pulumi\/pulumi(?= |$)/gm, `$&@${developedAgainst("@pulumi/pulumi")}`);
        child = new Child("bash", ["-e", "-o", "pipefail", "-c", script], {
            cwd: folder,
            env: installEnvironment({
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
            }),
        });
        await child.waitForLine(/^── end ──$/, 500_000);
    });
    after(async () => {
        await (child as Child | undefined)?.end();
        removeFolder(folder);
    });

    it("has steps, each with commands, and one program", () => {
        assert.ok(steps.length >= 7);
        assert.equal(steps.filter(({ program }) => program !== undefined).length, 1);
        assert.deepEqual(missingLines(["a in 3 days", "2026-01-02"], "a  in 4 days\n2026-01-03"), []);
        assert.deepEqual(missingLines(["a", "b"], "b\na"), ["b"]);
    });

    for (const [index, { commands, prints }] of steps.entries()) {
        it(`goes on with: ${commands.split("\n")[0] ?? ""}`, () => {
            const outputs = child.output.split(NEXT);
            const output = outputs[index] ?? "";
            assert.ok(index + 1 < outputs.length, `did not succeed: ${output}`);
            assert.deepEqual(missingLines(prints.map(here), output), [], output);
        });
    }

    it("leaves what it promised", () => {
        for (const file of ["timeline.html", "fullchain.pem", "Pulumi.dev.yaml"])
            assert.ok(existsSync(join(folder, "shop", file)), file);
    });
});
