import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { removeFolder, temporaryFolder } from "../engine/folders.js";
import { repositoryRoot } from "../engine/paths.js";
import { writeFiles } from "../engine/program.js";

const SDK = join(repositoryRoot, "dist", "sdk", "nodejs", "index.js");
const PROGRAM = `
const { DigiCertReissue } = require(${JSON.stringify(SDK)});
try {
    new DigiCertReissue("shop", { orderId: 112233, certificate: { commonName: "shop.example", csr: "CSR" } });
} catch (error) {
    console.log(error.message);
}
`;

describe("a program that was bundled together with the package", function () {
    this.timeout(60_000);

    it("is told in one sentence to leave the package out of the bundle (operator A1)", () => {
        const folder = temporaryFolder("bundled");
        try {
            writeFiles(folder, { "program.js": PROGRAM });
            const outfile = join(folder, "bundle.js");
            buildSync({
                entryPoints: [join(folder, "program.js")],
                outfile,
                bundle: true,
                platform: "node",
                external: ["@pulumi/pulumi"],
                nodePaths: [join(repositoryRoot, "node_modules")],
                logLevel: "silent",
            });
            const env = { ...process.env, NODE_PATH: join(repositoryRoot, "node_modules") };
            const { stdout } = spawnSync(process.execPath, [outfile], { encoding: "utf8", env });
            assert.match(
                stdout,
                /^Making the DigiCertReissue "shop": the program was bundled .*--external:pulumi-digicert.*\n$/,
            );
        } finally {
            removeFolder(folder);
        }
    });
});

describe("a package that Pulumi's host does not find", () => {
    it("is in the troubleshooting page with each module that a state names (operator A2)", () => {
        const page = readFileSync(join(repositoryRoot, "docs", "troubleshooting.md"), "utf8");
        for (const module of ["pulumi-digicert/provider", "pulumi-digicert/stub"]) {
            assert.ok(page.includes(`Cannot find module '${module}'`), module);
        }
    });
});
