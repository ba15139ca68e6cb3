import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { removeFolder } from "../engine/folders.js";
import { repositoryRoot } from "../engine/paths.js";

const SDK = join(repositoryRoot, "dist", "sdk", "nodejs");

describe("a program that was bundled together with the package", () => {
    it("is told in one sentence to leave the package out of the bundle", () => {
        // A bundler leaves the code and takes it away from the stub beside it. Below dist the code finds Pulumi's SDK.
        const folder = mkdtempSync(join(repositoryRoot, "dist", "bundled-"));
        try {
            copyFileSync(join(SDK, "unsupported.js"), join(folder, "program.js"));
            const program = createRequire(join(folder, "program.js"))("./program.js") as {
                refuseUnsupported: (name: string) => void;
            };
            assert.throws(() => {
                program.refuseUnsupported("shop");
            }, /^Error: Making the DigiCertReissue "shop": the program was bundled .*--external:pulumi-digicert/);
        } finally {
            removeFolder(folder);
        }
    });
});

describe("a module that Pulumi's host does not find", () => {
    it("is in the troubleshooting page, each that a state names", () => {
        const page = readFileSync(join(repositoryRoot, "docs", "troubleshooting.md"), "utf8");
        for (const module of ["pulumi-digicert/provider", "pulumi-digicert/stub"]) {
            assert.ok(page.includes(`Cannot find module '${module}'`), module);
        }
    });
});
