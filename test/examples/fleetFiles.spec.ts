import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import fc from "fast-check";
import ts from "typescript";
import { run } from "../engine/child.js";
import { cleanEnvironment } from "../engine/environment.js";
import { temporaryFolder } from "../engine/folders.js";
import { repositoryRoot } from "../engine/paths.js";

interface TableRow {
    readonly name: string;
    readonly orderId: number;
    readonly triggers?: Readonly<Record<string, string>>;
    readonly minDaysRemaining?: number;
    readonly csrFile?: string;
}

/** What `table.ts` exports. */
interface Table {
    readTable(file: string): TableRow[];
    rowsOf<Row extends { readonly orderId: number }>(rows: readonly Row[], shard: string): Row[];
}

const fleet = join(repositoryRoot, "examples", "fleet");

/** Loads `table.ts`. The build does not compile it, because an example is its user's code. */
function loadTable(): Table {
    const file = join(fleet, "table.ts");
    const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), { compilerOptions });
    const exports = {};
    compileFunction(outputText, ["exports", "require"], { filename: file })(exports, createRequire(file));
    return exports as Table;
}

/** Runs a script of the example in a folder. */
async function runScript(folder: string, script: string, ...args: readonly string[]) {
    const options = { cwd: folder, env: cleanEnvironment({}) };
    const { exitCode, output } = await run(process.execPath, [join(fleet, script), ...args], options);
    return { exitCode, output };
}

/** The files of examples/fleet by themselves, without Pulumi's CLI. */
describe("examples/fleet: table.ts", function () {
    this.timeout(60_000);
    let table: Table;
    let folder: string;
    before(() => {
        table = loadTable();
        folder = temporaryFolder("table");
        writeFileSync(join(folder, "csr.pem"), "");
    });

    function read(defaults: object, rows: readonly object[]): TableRow[] {
        const csrFile = join(folder, "csr.pem");
        const certificates = rows.map((row, index) => ({
            name: `r${index}`,
            orderId: index + 1,
            commonName: "shop.example",
            csrFile,
            ...row,
        }));
        const file = join(folder, "certificates.json");
        writeFileSync(file, JSON.stringify({ defaults, certificates }));
        return table.readTable(file);
    }

    it("adds the triggers of a row to those of the defaults; the row's own value wins", () => {
        const triggersOf = (defaults: object, row: object) => read(defaults, [row])[0]?.triggers;
        const revoked = { triggers: { revocation: "2026-11-28" } };
        assert.deepEqual(triggersOf(revoked, {}), { revocation: "2026-11-28" });
        assert.deepEqual(triggersOf(revoked, { triggers: { own: "1" } }), {
            revocation: "2026-11-28",
            own: "1",
        });
        assert.deepEqual(triggersOf(revoked, { triggers: { revocation: "no" } }), { revocation: "no" });
        assert.deepEqual(triggersOf({}, { triggers: { own: "1" } }), { own: "1" });
        assert.equal(triggersOf({}, {}), undefined);
    });

    it("takes a row's own setting before that of the defaults", () => {
        const rows = read({ minDaysRemaining: 30 }, [{}, { minDaysRemaining: 45 }]);
        assert.deepEqual(
            rows.map(({ minDaysRemaining }) => minDaysRemaining),
            [30, 45],
        );
    });

    it("refuses two rows with one name, or with one order", () => {
        assert.throws(() => read({}, [{}, { name: "r0" }]), /row 2, name: r0 is in row 1 already/);
        assert.throws(() => read({}, [{}, { orderId: 1 }]), /row 2, orderId: 1 is in row 1 already/);
    });

    it("puts each row into exactly one part, whatever the order of the rows", () => {
        const ids = fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 40 }));
        fc.assert(
            fc.property(ids, fc.integer({ min: 1, max: 12 }), (orderIds, parts) => {
                const rows = orderIds.map((orderId) => ({ orderId }));
                const shards = Array.from({ length: parts }, (_, index) => `${index + 1}/${parts}`);
                const divided = shards.map((shard) => table.rowsOf(rows, shard));
                assert.deepEqual(new Set(divided.flat()), new Set(rows));
                assert.equal(divided.flat().length, rows.length);
                const reversed = shards.map((shard) => table.rowsOf([...rows].reverse(), shard).reverse());
                assert.deepEqual(reversed, divided);
            }),
        );
    });

    it("refuses what is no part of the fleet", () => {
        for (const shard of ["", "0/5", "6/5", "2", "a/5", "1/5/9"])
            assert.throws(() => table.rowsOf([], shard), /is not a part of the fleet, such as 2\/5/, shard);
    });
});

