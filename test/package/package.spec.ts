import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix, relative } from "node:path";
import { run } from "../engine/child.js";
import { cleanEnvironment } from "../engine/environment.js";
import { removeFolder } from "../engine/folders.js";
import { installation, tarball } from "../engine/installation.js";
import { npm } from "../engine/npm.js";
import { writeFiles } from "../engine/program.js";

const LIMIT_BYTES = 700_000;
const LIMIT_PACKAGES = 40;
/** Modules that only a provider process and the command need. */
const HEAVY =
    /node_modules[\\/](undici|zod|pkijs|asn1js|async-mutex|fastest-levenshtein|@peculiar|find-my-way)[\\/]/;

/** A program that uses the types of every entry. */
const consumer = `
import { dcvFile, dcvRecords, DigiCertProvider, DigiCertReissue, DigiCertValidation, getOrder, getOrderOutput } from "pulumi-digicert";
import type { Order } from "pulumi-digicert";
import * as provider from "pulumi-digicert/provider";
import * as stub from "pulumi-digicert/stub";
import * as validationStub from "pulumi-digicert/stub/validation";
import { makeKeyAndCsr, startSimulator, type Fault, type OrderView, type Simulator } from "pulumi-digicert/simulator";

export const provides = [typeof provider.create, typeof stub.create, typeof validationStub.create];
export async function play(): Promise<OrderView> {
    const simulator: Simulator = await startSimulator({ policy: { approval: "auto" } });
    const rules: Fault[] = [{ kind: "lost-answer" }, { kind: "slow-headers", ms: 1 }];
    for (const rule of rules) simulator.fault({ ...rule, method: "POST", nth: 2 });
    const { csrPem: csr } = await makeKeyAndCsr({ commonName: "shop.example" });
    const { orderId } = await simulator.seedOrder({ csr, signatureHash: "sha384", product: { name_id: "ssl_basic" } });
    const { commonName, dnsNames }: Order = await getOrder({ orderId });
    const reissue = new DigiCertReissue("a", { orderId, certificate: { commonName, dnsNames, csr } });
    const dependsOn = dcvRecords(dnsNames, reissue).flatMap(({ domain, type }) => (domain === type ? [reissue] : []));
    new DigiCertValidation("a", { reissue }, { dependsOn }).fullChainPem.apply((chain: string | undefined) => chain);
    new DigiCertValidation("b", { orderId, certificate: { csr }, reissueId: dcvFile(reissue).content });
    const order = getOrderOutput({ orderId }, { provider: new DigiCertProvider("eu", { apiKey: "key" }) });
    new DigiCertReissue("b", {
        orderId: order.orderId,
        certificate: { commonName: order.commonName, dnsNames: order.dnsNames, csr },
    });
    return simulator.order(orderId);
}
// @ts-expect-error there is no such kind
export const noFault: Fault = { kind: "slow", ms: 1 };
// @ts-expect-error the parts of a simulator are its own
export const parts = (simulator: Simulator) => simulator.parts;
// @ts-expect-error an order is read by its id
export const none = getOrder({ order: 1 });
`;

interface Manifest {
    readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
    readonly scripts: Readonly<Record<string, string>>;
}

