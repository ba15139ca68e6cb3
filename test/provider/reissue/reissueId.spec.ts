import assert from "node:assert/strict";
import * as fc from "fast-check";
import { compact } from "../../../provider/core/json.js";
import {
    makeCertificateReissueId,
    makeReissueId,
    readReissueId,
} from "../../../provider/core/reissue/reissueId.js";

const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const optionalId = fc.option(id, { nil: undefined });
const instant = fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-12-31") })
    .map((date) => date.toISOString());
const pendingRequest = fc.record({
    marker: fc.stringMatching(/^[0-9a-f]{16}$/),
    at: instant,
    replaces: optionalId,
    after: fc.option(instant, { nil: undefined }),
    before: fc.record({
        request: optionalId,
        certificate: optionalId,
        isComplete: fc.option(fc.boolean(), { nil: undefined }),
    }),
});

describe("reissueId", () => {
    it("gives back the marker, the times and the ids of a request", () => {
        fc.assert(
            fc.property(pendingRequest, (request) => {
                assert.deepEqual(readReissueId(makeReissueId(request)), {
                    kind: "reissue",
                    request: compact(request),
                });
            }),
        );
    });

    it("gives back the id of a certificate", () => {
        fc.assert(
            fc.property(id, (certificateId) => {
                const named = { kind: "certificate", certificateId };
                assert.deepEqual(readReissueId(makeCertificateReissueId(certificateId)), named);
            }),
        );
    });

    it("differs where marker or time differ, and takes at most 50 characters with ids of ten digits", () => {
        const request = {
            marker: "0123456789abcdef",
            at: "2026-11-28T12:00:00.000Z",
            replaces: 9_999_999_999,
            after: "2026-11-28T12:00:01.000Z",
            before: { request: 9_999_999_999, certificate: 9_999_999_999, isComplete: true },
        };
        const ids = [
            request,
            { ...request, marker: "fedcba9876543210" },
            { ...request, at: "2026-11-28T12:00:00.001Z" },
        ].map(makeReissueId);
        assert.equal(new Set(ids).size, 3);
        for (const text of ids) assert.ok(text.length <= 50, text);
    });

    const others = [
        "",
        "certificate.",
        "certificate.x",
        "certificate.99999999999999999999",
        "0123456789abcdef",
        "0123456789abcdef......",
        "0123456789abcdef.zzzzzzzzzzz.1...1.",
        "0123456789abcdef.mhx3.-1....",
        "0123456789abcdef.mhx3.-.....",
    ];
    for (const text of others) {
        it(`is not the text "${text}"`, () => {
            assert.equal(readReissueId(text), undefined);
        });
    }

    it("is no text by chance, and no text makes reading it throw", () => {
        fc.assert(
            fc.property(fc.string(), (text) => {
                assert.equal(readReissueId(text), undefined);
            }),
        );
    });
});
