import assert from "node:assert/strict";
import { cli } from "./harness.js";

/** The exit codes that a help text lists. */
function exitCodesIn(help: string): number[] {
    const [, list = ""] = /\nExit codes:\n((?: {2}\d {2}.*\n)+)/.exec(help) ?? [];
    return [...list.matchAll(/^ {2}(\d)/gm)].map(([, code]) => Number(code));
}

describe("the help of pulumi-digicert", () => {
    it("lists the commands; the help of each has an example, --json and its exit codes", async () => {
        const { code, out, err } = await cli(["--help"]);
        assert.deepEqual([code, err, exitCodesIn(out)], [0, "", [0, 1, 2]]);
        const [, list = ""] = /\nCommands:\n((?: {2,}\S.*\n)+)/.exec(out) ?? [];
        const names = [...list.matchAll(/^ {2}([a-z]+) /gm)]
            .map(([, name = ""]) => name)
            .filter((name) => name !== "help");
        for (const name of ["doctor", "init", "simulator"]) assert.ok(names.includes(name), name);
        for (const name of names) {
            const help = await cli([name, "--help"]);
            assert.deepEqual([help.code, help.err], [0, ""], name);
            assert.match(help.out, /^ {2}--json /m, name);
            assert.match(help.out, new RegExp(`\\nExamples:\\n {2}\\$ .*npx pulumi-digicert ${name} `), name);
            assert.deepEqual(
                help.out.split("\n").filter((line) => line.length > 80),
                [],
                name,
            );
            const codes = exitCodesIn(help.out);
            assert.deepEqual([codes[0], codes.at(-1)], [0, 2], `${name}: ${codes.join()}`);
            assert.deepEqual(await cli(["help", name]), help);
        }
    });

    it("says that no command changes anything at DigiCert, and where the API key comes from", async () => {
        assert.match((await cli(["--help"])).out, /No command changes anything at DigiCert\./);
        for (const name of ["doctor", "init"]) {
            const { out } = await cli([name, "--help"]);
            assert.match(out, /API key comes from DIGICERT_API_KEY or --key-file, never from an argument/);
            assert.doesNotMatch(out, /--api-key/);
        }
    });

    it("is printed to standard error where no command is given", async () => {
        const missing = await cli([]);
        assert.deepEqual([missing.code, missing.out], [2, ""]);
        assert.match(missing.err, /^Usage: pulumi-digicert/);
    });

    it("is offered where a command is unknown, with the nearest one that exists", async () => {
        const unknown = await cli(["docter"]);
        assert.deepEqual(
            [unknown.code, unknown.out, unknown.err],
            [2, "", "Unknown command 'docter'. Did you mean doctor? Run with --help for usage.\n"],
        );
        const json = await cli(["docter", "--json"]);
        assert.deepEqual([json.code, json.err], [2, ""]);
        assert.match(json.out, /"message": "Unknown command 'docter'\. Did you mean doctor\?/);
    });
});