describe("examples/fleet: addOrders.mjs", function () {
    this.timeout(60_000);
    const CSR = "-----BEGIN CERTIFICATE REQUEST-----\n";
    let folder: string;
    beforeEach(() => {
        folder = temporaryFolder("orders");
        write("certificates.json", { certificates: [{ name: "mine", orderId: 1, triggers: { own: "1" } }] });
    });

    function write(name: string, content: object): void {
        writeFileSync(join(folder, name), JSON.stringify(content));
    }
    const order = (orderId: string, commonName: string | undefined) => ({
        orderId,
        commonName,
        dnsNames: commonName === undefined ? [] : [commonName],
        signatureHash: "sha256",
        csr: CSR,
    });
    const rows = () =>
        (JSON.parse(readFileSync(join(folder, "certificates.json"), "utf8")) as { certificates: TableRow[] })
            .certificates;

    it("adds a row and a CSR for each order that the table does not have, under a name that the table takes", async () => {
        const orders = [
            order("1", "mine.example"),
            order("2", "*.shop.example"),
            order("3", "_sip.shop.example"),
            order("4", "日本.example"),
        ];
        write("orders.json", { orders, leftOut: [] });
        const { exitCode, output } = await runScript(folder, "addOrders.mjs", "orders.json");
        assert.deepEqual(
            [exitCode, output],
            [0, "3 orders were added to certificates.json, which has 4 now.\n"],
        );
        assert.deepEqual(rows()[0], { name: "mine", orderId: 1, triggers: { own: "1" } });
        const names = rows().map(({ name }) => name);
        assert.deepEqual(names, ["mine", "wildcard-shop-example-2", "sip-shop-example-3", "example-4"]);
        for (const name of names.slice(1))
            assert.equal(readFileSync(join(folder, "csr", `${name}.pem`), "utf8"), CSR);
        assert.equal((await runScript(folder, "addOrders.mjs", "orders.json")).exitCode, 0);
        assert.equal(rows().length, 4, "a second run adds nothing");
    });

    it("adds only orders that are in the second file, and names each that it could not add", async () => {
        const reason = "the order is revoked, and allows no reissue";
        write("orders.json", {
            orders: [order("2", "a.example"), order("3", "b.example"), order("4", undefined)],
            leftOut: [
                { orderId: "5", reason },
                { orderId: "6", reason },
            ],
        });
        writeFileSync(join(folder, "affected.txt"), "1\r\n3\r\n4\r\n5\r\n7");
        const { exitCode, output } = await runScript(folder, "addOrders.mjs", "orders.json", "affected.txt");
        assert.equal(exitCode, 1);
        assert.deepEqual(output.trim().split("\n"), [
            "not in the table: order 4: it has no common name",
            `not in the table: order 5: ${reason}`,
            "not in the table: order 7: the account does not list it",
            "1 orders were added to certificates.json, which has 2 now.",
        ]);
        assert.deepEqual(
            rows().map(({ orderId }) => orderId),
            [1, 3],
        );
    });

    it("leaves the table alone where init --all has failed", async () => {
        write("orders.json", { error: { message: "There is no DigiCert API key." } });
        const { exitCode, output } = await runScript(folder, "addOrders.mjs", "orders.json");
        assert.deepEqual(
            [exitCode, output],
            [2, "orders.json has no orders. There is no DigiCert API key.\n"],
        );
        assert.equal(rows().length, 1);
    });
});

describe("examples/fleet: the command line of fleet.mjs", function () {
    this.timeout(60_000);
    let folder: string;
    before(() => {
        folder = temporaryFolder("fleet");
    });
    afterEach(() => {
        assert.deepEqual(readdirSync(folder), [], "nothing is made");
    });

    it("refuses to store the API key in plain text, and does not repeat it", async () => {
        for (const setting of [
            "digicert:apiKey=0123secret",
            "apiKey=0123secret",
            "eu:digicert:APIKEY=0123secret",
        ]) {
            const args = ["up", "--stacks", "2", "--set", setting];
            const { exitCode, output } = await runScript(folder, "fleet.mjs", ...args);
            assert.equal(exitCode, 2, setting);
            assert.match(
                output,
                /^--set would store the API key in plain text\. Give it as DIGICERT_API_KEY\.$/m,
            );
            assert.doesNotMatch(output, /0123/);
        }
    });

    it("refuses what it does not understand", async () => {
        for (const args of [
            ["destroy", "--stacks", "3"],
            ["up", "--stacks", "0"],
            ["up", "now", "--stacks", "3"],
            [],
        ]) {
            const { exitCode, output } = await runScript(folder, "fleet.mjs", ...args);
            assert.equal(exitCode, 2);
            assert.match(output, /^Usage: node fleet\.mjs/m);
        }
    });
});
