import assert from "node:assert/strict";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { requireCli } from "../engine/requireCli.js";
import { type RunOptions, type RunResult, type Stack } from "../engine/stack.js";
import { openExample } from "./example.js";

const DAY = 86_400_000;

describe("examples/renewals", function () {
    this.timeout(300_000);
    let simulator: Simulator;
    let stack: Stack;
    let first: number;
    let second: number;

    before(async function () {
        await requireCli(this);
        const clock = () => new Date(Date.now() - 20 * DAY);
        simulator = await startSimulator({ policy: { approval: "auto" }, clock });
        const { csrPem } = await makeKeyAndCsr({ commonName: "shop.example" });
        const names = { commonName: "shop.example", dnsNames: ["www.shop.example"] };
        ({ orderId: first } = await simulator.seedOrder(names));
        stack = await openExample({
            name: "renewals",
            simulator,
            config: { orderId: String(first), commonName: names.commonName },
        });
        await stack.run(["config", "set", "--path", "dnsNames[0]", "www.shop.example"]);
        stack.write({ "csr.pem": csrPem });
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
    });

    async function up(options: RunOptions = {}): Promise<RunResult & { asked: string[] }> {
        simulator.clearRequests();
        const result = await stack.up(options);
        const asked = simulator.requests.map(({ method, pathname }) => `${method} ${pathname.slice(12)}`);
        return { ...result, asked };
    }

    it("moves to the order that renewed its own in one up, with one POST, and no edit", async () => {
        await up();
        const before = await stack.outputs();
        ({ orderId: second } = simulator.renewInConsole(first));
        simulator.advance(15 * DAY);
        const moved = await up();
        assert.deepEqual([moved.summary?.replace, moved.summary?.create], [1, 0], moved.output);
        const posts = moved.asked.filter((line) => line.startsWith("POST"));
        assert.deepEqual(posts, [`POST /order/certificate/${second}/reissue`]);
        assert.ok(
            moved.asked.every((line) => /^(GET|POST) /.test(line)),
            "nothing happens to the old order",
        );
        assert.deepEqual([simulator.reissuePosts(first), simulator.reissuePosts(second)], [1, 1]);
        const after = await stack.outputs();
        assert.deepEqual([after.orderId, after.renewedFrom], [String(second), [String(first)]]);
        assert.equal(after.serialNumber, simulator.order(second).current.serialNumber);
        assert.notEqual(after.serialNumber, before.serialNumber);
        const old = simulator
            .order(first)
            .certificates.find((one) => one.serialNumber === before.serialNumber);
        assert.equal(old?.status, "issued", "the certificate in use stays valid");
    });

    it("has nothing to do afterwards, and reads the chain of orders @long", async () => {
        const again = await up();
        assert.equal(again.summary?.changes, 0, again.output);
        assert.deepEqual([...new Set(again.asked)].sort(), [
            `GET /order/certificate/${first}`,
            `GET /order/certificate/${second}`,
        ]);
    });

    it("stays where it is while the next renewal is not issued, and while its key may not see it @long", async () => {
        const { orderId: third } = await simulator.seedOrder({
            commonName: "shop.example",
            status: "needs_approval",
        });
        const members = (renewed_order_id: number) => ({
            kind: "replace-members" as const,
            method: "GET" as const,
            path: `/order/certificate/${second}`,
            times: 20,
            members: { renewed_order_id },
        });
        simulator.fault(members(third));
        const unissued = await up();
        assert.equal(unissued.summary?.changes, 0, unissued.output);
        simulator.clearFaults();
        simulator.fault(members(1));
        const missing = await up();
        assert.equal(missing.summary?.changes, 0, missing.output);
        assert.match(
            missing.output,
            new RegExp(`warning: order ${second}: it was renewed as order 1, which this API key cannot read`),
        );
        simulator.clearFaults();
    });

    it("moves also where the new order waits for an approver, and goes on without a POST @long", async () => {
        const { orderId: third } = simulator.renewInConsole(second);
        simulator.policy(third, { approval: "required" });
        simulator.advance(2 * DAY);
        const waiting = await up();
        assert.equal(waiting.summary?.replace, 1, waiting.output);
        assert.deepEqual([simulator.reissuePosts(second), simulator.reissuePosts(third)], [1, 1]);
        assert.equal((await stack.outputs()).status, "pending_approval");
        await simulator.approve(simulator.order(third).certificates.at(-1)?.requestId ?? 0);
        const approved = await up();
        assert.ok(approved.asked.every((line) => line.startsWith("GET ")));
        const { orderId, serialNumber, renewedFrom } = await stack.outputs();
        assert.deepEqual(
            [orderId, serialNumber, renewedFrom],
            [String(third), simulator.order(third).current.serialNumber, [first, second].map(String)],
        );
        const again = await up();
        assert.equal(again.summary?.changes, 0, again.output);
    });
});
