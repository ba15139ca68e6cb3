import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../engine/child.js";
import { removeFolder, temporaryFolder } from "../engine/folders.js";
import { repositoryRoot } from "../engine/paths.js";
import { commandsIn, elsewhere, plain, setting } from "./commands.js";
import { walkBlocks } from "./walk.js";

describe("commands in the documents", function () {
    this.timeout(120_000);
    const commands = commandsIn();
    const walked = commandsIn(walkBlocks().filter(({ language }) => language === "sh"));
    const isWalked = (place: { document: string; line: number }): boolean =>
        walked.some(({ document, line }) => document === place.document && line === place.line);

    it("are found, with their place and without comments", () => {
        const block = {
            document: "a.md",
            language: "sh",
            line: 5,
            code: "one # why\n\nfor x in y; do\n  two\ndone",
        };
        assert.deepEqual(commandsIn([block]), [
            { document: "a.md", line: 5, command: "one" },
            { document: "a.md", line: 7, command: "for x in y; do\n  two\ndone" },
        ]);
        assert.ok(walked.length > 10 && commands.length > walked.length + 20);
    });

    it("are run, each of them, or it is said why not", () => {
        const unknown = commands
            .filter((place) => !isWalked(place))
            .filter(
                ({ command }) => !plain.test(command) && !setting.test(command) && !elsewhere.has(command),
            )
            .map(({ document, line, command }) => `${document}:${line} ${command}`);
        assert.deepEqual(unknown, []);
    });

    it("are run by files that exist, and none is listed that nobody shows", () => {
        const shown = new Set(commands.filter((place) => !isWalked(place)).map(({ command }) => command));
        for (const [command, account] of elsewhere) {
            assert.ok(shown.has(command), `no document shows "${command}"`);
            if ("by" in account) assert.ok(existsSync(join(repositoryRoot, account.by)), account.by);
        }
    });

    it("that need nothing else do what they say", async () => {
        const folder = temporaryFolder("commands");
        const each = new Set(commands.map(({ command }) => command).filter((command) => plain.test(command)));
        assert.ok(each.size >= 3);
        for (const command of each) {
            if (command.startsWith("mkdir shop")) continue; // the walk's
            const { exitCode, output } = await run("bash", ["-ec", command], { cwd: folder });
            assert.equal(exitCode, 0, `${command}: ${output}`);
        }
        for (const file of ["tls.key", "csr.pem", "live", "csr/shop.pem"])
            assert.ok(existsSync(join(folder, file)), file);
        removeFolder(folder);
    });
});
