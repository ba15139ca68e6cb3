import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { parse } from "yaml";
import { CertCentral } from "../../provider/core/certcentral/client.js";
import { PluginProvider, type Diff } from "../../provider/plugin/provider.js";
import type { Bag } from "../../provider/plugin/values.js";
import { temporaryFolder } from "../engine/folders.js";
import { repositoryRoot } from "../engine/paths.js";
import {
    makeKeyAndCsr,
    startSimulator,
    type FaultRule,
    type OrderSeed,
    type Simulator,
} from "../../simulator/index.js";
import { compile } from "../docs/compile.js";
import { PLUGINS } from "../plugin/programs.js";
import { cli, environmentOf, type Outcome } from "./harness.js";

const DAY = 86_400_000;

describe("pulumi-digicert init", function () {
    this.timeout(60_000);
    let simulator: Simulator;
    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.close());
    beforeEach(() => {
        simulator.clearFaults();
        simulator.clearRequests();
    });

    async function init(seed: OrderSeed, ...args: readonly string[]): Promise<Outcome & { orderId: number }> {
        const { orderId } = await simulator.seedOrder(seed);
        const outcome = await cli(["init", String(orderId), ...args], { env: environmentOf(simulator) });
        assert.ok(simulator.requests.every(({ method }) => method === "GET"));
        return { ...outcome, orderId };
    }

    it("writes programs that compile, in both languages, with and without the CSR in them", async () => {
        const names = Array.from({ length: 30 }, (_, number) => `n${number}.shop.example`);
        const programs: Record<string, string> = {};
        const csrFile = join(temporaryFolder("csr"), "shop.csr");
        writeFileSync(csrFile, (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem);
        const seeds: [name: string, seed: OrderSeed, args: string[]][] = [
            ["plain.ts", {}, []],
            ["plain.js", {}, ["--language", "js"]],
            ["file.ts", {}, ["--csr", csrFile]],
            ["file.js", {}, ["--csr", csrFile, "--language", "js"]],
            [
                "long.ts",
                {
                    commonName: "*.shop.example",
                    dnsNames: names,
                    signatureHash: "sha512",
                    serverPlatformId: 45,
                },
                [],
            ],
            [
                "expired.ts",
                { validFrom: new Date(Date.now() - 9 * DAY), validTill: new Date(Date.now() - DAY) },
                [],
            ],
            [
                "nameless.ts",
                { commonName: null, product: { type: "code_signing_certificate" } },
                ["--name", 'a "name"'],
            ],
        ];
        for (const [name, seed, args] of seeds) {
            const { code, out } = await init(seed, ...args);
            assert.equal(code, 0, out);
            programs[name] = out;
        }
        const broken = (programs["plain.ts"] ?? "").replace("orderId:", "orderID:");
        const written = { ...programs, "broken.ts": broken };
        const [expected, ...others] = compile(new Map(Object.entries(written)));
        assert.deepEqual(others, []);
        assert.match(expected?.message ?? "", /orderID/, "the check itself can fail");
    });

    it("leaves out the name of an organization, which no program can request", async () => {
        const product = { type: "code_signing_certificate" };
        const { code, out } = await init({ commonName: "Example, Inc.", product });
        assert.equal(code, 0, out);
        assert.doesNotMatch(out, /commonName|dnsNames/);
    });

    it("takes names, hash, platform and CSR from the order", async () => {
        const { csrPem } = await makeKeyAndCsr({ commonName: "shop.example" });
        const { out, err, orderId } = await init({
            commonName: "Shop.example",
            dnsNames: ["www.shop.example", "münchen.example"],
            csr: csrPem,
            signatureHash: "sha384",
            serverPlatformId: 45,
            policy: { reportedCsr: "bare" },
        });
        assert.equal(err, "");
        assert.match(out, /new DigiCertReissue\("shop-example", \{/);
        assert.ok(out.includes(`    orderId: ${orderId},\n`));
        assert.match(out, /commonName: "shop\.example",/);
        assert.match(out, /dnsNames: \["shop\.example", "www\.shop\.example", "xn--mnchen-3ya\.example"\],/);
        assert.match(out, /signatureHash: "sha384",\n {8}serverPlatform: \{ id: 45 \},/);
        assert.ok(out.includes(`csr: \`${csrPem}\`,\n`), out);
        assert.match(
            out,
            /adopts the current certificate, without a reissue\.[^]*\n {4}adoptExisting: true,\n/,
        );
    });

    it("leaves out inputs that have their default", async () => {
        const { out } = await init({});
        assert.doesNotMatch(out, /signatureHash|serverPlatform/);
    });

    for (const form of ["without-root", "reversed"] as const) {
        it(`reads names that the order does not report from the certificate, in a bundle that is ${form}`, async () => {
            simulator.fault({ path: "/certificate/:id/download/format/:format", kind: "certificates", form });
            const { out } = await init({
                dnsNames: ["a.shop.example"],
                policy: { omitFromReads: ["dns_names"] },
            });
            assert.match(out, /dnsNames: \["shop\.example", "a\.shop\.example"\]/);
        });
    }

    it("writes a program without adoptExisting for a revoked certificate, and says why in it", async () => {
        const { orderId } = await simulator.seedOrder();
        const [certificate] = simulator.order(orderId).certificates;
        simulator.revoke(certificate?.certificateId ?? 0);
        const { code, out } = await cli(["init", String(orderId)], { env: environmentOf(simulator) });
        assert.equal(code, 0);
        assert.match(
            out,
            /The certificate is revoked and cannot be adopted, so the first `pulumi up` requests a reissue\.\n {4}\/\/ adoptExisting: true,/,
        );
    });

    const refused: Record<string, { seed: OrderSeed; says: RegExp }> = {
        "an order that has ended": {
            seed: { status: "revoked" },
            says: /the order is revoked, and allows no reissue\. Place a new order .*\(ERR_DIGICERT_REFUSED\)/,
        },
        "an order that is not issued": {
            seed: { status: "needs_approval" },
            says: /the order is needs_approval, and no certificate was issued yet\. Run the command again once .*\(ERR_DIGICERT_REFUSED\)/,
        },
        "an order without a CSR": {
            seed: { policy: { omitFromReads: ["csr"] } },
            says: /DigiCert reports no CSR\. Name the file .* with --csr/,
        },
    };
    for (const [what, { seed, says }] of Object.entries(refused)) {
        it(`refuses ${what}`, async () => {
            const { code, out, err } = await init(seed);
            assert.deepEqual([code, out], [2, ""]);
            assert.match(err, says);
        });
    }

    it("names the order that renewed one that has ended", async () => {
        simulator.fault({
            path: "/order/certificate/:id",
            kind: "replace-members",
            members: { renewed_order_id: 445566 },
        });
        const { code, err } = await init({ status: "revoked" });
        assert.equal(code, 2);
        assert.match(
            err,
            /allows no reissue\. It was renewed as order 445566: run the command with that id\. \(ERR_DIGICERT_REFUSED\)/,
        );
    });

    it("keeps every text of a server inside its quotes or its comment", async () => {
        const { orderId } = await simulator.seedOrder();
        const certificate = {
            id: 1,
            common_name: 'x", evil(), "\n`${evil()}`',
            dns_names: ["`${evil()}`", "*/ evil() /*\nevil()"],
            csr: (await makeKeyAndCsr({ commonName: "x" })).csrPem,
            status: "issued",
            // A date, as JavaScript reads them.
            valid_till: "2020-01-01 (\nevil();)",
        };
        const fault: FaultRule = {
            path: `/order/certificate/${orderId}`,
            kind: "replace-members",
            members: { certificate },
        };
        simulator.fault(fault);
        const { code, out } = await cli(["init", String(orderId)], { env: environmentOf(simulator) });
        assert.equal(code, 0);
        const source = ts.createSourceFile("program.ts", out, ts.ScriptTarget.ES2022, true);
        let calls = 0;
        const visit = (node: ts.Node): void => {
            if (ts.isCallExpression(node) || ts.isTemplateExpression(node)) calls += 1;
            ts.forEachChild(node, visit);
        };
        visit(source);
        assert.deepEqual([calls, source.statements.length], [0, 3], out);
    });

    /** What `pulumi import` makes of an order: the inputs of its program, and the diff of that program. */
    async function imported(orderId: number): Promise<{ inputs: Bag; diff: Diff }> {
        const provider = new PluginProvider({
            now: () => new Date(),
            elapsed: () => performance.now(),
            sleep: () => Promise.resolve(),
            connect: (settings) => Promise.resolve(new CertCentral(settings)),
            env: environmentOf(simulator),
        });
        const subject = { urn: "urn:pulumi:dev::test::digicert:index:Reissue::shop", id: String(orderId) };
        const none = { values: {}, secrets: new Set<string>() };
        const { inputs, outputs } = await provider.read(subject, none, none);
        const checked = await provider.check(subject.urn, none, inputs);
        return { inputs: inputs.values, diff: await provider.diff(subject, outputs, checked.inputs) };
    }

    describe("for YAML", () => {
        interface Project {
            readonly resources: { readonly certificate: { readonly properties: Bag } };
        }

        it("writes a whole project, with the inputs that pulumi import reads, and adopts the certificate", async () => {
            const { csrPem: csr } = await makeKeyAndCsr({ commonName: "shop.example" });
            const seed: OrderSeed = { csr, dnsNames: ["www.shop.example"], signatureHash: "sha384" };
            const { code, out, err, orderId } = await init(seed, "--language", "yaml");
            assert.deepEqual([code, err], [0, ""]);
            const { resources, ...project } = parse(out) as Project;
            const { inputs } = await imported(orderId);
            assert.deepEqual(resources, {
                certificate: {
                    type: "digicert:Reissue",
                    name: "shop-example",
                    properties: { ...inputs, adoptExisting: true },
                },
            });
            assert.deepEqual(project, {
                name: "shop-example",
                runtime: "yaml",
                plugins: PLUGINS,
                outputs: {
                    status: "${certificate.status}",
                    validTill: "${certificate.validTill}",
                    certificatePem: "${certificate.certificatePem}",
                    chainPem: "${certificate.chainPem}",
                },
            });
        });

        it("lets the program read the CSR from a file, and adopts no certificate that is revoked", async () => {
            const { csrPem } = await makeKeyAndCsr({ commonName: "shop.example" });
            const csr = join(temporaryFolder("csr"), "a $ sign.csr");
            writeFileSync(csr, csrPem);
            const { orderId } = await simulator.seedOrder({ csr: csrPem, serverPlatformId: 45 });
            simulator.revoke(simulator.order(orderId).current.certificateId);
            const args = ["init", String(orderId), "--language", "yaml", "--csr", csr];
            const { out } = await cli(args, { env: environmentOf(simulator) });
            const { certificate, adoptExisting } = (parse(out) as Project).resources.certificate.properties;
            assert.deepEqual(certificate, {
                commonName: "shop.example",
                dnsNames: ["shop.example"],
                serverPlatform: { id: 45 },
                csr: { "fn::readFile": csr.replace("$", "$$$$") },
            });
            assert.equal(adoptExisting, undefined);
            assert.match(
                out,
                /# The certificate is revoked and cannot be adopted, .*\n {6}# adoptExisting: true\n/,
            );
        });

        it("keeps every text of a server inside its quotes, and lets Pulumi replace nothing in it", async () => {
            const { orderId } = await simulator.seedOrder();
            const names = ["${certificate.evil}", '"\n- evil: "', "$${evil}", "#*&!|>'%@`"];
            const { csrPem: csr } = await makeKeyAndCsr({ commonName: "x" });
            const certificate = { id: 1, common_name: "x", dns_names: names, csr, status: "issued" };
            simulator.fault({
                path: `/order/certificate/${orderId}`,
                kind: "replace-members",
                members: { certificate },
            });
            const args = ["init", String(orderId), "--language", "yaml"];
            const { code, out } = await cli(args, { env: environmentOf(simulator) });
            assert.equal(code, 0);
            const { properties } = (parse(out) as Project).resources.certificate;
            const { dnsNames } = properties.certificate as { dnsNames: string[] };
            // Pulumi reads `$$` as `$`.
            assert.deepEqual(
                dnsNames.map((name) =>
                    name.replaceAll("$$", "\0").replaceAll("${", "").replaceAll("\0", "$"),
                ),
                ["x", ...names],
            );
        });
    });

    describe("for a language whose programs pulumi import prints", () => {
        const documents = ["installation-configuration.md", "go.md"]
            .map((name) => readFileSync(join(repositoryRoot, "docs", name), "utf8"))
            .join("\n");

        /** The words of the commands, as a shell reads them. */
        function commandsOf(script: string): string[][] {
            const echo = (name: string) => `${name}() { printf '%s\\037' ${name} "$@"; echo; }\n`;
            const text = ["npm", "go", "pulumi"].map(echo).join("") + script;
            const lines = execFileSync("sh", ["-eu", "-c", text], { encoding: "utf8" }).trimEnd().split("\n");
            return lines.map((line) => line.split("\x1f").slice(0, -1));
        }

        for (const language of ["python", "go", "java", "csharp"] as const) {
            it(`prints what is needed once, and the command that imports the order: ${language}`, async () => {
                const { code, out, err, orderId } = await init({}, "--language", language);
                assert.deepEqual([code, err], [0, ""]);
                const [install = [], sdk = [], command, ...others] = commandsOf(out);
                assert.deepEqual(command, [
                    "pulumi",
                    "import",
                    "digicert:index:Reissue",
                    "shop-example",
                    String(orderId),
                    "--protect=false",
                ]);
                assert.deepEqual(others, []);
                assert.equal(sdk[0], language === "go" ? "go" : "pulumi");
                for (const documented of [install, sdk])
                    assert.ok(documents.includes(`\n${documented.join(" ")}\n`), documented.join(" "));
                const comments = out.split("\n").flatMap((line) => /^# {3}(.*)$/.exec(line)?.slice(1) ?? []);
                assert.deepEqual(parse(comments.join("\n")), { plugins: PLUGINS });
                assert.deepEqual((await imported(orderId)).diff.hasChanges, false);
            });
        }

        it("quotes a name for the shell", async () => {
            const name = "it's `evil` $(evil)";
            const { out } = await init({}, "--language", "go", "--name", name);
            assert.equal(commandsOf(out)[2]?.[3], name);
        });

        it("says that a revoked certificate is reissued by the up after the import", async () => {
            const { orderId } = await simulator.seedOrder();
            simulator.revoke(simulator.order(orderId).current.certificateId);
            const args = ["init", String(orderId), "--language", "python"];
            const { out } = await cli(args, { env: environmentOf(simulator) });
            assert.match(
                out,
                /^# The certificate is revoked, so the first `pulumi up` afterwards requests a reissue\.$/m,
            );
            const { diff } = await imported(orderId);
            assert.deepEqual(
                diff.paths.map(({ path }) => path),
                ["certificateId"],
            );
        });

        it("refuses an order without a CSR, and a file that nothing would read", async () => {
            const { code, out, err } = await init(
                { policy: { omitFromReads: ["csr"] } },
                "--language",
                "java",
            );
            assert.deepEqual([code, out], [2, ""]);
            assert.match(
                err,
                /^Importing order \d+: DigiCert reports no CSR, .* --language yaml --csr <file> does\./,
            );
            simulator.clearRequests();
            const other = await init({}, "--language", "go", "--csr", "shop.csr");
            assert.deepEqual([other.code, simulator.requests], [2, []]);
            assert.match(
                other.err,
                /^--csr needs a program that reads the file; pulumi import takes the CSR from DigiCert\./,
            );
        });

        it("prints the commands as JSON too", async () => {
            const { out, orderId } = await init({}, "--language", "csharp", "--json");
            const { program, ...facts } = JSON.parse(out) as Record<string, unknown>;
            assert.deepEqual(facts, {
                orderId: String(orderId),
                name: "shop-example",
                language: "csharp",
                commonName: "shop.example",
                dnsNames: ["shop.example"],
                notes: [],
            });
            assert.match(String(program), /^pulumi import /m);
        });
    });

    describe("with --csr", () => {
        /** Makes a file, and returns its path. */
        function file(name: string, content: string | Buffer): string {
            const path = join(temporaryFolder("csr"), name);
            writeFileSync(path, content);
            return path;
        }

        it("lets the program read the file", async () => {
            const { csrPem } = await makeKeyAndCsr({ commonName: "shop.example" });
            const csr = file("shop.csr", csrPem);
            const { code, out, err } = await init({ csr: csrPem }, "--csr", csr);
            assert.deepEqual([code, err], [0, ""]);
            assert.ok(out.includes(`csr: readFileSync(${JSON.stringify(csr)}, "utf8"),`), out);
        });

        it("notes that the file has another key than the certificate", async () => {
            const [first, second] = await Promise.all(
                [1, 2].map(() => makeKeyAndCsr({ commonName: "shop.example" })),
            );
            const { code, err } = await init(
                { csr: first?.csrPem ?? "" },
                "--csr",
                file("other.csr", second?.csrPem ?? ""),
            );
            assert.equal(code, 0);
            assert.match(err, /^Note: .*other\.csr has another key than the certificate of the order/);
        });

        const { privateKey: weakKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
        const secret = weakKey.export({ format: "pem", type: "pkcs8" }) as string;
        const unreadable: Record<string, { content: (pem: string) => string | Buffer; says: RegExp }> = {
            "an empty file": { content: () => "", says: /is empty\./ },
            "UTF-16 text": {
                content: (pem) => Buffer.from(`\uFEFF${pem}`, "utf16le"),
                says: /is UTF-16/,
            },
            "UTF-16 text without a byte order mark": {
                content: (pem) => Buffer.from(pem, "utf16le"),
                says: /is UTF-16/,
            },
            "a CSR in DER form": {
                content: (pem) => Buffer.from(pem.replace(/-----.*-----|\s/g, ""), "base64"),
                says: /is binary DER/,
            },
            "a CSR with escaped line ends": {
                content: (pem) => pem.replaceAll("\n", "\\n"),
                says: /has its line ends written out/,
            },
            "a private key": {
                content: () => secret,
                says: /\.csr [a-z].*\. Name a file that holds a CSR as PEM\./,
            },
            "another text": {
                content: () => "odd",
                says: /\.csr [a-z].*\. Name a file that holds a CSR as PEM\./,
            },
        };
        for (const [what, { content, says }] of Object.entries(unreadable)) {
            it(`refuses ${what}, says what it is, and makes no request`, async () => {
                const { csrPem } = await makeKeyAndCsr({ commonName: "shop.example" });
                const { code, out, err } = await init(
                    { csr: csrPem },
                    "--csr",
                    file("shop.csr", content(csrPem)),
                );
                assert.deepEqual([code, out, simulator.requests], [2, "", []]);
                assert.match(err, /^Reading the CSR \(--csr\): \S*shop\.csr /);
                assert.match(err, says);
                assert.ok(!err.includes(secret.slice(40, 60)));
            });
        }

        it("refuses a file that does not exist", async () => {
            const { code, out, err } = await init({}, "--csr", "nowhere.csr");
            assert.deepEqual([code, out], [2, ""]);
            assert.match(err, /^Reading the CSR \(--csr\): nowhere\.csr does not exist\./);
        });
    });

    describe("with --out", () => {
        it("overwrites a file with --force alone", async () => {
            const file = join(temporaryFolder("out"), "index.ts");
            const first = await init({}, "--out", file);
            assert.deepEqual([first.code, first.out, first.err], [0, "", `Wrote ${file}.\n`]);
            const text = readFileSync(file, "utf8");
            assert.match(text, /adoptExisting/);
            simulator.clearRequests();
            const second = await init({}, "--out", file);
            assert.deepEqual([second.code, second.out], [2, ""]);
            assert.match(second.err, /index\.ts: the file exists\. .*--force/);
            assert.deepEqual([readFileSync(file, "utf8"), simulator.requests], [text, []]);
            const link = `${file}.link`;
            symlinkSync(`${file}.gone`, link);
            assert.match(
                (await init({}, "--out", link)).err,
                /link: the file exists/,
                "a link to a missing file shows only in the write",
            );
            const third = await init({}, "--out", file, "--force");
            assert.equal(third.code, 0);
            assert.ok(readFileSync(file, "utf8").includes(String(third.orderId)));
        });

        it("says why a file cannot be written", async () => {
            const file = join(temporaryFolder("out"), "none", "index.ts");
            const { code, err } = await init({}, "--out", file);
            assert.equal(code, 2);
            assert.match(err, /^Writing .*index\.ts: the path does not exist\. Name another/);
        });
    });

    it("prints the program and what it was made from as JSON", async () => {
        const { orderId, out, code } = await init(
            { dnsNames: ["a.shop.example"] },
            "--base-url",
            simulator.baseUrl,
            "--json",
        );
        const { program, notes, ...facts } = JSON.parse(out) as Record<string, unknown>;
        assert.equal(code, 0);
        assert.deepEqual(facts, {
            orderId: String(orderId),
            name: "shop-example",
            language: "ts",
            commonName: "shop.example",
            dnsNames: ["shop.example", "a.shop.example"],
            adoptExisting: true,
        });
        assert.match(String(program), /^import \{ DigiCertReissue \}/);
        assert.deepEqual(notes, [
            `set the same for the stack: pulumi config set digicert:baseUrl ${simulator.baseUrl}`,
        ]);
    });
});
