import assert from "node:assert/strict";
import {
    chmodSync,
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    symlinkSync,
    utimesSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { download } from "./download.js";
import { removeFolder, temporaryFolder } from "./folders.js";
import { atLeast } from "./goBuild.js";
import { withLock } from "./lock.js";
import { cliOnPath, isAcceptable, missingPieces } from "./lookup.js";
import { pieces } from "./obtain.js";
import { binFolder, cliVersion } from "./paths.js";
import { writeFiles } from "./program.js";

/** Fills a folder with stand-ins for the three files. */
function fakeCli(folder: string, version = `v${cliVersion}`, names: readonly string[] = pieces): string {
    writeFiles(folder, Object.fromEntries(names.map((name) => [name, `#!/bin/sh\necho ${version}\n`])));
    for (const name of names) chmodSync(join(folder, name), 0o755);
    return folder;
}

describe("setup", () => {
    let folder: string;
    beforeEach(() => (folder = temporaryFolder("setup")));
    afterEach(() => {
        removeFolder(folder);
    });

    describe("missingPieces", () => {
        it("names what is not there, empty, not executable, or of another version", async () => {
            assert.deepEqual(await missingPieces(folder), [...pieces]);
            assert.deepEqual(await missingPieces(fakeCli(folder)), []);
            writeFiles(folder, { "pulumi-language-nodejs": "" });
            chmodSync(join(folder, "pulumi-resource-pulumi-nodejs"), 0o644);
            fakeCli(folder, "v3.258.0", ["pulumi"]);
            assert.deepEqual(await missingPieces(folder), [...pieces]);
        });

        it("does not trip over a file for another machine", async () => {
            fakeCli(folder);
            writeFiles(folder, { pulumi: "\x7fELF of another kind" });
            assert.deepEqual(await missingPieces(folder), ["pulumi"]);
        });
    });

    describe("cliOnPath", () => {
        it("takes the first that is complete and new enough", async () => {
            const old = fakeCli(join(folder, "old"), "v3.138.9");
            const alone = fakeCli(join(folder, "alone"), "v3.200.0", ["pulumi"]);
            const good = fakeCli(join(folder, "good"), "v3.200.0");
            const path = [join(folder, "none"), old, alone, good].join(delimiter);
            assert.deepEqual(await cliOnPath(path), { bin: join(good, "pulumi"), version: "3.200.0" });
            assert.equal(await cliOnPath([old, alone].join(delimiter)), undefined);
        });

        it("passes over npm's downloader and follows a package manager's link", async () => {
            const npm = fakeCli(join(folder, "node_modules", ".bin"), "v3.200.0");
            const cellar = fakeCli(join(folder, "cellar"), "v3.201.0");
            mkdirSync(join(folder, "links"));
            symlinkSync(join(cellar, "pulumi"), join(folder, "links", "pulumi"));
            const found = await cliOnPath([npm, join(folder, "links")].join(delimiter));
            assert.equal(found?.version, "3.201.0");
        });

        it("wants 3.139 or later, but not 4", () => {
            assert.deepEqual(["3.139.0", "3.260.0-dev", "3.138.9", "4.0.0", "dev"].map(isAcceptable), [
                true,
                true,
                false,
                false,
                false,
            ]);
        });
    });

    describe("download", () => {
        const program = (body: string): string => {
            writeFiles(folder, { "run.js": body });
            return join(folder, "run.js");
        };

        it("moves what came into place and keeps what was there", async () => {
            const bin = binFolder(folder);
            fakeCli(bin, "ours", ["pulumi-language-nodejs"]);
            const fetched = `const { mkdirSync, writeFileSync } = require("node:fs");
                const bin = process.env.PULUMI_HOME + "/versions/${cliVersion}/bin";
                mkdirSync(bin, { recursive: true });
                for (const name of ["pulumi", "pulumi-language-nodejs"]) writeFileSync(bin + "/" + name, "theirs");`;
            await download(bin, ["pulumi"], program(fetched));
            assert.equal(readFileSync(join(bin, "pulumi"), "utf8"), "theirs");
            assert.match(readFileSync(join(bin, "pulumi-language-nodejs"), "utf8"), /ours/);
            assert.deepEqual(readdirSync(join(folder, "versions")), [cliVersion]);
        });

        it("gives the last line of a failure, and leaves nothing behind", async () => {
            const failing = program('console.error("Downloading…\\npulumi: fetch failed"); process.exit(1);');
            await assert.rejects(download(binFolder(folder), ["pulumi"], failing), {
                message: "pulumi: fetch failed",
            });
            assert.deepEqual(readdirSync(join(folder, "versions")), [cliVersion]);
        });
    });

    describe("withLock", () => {
        const times = { beatMs: 10, staleMs: 60 };

        it("lets one work at a time, and tells the other that it waits", async () => {
            const lock = join(folder, "lock");
            let inside = 0;
            let waited = 0;
            const work = async (): Promise<void> => {
                inside += 1;
                assert.equal(inside, 1);
                await new Promise((resume) => setTimeout(resume, 100)); // longer than staleMs: the holder shows life
                inside -= 1;
            };
            const enter = (): Promise<void> => withLock(lock, work, () => (waited += 1), times);
            await Promise.all([enter(), enter()]);
            assert.equal(waited, 1);
            assert(!existsSync(lock));
        });

        it("takes over from a process that was killed", async () => {
            const lock = join(folder, "lock");
            mkdirSync(lock);
            utimesSync(lock, new Date(0), new Date(0));
            assert.equal(
                await withLock(
                    lock,
                    () => Promise.resolve("done"),
                    () => undefined,
                    times,
                ),
                "done",
            );
        });
    });

    it("compares Go versions by number", () => {
        assert.deepEqual(
            ["1.25.11", "1.26", "1.25.9", "1.9.20", "2.0"].map((version) => atLeast(version, "1.25.11")),
            [true, true, false, false, true],
        );
    });
});
