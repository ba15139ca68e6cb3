import assert from "node:assert/strict";
import { requireCli } from "../engine/requireCli.js";
import type { RunResult } from "../engine/stack.js";
import { tarball } from "../engine/installation.js";
import { previousRelease } from "./releases.js";
import { Stage } from "./stage.js";

const release = previousRelease();

describe(`an upgrade from ${release.version}, with the real CLI`, function () {
    this.timeout(600_000);
    let stage: Stage;

    before(async function () {
        await requireCli(this);
        this.timeout(600_000);
        stage = await Stage.open(release.tarball);
        await stage.install(await tarball());
    });
    after(async () => {
        await (stage as Stage | undefined)?.dispose();
    });

    /** One command, and the requests it made. */
    async function during(command: () => Promise<RunResult>) {
        stage.simulator.clearRequests();
        const run = await command();
        return { ...run, requests: stage.simulator.requests.map(({ method, path }) => `${method} ${path}`) };
    }

    it("changes nothing and asks nothing, then refreshes, updates and destroys what the release made", async () => {
        const { settled, simulator, orders } = stage;
        const { summary, requests, output } = await during(() => settled.up());
        assert.deepEqual([summary?.changes, summary?.same], [0, 5], output);
        assert.deepEqual(requests, []);

        const refreshed = await during(() => settled.refresh());
        assert.equal(refreshed.summary?.changes, 0, refreshed.output);
        assert.ok(refreshed.requests.length >= 3, "it reads each order");
        assert.deepEqual(posts(refreshed.requests), []);

        stage.setQuarter("2");
        const updated = await during(() => settled.up());
        assert.deepEqual([updated.summary?.update, updated.summary?.changes], [1, 1], updated.output);
        assert.equal(posts(updated.requests).length, 1);
        const { status, certificateId } = settled.resource("shop").outputs;
        assert.equal(status, "issued");

        // Revocation asks twice since then: the policy of the release alone revokes nothing.
        const refused = await during(() => settled.destroy({ expectFailure: true }));
        assert.match(refused.output, /certificate \d+ is not revoked.*\(ERR_DIGICERT_REFUSED\)/);
        const env = { DIGICERT_CONFIRM_REVOKE: String(certificateId) };
        const destroyed = await during(() => settled.destroy({ env }));
        assert.equal((refused.summary?.delete ?? 0) + (destroyed.summary?.delete ?? 0), 5, destroyed.output);
        const statuses = (order: number) => simulator.order(order).certificates.map(({ status }) => status);
        assert.deepEqual(
            statuses(orders.shop),
            ["issued", "issued", "revoked"],
            "the last one of three, by policy",
        );
        assert.deepEqual(statuses(orders.taken), ["issued"]);
    });

    it("follows what the release asked for, and does not ask again", async () => {
        const { waiting, simulator, orders } = stage;
        const { outputs } = waiting.resource("waiting");
        assert.equal(outputs.status, "pending_approval");
        await simulator.approve((outputs.requestIds as number[])[0] ?? 0);
        const { requests } = await during(() => waiting.up());
        assert.deepEqual(posts(requests), []);
        assert.equal(waiting.resource("waiting").outputs.status, "issued");
        assert.equal(simulator.committedReissues(orders.waiting), 1);
    });
});

const posts = (requests: readonly string[]): string[] => requests.filter((line) => line.startsWith("POST"));
