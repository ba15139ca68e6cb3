import assert from "node:assert/strict";
import { type Cli, find, obtain, type Piece, pieces, type Ways } from "./obtain.js";

const home: Cli = { bin: "/home/bin/pulumi", version: "3.259.0" };
const other: Cli = { bin: "/usr/bin/pulumi", version: "3.200.0" };
const script = "pulumi-resource-pulumi-nodejs";

/** A machine: what is missing in the home folder, and which ways work. */
interface Machine {
    missing: readonly Piece[];
    path?: Cli;
    /** Files that a download brings; none = it fails. */
    downloads?: readonly Piece[];
    goProblem?: string;
}

/** Runs `obtain` on a machine, and tells what was done and said. */
async function on(machine: Machine): Promise<{ cli: Cli; done: string[]; said: string }> {
    const missing = new Set(machine.missing);
    const done: string[] = [];
    const said: string[] = [];
    const later = (act: () => void) => (): Promise<void> => Promise.resolve().then(act);
    const ways: Ways = {
        home,
        missing: () => Promise.resolve([...missing]),
        onPath: () => Promise.resolve(machine.path),
        copyScript: later(() => {
            done.push("copy");
            missing.delete(script);
        }),
        download: later(() => {
            done.push("download");
            if (machine.downloads === undefined) throw new Error("fetch failed");
            for (const piece of machine.downloads) missing.delete(piece);
        }),
        goProblem: () => Promise.resolve(machine.goProblem),
        build: (piece) => {
            done.push(`build ${piece}`);
            missing.delete(piece);
            return Promise.resolve();
        },
        alone: (work) => work(),
        say: (line) => said.push(line),
    };
    const cli = await obtain(ways);
    return { cli, done, said: said.join("\n") };
}

describe("obtain", () => {
    it("uses what is there and says so in one line", async () => {
        const { cli, done, said } = await on({ missing: [], path: other });
        assert.deepEqual([cli, done], [home, []]);
        assert.equal(said, "Pulumi CLI 3.259.0 is already there: /home/bin/pulumi");
    });

    it("completes a folder that lacks but the script, rather than to look further", async () => {
        const { cli, done } = await on({ missing: [script], path: other });
        assert.deepEqual([cli, done], [home, ["copy"]]);
    });

    it("uses the one on PATH, naming its version", async () => {
        const { cli, done, said } = await on({ missing: pieces, path: other });
        assert.deepEqual([cli, done], [other, []]);
        assert.match(said, /3\.200\.0 is on PATH/);
    });

    it("downloads, and then has nothing to build", async () => {
        assert.deepEqual((await on({ missing: pieces, downloads: pieces })).done, ["download"]);
    });

    it("downloads again where only the language host is missing", async () => {
        const missing: Piece[] = ["pulumi-language-nodejs"];
        assert.deepEqual((await on({ missing, downloads: missing })).done, ["download"]);
    });

    it("builds what is missing where the download fails, giving its reason in one line", async () => {
        const { done, said } = await on({ missing: pieces });
        assert.deepEqual(done, ["download", "build pulumi", "build pulumi-language-nodejs", "copy"]);
        assert.match(said, /^The download did not work: fetch failed$/m);
        assert.deepEqual((await on({ missing: ["pulumi"] })).done, ["download", "build pulumi"]);
    });

    it("says what to install where there is no way", async () => {
        await assert.rejects(on({ missing: pieces, goProblem: "Go is not installed" }), (error: Error) => {
            assert.match(
                error.message,
                /fetch failed.*Go is not installed.*Install the CLI.*or Go 1\.25\.11/,
            );
            return true;
        });
    });

    it("does nothing when another process was faster", async () => {
        const answers = [[...pieces], []];
        const never = (): Promise<never> => Promise.reject(new Error("not to be called"));
        const ways: Ways = {
            home,
            missing: () => Promise.resolve(answers.shift() ?? []),
            onPath: () => Promise.resolve(undefined),
            copyScript: never,
            download: never,
            goProblem: never,
            build: never,
            alone: (work) => work(),
            say: () => undefined,
        };
        assert.equal(await obtain(ways), home);
        assert.equal(await find({ ...ways, missing: () => Promise.resolve([script]) }), undefined);
    });
});