describe("the packed package", function () {
    this.timeout(180_000);
    let folder: string;
    let root: string;
    let files: readonly string[];

    before(async () => {
        ({ folder } = await installation());
        root = join(folder, "node_modules", "pulumi-digicert");
        files = readdirSync(root, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
            .filter((file) => !file.startsWith("node_modules"));
    });

    const manifest = () => JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

    /** Runs a script beside the installed package; returns its output. */
    async function print(script: string): Promise<string> {
        const options = { cwd: folder, env: cleanEnvironment(), timeoutMs: 60_000 };
        const { exitCode, output, stdout } = await run(process.execPath, ["-e", script], options);
        assert.equal(exitCode, 0, output);
        return stdout.trim();
    }

    it("holds what runs and what one reads, and nothing else", () => {
        const code = /^dist\/(provider|sdk|cli|simulator)\/.*\.(js|d\.ts)$/;
        assert.deepEqual(files.filter((file) => !code.test(file)).sort(), [
            "LICENSE",
            "README.md",
            "dist/plugin/pulumi-resource-digicert",
            "dist/plugin/pulumi-resource-digicert.cmd",
            "dist/plugin/schema.json",
            "package.json",
        ]);
        assert.deepEqual(
            files.filter((file) => /\.spec\.|\.map$/.test(file)),
            [],
        );
    });

    it("takes less than 700 kB without the simulator", () => {
        const sizes = files
            .filter((file) => !file.startsWith("dist/simulator/"))
            .map((file) => statSync(join(root, file)).size);
        const total = sizes.reduce((sum, size) => sum + size, 0);
        assert.ok(total < LIMIT_BYTES, `${total} bytes`);
    });

    it("is not minified, so that users can read what handles their API key", () => {
        const longest = files
            .filter((file) => file.endsWith(".js"))
            .flatMap((file) => readFileSync(join(root, file), "utf8").split("\n"))
            .reduce((most, { length }) => Math.max(most, length), 0);
        assert.ok(longest < 5000, `a line of ${longest} characters`);
    });

    it("has no install script, and npm warns of nothing when it is installed", async () => {
        const hooks = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare"];
        assert.deepEqual(
            hooks.filter((name) => name in manifest().scripts),
            [],
        );
        assert.deepEqual((await installation()).warnings, []);
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
        assert.deepEqual(result.problems, []);
    });

    it("has the declarations that its entries lead to, and no others", () => {
        const reached = new Set<string>();
        const visit = (file: string): void => {
            if (reached.has(file)) return;
            reached.add(file);
            const text = readFileSync(join(root, file), "utf8"); // throws if it is not in the package
            for (const [, specifier = ""] of text.matchAll(/(?:from|import\() ?"(\.[^"]+)\.js"/g))
                visit(posix.join(posix.dirname(file), `${specifier}.d.ts`));
        };
        for (const entry of Object.values(manifest().exports))
            if (typeof entry !== "string") visit(posix.normalize(entry.types));
        assert.deepEqual(files.filter((file) => file.endsWith(".d.ts")).sort(), [...reached].sort());
    });

    it("has the entries and the names that states hold", async () => {
        const names = await print(`
            const specifiers = ["stub", "stub/validation", "provider"];
            const names = specifiers.map((name) => Object.keys(require("pulumi-digicert/" + name)).sort());
            names.push(Object.keys(require("pulumi-digicert/provider").validation).sort());
            console.log(JSON.stringify(names));`);
        const methods = ["check", "configure", "create", "delete", "diff", "read", "update"];
        assert.deepEqual(JSON.parse(names), [methods, methods, [...methods, "validation"], methods]);
        const exported = await print(`console.log(Object.keys(require("pulumi-digicert")).join(" "))`);
        for (const name of [
            "DigiCertReissue",
            "DigiCertValidation",
            "dcvRecords",
            "DigiCertProvider",
            "DigiCertError",
        ])
            assert.ok(exported.split(" ").includes(name), name);
    });

    it("loads neither HTTP, schema nor X.509 code into a program, before the first order is read", async () => {
        const script = `
            require("@pulumi/pulumi");
            const before = new Set(Object.keys(require.cache));
            const { getOrder } = require("pulumi-digicert");
            const loaded = Object.keys(require.cache).filter((path) => !before.has(path));
            async function main() {
                const simulator = await require("pulumi-digicert/simulator").startSimulator();
                const { orderId } = await simulator.seedOrder();
                Object.assign(process.env, simulator.env);
                const { status } = await getOrder({ orderId });
                console.log(JSON.stringify({ loaded, status }));
                await simulator.close(); // then the process ends by itself
            }
            main();`;
        const { loaded, status } = JSON.parse(await print(script)) as { loaded: string[]; status: string };
        assert.deepEqual(
            loaded.filter((path) => HEAVY.test(path)),
            [],
        );
        assert.ok(loaded.length <= 24, loaded.join("\n"));
        assert.equal(status, "issued");
    });

    it(`adds at most ${LIMIT_PACKAGES} packages to a program that has Pulumi's SDK`, async () => {
        const args = ["ls", "--all", "--json", "--omit=peer"];
        const tree = JSON.parse(await npm(args, folder)) as Tree;
        const { "pulumi-digicert": own = {} } = tree.dependencies ?? {};
        const added = packagesIn(own);
        assert.ok(added.has("undici"), "the tree is read as it is meant");
        assert.ok(added.size <= LIMIT_PACKAGES, `${added.size}: ${[...added].join(", ")}`);
    });

    for (const moduleResolution of ["node", "node16"]) {
        it(`has types that are complete, with moduleResolution ${moduleResolution}`, async () => {
            const program = mkdtempSync(join(folder, "types-"));
            writeFiles(program, {
                "index.ts": consumer,
                "tsconfig.json": JSON.stringify({
                    compilerOptions: {
                        strict: true,
                        exactOptionalPropertyTypes: true,
                        noUncheckedIndexedAccess: true,
                        target: "ES2022",
                        lib: ["ES2023"],
                        types: [],
                        module: moduleResolution === "node" ? "commonjs" : moduleResolution,
                        moduleResolution,
                        noEmit: true,
                        // With "node", the rule above about the types in each module system finds what does not resolve.
                        skipLibCheck: moduleResolution === "node",
                    },
                    files: ["index.ts"],
                }),
            });
            const compiler = join(folder, "node_modules", "typescript", "bin", "tsc");
            const args = [compiler, "-p", program, "--listFiles"];
            const { exitCode, stdout } = await run(process.execPath, args, { cwd: folder });
            assert.equal(exitCode, 0, stdout);
            const inner = stdout.split("\n").filter((line) => HEAVY.test(line));
            assert.deepEqual(inner, [], "types of other packages are needed");
            removeFolder(program);
        });
    }
});

/** As `npm ls` prints it. */
interface Tree {
    readonly dependencies?: Readonly<Record<string, Tree>>;
}

/** Names of all packages below one; Pulumi's SDK is the program's own. */
function packagesIn({ dependencies = {} }: Tree, found = new Set<string>()): Set<string> {
    for (const [name, tree] of Object.entries(dependencies)) {
        if (name === "@pulumi/pulumi") continue;
        found.add(name);
        packagesIn(tree, found);
    }
    return found;
}
