import assert from "node:assert/strict";
import { requireCli } from "../engine/requireCli.js";
import { newStack, type RunResult, type Stack } from "../engine/stack.js";
import { cli, environmentOf } from "../cli/harness.js";
import { startSimulator, type Simulator } from "../../simulator/index.js";

const DAY = 86_400_000;
const ORDERS = 12;

describe("a program that init --all wrote, with the real CLI", function () {
    this.timeout(300_000);
    let simulator: Simulator;
    let stack: Stack;
    let ids: number[];

    before(async function () {
        await requireCli(this);
        const clock = () => new Date(Date.now() - 20 * DAY);
        simulator = await startSimulator({ policy: { approval: "auto" }, clock });
        ids = [];
        for (let index = 0; index < ORDERS; index++) {
            const seed = { commonName: `s${index}.example`, dnsNames: [`www.s${index}.example`] };
            ids.push((await simulator.seedOrder(seed)).orderId);
        }
        await simulator.seedOrder({ status: "revoked" });
        // test/cli compiles what is written.
        const env = { ...environmentOf(simulator), PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
        const written = await cli(["init", "--all"], { env });
        assert.equal(written.code, 1, written.err);
        stack = await newStack({ program: { files: { "index.ts": written.out } }, env });
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
    });

    async function up(): Promise<RunResult & { asked: string[] }> {
        simulator.clearRequests();
        const result = await stack.up();
        const asked = simulator.requests.map(({ method, pathname }) => `${method} ${pathname.slice(12)}`);
        return { ...result, asked };
    }

    it("adopts every order with GETs only, and afterwards reads the account's list alone", async () => {
        const first = await up();
        assert.equal(first.summary?.create, ORDERS + 1, first.output);
        assert.ok(first.asked.every((line) => line.startsWith("GET ")));
        assert.deepEqual((await stack.outputs()).needsAttention, []);
        const { outputs } = stack.resource("s7-example");
        assert.equal(outputs.serialNumber, simulator.order(ids[7] ?? 0).current.serialNumber);
        const again = await up();
        assert.deepEqual(
            [again.summary?.changes, again.asked],
            [0, ["GET /order/certificate"]],
            again.output,
        );
    });

    it("moves to the order that renewed one of them, without an edit, with one POST @long", async () => {
        const old = ids[3] ?? 0;
        const { orderId: renewal } = simulator.renewInConsole(old);
        simulator.advance(5 * DAY);
        const moved = await up();
        assert.equal(moved.summary?.replace, 1, moved.output);
        assert.deepEqual(
            moved.asked.filter((line) => !line.startsWith("GET ")),
            [`POST /order/certificate/${renewal}/reissue`],
        );
        const { id, outputs } = stack.resource("s3-example");
        assert.deepEqual([id, outputs.status], [String(renewal), "issued"]);
        const again = await up();
        assert.equal(again.summary?.changes, 0, again.output);
    });

    it("stays with a renewal although the list of orders does not show the renewed order any more @long", async () => {
        const [unlisted = 0, untold = 0] = [ids[3], ids[5]];
        const response = await fetch(`${simulator.baseUrl}/order/certificate`, {
            headers: { "X-DC-DEVKEY": simulator.apiKey },
        });
        const { orders, page } = (await response.json()) as { orders: { id: number }[]; page: object };
        const listed = orders
            .filter(({ id }) => id !== unlisted)
            .map((order) => (order.id === untold ? { ...order, is_renewed: undefined } : order));
        const body = { orders: listed, page: { ...page, total: listed.length } };
        const path = "/order/certificate";
        simulator.fault({ method: "GET", path, kind: "respond", status: 200, body });
        const run = await up();
        assert.equal(run.summary?.changes, 0, run.output);
        assert.deepEqual(
            [unlisted, untold].map((id) => run.asked.includes(`GET /order/certificate/${id}`)),
            [true, true],
        );
    });
});
