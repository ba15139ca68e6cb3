import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { blocksOf } from "../docs/blocks.js";
import { Child } from "../engine/child.js";
import { repositoryRoot } from "../engine/paths.js";
import { requireCli, skipSuite } from "../engine/requireCli.js";
import { type Stack } from "../engine/stack.js";
import { openExample } from "./example.js";

interface TableRow {
    readonly name: string;
    readonly orderId: number;
    readonly triggers?: Readonly<Record<string, string>>;
}

describe("docs/bulk-revocation.md", function () {
    this.timeout(600_000);
    let simulator: Simulator;
    /** Its folder, environment and backend are those of the fleet; the stack itself stays empty. */
    let stack: Stack;

    before(async function () {
        await requireCli(this);
        const isThere = ["jq", "openssl"].every(
            (program) => spawnSync(program, ["--help"]).error === undefined,
        );
        if (!isThere) skipSuite(this, "jq and openssl");
        simulator = await startSimulator({ policy: { approval: "auto" }, rateLimit: true });
        stack = await openExample({ name: "fleet", simulator, packages: ["zod"] });
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
    });

    /** The page's blocks of commands, in their order. */
    const blocks = () => blocksOf("docs/bulk-revocation.md").filter(({ language }) => language === "sh");
    const table = () =>
        JSON.parse(readFileSync(join(stack.program, "certificates.json"), "utf8")) as {
            certificates: TableRow[];
        };

    /** Runs a block in a shell that stops at the first command that fails. */
    async function play(code: string) {
        const command = `"${process.execPath}" "${join(repositoryRoot, "dist", "cli", "main.js")}"`;
        // Two stacks take less time than five.
        const shorter = code
            .replaceAll("npx pulumi-digicert", command)
            .replaceAll("--stacks 5", "--stacks 2");
        const { exitCode, output } = await new Child("sh", ["-ec", shorter], {
            cwd: stack.program,
            env: { ...stack.env, DIGICERT_BASE_URL: simulator.baseUrl },
        }).done;
        return { exitCode, output };
    }

    async function seed(name: string): Promise<TableRow> {
        const commonName = `${name}.example`;
        const { csrPem: csr } = await makeKeyAndCsr({ commonName });
        const { orderId } = await simulator.seedOrder({ commonName, csr });
        stack.write({ [`csr/${name}.pem`]: csr });
        return { name, orderId, ...{ commonName } };
    }

    it("reissues each affected order exactly once, and no other, by its commands in their order @long", async () => {
        const [count, adopt, trigger, preview, up] = blocks().map(({ code }) => code) as [
            string,
            string,
            string,
            string,
            string,
        ];
        const managed = [await seed("managed"), { ...(await seed("triggered")), triggers: { own: "1" } }];
        const others = [await seed("affected"), await seed("unaffected")];
        const ids = [...managed, ...others].map(({ orderId }) => orderId);
        const [, , , unaffected = 0] = ids;
        const affected = ids.filter((id) => id !== unaffected);
        // The certificate of a renewed order is in use still.
        simulator.renewInConsole(others[0]?.orderId ?? 0);
        stack.write({
            "certificates.json": JSON.stringify({
                defaults: { adoptExisting: true },
                certificates: managed,
            }),
            // As an editor on Windows saves it, with a repeated line.
            "affected.txt": [...affected, affected[0], ""].join("\r\n"),
        });

        assert.equal((await play(count)).output.trim(), "3");
        const adopted = await play(adopt);
        assert.equal(adopted.exitCode, 0, adopted.output);
        assert.match(adopted.output, /^1 orders were added to certificates\.json, which has 3 now\.$/m);
        assert.match(adopted.output, /all: 3 create\.$/m);
        assert.deepEqual(
            table().certificates.map(({ orderId }) => orderId),
            affected,
        );

        assert.equal((await play(trigger)).output, "");
        assert.deepEqual(
            table().certificates.map(({ triggers }) => triggers),
            [
                { revocation: "2026-11-28" },
                { own: "1", revocation: "2026-11-28" },
                { revocation: "2026-11-28" },
            ],
        );
        simulator.clearRequests();
        const seen = await play(preview);
        assert.equal(seen.exitCode, 0, seen.output);
        assert.match(seen.output, /all: 3 update\.$/m);
        assert.deepEqual(simulator.requests, []);

        const done = await play(up);
        assert.equal(done.exitCode, 0, done.output);
        assert.deepEqual(
            ids.map((id) => simulator.committedReissues(id)),
            [1, 1, 1, 0],
        );
    });

    it("sets the trigger in the rows of the affected orders alone", async () => {
        const block = blocks().find(({ code }) => code.startsWith("jq --rawfile"));
        stack.write({
            "certificates.json": JSON.stringify({
                certificates: [
                    { name: "a", orderId: 112 },
                    { name: "b", orderId: 1122 },
                ],
            }),
            "affected.txt": "1122\r\n",
        });
        assert.deepEqual(await play(block?.code ?? ""), { exitCode: 0, output: "" });
        assert.deepEqual(table().certificates, [
            { name: "a", orderId: 112 },
            { name: "b", orderId: 1122, triggers: { revocation: "2026-11-28" } },
        ]);
    });

    it("makes a key and a CSR for each affected row, where the keys are affected", async () => {
        const block = blocks().find(({ code }) => code.includes("openssl req"));
        stack.write({
            "certificates.json": JSON.stringify({
                certificates: [
                    { name: "a", orderId: 112, commonName: "a.example" },
                    { name: "b", orderId: 113, commonName: "*.b.example", csrFile: "csr/other.pem" },
                    { name: "c", orderId: 114, commonName: "c.example" },
                ],
            }),
            "affected.txt": "112\n113\n",
            "csr/other.pem": "old",
            "csr/c.pem": "old",
        });
        const { exitCode, output } = await play(block?.code ?? "");
        assert.equal(exitCode, 0, output);
        const read = (path: string) => readFileSync(join(stack.program, "csr", path), "utf8");
        for (const file of ["a.pem", "other.pem"]) assert.match(read(file), /BEGIN CERTIFICATE REQUEST/);
        for (const file of ["a.2026-11-28.key", "b.2026-11-28.key"])
            assert.match(read(file), /BEGIN PRIVATE KEY/);
        assert.equal(read("c.pem"), "old");

        const files = ["a.2026-11-28.key", "b.2026-11-28.key", "a.pem", "other.pem"];
        const first = files.map(read);
        assert.equal((await play(block?.code ?? "")).exitCode, 0);
        assert.deepEqual(files.map(read), first, "a second run makes no other keys");
        assert.deepEqual(
            readdirSync(join(stack.program, "csr")).filter((name) => name.startsWith("new")),
            [],
        );
    });
});
