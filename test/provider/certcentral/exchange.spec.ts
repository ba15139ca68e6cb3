import assert from "node:assert/strict";
import {
    isBlocked,
    isProofOfAbsence,
    isWorthRepeating,
    type Exchange,
} from "../../../provider/core/certcentral/exchange.js";

const PAGE = "<!DOCTYPE html><html>";
const JSON_OF_A_GATEWAY = { message: "Endpoint request timed out" };
const REASONS = { errors: [{ code: "invalid_value:x", message: "x is bad" }] };

function answer(status: number, body?: unknown): Exchange {
    return typeof body === "string"
        ? { kind: "answer", status, text: body, json: undefined }
        : { kind: "answer", status, text: body === undefined ? "" : JSON.stringify(body), json: body };
}

describe("isProofOfAbsence", () => {
    for (const status of [401, 403, 404, 429]) {
        it(`is ${status}, whatever its body`, () => {
            for (const body of [undefined, PAGE, "no", REASONS, JSON_OF_A_GATEWAY]) {
                assert.ok(isProofOfAbsence(answer(status, body)));
            }
        });
    }

    for (const status of [400, 405, 408, 409, 410, 413, 418, 422, 425, 451, 499]) {
        it(`is ${status} only with DigiCert's errors[]`, () => {
            assert.ok(isProofOfAbsence(answer(status, REASONS)));
            for (const body of [
                undefined,
                PAGE,
                "no",
                {},
                JSON_OF_A_GATEWAY,
                { errors: [] },
                { error: "no" },
            ]) {
                assert.ok(!isProofOfAbsence(answer(status, body)), JSON.stringify(body));
            }
        });
    }

    for (const status of [200, 201, 204, 301, 302, 500, 502, 503, 504]) {
        it(`is never ${status}`, () => {
            for (const body of [undefined, PAGE, REASONS]) assert.ok(!isProofOfAbsence(answer(status, body)));
        });
    }

    it("is a failure only if nothing left", () => {
        const failure = { kind: "failure", timedOut: false, lasting: false, message: "x" } as const;
        assert.ok(isProofOfAbsence({ ...failure, neverLeft: true }));
        assert.ok(!isProofOfAbsence({ ...failure, neverLeft: false }));
    });

    it("is what was never sent", () => {
        assert.ok(isProofOfAbsence({ kind: "withheld", waitMs: 0 }));
    });
});

describe("isBlocked", () => {
    it("is a web page with 403, and neither DigiCert's own 403 nor a page with another status", () => {
        assert.ok(isBlocked(answer(403, PAGE)));
        assert.ok(isBlocked(answer(403, "\n <html>")));
        for (const [status, body] of [
            [403, REASONS],
            [403, ""],
            [403, "no"],
            [404, PAGE],
            [502, PAGE],
        ] as const) {
            assert.ok(!isBlocked(answer(status, body)), `${status}`);
        }
    });
});

describe("isWorthRepeating", () => {
    it("is 429 and 5xx, unless a long pause is asked for", () => {
        for (const status of [429, 500, 502, 503, 504]) {
            assert.ok(isWorthRepeating(answer(status)));
            assert.ok(!isWorthRepeating({ ...answer(status), retryAfterMs: 180_001 } as Exchange));
        }
        for (const status of [200, 301, 400, 403, 404]) assert.ok(!isWorthRepeating(answer(status)));
    });
});
