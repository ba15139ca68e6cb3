import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readDependencies } from "../../tools/docs/dependencies.js";
import { repositoryRoot } from "../engine/paths.js";

/** Licences that let anybody use, change and pass on, and ask for no more than a notice. */
const PERMISSIVE = new Set([
    "MIT",
    "ISC",
    "0BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "Apache-2.0",
    "BlueOak-1.0.0",
]);

describe("the dependencies", () => {
    const installed = readDependencies();

    it("are locked with their hashes", () => {
        const lock = readFileSync(join(repositoryRoot, "package-lock.json"), "utf8");
        const { packages } = JSON.parse(lock) as {
            packages: Record<string, { integrity?: string; link?: boolean }>;
        };
        for (const [path, { integrity = "", link }] of Object.entries(packages)) {
            if (path !== "" && link !== true) assert.match(integrity, /^sha512-/, path);
        }
    });

    it("that users install have a reason each, and a permissive licence", () => {
        assert.ok(installed.length > 5);
        for (const { name, license, isNeeded } of installed) {
            assert.ok(isNeeded, `${name} is in no table of DESIGN.md, and no other package needs it`);
            assert.ok(PERMISSIVE.has(license), `${name}: ${license}`);
        }
    });
});
