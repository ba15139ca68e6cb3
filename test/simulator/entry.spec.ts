import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import * as entry from "pulumi-digicert/simulator";
import { run } from "../engine/child.js";
import { removeFolder, temporaryFolder } from "../engine/folders.js";
import { repositoryRoot } from "../engine/paths.js";
import { writeFiles } from "../engine/program.js";
import { startSimulator } from "../../simulator/index.js";

describe("pulumi-digicert/simulator", () => {
    it("is the simulator, and exports nothing that is not for users", () => {
        assert.deepEqual(Object.keys(entry).sort(), ["makeKeyAndCsr", "startSimulator"]);
        assert.equal(entry.startSimulator, startSimulator);
    });

    it("hands over the environment that a stack needs", async () => {
        const simulator = await startSimulator();
        const { orderId } = await simulator.seedOrder();
        const script = `require("pulumi-digicert").getOrder({ orderId: ${orderId} }).then((order) => console.log(order.status))`;
        const env = { PATH: process.env.PATH, ...simulator.env };
        const { stdout, output } = await run(process.execPath, ["-e", script], { cwd: repositoryRoot, env });
        assert.equal(stdout.trim(), "issued", output);
        await simulator.close();
    });

    it("says in one sentence what to install", () => {
        // The guard alone, in a package that has one of three optional peers.
        const folder = temporaryFolder("guard");
        const guard = "dist/simulator/optionalPackages.js";
        const optional = { optional: true };
        writeFiles(folder, {
            "package.json": JSON.stringify({
                peerDependencies: { here: "^1.0.0", "@not/here": "^2.1.0", neither: "^3.0.0", other: "*" },
                peerDependenciesMeta: { here: optional, "@not/here": optional, neither: optional },
            }),
            "node_modules/here/index.js": "",
            [guard]: "",
        });
        copyFileSync(join(repositoryRoot, guard), join(folder, guard));
        const script = `try { require("./${guard}"); } catch (error) { console.log(error.code, error.message); }`;
        const said = execFileSync(process.execPath, ["-e", script], { cwd: folder, encoding: "utf8" });
        assert.equal(
            said.trim(),
            "MODULE_NOT_FOUND Loading pulumi-digicert/simulator: it needs '@not/here', 'neither', which are not installed; " +
                'run npm install --save-dev "@not/here@^2.1.0" "neither@^3.0.0"',
        );
        removeFolder(folder);
    });
});
