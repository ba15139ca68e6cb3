import assert from "node:assert/strict";
import { call, reissue } from "./specClient.js";
import { type Simulator, startSimulator } from "../../simulator/index.js";

const POST = { method: "POST", path: "/order/certificate/:id/reissue" };
const skip = { skip_approval: true };

describe("simulator: requests held on their way", () => {
    let simulator: Simulator;
    let orderId: number;
    beforeEach(async () => {
        simulator = await startSimulator();
        ({ orderId } = await simulator.seedOrder());
    });
    afterEach(() => simulator.close());

    it("holds a request before it is handled, and handles it when released", async () => {
        const held = simulator.hold({ ...POST, at: "arrival" });
        const answer = reissue(simulator, orderId, skip);
        await held.there;
        assert.deepEqual([simulator.reissuePosts(orderId), simulator.committedReissues(orderId)], [1, 0]);
        assert.equal((await call(simulator, "GET", "/user/me")).status, 200, "and nothing else waits");
        held.release();
        assert.equal((await answer).status, 201);
        await held.over;
        assert.equal(simulator.committedReissues(orderId), 1);
    });

    it("never handles what it drops", async () => {
        const held = simulator.hold({ ...POST, at: "arrival" });
        const answer = reissue(simulator, orderId, skip);
        await held.there;
        held.drop();
        await assert.rejects(answer);
        await held.over;
        assert.equal(simulator.committedReissues(orderId), 0);
    });

    it("holds the answer to what it has handled", async () => {
        const held = simulator.hold({ ...POST, at: "answer" });
        const answer = reissue(simulator, orderId, skip);
        await held.there;
        assert.equal(simulator.committedReissues(orderId), 1);
        held.drop();
        await assert.rejects(answer);
    });

    it("handles what its client no longer waits for", async () => {
        const held = simulator.hold({
            method: "PUT",
            path: "/order/certificate/:id/auto-reissue",
            at: "arrival",
        });
        const controller = new AbortController();
        const answer = fetch(`${simulator.baseUrl}/order/certificate/${orderId}/auto-reissue`, {
            method: "PUT",
            headers: { "x-dc-devkey": simulator.apiKey },
            body: JSON.stringify({ auto_reissue: 1 }),
            signal: controller.signal,
        });
        await held.there;
        controller.abort();
        await assert.rejects(answer, { name: "AbortError" });
        held.release();
        await held.over;
        assert.equal(simulator.order(orderId).autoReissue, true);
    });

    it("holds the nth request only, and lets through what was released beforehand", async () => {
        const held = simulator.hold({ path: "/user/me", nth: 2, at: "arrival" });
        const watched = simulator.hold({ path: "/account", at: "answer" });
        watched.release();
        assert.equal((await call(simulator, "GET", "/user/me")).status, 200);
        assert.equal((await call(simulator, "GET", "/account")).status, 200);
        await watched.over;
        const second = call(simulator, "GET", "/user/me");
        await held.there;
        assert.equal((await call(simulator, "GET", "/user/me")).status, 200);
        held.release();
        assert.equal((await second).status, 200);
    });

    it("lets a fault strike what it has released", async () => {
        const held = simulator.hold({ ...POST, at: "arrival" });
        simulator.fault({ ...POST, kind: "html" });
        const answer = reissue(simulator, orderId, skip);
        await held.there;
        held.release();
        assert.equal((await answer).status, 502);
    });

    it("closes while a request is held", async () => {
        const held = simulator.hold({ path: "/user/me", at: "arrival" });
        const pending = call(simulator, "GET", "/user/me").catch(() => "closed");
        await held.there;
        await simulator.close();
        assert.equal(await pending, "closed");
    });
});
