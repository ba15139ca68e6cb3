import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { Agent, buildConnector } from "undici";
import { CertCentral } from "../../../provider/core/certcentral/client.js";
import { dispatcherFor } from "../../../provider/core/certcentral/dispatcher.js";
import type { Exchange } from "../../../provider/core/certcentral/exchange.js";
import { Limiter, MAX_CONNECTIONS } from "../../../provider/core/certcentral/limiter.js";
import { Transport } from "../../../provider/core/certcentral/transport.js";
import type { Settings } from "../../../provider/core/settings.js";
import {
    AmbiguousError,
    TimeoutError,
    UnavailableError,
    type DigiCertError,
} from "../../../provider/core/errors.js";
import { FakeClock } from "../../fixtures/fakeClock.js";

const KEY = "TRANSPORT-KEY-0123456789";
const ORDER = '{"status":"issued","certificate":{}}';
const GET = { method: "GET", path: "/order/certificate/1" } as const;

/** Starts a server that answers every request with these bytes, or with the result of a function of its number. */
async function serve(answer: Buffer | string | ((socket: Socket, requests: number) => void)) {
    const heads: string[] = [];
    const sockets = new Set<Socket>();
    let connections = 0;
    const server = createServer((socket) => {
        connections++;
        sockets.add(socket);
        socket.on("error", () => socket.destroy());
        socket.on("data", (chunk) => {
            heads.push(chunk.toString("latin1"));
            if (typeof answer === "function") answer(socket, heads.length);
            else socket.write(answer);
        });
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const settings: Settings = {
        apiKey: () => KEY,
        baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        pollSeconds: 1,
        requestTimeoutSeconds: 0.3,
        settleSeconds: 1,
        quotaShare: 1,
    };
    return {
        settings,
        heads,
        connections: () => connections,
        transport: new Transport(settings, dispatcherFor(settings.baseUrl)),
        client: new CertCentral(settings, undefined, { unavailableMs: 1, rateLimitMs: 1 }),
        close: () => {
            sockets.forEach((socket) => socket.destroy());
            server.close();
        },
    };
}

function http(status: string, body: string | Buffer = "", headers = ""): Buffer {
    const head = `HTTP/1.1 ${status}\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

describe("Transport", () => {
    let served: Awaited<ReturnType<typeof serve>> | undefined;
    afterEach(() => served?.close());

    async function exchange(...given: Parameters<typeof serve>): Promise<Exchange> {
        served = await serve(...given);
        return served.transport.exchange(GET);
    }

    it("asks for no compression", async () => {
        await exchange(http("200 OK", ORDER));
        assert.match(served?.heads[0] ?? "", /^accept-encoding: identity\r$/m);
    });

    it("uses one connection for requests that follow each other, and a bounded number for those that do not", async () => {
        const server = await serve(http("200 OK", ORDER));
        served = server;
        const { transport, connections } = server;
        for (let more = 0; more < 5; more++) {
            await transport.exchange(GET);
            await setImmediate();
        }
        assert.equal(connections(), 1);
        await Promise.all(Array.from({ length: 100 }, () => transport.exchange(GET)));
        // How many it takes depends on how busy the machine is.
        assert.ok(connections() > 1 && connections() <= MAX_CONNECTIONS, `${connections()} connections`);
    });

    it("goes on after an interim answer", async () => {
        const got = await exchange(
            `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${http("200 OK", ORDER).toString()}`,
        );
        assert.ok(got.kind === "answer" && got.status === 200 && got.text === ORDER);
    });

    it("takes a 100 that nobody asked for, and no HTTP at all, for a failure that tells nothing", async () => {
        for (const bytes of ["HTTP/1.1 100 Continue\r\n\r\n", "SSH-2.0-server\r\n"]) {
            const got = await exchange(bytes);
            served?.close();
            assert.ok(got.kind === "failure" && !got.neverLeft, bytes);
        }
    });

    it("measures Retry-After by the server's clock", async () => {
        const date = "date: Sun, 01 Mar 2026 12:00:00 GMT\r\nretry-after: Sun, 01 Mar 2026 12:00:30 GMT\r\n";
        const got = await exchange(http("429 Slow", "", date));
        assert.ok(got.kind === "answer" && got.retryAfterMs === 30_000);
    });

    it("tells the server's clock", async () => {
        const got = await exchange(http("200 OK", ORDER, "date: Sun, 01 Mar 2026 12:00:00 GMT\r\n"));
        assert.ok(got.kind === "answer" && got.date?.toISOString() === "2026-03-01T12:00:00.000Z");
    });

    it("says once what the network said", async () => {
        const refusing = (error: object) =>
            Object.assign(new Agent(), {
                dispatch: () => {
                    throw Object.assign(new Error(""), error);
                },
            });
        served = await serve("");
        for (const [error, message] of [
            [
                { code: "ECONNREFUSED", message: "connect ECONNREFUSED 127.0.0.1:9" },
                "connect ECONNREFUSED 127.0.0.1:9",
            ],
            [{ code: "ECONNRESET", message: "read failed" }, "read failed, ECONNRESET"],
            [
                {
                    code: "ECONNREFUSED",
                    errors: [
                        { message: "connect ECONNREFUSED ::1:9" },
                        { message: "connect ECONNREFUSED 127.0.0.1:9" },
                    ],
                },
                "connect ECONNREFUSED ::1:9; connect ECONNREFUSED 127.0.0.1:9",
            ],
            [{ code: "EPIPE" }, "EPIPE"],
            [{}, "the connection failed"],
        ] as const) {
            const got = await new Transport(served.settings, refusing(error)).exchange(GET);
            assert.ok(got.kind === "failure");
            assert.equal(got.message, message);
        }
    });

    it("quotes the network in one line, without the key", async () => {
        const stranger = Object.assign(new Agent(), {
            dispatch: () => {
                const error = new Error(`DNS:\u001b[2J\u202eevil\n${KEY.toLowerCase()}`);
                throw Object.assign(error, { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
            },
        });
        served = await serve("");
        const got = await new Transport(served.settings, stranger).exchange(GET);
        assert.ok(got.kind === "failure" && got.neverLeft && got.lasting);
        assert.equal(got.message, "DNS: evil [redacted], ERR_TLS_CERT_ALTNAME_INVALID");
    });

    it("takes an error of TLS while the answer is read for no proof that the request never left", async () => {
        const breaking = new Agent();
        breaking.dispatch = (_, handler) => {
            handler.onRequestStart?.(undefined as never, undefined);
            const code = "ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC";
            handler.onResponseError?.(
                undefined as never,
                Object.assign(new Error("bad record mac"), { code }),
            );
            return true;
        };
        served = await serve("");
        const got = await new Transport(served.settings, breaking).exchange(GET);
        assert.ok(got.kind === "failure" && !got.neverLeft);
    });

    describe("answers that cannot be read", () => {
        const gzipped = http("200 OK", gzipSync(ORDER), "content-encoding: gzip\r\n");

        it("are those with nothing in them", async () => {
            served = await serve(http("204 No Content"));
            await assert.rejects(served.client.order("1"), /answered 204, but with something that cannot be/);
        });

        it("say nothing certain about a POST", async () => {
            for (const bytes of [http("204 No Content"), http("201 Created", "<html>"), gzipped]) {
                served = await serve((socket, requests) =>
                    socket.write(requests === 1 ? http("200 OK", ORDER) : bytes),
                );
                await served.client.order("1", { reserve: true });
                const outcome = await served.client.reissue("1", {});
                assert.ok(outcome.kind === "lost" && outcome.error instanceof AmbiguousError);
                served.close();
            }
        });

        it("are those that come compressed all the same, also as a certificate", async () => {
            served = await serve(gzipped);
            const unreadable = { name: "UnavailableError", message: /Content-Encoding: gzip/ };
            await assert.rejects(served.client.order("1"), unreadable);
            await assert.rejects(served.client.download(5, "1"), unreadable);
        });

        it("do no harm to a PUT, if they are DigiCert's", async () => {
            for (const bytes of [gzipped, http("204 No Content")]) {
                served = await serve(bytes);
                await served.client.cancelReissue("1", "note");
                served.close();
            }
        });
    });

    describe("a PUT whose outcome is unclear", () => {
        const rows: [string, Parameters<typeof serve>[0], new (message: string) => Error][] = [
            ["no answer", () => undefined, TimeoutError],
            ["a lost connection", (socket) => socket.destroy(), UnavailableError],
            ["a 502", http("502 Bad Gateway", "<html>"), UnavailableError],
            ["somebody else's page", http("200 OK", "<html>"), UnavailableError],
        ];
        for (const [what, answer, Class] of rows) {
            it(`says after ${what} that it may have been done, and is not repeated`, async () => {
                served = await serve(answer);
                for (const put of [
                    () => served?.client.cancelReissue("1", "note"),
                    () => served?.client.revoke(5, "1", false),
                ]) {
                    await assert.rejects(put() ?? Promise.resolve(), (error: DigiCertError) => {
                        assert.ok(error instanceof Class, error.name);
                        assert.match(error.message, /may have been carried out nevertheless/);
                        assert.equal(error.remedy, "checkOrder");
                        return true;
                    });
                }
                assert.equal(served.heads.filter((head) => head.startsWith("PUT")).length, 2);
            });
        }

        it("takes no content, JSON, and a plain text for an answer", async () => {
            for (const answer of [
                http("204 No Content", ""),
                http("200 OK", ""),
                http("200 OK", "canceled", "content-type: text/plain\r\n"),
                http("201 Created", '{"id":1}'),
            ]) {
                served?.close();
                served = await serve(answer);
                await served.client.cancelReissue("1", "note");
                await served.client.revoke(5, "1", false);
            }
        });

        it("says no such thing where DigiCert refused it", async () => {
            served = await serve(http("400 Bad", '{"errors":[{"code":"x","message":"no"}]}'));
            await assert.rejects(served.client.cancelReissue("1", "note"), (error: Error) => {
                assert.doesNotMatch(error.message, /may have been carried out/);
                return true;
            });
        });
    });

    describe("a POST whose connection takes long", () => {
        /** Answers each request, and closes the connection, so that the next request needs another. */
        const answerOnce = (socket: Socket) => {
            const isPost = served?.heads.at(-1)?.startsWith("POST");
            const answer = http(
                isPost ? "201 Created" : "200 OK",
                isPost ? '{"id":1}' : ORDER,
                "connection: close\r\n",
            );
            socket.end(answer);
        };

        for (const [ms, kind, posts] of [
            [4900, "accepted", 1],
            [5100, "absent", 0],
        ] as const) {
            it(`of ${ms} ms is ${posts === 1 ? "sent" : "never sent, because its read is too old by then"}`, async () => {
                const server = await serve(answerOnce);
                served = server;
                const clock = new FakeClock();
                const connect = buildConnector({});
                let connections = 0;
                const agent = new Agent({
                    connect: (options, done) => {
                        // The connection of the POST takes long.
                        void clock.advance(++connections === 2 ? ms : 0).then(() => {
                            connect(options, done);
                        });
                    },
                });
                const limiter = new Limiter(undefined, clock);
                const client = new CertCentral(server.settings, agent, undefined, limiter);
                await client.order("1", { reserve: true });
                const outcome = await client.reissue("1", {});
                assert.equal(outcome.kind, kind);
                assert.equal(server.heads.filter((head) => head.startsWith("POST")).length, posts);
                if (outcome.kind !== "absent") return;
                assert.match(outcome.error.message, /could not follow the read of the order within 5 s/);
                assert.equal(outcome.tryAgainAfterMs, 0);
                // The connection is kept, so that the next read and its POST need no other.
                await client.order("1", { reserve: true });
                assert.equal((await client.reissue("1", {})).kind, "accepted");
                await agent.close();
            });
        }
    });

    it("rounds no id that is too large: it is not there", async () => {
        served = await serve((socket, requests) =>
            socket.write(
                requests === 1
                    ? http("200 OK", ORDER)
                    : http(
                          "201 Created",
                          '{"id":1,"certificate_id":9007199254740993,"requests":[{"id":9007199254740995}]}',
                      ),
            ),
        );
        await served.client.order("1", { reserve: true });
        const outcome = await served.client.reissue("1", {});
        assert.ok(outcome.kind === "accepted");
        assert.deepEqual([outcome.accepted.certificate_id, outcome.accepted.requests], [undefined, []]);
    });
});
