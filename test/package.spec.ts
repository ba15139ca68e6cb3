import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { installation } from "./engine/installation.js";

const HEAVY = /node_modules[\\/](undici|zod|pkijs|asn1js|async-mutex|fastest-levenshtein)[\\/]/;

describe("the packed package", function () {
    this.timeout(180_000);
    let folder: string;

    before(async () => {
        folder = await installation();
    });

    /** Runs a script beside the installed package, and reads the JSON that it prints. */
    function run(script: string, cwd = folder): unknown {
        return JSON.parse(execFileSync(process.execPath, ["-e", script], { cwd, encoding: "utf8" }));
    }

    it("holds what runs and what one reads, and nothing else", () => {
        const root = join(folder, "node_modules", "pulumi-digicert");
        const files = readdirSync(root, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => relative(root, join(entry.parentPath, entry.name)))
            .filter((file) => !file.startsWith("node_modules"));
        const others = files.filter((file) => !/^dist[\\/](provider|sdk)[\\/].*\.(js|d\.ts)$/.test(file));
        assert.deepEqual(others.sort(), [
            "CHANGELOG.md",
            "LICENSE",
            "README.md",
            "SECURITY.md",
            "package.json",
        ]);
        assert.ok(files.includes(join("dist", "sdk", "stub.js")));
    });

    it("has three entry points, and the names that states hold", () => {
        assert.deepEqual(
            run(
                `console.log(JSON.stringify(["stub", "provider"].map((name) => Object.keys(require("pulumi-digicert/" + name)).sort())))`,
            ),
            Array(2).fill(["check", "configure", "create", "delete", "diff", "read", "update"]),
        );
        const exported = run(
            `console.log(JSON.stringify(Object.keys(require("pulumi-digicert"))))`,
        ) as string[];
        for (const name of ["DigiCertReissue", "DigiCertProvider", "DigiCertError", "AmbiguousError"]) {
            assert.ok(exported.includes(name), name);
        }
    });

    it("loads neither HTTP, schema nor X.509 code into a program", () => {
        const loaded = run(`
            require("@pulumi/pulumi");
            const before = new Set(Object.keys(require.cache));
            require("pulumi-digicert");
            console.log(JSON.stringify(Object.keys(require.cache).filter((path) => !before.has(path))))`) as string[];
        assert.deepEqual(
            loaded.filter((path) => HEAVY.test(path)),
            [],
        );
        assert.ok(loaded.length <= 8, loaded.join("\n"));
    });

    it("adds at most 25 packages to a program that has Pulumi's SDK", () => {
        const { dependencies } = run(
            `const { execSync } = require("node:child_process");
             process.stdout.write(execSync("npm ls --all --json pulumi-digicert 2>/dev/null || true", { shell: "/bin/sh" }))`,
        ) as { dependencies?: Record<string, unknown> };
        assert.ok(dependencies?.["pulumi-digicert"] !== undefined);
        const ours = new Set<string>();
        const walk = (tree: { dependencies?: Record<string, object> } | undefined): void => {
            for (const [name, child] of Object.entries(tree?.dependencies ?? {})) {
                if (name === "@pulumi/pulumi") continue;
                ours.add(name);
                walk(child);
            }
        };
        walk({ dependencies: { self: dependencies["pulumi-digicert"] as object } });
        assert.ok(ours.size <= 26, [...ours].join(", "));
    });

    it("tells what requiring it takes beside Pulumi's SDK", () => {
        const time = (names: string): number =>
            run(
                `const start = process.hrtime.bigint(); ${names}; console.log(Number(process.hrtime.bigint() - start) / 1e6)`,
            ) as number;
        const median = (names: string): number =>
            [1, 2, 3].map(() => time(names)).sort((a, b) => a - b)[1] ?? 0;
        const alone = median(`require("@pulumi/pulumi")`);
        const both = median(`require("@pulumi/pulumi"); require("pulumi-digicert")`);
        // Told, not asserted: absolute times, and small ratios, are noise on a busy machine.
        console.log(
            `      require: @pulumi/pulumi ${alone.toFixed(0)} ms, with pulumi-digicert ${both.toFixed(0)} ms`,
        );
    });
});
