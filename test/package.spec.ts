import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { installation } from "./engine/installation.js";
import { tarball } from "./engine/tarball.js";

const HEAVY = /node_modules[\\/](undici|zod|pkijs|asn1js|async-mutex|fastest-levenshtein)[\\/]/;
const SIMULATOR = "dist/test/";

describe("the packed package", function () {
    this.timeout(180_000);
    let folder: string;
    let root: string;

    before(async () => {
        folder = await installation();
        root = join(folder, "node_modules", "pulumi-digicert");
    });

    /** Runs a script beside the installed package, and reads the JSON that it prints. */
    function run(script: string, cwd = folder): unknown {
        return JSON.parse(execFileSync(process.execPath, ["-e", script], { cwd, encoding: "utf8" }));
    }

    /** Paths in the package, with forward slashes. */
    function files(): string[] {
        return readdirSync(root, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
            .filter((file) => !file.startsWith("node_modules"));
    }

    it("holds what runs and what one reads, and nothing else", () => {
        const all = files();
        const ours = /^dist\/(provider|sdk|test\/simulator)\/.*\.(js|d\.ts)$/;
        const others = all.filter(
            (file) =>
                !ours.test(file) || (/specClient|main\.js$/.test(file) && file !== "dist/sdk/cli/main.js"),
        );
        assert.deepEqual(others.sort(), [
            "CHANGELOG.md",
            "LICENSE",
            "README.md",
            "SECURITY.md",
            "package.json",
        ]);
        assert.deepEqual(
            all.filter((file) => /\.spec\.|\.map$/.test(file)),
            [],
        );
        assert.ok(all.includes("dist/sdk/stub.js"));
    });

    it("takes less than 300 kB without the simulator", () => {
        const ours = files().filter((file) => !file.startsWith(SIMULATOR));
        const sizes = ours.map((file) => ({ file, size: statSync(join(root, file)).size }));
        const total = sizes.reduce((sum, { size }) => sum + size, 0);
        const largest = sizes.sort((one, other) => other.size - one.size).slice(0, 10);
        assert.ok(
            total < 300_000,
            `${total} bytes; the largest: ${largest.map(({ file, size }) => `${file} ${size}`).join(", ")}`,
        );
    });

    it("is as publint wants it", async () => {
        const { publint } = await import("publint");
        const data = readFileSync(await tarball());
        const buffer = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
        const { messages } = await publint({ pack: { tarball: buffer }, strict: true });
        assert.deepEqual(messages, []);
    });

    it("has the types that it says, in each module system", async () => {
        const { checkPackage, createPackageFromTarballData } = await import("@arethetypeswrong/core");
        const result = await checkPackage(createPackageFromTarballData(readFileSync(await tarball())));
        assert.ok(result.types, "it has types");
        // Before "exports", which TypeScript reads since 4.7 as "node16" and later, there were no subpaths.
        const problems = result.problems.filter(
            (problem) => !("resolutionKind" in problem && problem.resolutionKind === "node10"),
        );
        assert.deepEqual(problems, []);
    });

    it("has each declaration that its types lead to", () => {
        const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
            exports: Record<string, string | { types: string }>;
        };
        const reached = new Set<string>();
        const visit = (file: string): void => {
            if (reached.has(file)) return;
            reached.add(file);
            const text = readFileSync(join(root, file), "utf8"); // throws if it is not in the package
            for (const [, specifier = ""] of text.matchAll(/(?:from|import\() ?"(\.[^"]+)\.js"/g))
                visit(posix.join(posix.dirname(file), `${specifier}.d.ts`));
        };
        for (const entry of Object.values(exports))
            if (typeof entry !== "string") visit(posix.normalize(entry.types));
        assert.ok(reached.size > 4, [...reached].join(", "));
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
        assert.ok(loaded.length <= 10, loaded.join("\n"));
    });

    it("adds at most 25 packages to a program that has Pulumi's SDK", () => {
        const lock = JSON.parse(readFileSync(join(folder, "node_modules", ".package-lock.json"), "utf8")) as {
            packages: Record<string, LockedPackage>;
        };
        const added = closure(lock.packages, "node_modules/pulumi-digicert");
        added.delete("node_modules/pulumi-digicert");
        assert.ok(
            [...added].some((place) => place.endsWith("node_modules/undici")),
            "the lock is read as it is meant",
        );
        assert.ok(added.size <= 25, `${added.size}: ${[...added].join(", ")}`);
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

/** A package as npm's lock has it. */
interface LockedPackage {
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly optionalDependencies?: Readonly<Record<string, string>>;
    readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Everything that a package brings along, by its place; peers count if they are there, Pulumi's SDK does not. */
function closure(packages: Readonly<Record<string, LockedPackage>>, place: string): Set<string> {
    const reached = new Set<string>();
    const visit = (at: string): void => {
        if (reached.has(at)) return;
        reached.add(at);
        const { dependencies, optionalDependencies, peerDependencies } = packages[at] ?? {};
        for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
            const found = name === "@pulumi/pulumi" ? undefined : nearest(packages, at, name);
            if (found !== undefined) visit(found);
        }
    };
    visit(place);
    return reached;
}

/** Where Node finds a package: in the folder's own `node_modules`, else in those above. */
function nearest(
    packages: Readonly<Record<string, LockedPackage>>,
    from: string,
    name: string,
): string | undefined {
    for (let above = from; ; above = dirname(above)) {
        const place = above === "." ? `node_modules/${name}` : `${above}/node_modules/${name}`;
        if (place in packages) return place;
        if (above === ".") return undefined;
    }
}
