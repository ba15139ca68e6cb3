import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { requireCli } from "../engine/requireCli.js";
import { type RunOptions, type Stack } from "../engine/stack.js";
import { STACK_TRACE } from "../journeys/program.js";
import { startSimulator, type Simulator } from "../../simulator/index.js";
import { openExample, runUp } from "./example.js";

describe("examples/rotate-key", function () {
    this.timeout(300_000);
    let simulator: Simulator;
    let orderId: number;
    let stack: Stack;
    let folder: string;
    let printed = "";

    before(async function () {
        await requireCli(this);
        simulator = await startSimulator({ policy: { approval: "auto" } });
        ({ orderId } = await simulator.seedOrder({ commonName: "shop.example" }));
        stack = await openExample({
            name: "rotate-key",
            simulator,
            config: { orderId: String(orderId), commonName: "shop.example", rotation: "2026-10" },
        });
        folder = join(stack.program, "live");
        mkdirSync(folder, { mode: 0o700 });
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
    });

    async function up(options: RunOptions = {}) {
        const result = await runUp(stack, simulator, options);
        assert.doesNotMatch(result.output, STACK_TRACE);
        printed += result.output;
        return result;
    }
    const text = (...path: string[]) => readFileSync(join(folder, ...path), "utf8");
    const mode = (...path: string[]) => (statSync(join(folder, ...path)).mode & 0o777).toString(8);
    const issuedSerial = () => simulator.order(orderId).current.serialNumber;

    /** What a server reads is one pair, of this rotation and with this certificate. */
    function assertServed(rotation: string, serialNumber: unknown) {
        assert.equal(readlinkSync(join(folder, "current")), rotation);
        const leaf = new X509Certificate(text("current", "fullchain.pem"));
        assert.ok(leaf.checkPrivateKey(createPrivateKey(text("current", "privkey.pem"))), "one pair");
        assert.equal(leaf.serialNumber, serialNumber);
    }

    it("makes no key, and asks for nothing, where the folder is missing or open to others @long", async () => {
        await stack.setConfig({ folder: "elsewhere" });
        const missing = await up({ expectFailure: true });
        assert.match(missing.output, /folder "elsewhere" is not there\. Run: install -d -m 700 elsewhere/);
        const open = join(stack.program, "elsewhere");
        mkdirSync(open);
        chmodSync(open, 0o750);
        const refused = await up({ expectFailure: true });
        assert.match(refused.output, /The key folder "elsewhere" has mode 0750/);
        assert.deepEqual([missing.methods, refused.methods, readdirSync(open)], [[], [], []]);
        await stack.setConfig({ folder: "live" });
    });

    it("refuses a rotation that leads out of the folder @long", async () => {
        await stack.setConfig({ rotation: "../2026-12" });
        const { output, methods } = await up({ expectFailure: true });
        assert.match(output, /rotation: "\.\.\/2026-12" cannot be a folder's name/);
        assert.deepEqual(methods, []);
        await stack.setConfig({ rotation: "2026-10" });
    });

    it("serves the old pair until the certificate of the new key is issued, and leaves no key in state or output @long", async () => {
        assert.equal((await up()).posts, 1, "the first key");
        const old = issuedSerial();
        assertServed("2026-10", old);
        assert.deepEqual([mode("2026-10"), mode("2026-10", "privkey.pem")], ["700", "600"]);

        const before = statSync(join(folder, "current", "fullchain.pem"));
        const quiet = await up();
        assert.deepEqual([quiet.summary?.changes, quiet.methods], [0, []], "the same rotation");
        assert.equal(statSync(join(folder, "current", "fullchain.pem")).ino, before.ino);

        simulator.policy(orderId, { approval: "required" });
        await stack.setConfig({ rotation: "2026-11" });
        const asked = await up({ expectFailure: true });
        assert.equal(asked.posts, 1, "one POST for the new key");
        const sent = simulator.requests.find(({ method }) => method === "POST")?.body as {
            certificate: { csr: string };
        };
        assert.equal(sent.certificate.csr.trim(), text("2026-11", "csr.pem").trim());
        const { outputs } = stack.resource("certificate");
        assert.equal(outputs.status, "pending_approval");
        const [requestId = 0] = outputs.requestIds as number[];
        assertServed("2026-10", old);

        assert.equal((await up({ expectFailure: true })).posts, 0, "still waiting");
        assertServed("2026-10", old);

        await simulator.approve(requestId);
        assert.equal((await up()).posts, 0, "approved");
        assert.notEqual(issuedSerial(), old);
        assertServed("2026-11", issuedSerial());
        const key = text("2026-11", "privkey.pem");
        assert.notEqual(key, text("2026-10", "privkey.pem"));

        simulator.policy(orderId, { approval: "auto" });
        await stack.run(["config", "set", "--path", "dnsNames[0]", "www.shop.example"]);
        assert.equal((await up()).posts, 1, "a name more, for the same key");
        assertServed("2026-11", issuedSerial());
        assert.equal(text("current", "privkey.pem"), key);

        simulator.policy(orderId, { approval: "required" });
        await stack.setConfig({ rotation: "2026-12" });
        assert.equal((await up({ expectFailure: true })).posts, 1, "a third key");
        await stack.setConfig({ rotation: "2026-11" });
        rmSync(join(folder, "current"));
        rmSync(join(folder, "2026-11", "fullchain.pem"));
        const back = ["GET", "PUT", "GET", "GET"];
        assert.deepEqual((await up()).methods, back, "back: cancelled, seen to be, and written again");
        assertServed("2026-11", issuedSerial());
        assert.deepEqual(readdirSync(folder).sort(), ["2026-10", "2026-11", "2026-12", "current"]);

        const { stdout: state } = await stack.run(["stack", "export", "--show-secrets"]);
        for (const rotation of ["2026-10", "2026-11", "2026-12"]) {
            const secrets = text(rotation, "privkey.pem").split("\n").slice(1, -2);
            assert.ok(secrets.length >= 3);
            for (const line of secrets) {
                assert.ok(
                    !state.includes(line) && !stack.stateText().includes(line) && !printed.includes(line),
                );
            }
        }
    });
});
