import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type ChildResult } from "../engine/child.js";
import { removeFolder, temporaryFolder } from "../engine/folders.js";
import { requireCli } from "../engine/requireCli.js";
import { tarball } from "../engine/tarball.js";
import { Terminal } from "./terminal.js";
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
    let terminal: Terminal;
    let here = (text: string): string => text;

    before(async function () {
        const cli = await requireCli(this);
        this.timeout(300_000);
        const packed = await tarball();
        const [port, adminPort] = [await freePort(), await freePort()];
        // The ports of the README may be in use here.
        here = (text) =>
            text
                .replace("pulumi-digicert simulator", `$& --port ${port} --admin-port ${adminPort}`)
                .replaceAll("127.0.0.1:8443", `127.0.0.1:${port}`)
                .replaceAll("127.0.0.1:8444", `127.0.0.1:${adminPort}`);
        terminal = new Terminal({ cli, folder, packed, here });
    });
    after(async () => {
        await (terminal as Terminal | undefined)?.end();
        removeFolder(folder);
    });

    function take({ commands, program }: Step): Promise<ChildResult> {
        if (program !== undefined) writeFileSync(join(folder, "shop", "index.ts"), program);
        return terminal.run(commands);
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
            assert.deepEqual(missingLines(step.prints.map(here), output), [], output);
            // The program's types were checked once.
            if (step.program !== undefined) await terminal.run("export PULUMI_NODEJS_TRANSPILE_ONLY=true");
        });
    }

    it("leaves what it promised", () => {
        for (const file of ["timeline.html", "fullchain.pem", "Pulumi.dev.yaml"])
            assert.ok(existsSync(join(folder, "shop", file)), file);
    });
});
