import assert from "node:assert/strict";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { requireCli } from "../engine/requireCli.js";
import { newStack, type Stack } from "../engine/stack.js";
import { STACK_TRACE } from "./program.js";
import { validatedProgram } from "./validatedProgram.js";

/** What Pulumi records where it can name the stub, to the character: it is in states for ever. */
const RECORDED = 'exports.handler = __f0;\nconst provider = require("pulumi-digicert/stub/validation");\n';

describe("validation in one up with the real CLI @long", function () {
    this.timeout(300_000);
    let simulator: Simulator;
    let orderId: number;
    let stack: Stack;

    before(async function () {
        await requireCli(this);
        this.timeout(300_000); // npm installs the package
        simulator = await startSimulator();
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            dnsNames: ["*.shop.example"],
            product: { name_id: "ssl_dv_geotrust", validation_type: "dv" },
            policy: { pollsDcv: false },
        }));
        stack = await newStack({
            layout: "installed",
            program: { files: validatedProgram(orderId, simulator.adminUrl) },
            env: simulator.env,
        });
        await newKey();
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
    });

    async function newKey(): Promise<void> {
        const { csrPem } = await makeKeyAndCsr({ commonName: "shop.example" });
        stack.write({ "shop.csr": csrPem });
    }

    async function up() {
        simulator.clearRequests();
        const run = await stack.up();
        assert.doesNotMatch(run.output, STACK_TRACE);
        const methods = simulator.requests.map(({ method }) => method);
        const did = Object.fromEntries(
            run.steps.flatMap(({ type, name, op }) =>
                type.includes("dynamic") ? [[type.endsWith("Validation") ? "validation" : name, op]] : [],
            ),
        );
        return { ...run, methods, did, posts: methods.filter((method) => method === "POST").length };
    }

    it("reissues, publishes, validates and hands on; then it only reads; then it does nothing", async () => {
        const first = await up();
        assert.equal(first.posts, 1, first.output);
        assert.deepEqual(first.did, {
            shop: "create",
            "dcv-shop.example": "create",
            validation: "create",
            server: "create",
        });
        assert.equal((await stack.outputs()).serialNumber, simulator.order(orderId).current.serialNumber);
        const { inputs, outputs } = stack.resource("digicert:Validation");
        assert.equal(outputs.status, "issued");
        assert.ok(String(inputs.__provider).startsWith(RECORDED));

        const second = await up();
        assert.ok(second.methods.length > 0 && second.methods.every((method) => method === "GET"));
        assert.deepEqual(second.did, {
            shop: "update",
            "dcv-shop.example": "same",
            validation: "same",
            server: "same",
        });
        const third = await up();
        assert.deepEqual([third.methods, third.summary?.changes], [[], 0]);
    });

    it("changes each dependent once when the key is rotated", async () => {
        await newKey();
        const rotated = await up();
        assert.equal(rotated.posts, 1, rotated.output);
        assert.deepEqual(rotated.did, {
            shop: "update",
            "dcv-shop.example": "update",
            validation: "update",
            server: "update",
        });
        assert.equal((await stack.outputs()).serialNumber, simulator.order(orderId).current.serialNumber);
        const next = await up();
        assert.ok(next.methods.every((method) => method === "GET"));
        assert.equal(next.did.server, "same");
        assert.deepEqual((await up()).methods, []);
    });

    for (const at of ["arrival", "answer"] as const) {
        it(`goes on in the next up, without a second POST, wherever CLI and host were killed (at the ${at})`, async function () {
            this.timeout(1_800_000);
            const points: string[] = [];
            for (let nth = 1; ; nth += 1) {
                await newKey();
                const before = simulator.committedReissues(orderId);
                simulator.clearRequests();
                const held = simulator.hold({ at, nth });
                const killed = stack.spawn(["up", "--yes", "--skip-preview"]);
                const isHeld = await Promise.race([
                    held.there.then(() => true),
                    killed.done.then(() => false),
                ]);
                if (!isHeld) break;
                const isPosted = simulator.committedReissues(orderId) > before;
                await killed.end();
                held.drop();
                await held.over;
                if (stack.locks().length > 0) await stack.run(["cancel", "--yes"]);
                const point = `request ${nth}, ${simulator.requests.at(-1)?.pathname ?? ""}`;

                const next = await up();
                const made = simulator.committedReissues(orderId) - before;
                assert.deepEqual([next.posts, made], [isPosted ? 0 : 1, 1], `${point}\n${next.output}`);
                const { serialNumber } = simulator.order(orderId).current;
                assert.equal((await stack.outputs()).serialNumber, serialNumber, point);
                if (isPosted) points.push(point);
                await up();
            }
            console.log(`      ${points.length} points after the POST`);
            assert.ok(points.length >= 4, points.join("; "));
        });
    }

    it("is deleted without a request", async () => {
        simulator.clearRequests();
        await stack.destroy();
        assert.deepEqual(simulator.requests, []);
    });
});
