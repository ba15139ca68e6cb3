import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { Resolver } from "node:dns/promises";
import { delimiter, join } from "node:path";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { cli, environmentOf } from "../cli/harness.js";
import { startKnot, type Knot } from "../engine/knot.js";
import { requireCli } from "../engine/requireCli.js";
import { type Stack } from "../engine/stack.js";
import { openExample, runUp } from "./example.js";

/** Added to the program: two resources that take the certificate. */
const DEPENDENTS = `
class Server extends pulumi.dynamic.Resource {
    constructor(name: string, args: { chain: pulumi.Input<string | undefined> }) {
        const create = async (inputs: object) => ({ id: "server", outs: inputs });
        super({ create, update: async (_id, _olds, news) => ({ outs: news }) }, name, args);
    }
}
for (const name of ["web", "mail"]) new Server(name, { chain: issued.fullChainPem });
`;

const RESOURCES = [
    "Reissue shop",
    "Resource dcv-shop.example",
    "Validation shop",
    "Resource web",
    "Resource mail",
];

describe("examples/validation, with the packed package and a real DNS server", function () {
    this.timeout(600_000);
    let knot: Knot;
    let simulator: Simulator;
    let orderId: number;
    let stack: Stack;

    before(async function () {
        await requireCli(this);
        this.timeout(600_000); // npm installs the package
        const started = await startKnot("shop.example");
        if (typeof started === "string") {
            console.log(`      skipped: ${started}`);
            this.skip();
        }
        knot = started;
        simulator = await startSimulator({ dns: knot.address });
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            dnsNames: ["*.shop.example"],
            product: { name_id: "ssl_dv_geotrust", validation_type: "dv" },
            policy: { approval: "none", pollsDcv: false },
        }));
        stack = await openExample({
            name: "validation",
            layout: "installed",
            simulator,
            config: {
                orderId: String(orderId),
                rotation: "1",
                zone: "shop.example",
                dnsServer: knot.address,
            },
            env: { PATH: [process.env.PATH ?? "", knot.bin].join(delimiter) },
        });
        const program = readFileSync(join(stack.program, "index.ts"), "utf8");
        stack.write({ "index.ts": program + DEPENDENTS });
        await stack.run(["config", "set", "--path", "dnsNames[0]", "shop.example"]);
        await stack.run(["config", "set", "--path", "dnsNames[1]", "*.shop.example"]);
        for (const rotation of ["1", "2"]) {
            stack.write({
                [`keys/${rotation}.csr`]: (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem,
            });
        }
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
        await (knot as Knot | undefined)?.close();
    });

    const live = () => simulator.order(orderId);

    /** Runs `pulumi up`; the operation on each resource, and the requests that change something. */
    async function up() {
        const result = await runUp(stack, simulator);
        const changing = simulator.requests.flatMap(({ method, pathname }) =>
            method === "GET" ? [] : [`${method} ${pathname.split("/").at(-1) ?? ""}`],
        );
        const did = result.steps.flatMap(({ type, name, op }) =>
            type.includes("dynamic") ? [`${op} ${type.split(":").at(-1) ?? ""} ${name}`] : [],
        );
        return { ...result, changing, did };
    }

    /** All resources, with the operation on each, as many times as it was carried out. */
    function each(op: string): string[] {
        return RESOURCES.map((resource) => `${op} ${resource}`);
    }

    /** DNS, `doctor`, stack and dependents have the token and the certificate of the order. */
    async function checkHandedOn(): Promise<void> {
        const resolver = new Resolver();
        resolver.setServers([knot.address]);
        assert.deepEqual(await resolver.resolveTxt("_dnsauth.shop.example"), [[live().dcvRandomValue]]);
        const token = live().dcvRandomValue ?? "";
        const doctor = ["doctor", String(orderId), "--dns", knot.address, "--token", token, "--verbose"];
        const { out } = await cli(doctor, { env: environmentOf(simulator) });
        assert.match(out, /_dnsauth\.shop\.example: the token is visible/);
        assert.deepEqual([live().status, live().domainsToValidate], ["issued", []]);
        const { status, serialNumber } = await stack.outputs();
        assert.deepEqual([status, serialNumber], ["issued", live().current.serialNumber]);
        for (const name of ["web", "mail"]) {
            const { outputs } = stack.resource(name);
            const leaf = new X509Certificate(String(outputs.chain));
            assert.equal(leaf.serialNumber, live().current.serialNumber);
        }
    }

    it("reissues, publishes, validates and hands on in one up; then it reads; then it does nothing", async () => {
        const first = await up();
        assert.deepEqual([...first.did].sort(), each("create").sort(), first.output);
        assert.equal(first.changing.shift(), "POST reissue");
        assert.deepEqual([...new Set(first.changing)], ["PUT check-dcv"]);
        assert.equal(live().certificates.length, 2);
        await checkHandedOn();

        const second = await up();
        assert.deepEqual(second.changing, []);
        assert.ok(second.methods.length > 0 && second.methods.length <= 4, second.methods.join());
        assert.deepEqual(
            second.did.filter((step) => !step.startsWith("same ")),
            ["update Reissue shop"],
        );

        const third = await up();
        assert.deepEqual(third.methods, []);
        assert.deepEqual([...third.did].sort(), each("same").sort());
    });

    it("rotates the key with one POST, and changes record, validation and each dependent once @long", async () => {
        await stack.setConfig({ rotation: "2" });
        const rotated = await up();
        assert.deepEqual([...rotated.did].sort(), each("update").sort(), rotated.output);
        assert.equal(rotated.changing.shift(), "POST reissue");
        assert.deepEqual([...new Set(rotated.changing)], ["PUT check-dcv"]);
        assert.equal(live().certificates.length, 3);
        await checkHandedOn();

        const next = await up();
        assert.deepEqual(next.changing, []);
        assert.deepEqual(
            next.did.filter((step) => !step.startsWith("same ")),
            ["update Reissue shop"],
        );
        assert.deepEqual((await up()).methods, []);
    });
});
