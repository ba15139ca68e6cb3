import assert from "node:assert/strict";
import { requireCli, skipSuite } from "../engine/requireCli.js";
import { newStack, type Stack } from "../engine/stack.js";
import { makeKeyAndCsr, startSimulator, type KeyAndCsr, type Simulator } from "../../simulator/index.js";
import { yaml } from "./languages.js";
import { inputsOf, nodeFiles, yamlProgram } from "./programs.js";

const DOORS = {
    dynamic: 'const { DigiCertReissue: Reissue } = require("pulumi-digicert");',
    plugin: 'const { Reissue } = require("pulumi-digicert/plugin");',
} as const;

describe("a stack that moves between the dynamic resource and the plugin, with the real CLI", function () {
    this.timeout(300_000);
    let simulator: Simulator;
    let key: KeyAndCsr;
    let stack: Stack;
    let issued: number;
    let pending: number;

    const program = (door: keyof typeof DOORS) =>
        nodeFiles(`
            const pulumi = require("@pulumi/pulumi");
            ${DOORS[door]}
            const certificate = { commonName: "shop.example", csr: ${JSON.stringify(key.csrPem)} };
            class Shop extends pulumi.ComponentResource {
                constructor(name) {
                    super("test:index:Shop", name);
                    new Reissue("shop", { orderId: ${issued}, certificate }, { parent: this });
                }
            }
            new Shop("inner");
            new Reissue("open", { orderId: ${pending}, certificate });`);

    before(async function () {
        await requireCli(this);
        simulator = await startSimulator();
        key = await makeKeyAndCsr({ commonName: "shop.example" });
        const seed = async (approval: "auto" | "required") => {
            const { orderId } = await simulator.seedOrder({
                commonName: "shop.example",
                policy: { approval },
            });
            return orderId;
        };
        [issued, pending] = [await seed("auto"), await seed("required")];
        stack = await newStack({
            program: { files: program("dynamic") },
            env: {
                DIGICERT_API_KEY: simulator.apiKey,
                DIGICERT_BASE_URL: simulator.baseUrl,
                DIGICERT_POLL_SECONDS: "0.2",
            },
        });
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
    });

    async function move(door: keyof typeof DOORS) {
        stack.write(program(door));
        simulator.clearRequests();
        const run = await stack.up();
        assert.deepEqual([...new Set(simulator.requests.map(({ method }) => method))], ["GET"], run.output);
        const paths = simulator.requests.map(({ pathname }) => pathname);
        assert.ok(
            !paths.some((path) => path.includes(String(issued))),
            "nothing is asked for what is issued",
        );
        assert.deepEqual(
            [run.summary?.create, run.summary?.replace, run.summary?.delete],
            [0, 0, 0],
            run.output,
        );
        const { type } = stack.resource("shop");
        assert.equal(
            type,
            door === "plugin" ? "digicert:index:Reissue" : "pulumi-nodejs:dynamic/digicert:Reissue",
        );
        return run;
    }

    it("costs no POST, there and back, for what is issued and for what is pending", async () => {
        await stack.up();
        assert.equal(stack.resource("open").outputs.status, "pending_approval");
        await move("plugin");
        const { outputs } = stack.resource("open");
        const [requestId = 0] = outputs.requestIds as number[];
        await move("dynamic");
        await simulator.approve(requestId);
        await move("plugin");
        assert.equal(stack.resource("open").outputs.status, "issued");
        assert.equal(simulator.committedReissues(issued) + simulator.committedReissues(pending), 2);
        simulator.clearRequests();
        const same = await stack.up();
        assert.deepEqual([same.summary?.changes, simulator.requests.length], [0, 0], same.output);
    });

    it("moves a stack of the dynamic resource to a YAML program, by the alias in the schema, and back, without a POST", async function () {
        const problem = await yaml.problem();
        if (problem !== undefined) skipSuite(this, `YAML, and ${problem}`, process.env.CI);
        const { orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            policy: { approval: "auto" },
        });
        const wanted = { orderId, csr: key.csrPem };
        const dynamic = nodeFiles(`${DOORS.dynamic}
            new Reissue("shop", ${JSON.stringify(inputsOf(wanted))});`);
        const moving = await newStack({ program: { files: dynamic }, env: simulator.env });
        try {
            await moving.up();
            const { serialNumber } = simulator.order(orderId).current;
            for (const files of [yamlProgram(wanted), dynamic]) {
                moving.write(files);
                simulator.clearRequests();
                const { summary, output } = await moving.up();
                assert.deepEqual([summary?.create, summary?.replace, summary?.delete], [0, 0, 0], output);
                assert.deepEqual(simulator.requests, [], output);
                const { type, outputs } = moving.resource("shop");
                assert.equal(
                    type,
                    files === dynamic ? "pulumi-nodejs:dynamic/digicert:Reissue" : "digicert:index:Reissue",
                );
                assert.equal(outputs.serialNumber, serialNumber);
            }
        } finally {
            await moving.dispose();
        }
    });
});
