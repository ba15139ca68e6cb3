import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { cleanEnvironment } from "../engine/environment.js";
import { startSimulator, type Simulator } from "../../simulator/index.js";
import { environmentOf } from "./harness.js";

const root = join(__dirname, "..", "..", "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    version: string;
    bin: Record<string, string>;
};
const bin = join(root, manifest.bin["pulumi-digicert"] ?? "");

describe("the bin pulumi-digicert", function () {
    this.timeout(60_000);
    let simulator: Simulator;
    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.close());

    async function run(
        args: readonly string[],
        more: { env?: Record<string, string>; nodeArgs?: string[]; stdin?: string } = {},
    ) {
        const { env = environmentOf(simulator), nodeArgs = [], stdin = "" } = more;
        const child = spawn(process.execPath, [...nodeArgs, bin, ...args], { env: cleanEnvironment(env) });
        child.stdin.end(stdin);
        const closed = once(child, "close");
        const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
        const [code] = (await closed) as [number | null];
        return { code, out, err };
    }

    it("is a script for node, and prints its version", async () => {
        assert.match(readFileSync(bin, "utf8"), /^#!\/usr\/bin\/env node\n/);
        assert.deepEqual(await run(["--version"]), { code: 0, out: `${manifest.version}\n`, err: "" });
    });

    it("takes the key from standard input, and exits with 1 where something needs a person, in plain text", async () => {
        const { orderId } = await simulator.seedOrder({ status: "revoked" });
        const { code, out, err } = await run(["doctor", String(orderId), "--key-file", "-"], {
            env: { DIGICERT_BASE_URL: simulator.baseUrl },
            stdin: `${simulator.apiKey}\n`,
        });
        assert.deepEqual([code, err], [1, ""]);
        assert.match(out, /ATTENTION status {3}the order is revoked/);
        assert.ok(!out.includes(simulator.apiKey) && !out.includes("\u001b"), out);
    });

    it("ends without a message where the reader of its output has gone", async () => {
        const { orderId } = await simulator.seedOrder();
        const child = spawn(process.execPath, [bin, "doctor", String(orderId)], {
            env: cleanEnvironment(environmentOf(simulator)),
        });
        child.stdout.destroy();
        const closed = once(child, "close");
        assert.equal(await text(child.stderr), "");
        const [code] = (await closed) as [number | null];
        assert.equal(code, 0);
    });

    for (const signal of ["SIGTERM", "SIGINT"] as const) {
        it(`stops the simulator on ${signal}, and exits with 0`, async () => {
            const child = spawn(process.execPath, [bin, "simulator", "--port", "0", "--admin-port", "0"]);
            child.stdout.once("data", () => child.kill(signal));
            const [code] = (await once(child, "close")) as [number | null];
            assert.equal(code, 0);
        });
    }
});
