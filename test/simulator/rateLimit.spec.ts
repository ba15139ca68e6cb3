import assert from "node:assert/strict";
import { Clock } from "../../simulator/clock.js";
import { type Simulator, startSimulator } from "../../simulator/index.js";
import { RateLimit } from "../../simulator/rateLimit.js";
import { call } from "./specClient.js";

describe("simulator: rate limit", () => {
    let simulator: Simulator;
    let time: number;
    beforeEach(async () => {
        time = Date.parse("2026-03-01T10:00:00Z");
        simulator = await startSimulator({ rateLimit: true, clock: () => new Date(time) });
    });
    afterEach(() => simulator.close());

    async function send(count: number): Promise<number> {
        const answers = await Promise.all(
            Array.from({ length: count }, () => call(simulator, "GET", "/user/me")),
        );
        const refused = answers.filter(({ status }) => status === 429);
        const message = "Service unavailable, please limit request volume";
        for (const { text, headers } of refused) {
            assert.equal(text, JSON.stringify({ errors: [{ code: "request_limit_exceeded", message }] }));
            assert.equal(headers.get("retry-after"), null);
        }
        return count - refused.length;
    }

    it("lets 100 requests through in any 5 seconds", async () => {
        assert.equal(await send(60), 60);
        time += 3000;
        assert.equal(await send(60), 40);
        time += 1999;
        assert.equal(await send(1), 0);
        time += 1;
        assert.equal(await send(100), 60, "the window rolls");
    });

    it("lets 1,000 requests through in any 3 minutes", () => {
        const limit = new RateLimit(new Clock(() => new Date(time)));
        const admitted = (count: number) =>
            Array.from({ length: count }, () => limit.admit("key")).filter(Boolean).length;
        for (let second = 0; second < 50; second += 5) {
            assert.equal(admitted(100), 100);
            time += 5000;
        }
        assert.equal(admitted(1), 0);
        time += 180_000 - 50_000 - 1;
        assert.equal(admitted(1), 0);
        time += 1;
        assert.equal(admitted(101), 100);
        assert.equal(limit.admit("another key"), true);
    });

    it("is enforced from the moment on at which the test wants it, and counts nothing from before", async () => {
        simulator.enforceQuota(false);
        assert.equal(await send(150), 150);
        simulator.enforceQuota(true);
        assert.equal(await send(101), 100);
        simulator.enforceQuota(false);
        assert.equal(await send(10), 10);
    });

    it("does not limit unless told to", async () => {
        const free = await startSimulator();
        try {
            const answers = await Promise.all(
                Array.from({ length: 150 }, () => call(free, "GET", "/user/me")),
            );
            assert.ok(answers.every(({ status }) => status === 200));
        } finally {
            await free.close();
        }
    });
});
