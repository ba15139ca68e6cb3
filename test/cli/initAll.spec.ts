import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { temporaryFolder } from "../engine/folders.js";
import { makeKeyAndCsr, startSimulator, type OrderSeed, type Simulator } from "../../simulator/index.js";
import { compile } from "../docs/compile.js";
import { csrPem, keyPair } from "../fixtures/csr.js";
import { cli, environmentOf, type Outcome } from "./harness.js";

const DAY = 86_400_000;

/** What `--json` prints. */
interface Written {
    readonly exitCode: number;
    readonly orders: {
        orderId: string;
        commonName?: string;
        dnsNames: string[];
        csr?: string;
        csrFile?: string;
    }[];
    readonly leftOut: { orderId: string; reason: string }[];
    readonly program?: string;
    readonly notes: string[];
}

describe("pulumi-digicert init --all", function () {
    this.timeout(60_000);
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator({ pageSize: 7 });
    });
    afterEach(() => simulator.close());

    const seed = async (order: OrderSeed = {}) => String((await simulator.seedOrder(order)).orderId);

    async function init(...args: readonly string[]): Promise<Outcome> {
        simulator.clearRequests();
        const outcome = await cli(["init", "--all", ...args], { env: environmentOf(simulator) });
        assert.ok(simulator.requests.every(({ method }) => method === "GET"));
        return outcome;
    }

    async function json(...args: readonly string[]): Promise<Written> {
        const { out, code } = await init("--json", ...args);
        const written = JSON.parse(out) as Written;
        assert.equal(written.exitCode, code);
        return written;
    }

    /** The account's list, as the simulator shows it. */
    async function listOrders(): Promise<object[]> {
        const headers = { "X-DC-DEVKEY": simulator.apiKey };
        const answer = await fetch(`${simulator.baseUrl}/order/certificate`, { headers });
        return ((await answer.json()) as { orders: object[] }).orders;
    }

    /** Shows another list, so many times. */
    function answerList(orders: readonly object[], times = 1): void {
        const body = { orders, page: { total: orders.length, limit: 250, offset: 0 } };
        simulator.fault({
            method: "GET",
            path: "/order/certificate",
            times,
            kind: "respond",
            status: 200,
            body,
        });
    }

    const idsOf = (orders: readonly { orderId: string }[]) => orders.map(({ orderId }) => orderId);

    it("pages through the account, reads each order once, and writes one row for each", async () => {
        const ids: string[] = [];
        for (let index = 0; index < 20; index++) ids.push(await seed({ commonName: `s${index}.example` }));
        const { code, out, err } = await init();
        assert.equal(code, 0, err);
        assert.deepEqual(
            [...out.matchAll(/orderId: "(\d+)"/g)].map(([, id]) => id),
            ids,
        );
        const [lists, reads] = [/\/order\/certificate$/, /\/order\/certificate\/\d+$/].map(
            (path) => simulator.requests.filter(({ pathname }) => path.test(pathname)).length,
        );
        assert.deepEqual([lists, reads, simulator.requests.length], [3, 20, 23]);
        assert.match(err, /^4 of 20 orders read$/m);
        assert.match(err, /^Wrote 20 orders; 0 were left out\.$/m);
    });

    it("writes programs that compile, in both languages, with and without the CSRs, and renewals", async () => {
        const { csrPem: csr } = await makeKeyAndCsr({ commonName: "shop.example" });
        await seed({ csr, dnsNames: ["www.shop.example"], signatureHash: "sha512", serverPlatformId: 45 });
        await seed({ csr, commonName: null, product: { type: "code_signing_certificate" } });
        const folder = temporaryFolder("csrs");
        writeFileSync(join(folder, "shop.example.csr"), csr);
        const programs: Record<string, string> = {};
        for (const [name, args] of [
            ["all", []],
            ["files", ["--csr-dir", folder]],
            ["still", ["--no-follow-renewals"]],
        ] as const) {
            programs[`${name}.ts`] = (await init(...args)).out;
            const { out } = await init("--language", "js", ...args);
            assert.doesNotThrow(() => new Script(out), name);
        }
        const broken = (programs["all.ts"] ?? "").replace("adoptExisting:", "adoptexisting:");
        const written = { ...programs, "broken.ts": broken };
        const [expected, ...others] = compile(new Map(Object.entries(written)));
        assert.deepEqual(others, []);
        assert.match(expected?.message ?? "", /adoptexisting/, "the check itself can fail");
    });

    it("prints no warning of Node's, however many requests wait at a time", async () => {
        const warnings: string[] = [];
        const note = ({ name }: Error) => void warnings.push(name);
        process.on("warning", note);
        try {
            for (let index = 0; index < 60; index++) await seed({ commonName: `s${index}.example` });
            assert.equal((await init()).code, 0);
            await new Promise(setImmediate);
        } finally {
            process.off("warning", note);
        }
        assert.deepEqual(warnings, []);
    });

    it("says why for each order that is left out, on stderr and in the program, and exits with 1", async () => {
        const now = Date.now();
        const good = await seed({ commonName: "good.example" });
        const expected: [id: string, reason: RegExp][] = [
            [await seed({ status: "revoked" }), /: the order is revoked, and allows no reissue$/],
            [await seed({ status: "rejected" }), /: the order is rejected, and allows no reissue$/],
            [
                await seed({ orderValidTill: "2026-01-01", renewedOrderId: 5 }),
                /: the order ended on 2026-01-01, and was renewed, and allows no reissue$/,
            ],
            [await seed({ status: "needs_approval" }), /: .* no certificate was issued yet$/],
            [
                await seed({ policy: { orderStatus: "on_hold" } }),
                /state "on_hold", which this version does not know$/,
            ],
            [
                await seed({ validFrom: new Date(now - 40 * DAY), validTill: new Date(now - 2 * DAY) }),
                /: its certificate expired on [-\d]+, and cannot be adopted; `pulumi-digicert init \d+`/,
            ],
            [await seed({ policy: { omitFromReads: ["csr"] } }), /: DigiCert reports no CSR .*--csr-dir$/],
            [await seed({ csr: csrPem(keyPair("RSA 1024")) }), /: csr has an RSA key of 1024 bits/],
        ];
        const broken = await seed();
        simulator.fault({
            kind: "respond",
            method: "GET",
            path: `/order/certificate/${broken}`,
            status: 404,
            body: {},
        });
        expected.push([broken, /: Reading order \d+: DigiCert answered 404/]);
        const { code, out, err } = await init();
        assert.equal(code, 1);
        assert.deepEqual(
            [...out.matchAll(/orderId: "(\d+)"/g)].map(([, id]) => id),
            [good],
        );
        for (const [id, reason] of expected) {
            for (const text of [err, out]) {
                const line = text.split("\n").find((one) => one.includes(`order ${id} (`)) ?? "";
                assert.match(line, reason);
                assert.match(line, /^(Left out:|\/\/) /);
            }
        }
        assert.match(err, /^Wrote 1 orders; 9 were left out\.$/m);
    });

    it("exits with 2 and writes nothing where no order can be managed, or none matches", async () => {
        await seed({ status: "revoked" });
        const out = join(temporaryFolder("none"), "index.ts");
        const none = await init("--out", out);
        assert.deepEqual([none.code, none.out], [2, ""]);
        assert.match(none.err, /Nothing was written: none of the orders can be managed\./);
        assert.throws(() => readFileSync(out), /ENOENT/);
        const unmatched = await init("--names", "*.nowhere.example");
        assert.equal(unmatched.code, 2);
        assert.match(unmatched.err, /Nothing was written: no order matches\./);
    });

    it("ends at once where the key is not accepted", async () => {
        await seed();
        const env = { ...environmentOf(simulator), DIGICERT_API_KEY: "A".repeat(40) };
        const { code, err } = await cli(["init", "--all"], { env });
        assert.equal(code, 2);
        assert.match(err, /\(ERR_DIGICERT_AUTHENTICATION\)/);
    });

    it("takes the product, any name, and the days that are left as filters", async () => {
        const soon = new Date(Date.now() + 20 * DAY);
        const shop = await seed({
            commonName: "shop.example",
            dnsNames: ["api.München.example"],
            validTill: soon,
        });
        const wild = await seed({ commonName: "*.shop.example", validTill: new Date(Date.now() + 60 * DAY) });
        const code = await seed({
            commonName: null,
            product: { name_id: "code_signing", type: "code_signing" },
        });
        const selected = async (...args: string[]) => idsOf((await json(...args)).orders);
        assert.deepEqual(await selected(), [shop, wild, code]);
        assert.deepEqual(await selected("--product", "code_signing"), [code]);
        assert.deepEqual(await selected("--product", "code_signing, ssl_plus"), [shop, wild, code]);
        assert.deepEqual(await selected("--product", "ssl_plus,ssl_plus"), [shop, wild]);
        assert.deepEqual(await selected("--names", "shop.example"), [shop]);
        assert.deepEqual(await selected("--names", "*shop.example"), [shop, wild]);
        assert.deepEqual(await selected("--names", "nothing.example,*.münchen.example"), [shop]);
        assert.deepEqual(await selected("--names", "shop?example"), []);
        assert.deepEqual(await selected("--expiring-in", "30"), [shop]);
        assert.deepEqual(await selected("--expiring-in", "61", "--product", "ssl_plus"), [shop, wild]);
        for (const days of ["-1", "soon", "1.5"]) {
            const { code: exit, err } = await init("--expiring-in", days);
            assert.equal(exit, 2);
            assert.match(err, /--expiring-in <days>.*Give a number of days/);
            assert.deepEqual(simulator.requests, []);
        }
    });

    it("lets the program read CSRs from a folder, without a request for each order", async () => {
        const folder = temporaryFolder("csrs");
        const { csrPem: csr } = await makeKeyAndCsr({ commonName: "shop.example" });
        const byId = await seed({ commonName: "a.example", csr, policy: { omitFromReads: ["csr"] } });
        const byName = await seed({ commonName: "*.b.example", csr, dnsNames: ["b.example"] });
        const missing = await seed({ commonName: "c.example" });
        const damaged = await seed({ commonName: "d.example" });
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, `${byId}.csr`), csr);
        writeFileSync(join(folder, "wildcard.b.example.pem"), csr);
        writeFileSync(join(folder, "d.example.csr"), "no CSR");
        const { orders, leftOut, program = "" } = await json("--csr-dir", folder);
        assert.equal(simulator.requests.length, 1, "the list alone");
        assert.deepEqual(idsOf(orders), [byId, byName]);
        assert.deepEqual(orders[1]?.dnsNames, ["*.b.example", "b.example"]);
        assert.ok(
            program.includes(`csr: readFileSync(${JSON.stringify(join(folder, `${byId}.csr`))}, "utf8")`),
        );
        assert.doesNotMatch(program, /BEGIN CERTIFICATE REQUEST/);
        assert.deepEqual(idsOf(leftOut), [missing, damaged]);
        assert.match(
            leftOut[0]?.reason ?? "",
            new RegExp(`there is no ${missing}\\.csr \\(or .*c\\.example\\.pem\\) in`),
        );
        assert.match(leftOut[1]?.reason ?? "", /d\.example\.csr/);
        assert.doesNotMatch(leftOut[1]?.reason ?? "", /no CSR$/, "no content of a file is printed");
    });

    it("names resources by their common names, with the order id where several orders have the same", async () => {
        const first = await seed();
        const second = await seed();
        await seed({ commonName: "*.other.example" });
        const { program = "" } = await json();
        const names = [...program.matchAll(/ name: "(.*)"/g)].map(([, name]) => name);
        assert.deepEqual(names, [
            `shop-example-${first}`,
            `shop-example-${second}`,
            "wildcard-other-example",
        ]);
    });

    it("leaves out an order that was renewed, because the program would move to the renewal", async () => {
        const old = await seed();
        const renewal = String(simulator.renewInConsole(Number(old)).orderId);
        const waiting = await seed({ renewedOrderId: Number(await seed({ status: "pending" })) });
        const { orders, leftOut } = await json();
        assert.deepEqual(idsOf(orders).sort(), [renewal, waiting].sort());
        const reads = simulator.requests.filter(({ pathname }) => pathname.endsWith(`/${waiting}`));
        assert.equal(reads.length, 1, "an order that was read for its renewal is not read again");
        const reason = leftOut.find(({ orderId }) => orderId === old)?.reason;
        assert.equal(reason, `it was renewed as order ${renewal}, which takes its place`);
        const { orders: all, program = "" } = await json("--no-follow-renewals");
        assert.deepEqual(idsOf(all).sort(), [old, renewal, waiting].sort());
        assert.doesNotMatch(program, /getOrder/);
        assert.match(program, /adoptExisting: true/);
    });

    it("leaves out a renewed order also where the list does not show which were renewed", async () => {
        const old = await seed();
        const renewal = String(simulator.renewInConsole(Number(old)).orderId);
        answerList((await listOrders()).map((order) => ({ ...order, is_renewed: undefined })));
        const { orders, leftOut } = await json();
        assert.deepEqual([idsOf(orders), idsOf(leftOut)], [[renewal], [old]]);
    });

    it("leaves out an order that shows the certificate of a pending reissue, which cannot be adopted", async () => {
        const id = await seed({ policy: { certificateWhilePending: "pending" } });
        await simulator.reissueInConsole(Number(id), { pending: "approval" });
        const { orders, leftOut } = await json();
        assert.deepEqual(orders, []);
        assert.match(
            leftOut[0]?.reason ?? "",
            /is reissue_pending, and it shows a certificate that is not issued/,
        );
        const single = await cli(["init", id], { env: environmentOf(simulator) });
        assert.deepEqual([single.code, single.out], [2, ""]);
        assert.match(single.err, /Run the command again once the order is issued/);
    });

    it("says of a renewed order that its renewal has no row either, where that was left out or not selected", async () => {
        const soon = { validTill: new Date(Date.now() + 20 * DAY) };
        const old = await seed(soon);
        const renewal = String(simulator.renewInConsole(Number(old)).orderId);
        const reasonOf = (written: Written) => written.leftOut.find(({ orderId }) => orderId === old)?.reason;
        assert.equal(
            reasonOf(await json("--expiring-in", "30")),
            `it was renewed as order ${renewal}, which was not selected`,
        );
        simulator.policy(Number(renewal), { omitFromReads: ["csr"] });
        const written = await json();
        assert.deepEqual([idsOf(written.orders), idsOf(written.leftOut)], [[], [old, renewal]]);
        assert.equal(reasonOf(written), `it was renewed as order ${renewal}, which is left out too`);
    });

    it("lists an order once where two products list it", async () => {
        const id = await seed();
        answerList(
            (await listOrders()).map((order) => ({ ...order, product: undefined })),
            2,
        );
        assert.deepEqual(idsOf((await json("--product", "ssl_plus,ssl_basic")).orders), [id]);
    });

    it("keeps within an enforced quota, and tells the time that is left", async () => {
        const limited = await startSimulator({ rateLimit: true, pageSize: 12 });
        try {
            const { csrPem: csr } = await makeKeyAndCsr({ commonName: "shop.example" });
            for (let index = 0; index < 120; index++) await limited.seedOrder({ csr });
            const { code, err } = await cli(["init", "--all"], { env: environmentOf(limited) });
            assert.equal(code, 0, err);
            assert.deepEqual(
                limited.requests.filter(({ status }) => status !== 200),
                [],
            );
            assert.match(err, /^120 of 120 orders listed$/m);
            assert.match(err, /^24 of 120 orders read, 5 s left$/m);
        } finally {
            await limited.close();
        }
    });

    for (const args of [["--import"], ["--language", "python"], ["--language", "yaml"]]) {
        it(`writes a file for pulumi import in place of a program, with ${args.join(" ")}`, async () => {
            const ids = [await seed({ commonName: "a.example" }), await seed({ commonName: "b.example" })];
            await seed({ status: "revoked" });
            const { code, out, err } = await init(...args);
            assert.equal(code, 1);
            assert.deepEqual(JSON.parse(out), {
                resources: [
                    { type: "digicert:index:Reissue", name: "a-example", id: ids[0] },
                    { type: "digicert:index:Reissue", name: "b-example", id: ids[1] },
                ],
            });
            assert.match(
                err,
                /^Note: pulumi import --file <file> --protect=false takes the orders over, and prints the program; /m,
            );
        });
    }

    it("prints what a server says on one line, and closes no comment with it", async () => {
        await seed();
        await seed({ policy: { orderStatus: "odd */\n process.exit()" } });
        const { out } = await init();
        const comment = out.slice(out.indexOf("// Left out:")).trim().split("\n");
        assert.equal(comment.length, 2);
        assert.ok(comment.every((line) => line.startsWith("//")));
    });

    it("refuses options of the other form of the command, before any request", async () => {
        for (const [args, expected] of [
            [["init"], /There is no order\. Give an order id, or --all\./],
            [["init", "1", "--all"], /There are an order id and --all\./],
            [["init", "--all", "--csr", "x"], /--csr belongs to one order/],
            [["init", "--all", "--name", "x"], /--name belongs to one order/],
            [["init", "1", "--names", "x"], /--names needs --all/],
            [["init", "1", "--import"], /--import needs --all/],
            [["init", "1", "--no-follow-renewals"], /--no-follow-renewals needs --all/],
            [
                ["init", "--all", "--import", "--csr-dir", "x"],
                /--csr-dir needs a program that reads the file/,
            ],
            [["init", "--all", "--language", "go", "--csr-dir", "x"], /--csr-dir needs a program that reads/],
        ] as const) {
            const { code, err } = await cli(args, { env: environmentOf(simulator) });
            assert.equal(code, 2);
            assert.match(err, expected);
        }
        assert.deepEqual(simulator.requests, []);
    });
});
