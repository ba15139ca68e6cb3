import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { CertCentral } from "../../../provider/core/certcentral/client.js";
import { readSettings } from "../../../provider/core/settings.js";
import * as errors from "../../../provider/core/errors.js";
import { makeKeyAndCsr, startSimulator, type FaultRule, type Simulator } from "../../../simulator/index.js";

const ORDER = { method: "GET", path: "/order/certificate/:id" };
const REISSUE = { method: "POST", path: "/order/certificate/:id/reissue" };

describe("CertCentral", () => {
    let simulator: Simulator;
    let csr: string;
    let orderId: string;

    before(async () => {
        simulator = await startSimulator();
        csr = (await makeKeyAndCsr({ commonName: "example.com" })).csrPem;
    });
    after(() => simulator.close());
    beforeEach(async () => {
        simulator.clearFaults();
        orderId = String((await simulator.seedOrder({ commonName: "example.com" })).orderId);
        simulator.clearRequests();
    });

    function client(config: Record<string, string> = {}): CertCentral {
        const values: Record<string, string> = {
            "digicert:apiKey": simulator.apiKey,
            "digicert:baseUrl": simulator.baseUrl,
            ...config,
        };
        const settings = readSettings({ config: (name) => values[name], env: {} });
        return new CertCentral(settings, undefined, { unavailableMs: 1, rateLimitMs: 1 });
    }

    const example = (skipApproval: boolean) => ({
        certificate: {
            common_name: "example.com",
            dns_names: ["sub.example.com"],
            csr,
            server_platform: { id: 2 },
            signature_hash: "sha256",
        },
        comments: "[pulumi-digicert 7f3a9c211b2c3d4e]",
        skip_approval: skipApproval,
    });

    /** The read that allows a POST, and the POST. */
    async function reissue(api: CertCentral, body: unknown) {
        await api.order(orderId, { reserve: true });
        simulator.clearRequests();
        return api.reissue(orderId, body);
    }

    it("sends the request of DigiCert's documentation", async () => {
        await reissue(client(), example(false));
        const [request] = simulator.requests;
        assert.equal(request?.method, "POST");
        assert.equal(request.path, `/services/v2/order/certificate/${orderId}/reissue`);
        assert.equal(request.headers["x-dc-devkey"], simulator.apiKey);
        assert.equal(request.headers["content-type"], "application/json");
        assert.match(String(request.headers["user-agent"]), /^pulumi-digicert\/\d+\.\d+\.\d+$/);
        assert.deepEqual(request.body, example(false));
    });

    it("reads both answers of DigiCert's documentation", async () => {
        const answer = (body: unknown): FaultRule => ({ ...REISSUE, kind: "respond", status: 201, body });
        simulator.fault(answer({ id: 112233, requests: [{ id: 332211 }] }));
        assert.deepEqual(await reissue(client(), example(false)), {
            kind: "accepted",
            accepted: { id: 112233, requests: [{ id: 332211 }] },
        });
        simulator.fault(answer({ id: 112233, certificate_id: 111112 }));
        assert.deepEqual(await reissue(client(), example(true)), {
            kind: "accepted",
            accepted: { id: 112233, certificate_id: 111112 },
        });
    });

    it("loses no id to a neighbour with a wrong type", async () => {
        const body = {
            id: "112233",
            certificate_id: "111112",
            requests: [{ id: {} }, null, { id: 5 }],
            certificate_chain: 1,
        };
        simulator.fault({ ...REISSUE, kind: "respond", status: 201, body });
        const outcome = await reissue(client(), example(true));
        assert.ok(outcome.kind === "accepted");
        assert.deepEqual(JSON.parse(JSON.stringify(outcome.accepted)), {
            id: 112233,
            certificate_id: 111112,
            requests: [{ id: 5 }],
        });
    });

    it("lists the domains of the account page by page, to the last", async () => {
        const DOMAINS = { method: "GET", path: "/domain", kind: "respond", status: 200 } as const;
        const page = Array.from({ length: 1000 }, (_, number) => ({ name: `n${number}.example` }));
        simulator.fault({ ...DOMAINS, body: { domains: page } });
        simulator.fault({ ...DOMAINS, body: { domains: [{ name: "last.example" }] } });
        const found = await client().domains();
        assert.deepEqual(
            [found?.[0]?.name, found?.[1000]?.name, found?.length],
            ["n0.example", "last.example", 1001],
        );
        const asked = simulator.requests.map(({ path }) => path.replace(/^.*\?/, ""));
        assert.deepEqual(asked, ["limit=1000&offset=0", "limit=1000&offset=1000"]);
        simulator.clearFaults();
        simulator.clearRequests();
        simulator.fault({ ...DOMAINS, times: Infinity, body: { domains: page } });
        assert.equal(await client().domains(), undefined, "a server that ignores the offset");
        assert.equal(simulator.requests.length, 20);
    });

    it("tells whose key it is, also where an answer says little", async () => {
        const { id, access_roles: roles } = await client().me();
        assert.deepEqual([id, roles], [9001, [{ id: 1, name: "Administrator" }]]);
        const members = { access_roles: "Administrator", email: 7, status: null };
        simulator.fault({ path: "/user/me", kind: "replace-members", members });
        const { email, access_roles: none } = await client().me();
        assert.deepEqual([email, none], [undefined, undefined]);
        simulator.fault({ path: "/user/me", kind: "respond", status: 200, body: { hello: "world" } });
        await assert.rejects(client().me(), /Reading whose API key it is: .* cannot be understood \(id\)/);
    });

    it("never repeats a POST", async () => {
        for (const fault of [
            { ...REISSUE, kind: "html", status: 503, commit: false },
            { ...REISSUE, kind: "dropped" },
            { ...REISSUE, kind: "redirect", location: "http://127.0.0.1:9/elsewhere" },
            // 429 comes last, because nothing is sent for a moment after it.
            { ...REISSUE, kind: "rate-limited" },
        ] satisfies FaultRule[]) {
            simulator.fault(fault);
            await reissue(client(), example(false));
            assert.equal(simulator.requests.length, 1, fault.kind);
        }
    });

    it("repeats a GET a bounded number of times", async () => {
        simulator.fault({ ...ORDER, times: 2, kind: "html", status: 503 });
        assert.equal((await client().order(orderId)).status, "issued");
        assert.equal(simulator.requests.length, 3);
        simulator.clearRequests();
        simulator.fault({ ...ORDER, times: Infinity, kind: "dropped" });
        await assert.rejects(client().order(orderId), errors.UnavailableError);
        assert.equal(simulator.requests.length, 4);
    });

    it("honours Retry-After", async () => {
        simulator.fault({ ...ORDER, kind: "rate-limited", retryAfter: 1 });
        const start = Date.now();
        await client().order(orderId);
        assert.ok(Date.now() - start >= 900);
    });

    const refused: [string, FaultRule | undefined, string, typeof errors.DigiCertError, RegExp][] = [
        [
            "a wrong key",
            undefined,
            "digicert:apiKey",
            errors.AuthenticationError,
            /answered 403: Access denied due to access_denied_invalid_key\./,
        ],
        [
            "another 403",
            {
                ...ORDER,
                kind: "respond",
                status: 403,
                body: {
                    errors: [
                        { code: "access_denied|missing_permission", message: "no" },
                        { code: "b", message: "also" },
                    ],
                },
            },
            "",
            errors.PermissionError,
            /no \(access_denied\|missing_permission\); also \(b\)\.$/,
        ],
        [
            "404",
            {
                ...ORDER,
                kind: "respond",
                status: 404,
                body: { errors: [{ code: "not_found|order", message: "gone" }] },
            },
            "",
            errors.NotFoundError,
            /gone \(not_found\|order\)/,
        ],
        [
            "400",
            {
                ...ORDER,
                kind: "respond",
                status: 400,
                body: { errors: [{ code: "invalid_value:x", message: "x is bad." }] },
            },
            "",
            errors.InvalidRequestError,
            /x is bad\. \(invalid_value:x\)/,
        ],
        [
            "429 for ever",
            { ...ORDER, times: Infinity, kind: "rate-limited" },
            "",
            errors.RateLimitError,
            /answered 429/,
        ],
        [
            "502",
            { ...ORDER, times: Infinity, kind: "html", status: 502 },
            "",
            errors.UnavailableError,
            /answered 502 without a reason that can be read\.$/,
        ],
        [
            "a redirect",
            { ...ORDER, kind: "redirect", location: "http://127.0.0.1:9/" },
            "",
            errors.UnavailableError,
            /a redirect, which is not followed/,
        ],
        [
            "HTML with 200",
            { ...ORDER, kind: "html", status: 200 },
            "",
            errors.UnavailableError,
            /cannot be understood/,
        ],
        [
            "a member of a wrong type on which a POST depends",
            {
                ...ORDER,
                kind: "respond",
                status: 200,
                body: { status: "issued", certificate: { id: "x" } },
            },
            "",
            errors.UnavailableError,
            /cannot be understood \(certificate\.id\)/,
        ],
    ];
    for (const [what, fault, config, Class, message] of refused) {
        it(`turns ${what} into one sentence of its own kind`, async () => {
            if (fault) simulator.fault(fault);
            const settings: Record<string, string> =
                config === "" ? {} : { [config]: "WRONG-KEY-0123456789" };
            await assert.rejects(client(settings).order(orderId), (error: errors.DigiCertError) => {
                assert.ok(error instanceof Class, error.name);
                assert.match(error.message, new RegExp(`^Reading order ${orderId}: DigiCert answered`));
                assert.match(error.message, message);
                return true;
            });
        });
    }

    it("says what cannot be reached, and that the POST never left", async () => {
        const nowhere = client({ "digicert:baseUrl": "http://127.0.0.1:9/services/v2" });
        await assert.rejects(nowhere.order(orderId), {
            code: "ERR_DIGICERT_UNAVAILABLE",
            message: /cannot be reached \(connect ECONNREFUSED 127\.0\.0\.1:9\)\.$/,
            remedy: "checkNetwork",
        });
    });

    it("sends no POST without the read that allows it", async () => {
        const outcome = await client().reissue(orderId, example(false));
        assert.ok(outcome.kind === "absent" && outcome.tryAgainAfterMs === 0);
        assert.ok(outcome.error instanceof errors.TimeoutError);
        assert.equal(simulator.requests.length, 0);
    });

    describe("a POST", () => {
        const respond = (status: number, body: unknown): FaultRule => ({
            ...REISSUE,
            kind: "respond",
            status,
            body,
        });
        const said = { errors: [{ code: "invalid_value:x", message: "x is bad." }] };

        it("was certainly not accepted where a firewall shows its page, in words that name it", async () => {
            simulator.fault({ ...REISSUE, kind: "html", status: 403 });
            const outcome = await reissue(client(), example(false));
            assert.ok(outcome.kind === "absent" && outcome.tryAgainAfterMs === undefined);
            assert.ok(outcome.error instanceof errors.UnavailableError);
            assert.equal(outcome.error.remedy, "checkFirewall");
            assert.match(outcome.error.message, /a firewall or proxy answered 403 with a web page/);
        });

        it("was certainly not accepted where DigiCert says why", async () => {
            for (const status of [400, 408, 409, 425, 499]) {
                simulator.fault(respond(status, said));
                assert.equal((await reissue(client(), example(false))).kind, "absent", `${status}`);
            }
        });

        it("may have been accepted where a 4xx says nothing that DigiCert says", async () => {
            for (const status of [400, 408, 409, 425, 499]) {
                for (const body of [{}, { message: "Endpoint request timed out" }, "timeout"]) {
                    simulator.fault(respond(status, body));
                    const outcome = await reissue(client(), example(false));
                    assert.ok(outcome.kind === "lost", `${status}`);
                    assert.ok(outcome.error instanceof errors.AmbiguousError);
                    assert.equal(outcome.error.remedy, "confirmReissue");
                }
            }
        });
    });

    describe("the answer with an order", () => {
        const told = (members: Record<string, unknown>): void => {
            simulator.fault({ ...ORDER, kind: "replace-members", members });
        };

        it("is refused where it tells of another order, naming both", async () => {
            told({ id: 999 });
            await assert.rejects(client().order(orderId), (error: errors.DigiCertError) => {
                assert.ok(error instanceof errors.UnavailableError);
                assert.equal(error.message, `Reading order ${orderId}: DigiCert answered with order 999.`);
                assert.equal(error.remedy, "askDigiCert");
                return true;
            });
        });

        it("allows no POST where it tells of another order", async () => {
            const api = client();
            told({ id: 999 });
            await assert.rejects(api.order(orderId, { reserve: true }));
            assert.equal((await api.reissue(orderId, example(false))).kind, "absent");
        });

        it("may tell no id, or one as a text", async () => {
            for (const id of [null, orderId]) {
                told({ id });
                assert.equal((await client().order(orderId)).status, "issued");
            }
        });

        it("tells DigiCert's own clock", async () => {
            const { serverTime } = await client().order(orderId);
            assert.ok(serverTime instanceof Date && Math.abs(serverTime.getTime() - Date.now()) < 60_000);
        });
    });

    it("asks for no path but that of an order, whatever the id is", async () => {
        await assert.rejects(client().order("../../user/me"));
        assert.match(simulator.requests[0]?.path ?? "", /\/order\/certificate\/\.\.%2F\.\.%2Fuser%2Fme$/);
    });

    it("takes no order for pending that the list shows with another status", async () => {
        const orders = [{ id: 1, status: "reissue_pending" }, { id: 2, status: "issued" }, { id: 3 }];
        const body = { orders, page: { total: 3, limit: 1000, offset: 0 } };
        simulator.fault({ method: "GET", path: "/order/certificate", kind: "respond", status: 200, body });
        assert.deepEqual(await client().pendingOrders(), new Set(["1", "3"]));
    });

    describe("domain control validation", () => {
        const DCV = { method: "PUT", kind: "respond", status: 200 } as const;
        const token = { dcv_random_value: "abc", expiration_date: "2026-04-01T00:00:00+00:00" };

        it("asks for the present token, again after a lost answer", async () => {
            const path = "/order/certificate/:id/dcv-random-value";
            simulator.fault({ method: "PUT", path, kind: "dropped" });
            simulator.fault({ ...DCV, path, body: token });
            assert.deepEqual(await client().dcvToken(orderId), token);
            assert.equal(simulator.requests.length, 2);
        });

        it("has names checked, and tells what was found for each", async () => {
            const found = {
                order_status: "pending",
                dns_name_validations: [{ dns_name: "a.example", status: "approved" }],
            };
            simulator.fault({ ...DCV, path: "/order/certificate/:id/check-dcv", body: found });
            assert.deepEqual(await client().checkDcv(orderId, ["a.example"]), found);
            assert.deepEqual(simulator.requests[0]?.body, { dns_names_validations: ["a.example"] });
        });

        it("says why a check failed", async () => {
            const body = { errors: [{ code: "file_random_value_not_found", message: "no file" }] };
            simulator.fault({ ...DCV, status: 400, path: "/order/certificate/:id/check-dcv", body });
            await assert.rejects(client().checkDcv(orderId), {
                name: "InvalidRequestError",
                message: /no file/,
            });
        });

        it("sets the method, whose answer may be empty", async () => {
            const path = "/order/certificate/:id/dcv-method";
            simulator.fault({ ...DCV, path, body: token });
            assert.deepEqual(await client().setDcvMethod(orderId, "dns-txt-token"), token);
            assert.deepEqual(simulator.requests[0]?.body, { dcv_method: "dns-txt-token" });
            simulator.fault({ ...DCV, path, body: "" });
            assert.deepEqual(await client().setDcvMethod(orderId, "email"), {});
        });
    });

    it("gives up on an answer that does not come, and on one that does not end", async () => {
        const quick = client({ "digicert:requestTimeoutSeconds": "0.1" });
        for (const kind of ["slow-headers", "slow-body"] as const) {
            simulator.fault({ ...ORDER, kind, ms: 5000, times: 4 });
            await assert.rejects(quick.order(orderId), errors.TimeoutError);
            simulator.clearFaults();
        }
    });

    it("does not read an endless answer to its end", async () => {
        let sent = 0;
        const server = createServer((_request, response) => {
            const chunk = "x".repeat(1 << 20);
            const more = (): void => {
                while (sent < 200 << 20 && !response.destroyed) {
                    sent += chunk.length;
                    if (!response.write(chunk)) {
                        response.once("drain", more);
                        return;
                    }
                }
                response.end();
            };
            more();
        }).listen(0, "127.0.0.1");
        await new Promise((listening) => server.once("listening", listening));
        const { port } = server.address() as AddressInfo;
        await assert.rejects(
            client({ "digicert:baseUrl": `http://127.0.0.1:${port}` }).order("1"),
            errors.UnavailableError,
        );
        server.closeAllConnections();
        server.close();
        assert.ok(sent < 150 << 20, `${sent} bytes in four attempts`);
    });

    it("keeps all errors of an answer, each on one line, and names ten", async () => {
        const said = Array.from({ length: 200 }, (_, n) => ({ code: `a\n${n}`, message: "c\u001b[2Jd" }));
        simulator.fault({ ...ORDER, kind: "respond", status: 400, body: { errors: said } });
        await assert.rejects(client().order(orderId), ({ errors: kept, message }: errors.DigiCertError) => {
            assert.equal(kept.length, 200);
            assert.deepEqual(kept[199], { code: "a 199", message: "c d" });
            assert.match(message, /c d \(a 9\); and 190 more\.$/);
            return true;
        });
    });

    it("shows the key nowhere: not in errors, their causes, dumps, or an echo by the server", async () => {
        const key = simulator.apiKey;
        const echo = {
            errors: [
                {
                    code: key,
                    message: `key ${key}, ${encodeURIComponent(key)}, ${Buffer.from(key).toString("base64")}`,
                },
            ],
        };
        const api = client();
        const post = async () => {
            await client().order(orderId);
            await api.order(orderId, { reserve: true });
            return api.reissue(orderId, example(false));
        };
        const seen: unknown[] = [api];
        for (const fault of [
            { ...ORDER, kind: "respond", status: 400, body: echo },
            { ...ORDER, kind: "respond", status: 400, body: escapedEcho(key) },
            { ...ORDER, kind: "respond", status: 200, body: { status: key, certificate: {}, dcv: key } },
            { ...ORDER, kind: "redirect", location: `http://127.0.0.1:9/?key=${key}` },
            { ...ORDER, kind: "dropped", times: 4 },
            { ...REISSUE, kind: "respond", status: 201, body: { dcv_random_value: key } },
        ] satisfies FaultRule[]) {
            simulator.clearFaults();
            simulator.fault(fault);
            seen.push(await api.order(orderId).catch((error: unknown) => error));
            seen.push(await post().catch((error: unknown) => error));
        }
        assert.ok(seen.length === 13);
        const dump = inspect(seen, { depth: 20, showHidden: true });
        assert.ok(!dump.includes(key) && !dump.includes(Buffer.from(key).toString("base64")));
        assert.match(dump, /\[redacted\]/);
    });
});

/** An error body with the key in JSON escapes, which only parsing makes readable. */
function escapedEcho(key: string): string {
    const escaped = Array.from(key, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`).join(
        "",
    );
    return `{"errors":[{"code":"x","message":"${escaped}"}]}`;
}
