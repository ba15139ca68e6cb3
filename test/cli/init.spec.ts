import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { temporaryFolder } from "../engine/folders.js";
import {
    makeKeyAndCsr,
    startSimulator,
    type FaultRule,
    type OrderSeed,
    type Simulator,
} from "../../simulator/index.js";
import { complaints } from "./complaints.js";
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
        const { "broken.ts": expected, ...others } = complaints({ ...programs, "broken.ts": broken });
        assert.deepEqual(others, {});
        assert.match(expected ?? "", /orderID/, "the check itself can fail");
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
