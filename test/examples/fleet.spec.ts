import assert from "node:assert/strict";
import { blocksOf, missingLines } from "../docs/blocks.js";
import { requireCli } from "../engine/requireCli.js";
import { type Stack } from "../engine/stack.js";
import { STACK_TRACE } from "../journeys/program.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { openExample, runUp } from "./example.js";

interface TableRow {
    name: string;
    orderId: number;
    commonName: string;
    minDaysRemaining?: number;
    triggers?: Record<string, string>;
}

describe("examples/fleet", function () {
    this.timeout(300_000);
    let simulator: Simulator;
    let stack: Stack;
    let rows: TableRow[];

    before(async function () {
        await requireCli(this);
        simulator = await startSimulator({ policy: { approval: "auto" }, rateLimit: true });
        stack = await openExample({ name: "fleet", simulator, packages: ["zod"] });
        rows = await Promise.all(Array.from({ length: 12 }, (_, index) => newRow(`site-${index + 1}`)));
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
    });

    /** An order, its CSR in the program's folder, and its row. */
    async function newRow(name: string): Promise<TableRow> {
        const commonName = `${name}.example`;
        stack.write({ [`csr/${name}.pem`]: (await makeKeyAndCsr({ commonName })).csrPem });
        const { orderId } = await simulator.seedOrder({ commonName });
        return { name, orderId, commonName };
    }
    const write = (certificates: readonly object[]) => {
        stack.write({
            "certificates.json": JSON.stringify({
                defaults: { minDaysRemaining: 20, triggers: { all: "1" }, issuanceTimeoutSeconds: 600 },
                certificates,
            }),
        });
    };
    const posts = () => rows.map(({ orderId }) => simulator.reissuePosts(orderId));

    it("keeps a row's resource wherever the row is, and tells which order waits for somebody @long", async () => {
        const [first, second] = rows as [TableRow, TableRow];
        simulator.policy(second.orderId, { approval: "required" });
        first.minDaysRemaining = 40;
        first.triggers = { own: "1" };
        write(rows);
        const created = await runUp(stack, simulator);
        assert.equal(created.summary?.create, 13, created.output);
        assert.deepEqual(posts(), Array(12).fill(1));
        assert.equal(stack.resource("site-1").outputs.minDaysRemaining, 40, "the row's own");
        assert.equal(stack.resource("site-3").outputs.minDaysRemaining, 20, "the default");
        assert.equal(stack.resource("site-3").outputs.issuanceTimeoutSeconds, 600);
        assert.deepEqual(stack.resource("site-3").outputs.triggers, { all: "1" });
        assert.deepEqual(stack.resource("site-1").outputs.triggers, { all: "1", own: "1" }, "both");

        const outputs = await stack.outputs();
        const orders = outputs.orders as Record<string, { name: string; status: string; validTill: string }>;
        assert.equal(Object.keys(orders).length, 12);
        for (const { orderId, name } of rows) {
            assert.equal(orders[orderId]?.name, name);
            assert.equal(orders[orderId].status, name === second.name ? "pending_approval" : "issued");
        }
        assert.equal(orders[second.orderId]?.validTill, "no certificate yet");
        assert.match(orders[first.orderId]?.validTill ?? "", /^\d{4}-\d\d-\d\dT/);
        assert.deepEqual(outputs.needsAttention, [`site-2 (order ${second.orderId}): pending_approval`]);

        const [request] = simulator
            .order(second.orderId)
            .requests.filter(({ status }) => status === "pending");
        await simulator.approve(request?.requestId ?? 0);
        assert.equal((await runUp(stack, simulator)).posts, 0);
        assert.deepEqual((await stack.outputs()).needsAttention, []);

        const settled = await stack.outputs();
        write([...rows].reverse());
        const reordered = await runUp(stack, simulator);
        assert.deepEqual([reordered.summary?.changes, reordered.methods], [0, []], reordered.output);

        assert.deepEqual(await stack.outputs(), settled);

        const more = await newRow("site-13");
        write([more, ...rows]);
        const added = await runUp(stack, simulator);
        const { create, update, delete: removed, replace } = added.summary ?? {};
        assert.deepEqual([create, update, removed, replace, added.posts], [1, 0, 0, 0, 1], added.output);
        assert.deepEqual(posts(), Array(12).fill(1));
    });

    it("names the row and the member that are wrong, all at once, and asks for nothing @long", async () => {
        const [first, second, third] = rows as [TableRow, TableRow, TableRow];
        write([
            first,
            { ...second, orderId: String(second.orderId), skipAproval: true },
            { ...third, name: "new-site" },
        ]);
        const bad = await runUp(stack, simulator, { expectFailure: true });
        const shown = blocksOf("examples/fleet/README.md").find(({ code }) => code.includes("has mistakes"));
        const [heading = "", ...mistakes] =
            shown?.code.replace("csr/intranet.pem", "csr/new-site.pem").split("\n") ?? [];
        assert.ok(bad.output.includes(`error: ${heading}\n`), bad.output);
        assert.equal(mistakes.length, 3);
        assert.deepEqual(missingLines(mistakes, bad.output), [], bad.output);
        assert.doesNotMatch(bad.output, STACK_TRACE);
        assert.doesNotMatch(bad.output, /row 1\b/);
        assert.deepEqual(bad.methods, []);

        write([first, second, { ...third, orderId: first.orderId }]);
        const twice = await runUp(stack, simulator, { expectFailure: true });
        assert.match(twice.output, new RegExp(`row 3, orderId: ${first.orderId} is in row 1 already`));
        assert.deepEqual(twice.methods, []);
    });
});
