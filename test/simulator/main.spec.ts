import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const script = join(__dirname, "main.js");

async function run(...options: string[]): Promise<{ code: number | null; out: string; errors: string }> {
    const child = spawn(process.execPath, [script, ...options]);
    let out = "";
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
        out += text;
        if (out.includes("stops it")) child.kill("SIGTERM");
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { code, out, errors };
}

describe("simulator: command line", () => {
    it("starts, says how to use it, and stops cleanly on SIGTERM", async () => {
        const { code, out, errors } = await run(
            "--port",
            "0",
            "--admin-port",
            "0",
            "--api-key",
            "chosen-key",
        );
        assert.equal(errors, "");
        assert.equal(code, 0);
        assert.match(out, /export DIGICERT_BASE_URL=http:\/\/127\.0\.0\.1:\d+\/services\/v2\n/);
        assert.match(out, /export DIGICERT_API_KEY=chosen-key\n/);
        assert.match(out, /Admin +http:\/\/127\.0\.0\.1:\d+\//);
        assert.match(out, /\d{9,} +shop\.example, www\.shop\.example/);
    });

    it("explains itself with --help", async () => {
        const { code, out } = await run("--help");
        assert.equal(code, 0);
        assert.match(out, /^CertCentral simulator/);
    });

    it("refuses options it does not know, and ports that are none", async () => {
        assert.equal((await run("--nonsense")).code, 1);
        const { code, errors } = await run("--port", "http");
        assert.deepEqual([code, errors], [1, "http is not a port\n"]);
    });
});
