import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { repositoryRoot } from "../engine/paths.js";

describe("the API reference", function () {
    this.timeout(120_000);

    it("documents everything that is exported, without a dead link", () => {
        const print = execFileSync("npx", ["typedoc", "--emit", "none"], {
            cwd: repositoryRoot,
            encoding: "utf8",
            stdio: "pipe",
        });
        assert.doesNotMatch(print, /warning|error/i);
    });
});
