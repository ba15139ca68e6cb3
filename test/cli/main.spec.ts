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

    it("is a script for node, and knows its version", async () => {
        assert.match(readFileSync(bin, "utf8"), /^#!\/usr\/bin\/env node\n/);
        assert.deepEqual(await run(["--version"]), { code: 0, out: `${manifest.version}\n`, err: "" });
    });

    it("exits with 0 if all is fine, 1 if something needs a person, 2 if it could not be checked", async () => {
        const fine = String((await simulator.seedOrder()).orderId);
        const ended = String((await simulator.seedOrder({ status: "revoked" })).orderId);
        const [ok, attention, failed, mixed] = await Promise.all([
            run(["doctor", fine]),
            run(["doctor", fine, ended]),
            run(["doctor", fine, "--json"], {
                env: { ...environmentOf(simulator), DIGICERT_API_KEY: "wrong-key-of-mine" },
            }),
            run(["doctor", ended, "999"]),
        ]);
        assert.deepEqual([ok.code, attention.code, failed.code, mixed.code], [0, 1, 2, 2]);
        for (const { out, err } of [ok, attention, failed, mixed]) {
            assert.doesNotMatch(out + err, /\u001b|\n\s+at |wrong-key-of-mine/);
            assert.ok(!(out + err).includes(simulator.apiKey));
        }
        assert.equal((JSON.parse(failed.out) as { exitCode: number }).exitCode, 2);
    });

    it("takes the key from standard input", async () => {
        const env = { DIGICERT_BASE_URL: simulator.baseUrl };
        const { code, out } = await run(["doctor", "--key-file", "-"], {
            env,
            stdin: `${simulator.apiKey}\n`,
        });
        assert.deepEqual([code, out.includes(simulator.apiKey)], [0, false]);
    });

    it("leaves without a word when nobody reads on", async () => {
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

    it("runs the simulator until SIGTERM or SIGINT, then stops cleanly", async () => {
        for (const signal of ["SIGTERM", "SIGINT"] as const) {
            const child = spawn(process.execPath, [bin, "simulator", "--port", "0", "--admin-port", "0"]);
            child.stdout.once("data", () => child.kill(signal));
            const [code] = (await once(child, "close")) as [number | null];
            assert.equal(code, 0, signal);
        }
    });
});
