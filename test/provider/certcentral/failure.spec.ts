import assert from "node:assert/strict";
import { errorOf } from "../../../provider/core/certcentral/failure.js";
import type { Exchange } from "../../../provider/core/certcentral/exchange.js";
import {
    AuthenticationError,
    DigiCertError,
    InvalidRequestError,
    NotFoundError,
    PermissionError,
    RateLimitError,
    TimeoutError,
    UnavailableError,
} from "../../../provider/core/errors.js";

const DOING = "Reading order 112233";

function answer(status: number, body: unknown): Exchange {
    const isPage = typeof body === "string";
    return {
        kind: "answer",
        status,
        text: isPage ? body : JSON.stringify(body),
        json: isPage ? undefined : body,
    };
}

const said = (code: string, message = "no") => ({ errors: [{ code, message }] });

describe("errorOf", () => {
    type Class = new (message: string) => DigiCertError;
    const rows: [number, unknown, Class, string, RegExp][] = [
        [
            403,
            said("access_denied|access_denied_invalid_key"),
            AuthenticationError,
            "AUTHENTICATION",
            /digicert:apiKey \(DIGICERT_API_KEY\)/,
        ],
        [401, said("unauthorized"), AuthenticationError, "AUTHENTICATION", /API key is wrong/],
        [403, said("access_denied"), PermissionError, "PERMISSION", /its role may not do this/],
        [403, "<html>", PermissionError, "PERMISSION", /without a reason that can be read/],
        [404, said("not_found|order"), NotFoundError, "NOT_FOUND", /wrong account, region or address/],
        [400, said("invalid_csr"), InvalidRequestError, "INVALID_REQUEST", /Correct the inputs/],
        [409, said("x"), InvalidRequestError, "INVALID_REQUEST", /Correct the inputs/],
        [422, said("x"), InvalidRequestError, "INVALID_REQUEST", /Correct the inputs/],
        [429, said("request_limit_exceeded"), RateLimitError, "RATE_LIMIT", /100 requests in 5 s/],
        [500, said("internal"), UnavailableError, "UNAVAILABLE", /Try again later/],
        [503, "<html>busy</html>", UnavailableError, "UNAVAILABLE", /Try again later/],
        [301, "", UnavailableError, "UNAVAILABLE", /Redirects are never followed/],
        [308, "", UnavailableError, "UNAVAILABLE", /Redirects are never followed/],
        [
            200,
            "<html>",
            UnavailableError,
            "UNAVAILABLE",
            /answered 200, but with something that cannot be understood/,
        ],
    ];
    for (const [status, body, Class, code, advice] of rows) {
        it(`makes ${Class.name} of ${status} ${JSON.stringify(body).slice(0, 60)}`, () => {
            const error = errorOf(answer(status, body), DOING);
            assert.equal(error.constructor, Class);
            assert.equal(error.code, `ERR_DIGICERT_${code}`);
            assert.equal(error.status, status);
            assert.match(error.message, new RegExp(`^${DOING}: DigiCert answered ${status}`));
            assert.match(error.message, advice);
            assert.match(error.message, /\.$/);
        });
    }

    it("says everything that DigiCert said, and keeps it", () => {
        const errors = [
            { code: "invalid_csr", message: "The CSR is bad." },
            { code: "invalid_dns_name|x.example", message: "Not validated" },
            { code: "only_a_code" },
            { message: "only words" },
        ];
        const error = errorOf(answer(400, { errors }), DOING);
        assert.deepEqual(error.errors, [
            errors[0],
            errors[1],
            { code: "only_a_code", message: "" },
            { code: "unknown", message: "only words" },
        ]);
        assert.match(
            error.message,
            /answered 400: The CSR is bad\. \(invalid_csr\); Not validated \(invalid_dns_name\|x\.example\); only_a_code; only words \(unknown\)\. Correct/,
        );
    });

    it("is not upset by errors in another shape", () => {
        for (const body of ["", null, [], { errors: null }, { errors: "x" }, { errors: [1, null] }]) {
            const error = errorOf(answer(400, body), DOING);
            assert.deepEqual([error.constructor, error.errors], [InvalidRequestError, []]);
            assert.match(error.message, /without a reason that can be read/);
        }
    });

    it("keeps the words of a server to one line of a bounded length", () => {
        const { message } = errorOf(answer(400, said("a\nb", `c\u001b[2J${"d".repeat(100_000)}`)), DOING);
        assert.doesNotMatch(message, /\p{Cc}/u);
        assert.ok(message.length < 1000);
    });

    it("tells a time-out from a connection that cannot be made", () => {
        const failure = {
            kind: "failure",
            neverLeft: false,
            lasting: false,
            message: "ECONNRESET",
        } as const;
        const slow = errorOf({ ...failure, timedOut: true }, DOING);
        assert.equal(slow.constructor, TimeoutError);
        assert.match(slow.message, /did not answer in time.*digicert:requestTimeoutSeconds/);
        const gone = errorOf({ ...failure, timedOut: false }, DOING);
        assert.equal(gone.constructor, UnavailableError);
        assert.match(gone.message, /cannot be reached \(ECONNRESET\).*HTTPS_PROXY/);
        assert.deepEqual([slow.status, gone.status], [undefined, undefined]);
        assert.ok([slow, gone].every((error) => error instanceof DigiCertError));
    });

    it("shows ten errors and counts the rest, but keeps them all", () => {
        const errors = Array.from({ length: 5000 }, (_, index) => ({ code: `code${index}`, message: "" }));
        const error = errorOf(answer(400, { errors }), DOING);
        assert.equal(error.errors.length, 5000);
        assert.match(error.message, /: code0; .*code9; and 4990 more\. Correct/);
    });

    it("tells what to do where the proxy wants credentials", () => {
        const refused = { kind: "failure", neverLeft: true, timedOut: false, lasting: true } as const;
        const error = errorOf({ ...refused, proxyStatus: 407, message: "Proxy response (407)" }, DOING);
        assert.equal(error.constructor, UnavailableError);
        assert.match(error.message, /The proxy asks for credentials: put them into HTTPS_PROXY/);
        assert.match(errorOf(answer(407, ""), DOING).message, /The proxy asks for credentials/);
    });

    it("tells why a request was not sent", () => {
        const paused = errorOf({ kind: "withheld", waitMs: 200_500 }, DOING);
        assert.equal(paused.constructor, RateLimitError);
        assert.match(paused.message, /not sent, because DigiCert asked to wait for another 201 s \(429\)\./);
        const late = errorOf({ kind: "withheld", waitMs: 0 }, DOING);
        assert.equal(late.constructor, TimeoutError);
        assert.match(
            late.message,
            /could not follow the read of the order within 5 s\. DigiCert answers too slowly/,
        );
    });
});
