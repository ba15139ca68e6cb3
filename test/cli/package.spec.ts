import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { installation } from "../engine/installation.js";

describe("the command in the packed package", function () {
    this.timeout(180_000);
    let folder: string;
    before(async () => {
        ({ folder } = await installation());
    });

    it("is installed as the bin pulumi-digicert", () => {
        const bin = join(folder, "node_modules", ".bin", "pulumi-digicert");
        const { version } = JSON.parse(
            readFileSync(join(folder, "node_modules", "pulumi-digicert", "package.json"), "utf8"),
        ) as { version: string };
        assert.equal(execFileSync(bin, ["--version"], { encoding: "utf8" }), `${version}\n`);
        assert.match(
            execFileSync(bin, ["doctor", "--help"], { encoding: "utf8" }),
            /^Usage: pulumi-digicert doctor/,
        );
    });

    it("is loaded neither by a program nor by the provider", () => {
        const script = `require("pulumi-digicert"); require("pulumi-digicert/provider"); require("pulumi-digicert/stub");
             console.log(JSON.stringify(Object.keys(require.cache)))`;
        const loaded = JSON.parse(
            execFileSync(process.execPath, ["-e", script], { cwd: folder, encoding: "utf8" }),
        ) as string[];
        const isOfCommand = (path: string) => /[\\/]dist[\\/]cli[\\/]|[\\/]commander[\\/]/.test(path);
        assert.ok(loaded.length > 10);
        assert.deepEqual(loaded.filter(isOfCommand), []);
    });
});
