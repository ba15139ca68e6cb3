import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { stillRunning } from "../engine/processTree.js";
import { requireCli } from "../engine/requireCli.js";
import { hostOf, openScene, type Scene } from "../../tools/stress/crash/scene.js";

describe("an up that is told to stop while it waits, with the real CLI", function () {
    this.timeout(300_000);
    let scene: Scene | undefined;

    before(async function () {
        await requireCli(this);
    });
    afterEach(() => scene?.close());

    it("ends with its host at the second SIGTERM, and the next up goes on", async () => {
        // By e-mail: no token, so nobody but DigiCert has to act, and it would be waited for 15 minutes.
        scene = await openScene({
            operation: "create",
            policy: { domains: "unvalidated", dcvMethod: "email" },
        });
        const up = scene.start();
        await up.waitForLine(/waiting for issuance/);
        const host = hostOf(up);
        up.kill("SIGTERM");
        await up.waitForLine(/received; cancelling/);
        assert.deepEqual(stillRunning([host]), [host], "the engine waits for what has begun");
        const told = performance.now();
        up.kill("SIGTERM");
        while (stillRunning([host]).length > 0) await pause(10);
        const hostTook = performance.now() - told;
        await up.done;
        const took = performance.now() - told;
        console.log(`      host ended after ${hostTook.toFixed(0)} ms, the CLI after ${took.toFixed(0)} ms`);

        await scene.simulator.issue(scene.orderId);
        await scene.recover();
        assert.equal(scene.ups, 1);
        assert.equal(scene.posts(), 1);
        assert.equal(scene.reissues().length, 1);
        assert.equal(scene.resource()?.outputs.status, "issued");
    });
});
