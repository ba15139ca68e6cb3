import assert from "node:assert/strict";
import { changeErrorOf, errorOf } from "../../../provider/core/certcentral/failure.js";
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
    type Remedy,
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
    const rows: [number, unknown, Class, Remedy, RegExp][] = [
        [
            403,
            said("access_denied|access_denied_invalid_key"),
            AuthenticationError,
            "checkApiKey",
            /DigiCert answered 403: no/,
        ],
        [401, said("unauthorized"), AuthenticationError, "checkApiKey", /DigiCert answered 401/],
        [403, said("access_denied"), PermissionError, "useAnotherRole", /DigiCert answered 403/],
        [403, "", PermissionError, "useAnotherRole", /without a reason that can be read/],
        [
            403,
            "<html>",
            UnavailableError,
            "checkFirewall",
            /a firewall or proxy answered 403 with a web page/,
        ],
        [404, said("not_found|order"), NotFoundError, "checkOrderAndAccount", /DigiCert answered 404/],
        [400, said("invalid_csr"), InvalidRequestError, "correctInputs", /DigiCert answered 400/],
        [409, said("x"), InvalidRequestError, "correctInputs", /DigiCert answered 409/],
        [422, said("x"), InvalidRequestError, "correctInputs", /DigiCert answered 422/],
        [408, "", UnavailableError, "tryLater", /DigiCert answered 408/],
        [429, said("request_limit_exceeded"), RateLimitError, "waitForQuota", /DigiCert answered 429/],
        [500, said("internal"), UnavailableError, "tryLater", /DigiCert answered 500/],
        [503, "<html>busy</html>", UnavailableError, "tryLater", /DigiCert answered 503/],
        [301, "", UnavailableError, "checkAddress", /a redirect, which is not followed/],
        [308, "", UnavailableError, "checkAddress", /a redirect, which is not followed/],
        [407, "", UnavailableError, "setProxyCredentials", /DigiCert answered 407/],
        [
            200,
            "<html>",
            UnavailableError,
            "checkAddress",
            /answered 200, but with something that cannot be understood/,
        ],
    ];
    for (const [status, body, Class, remedy, sentence] of rows) {
        it(`makes ${Class.name} of ${status} ${JSON.stringify(body).slice(0, 60)}`, () => {
            const error = errorOf(answer(status, body), DOING);
            assert.equal(error.constructor, Class);
            assert.deepEqual([error.status, error.remedy], [status, remedy]);
            assert.ok(error.message.startsWith(`${DOING}: `));
            assert.match(error.message, sentence);
            assert.match(error.message, /\.$/);
        });
    }

    it("never says what to do: that is said by the surface", () => {
        for (const [status, body] of rows) {
            assert.doesNotMatch(
                errorOf(answer(status, body), DOING).message,
                /pulumi|digicert:|DIGICERT_|run |try /i,
            );
        }
    });

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
            /answered 400: The CSR is bad\. \(invalid_csr\); Not validated \(invalid_dns_name\|x\.example\); only_a_code; only words\.$/,
        );
    });

    it("gives the text of older error bodies", () => {
        for (const body of [
            { errors: { code: "x", message: "no such name" } },
            { error: { message: "no such name" } },
            { error: "no such name" },
            { errors: ["no such name"] },
            { errors: [{ description: "no such name" }] },
        ]) {
            assert.match(errorOf(answer(400, body), DOING).message, /answered 400: no such name/);
        }
    });

    it("is not upset by errors in another shape", () => {
        for (const body of ["", null, [], { errors: null }, { errors: 5 }, { errors: [1, null] }]) {
            const error = errorOf(answer(400, body), DOING);
            assert.deepEqual([error.constructor, error.errors], [InvalidRequestError, []]);
            assert.equal(error.remedy, "checkAddress", "no input is named");
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
        assert.deepEqual([slow.constructor, slow.remedy], [TimeoutError, "raiseRequestTimeout"]);
        assert.match(slow.message, /did not answer in time \(ECONNRESET\)/);
        const gone = errorOf({ ...failure, timedOut: false }, DOING);
        assert.deepEqual([gone.constructor, gone.remedy], [UnavailableError, "checkNetwork"]);
        assert.match(gone.message, /cannot be reached \(ECONNRESET\)/);
        assert.deepEqual([slow.status, gone.status], [undefined, undefined]);
        assert.ok([slow, gone].every((error) => error instanceof DigiCertError));
    });

    it("shows ten errors and counts the rest", () => {
        const errors = Array.from({ length: 50 }, (_, index) => ({ code: `code${index}`, message: "" }));
        const error = errorOf(answer(400, { errors }), DOING);
        assert.equal(error.errors.length, 50);
        assert.match(error.message, /: code0; .*code9; and 40 more\.$/);
    });

    it("tells a proxy that wants credentials from one that does not work", () => {
        const refused = { kind: "failure", neverLeft: true, timedOut: false, lasting: true } as const;
        const error = errorOf({ ...refused, proxyStatus: 407, message: "Proxy response (407)" }, DOING);
        assert.deepEqual([error.constructor, error.remedy], [UnavailableError, "setProxyCredentials"]);
        assert.equal(errorOf({ ...refused, proxyStatus: 502, message: "x" }, DOING).remedy, "checkNetwork");
    });

    it("tells why a request was not sent", () => {
        const paused = errorOf({ kind: "withheld", waitMs: 200_500 }, DOING);
        assert.deepEqual([paused.constructor, paused.remedy], [RateLimitError, "waitForQuota"]);
        assert.match(paused.message, /not sent, because DigiCert asked to wait for another 201 s \(429\)\./);
        const late = errorOf({ kind: "withheld", waitMs: 0 }, DOING);
        assert.deepEqual([late.constructor, late.remedy], [TimeoutError, "tryLater"]);
        assert.match(late.message, /could not follow the read of the order within 5 s\./);
    });
});

describe("changeErrorOf", () => {
    it("says that the change may have been carried out, unless it certainly was not", () => {
        for (const [exchange, mayBe] of [
            [answer(502, "<html>"), true],
            [answer(200, "<html>"), true],
            [answer(499, ""), true],
            [answer(400, said("x")), false],
            [answer(404, ""), false],
        ] as const) {
            const error = changeErrorOf(exchange, DOING);
            assert.equal(error.message.endsWith("It may have been carried out nevertheless."), mayBe);
            assert.equal(error.remedy === "checkOrder", mayBe);
        }
    });
});
