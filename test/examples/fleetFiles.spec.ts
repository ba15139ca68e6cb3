import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { compileFunction } from "node:vm";
import fc from "fast-check";
import ts from "typescript";
import { Child, run } from "../engine/child.js";
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
    const load = compileFunction(outputText, ["exports", "require"], { filename: file });
    (load as (exports: object, require: NodeJS.Require) => void)(exports, createRequire(file));
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

/**
 * In place of Pulumi's CLI. It notes each command in `commands.txt`, and does for each stack what `play.json` says. Its version is
 * one that writes the event log to a file.
 */
const CLI = `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync } = require("node:fs");
const args = process.argv.slice(2);
const after = (option) => args[args.indexOf(option) + 1];
const { stacks, ...play } = JSON.parse(readFileSync("play.json", "utf8"));
const name = after("--stack");
const { events = [], stderr = "", waits = false } = play[name] ?? {};
const note = (text) => appendFileSync("commands.txt", text + "\\n");
const verb = args[0] === "stack" ? "stack " + args[1] : args[0];
const answers = { version: "v3.200.0", "stack ls": JSON.stringify(stacks), "stack output": "{}", "stack history": "[]" };
if (verb in answers) console.log(answers[verb]);
else {
    note([verb, name].join(" "));
    if (verb === "stack select" && !stacks.some((stack) => stack.name === name)) {
        console.error("error: no stack named '" + name + "' found");
        process.exit(255);
    }
    if (verb === "up" || verb === "preview") {
        for (const event of events) appendFileSync(after("--event-log"), JSON.stringify(event) + "\\n");
        console.log("printed by " + verb);
        const end = () => setTimeout(() => process.exit(stderr === "" ? 0 : 255), 500);
        if (waits) {
            process.on("SIGINT", () => { note("SIGINT " + name); end(); });
            note("waits " + name);
            setTimeout(() => {}, 60000);
        } else {
            if (stderr !== "") console.error(stderr);
            end();
        }
    }
}
`;

describe("examples/fleet: fleet.mjs, with an imitation of Pulumi's CLI", function () {
    this.timeout(60_000);
    const stacks = ["fleet-1-of-2", "fleet-2-of-2"].map((name) => ({ name, resourceCount: 2 }));
    let folder: string;
    beforeEach(() => {
        folder = temporaryFolder("imitation");
        mkdirSync(join(folder, "bin"));
        writeFileSync(join(folder, "bin", "pulumi"), CLI, { mode: 0o755 });
    });

    function start(verb: string, play: object = {}): Child {
        writeFileSync(join(folder, "play.json"), JSON.stringify({ stacks, ...play }));
        const PATH = [join(folder, "bin"), process.env.PATH].join(delimiter);
        return new Child(process.execPath, [join(fleet, "fleet.mjs"), verb, "--stacks", "2"], {
            cwd: folder,
            env: cleanEnvironment({ PATH }),
        });
    }
    const commands = () => {
        const file = join(folder, "commands.txt");
        return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
    };
    const URN = "urn:pulumi:fleet-1-of-2::digicert-fleet::pulumi-nodejs:dynamic/digicert:Reissue::shop";
    const metadata = {
        op: "update",
        urn: URN,
        type: "pulumi-nodejs:dynamic/digicert:Reissue",
        new: { inputs: { orderId: "112233" }, outputs: { status: "issued" } },
    };
    const error = (urn: string | undefined, message: string) => ({
        diagnosticEvent: { urn, severity: "error", message: `${message}\n` },
    });

    it("names each order that failed with the reason, and tells that it goes on", async () => {
        const events = [
            { resOutputsEvent: { metadata: { ...metadata, urn: `${URN}-2` } } },
            { diagnosticEvent: { severity: "info", message: "warning: order 1: it ends\n" } },
            error(URN, "Reissuing order 112233: the order is canceled. (ERR_DIGICERT_REFUSED)"),
            { resOpFailedEvent: { metadata } },
            error(undefined, "update failed"),
        ];
        const { exitCode, output } = await start("up", { "fleet-1-of-2": { events, stderr: "failed" } }).done;
        assert.equal(exitCode, 2, output);
        assert.deepEqual(
            output
                .trim()
                .replace(/\d+:\d\d/, "0:01")
                .split("\n"),
            [
                "fleet-1-of-2: failed (logs/fleet-1-of-2.txt): 1 update, 1 failed, 1 warnings (logs/fleet-1-of-2.txt)",
                "fleet-2-of-2: done: no order",
                "failed: fleet-1-of-2: shop (order 112233): Reissuing order 112233: the order is canceled. (ERR_DIGICERT_REFUSED)",
                "0:01  all: 1 update. Not all is done: run it again, and it goes on.",
            ],
        );
    });

    it("names a row that is refused, and tells that it stops its stack", async () => {
        const events = [
            error(URN, "certificate.csr is no CSR"),
            error(URN, "csr, too"),
            error(undefined, "update failed"),
        ];
        const { exitCode, output } = await start("up", { "fleet-1-of-2": { events, stderr: "failed" } }).done;
        assert.equal(exitCode, 2, output);
        assert.match(output, /^refused: fleet-1-of-2: shop: certificate\.csr is no CSR; csr, too$/m);
        assert.match(output, /: mend what was refused, because it stops its stack, and run it again\.$/m);
    });

    it("tells that another run works on a stack", async () => {
        const stderr =
            "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end";
        const { exitCode, output } = await start("up", { "fleet-2-of-2": { stderr } }).done;
        assert.equal(exitCode, 2, output);
        assert.match(
            output,
            /^fleet-2-of-2: locked: another run works on it; `cancel` only if that run is dead: no order$/m,
        );
    });

    it("cancels its own stacks, and makes none", async () => {
        const { exitCode, output } = await start("cancel", { stacks: stacks.slice(0, 1) }).done;
        assert.equal(exitCode, 2, output);
        assert.match(output, /^fleet-2-of-2: there is no such stack: no order$/m);
        assert.deepEqual(
            commands().filter((command) => !command.startsWith("stack select")),
            ["cancel fleet-1-of-2"],
        );
    });

    it("does nothing while a stack of another name has resources", async () => {
        const others = [...stacks, { name: "organization/fleet/fleet-1-of-3", resourceCount: 7 }];
        const { exitCode, output } = await start("up", { stacks: others }).done;
        assert.equal(exitCode, 2, output);
        assert.match(
            output,
            /^Nothing was done: other stacks of the project have resources: \S*fleet-1-of-3\.$/m,
        );
        assert.deepEqual(commands(), []);
    });

    it("keeps what earlier runs have printed", async () => {
        await start("preview").done;
        await start("up").done;
        const log = readFileSync(join(folder, "logs", "fleet-1-of-2.txt"), "utf8");
        assert.match(log, /^---- preview, \d{4}-.*\nprinted by preview\n---- up, \d{4}-.*\nprinted by up$/m);
    });

    it("passes a signal on that it got alone to each stack that runs, once", async () => {
        const waits = { waits: true, stderr: "interrupted" };
        const child = start("up", { "fleet-1-of-2": waits, "fleet-2-of-2": waits });
        while (commands().filter((command) => command.startsWith("waits")).length < 2) await pause(50);
        child.kill("SIGTERM");
        const { exitCode, output } = await child.done;
        assert.equal(exitCode, 2, output);
        assert.deepEqual(
            commands()
                .filter((command) => command.startsWith("SIGINT"))
                .sort(),
            ["SIGINT fleet-1-of-2", "SIGINT fleet-2-of-2"],
        );
        assert.match(output, /^fleet-1-of-2: interrupted \(logs/m);
    });
});
