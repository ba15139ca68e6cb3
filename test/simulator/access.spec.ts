import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../../simulator/index.js";
import { call } from "./specClient.js";

const denied =
    '{"errors":[{"code":"access_denied|access_denied_invalid_key",' +
    '"message":"Access denied due to access_denied_invalid_key."}]}';

describe("simulator: access", () => {
    let simulator: Simulator;
    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.close());

    it("answers a wrong key and a missing one with DigiCert's 403 of 123 bytes", async () => {
        const wrong = await call(simulator, "GET", "/user/me", undefined, { "x-dc-devkey": "wrong" });
        const response = await fetch(`${simulator.baseUrl}/user/me`);
        const missing = { status: response.status, text: await response.text(), headers: response.headers };
        for (const answer of [wrong, missing]) {
            assert.equal(answer.status, 403);
            assert.equal(answer.text, denied);
            assert.equal(answer.headers.get("content-length"), "123");
            assert.equal(answer.headers.get("content-type"), "application/json");
        }
    });

    it("answers an unknown route with 404", async () => {
        const requests = [
            ["GET", "/nowhere"],
            ["DELETE", "/order/certificate/1"],
            ["GET", "//user/me"],
            ["GET", "/request/%zz"],
        ] as const;
        for (const [method, path] of requests) {
            const { status, text } = await call(simulator, method, path);
            const message = "The specified route was not found.";
            assert.equal(text, JSON.stringify({ errors: [{ code: "not_found|route", message }] }), path);
            assert.equal(status, 404);
        }
    });

    it("tells who the key belongs to", async () => {
        const { status, body } = await call(simulator, "GET", "/user/me");
        assert.equal(status, 200);
        assert.deepEqual((body as { access_roles: unknown }).access_roles, [
            { id: 1, name: "Administrator" },
        ]);
        assert.equal((await call(simulator, "GET", "/account")).status, 200);
    });

    it("has a random key of its own, and takes another one", async () => {
        const other = await startSimulator({ apiKey: "chosen" });
        try {
            assert.equal(other.apiKey, "chosen");
            assert.ok(simulator.apiKey.length >= 64);
            assert.equal((await call(other, "GET", "/user/me")).status, 200);
        } finally {
            await other.close();
        }
    });

    it("records each request in order, with its parsed body and its status", async () => {
        const recording = await startSimulator();
        try {
            await call(recording, "GET", "/order/certificate?limit=1", undefined, { "user-agent": "spec/1" });
            await call(recording, "PUT", "/request/1/status", { status: "approved" });
            await call(recording, "PUT", "/request/1/status", "{not json");
            const seen = recording.requests.map(({ method, path, pathname, body, status, fault }) => {
                return { method, path, pathname, body, status, fault };
            });
            const list = "/services/v2/order/certificate";
            const put = "/services/v2/request/1/status";
            const other = { method: "PUT", path: put, pathname: put, status: 404, fault: undefined };
            assert.deepEqual(seen, [
                {
                    method: "GET",
                    path: `${list}?limit=1`,
                    pathname: list,
                    body: undefined,
                    status: 200,
                    fault: undefined,
                },
                { ...other, body: { status: "approved" } },
                { ...other, body: "{not json" },
            ]);
            assert.equal(recording.requests[0]?.headers["user-agent"], "spec/1");
            recording.clearRequests();
            assert.deepEqual(recording.requests, []);
        } finally {
            await recording.close();
        }
    });
});
