import assert from "node:assert/strict";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import ts from "typescript";
import { temporaryFolder } from "../engine/folders.js";
import {
    makeKeyAndCsr,
    startSimulator,
    type FaultRule,
    type OrderSeed,
    type Simulator,
} from "../../simulator/index.js";
import { cli, environmentOf, type Outcome } from "./harness.js";

const DAY = 86_400_000;
const root = join(__dirname, "..", "..", "..");

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

    /** The programs, as they lie beside an installed package, that TypeScript complains about, with its last complaint. */
    function complaints(programs: Readonly<Record<string, string>>): Record<string, string> {
        const files = new Map(Object.entries(programs).map(([name, text]) => [join(root, name), text]));
        const options: ts.CompilerOptions = {
            strict: true,
            target: ts.ScriptTarget.ES2022,
            module: ts.ModuleKind.Node16,
            moduleResolution: ts.ModuleResolutionKind.Node16,
            allowJs: true,
            checkJs: true,
            skipLibCheck: true,
            noEmit: true,
            types: ["node"],
            typeRoots: [join(root, "node_modules", "@types")],
        };
        const host = ts.createCompilerHost(options);
        host.fileExists = (name) => files.has(name) || ts.sys.fileExists(name);
        host.readFile = (name) => files.get(name) ?? ts.sys.readFile(name);
        const program = ts.createProgram([...files.keys()], options, host);
        return Object.fromEntries(
            ts
                .getPreEmitDiagnostics(program)
                .map(({ file, messageText }) => [
                    basename(file?.fileName ?? ""),
                    ts.flattenDiagnosticMessageText(messageText, "\n"),
                ]),
        );
    }

    it("writes programs that compile, in both languages, with and without the CSR in them", async () => {
        const names = Array.from({ length: 30 }, (_, number) => `n${number}.shop.example`);
        const programs: Record<string, string> = {};
        const seeds: [name: string, seed: OrderSeed, args: string[]][] = [
            ["plain.ts", {}, []],
            ["plain.js", {}, ["--language", "js"]],
            ["file.ts", {}, ["--csr", "shop.csr"]],
            ["file.js", {}, ["--csr", "shop.csr", "--language", "js"]],
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
        assert.match(out, /takes the present certificate over[^]*\n {4}adoptExisting: true,\n/);
    });

    it("leaves out what is the default anyway", async () => {
        const { out } = await init({});
        assert.doesNotMatch(out, /signatureHash|serverPlatform/);
    });

    it("asks the certificate for names that the order does not tell", async () => {
        const { out } = await init({
            dnsNames: ["a.shop.example"],
            policy: { omitFromReads: ["dns_names"] },
        });
        assert.match(out, /dnsNames: \["shop\.example", "a\.shop\.example"\]/);
    });

    it("does not adopt what cannot be adopted, and says so in the program", async () => {
        const { orderId } = await simulator.seedOrder();
        const [certificate] = simulator.order(orderId).certificates;
        simulator.revoke(certificate?.certificateId ?? 0);
        const { code, out } = await cli(["init", String(orderId)], { env: environmentOf(simulator) });
        assert.equal(code, 0);
        assert.match(
            out,
            /The certificate is revoked, so .* the first `pulumi up` asks DigiCert for a reissue\.\n {4}\/\/ adoptExisting: true,/,
        );
    });

    const refused: Record<string, { seed: OrderSeed; says: RegExp }> = {
        "an order that has ended": {
            seed: { status: "revoked" },
            says: /the order is revoked, so it allows no reissue/,
        },
        "an order that is not issued": {
            seed: { status: "needs_approval" },
            says: /is needs_approval and has no issued certificate yet/,
        },
        "an order that tells no CSR": {
            seed: { policy: { omitFromReads: ["csr"] } },
            says: /tells no CSR\. Name the file .* with --csr/,
        },
    };
    for (const [what, { seed, says }] of Object.entries(refused)) {
        it(`refuses ${what}`, async () => {
            const { code, out, err } = await init(seed);
            assert.deepEqual([code, out], [2, ""]);
            assert.match(err, says);
        });
    }

    it("lets nothing that a server sends out of its quotes", async () => {
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
        it("says what is wrong with the file, and writes the program all the same", async () => {
            const folder = temporaryFolder("csr");
            const file = (name: string, text: string): string => {
                writeFileSync(join(folder, name), text);
                return join(folder, name);
            };
            const { csrPem } = await makeKeyAndCsr({ commonName: "shop.example" });
            const other = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
            const cases: [file: string, note: RegExp][] = [
                [join(folder, "none.csr"), /^Note: .*none\.csr does not exist yet/],
                [file("other.csr", other), /^Note: .*other\.csr has another key than the certificate/],
                [file("odd.csr", "odd"), /^Note: .*odd\.csr is not a CSR that can be read/],
                [file("right.csr", csrPem), /^$/],
            ];
            for (const [csr, note] of cases) {
                const { code, out, err } = await init({ csr: csrPem }, "--csr", csr);
                assert.equal(code, 0);
                assert.match(err, note);
                assert.ok(out.includes(`csr: readFileSync(${JSON.stringify(csr)}, "utf8"),`), out);
            }
        });
    });

    describe("with --out", () => {
        it("never overwrites a file, unless it is told to", async () => {
            const file = join(temporaryFolder("out"), "index.ts");
            const first = await init({}, "--out", file);
            assert.deepEqual([first.code, first.out, first.err], [0, "", `Wrote ${file}.\n`]);
            const text = readFileSync(file, "utf8");
            assert.match(text, /adoptExisting/);
            simulator.clearRequests();
            const second = await init({}, "--out", file);
            assert.deepEqual([second.code, second.out], [2, ""]);
            assert.match(second.err, /index\.ts: it exists\. .*--force/);
            assert.deepEqual([readFileSync(file, "utf8"), simulator.requests], [text, []]);
            const link = `${file}.link`;
            symlinkSync(`${file}.gone`, link);
            assert.match(
                (await init({}, "--out", link)).err,
                /link: it exists/,
                "also what only shows when it is written",
            );
            const third = await init({}, "--out", file, "--force");
            assert.equal(third.code, 0);
            assert.ok(readFileSync(file, "utf8").includes(String(third.orderId)));
        });

        it("says that a file cannot be written", async () => {
            const file = join(temporaryFolder("out"), "none", "index.ts");
            const { code, err } = await init({}, "--out", file);
            assert.equal(code, 2);
            assert.match(err, /^Writing .*index\.ts: it cannot be written \(ENOENT\)\. Name another/);
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
