import assert from "node:assert/strict";
import * as sdk from "../../sdk/nodejs/index.js";
import { DigiCertError } from "../../provider/core/errors.js";

const codes: [keyof typeof sdk, string][] = [
    ["ConfigurationError", "ERR_DIGICERT_CONFIGURATION"],
    ["AuthenticationError", "ERR_DIGICERT_AUTHENTICATION"],
    ["PermissionError", "ERR_DIGICERT_PERMISSION"],
    ["NotFoundError", "ERR_DIGICERT_NOT_FOUND"],
    ["InvalidRequestError", "ERR_DIGICERT_INVALID_REQUEST"],
    ["RateLimitError", "ERR_DIGICERT_RATE_LIMIT"],
    ["StoppedError", "ERR_DIGICERT_STOPPED"],
    ["UnavailableError", "ERR_DIGICERT_UNAVAILABLE"],
    ["AmbiguousError", "ERR_DIGICERT_AMBIGUOUS"],
    ["TimeoutError", "ERR_DIGICERT_TIMEOUT"],
    ["RefusedError", "ERR_DIGICERT_REFUSED"],
    ["CertificateError", "ERR_DIGICERT_CERTIFICATE"],
    ["PendingError", "ERR_DIGICERT_PENDING"],
    ["RejectedError", "ERR_DIGICERT_REJECTED"],
    ["ExpiringError", "ERR_DIGICERT_EXPIRING"],
    ["StateError", "ERR_DIGICERT_STATE"],
];

describe("errors", () => {
    for (const [name, code] of codes) {
        it(`${name} is a DigiCertError with the stable code ${code}`, () => {
            const Class = sdk[name] as typeof DigiCertError;
            const cause = new Error("underneath");
            const errors = [{ code: "a", message: "b" }];
            const error = new Class("A sentence.", { status: 418, errors, cause });
            assert.ok(error instanceof DigiCertError && error instanceof Error);
            assert.deepEqual(
                [error.name, error.code, error.message, error.status, error.errors, error.cause],
                [name, code, "A sentence.", 418, errors, cause],
            );
            assert.match(error.stack ?? "", new RegExp(`^${name}: A sentence\\.\n`));
        });

        it(`${name} has no member without a value`, () => {
            const error = new (sdk[name] as typeof DigiCertError)("A sentence.");
            assert.deepEqual(error.errors, []);
            assert.ok(!("status" in error));
            assert.ok(!("cause" in error));
        });
    }

    it("are told apart by class and by code", () => {
        const all = codes.map(([name]) => new (sdk[name] as typeof DigiCertError)("x"));
        assert.equal(new Set(all.map(({ code }) => code)).size, codes.length);
        for (const error of all) {
            const matching = codes.filter(([name]) => error instanceof (sdk[name] as typeof DigiCertError));
            assert.deepEqual(
                matching.map(([name]) => name),
                [error.name],
            );
        }
    });

    it("are all that the package exports, beside the resource, the provider and the reading of orders", () => {
        const resources = ["DigiCertProvider", "DigiCertReissue", "DigiCertValidation"];
        const others = [
            "DigiCertError",
            ...resources,
            "dcvFile",
            "dcvRecords",
            "getOrder",
            "getOrderOutput",
            "getOrders",
        ];
        assert.deepEqual(Object.keys(sdk).sort(), [...others, ...codes.map(([name]) => name)].sort());
    });
});
