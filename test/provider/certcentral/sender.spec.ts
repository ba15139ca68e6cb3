import assert from "node:assert/strict";
import type { Exchange } from "../../../provider/core/certcentral/exchange.js";
import { Limiter, type Window } from "../../../provider/core/certcentral/limiter.js";
import { Sender } from "../../../provider/core/certcentral/sender.js";
import type { ApiRequest, Transport } from "../../../provider/core/certcentral/transport.js";
import { FakeClock } from "../../fixtures/fakeClock.js";

const answer = (status: number, retryAfterMs?: number): Exchange => ({
    kind: "answer",
    status,
    text: "",
    json: {},
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

describe("Sender", () => {
    let clock: FakeClock;
    let sent: string[];
    let answers: Exchange[];
    let takesMs: number;
    beforeEach(() => {
        clock = new FakeClock();
        sent = [];
        answers = [];
        takesMs = 10;
    });

    /** Answers in `takesMs`, with what is laid out, then with 200. */
    function sender(windows: readonly Window[] = [{ ms: 5000, requests: 10 }], inFlight = 32) {
        const transport = {
            exchange: async ({ method, path }: ApiRequest) => {
                sent.push(`${method} ${path} at ${Math.floor(clock.now() / 1000)}`);
                const next = answers.shift() ?? answer(200);
                await clock.sleep(takesMs);
                return next;
            },
        } as unknown as Transport;
        const limiter = new Limiter(windows, clock, inFlight);
        return { limiter, api: new Sender(transport, limiter, { unavailableMs: 1, rateLimitMs: 5000 }) };
    }

    const order = (orderId: string, reserve = false) =>
        ({ method: "GET", path: `/order/${orderId}`, orderId, reserve }) as const;
    const list = (orderId: string) => ({ method: "GET", path: `/list/${orderId}`, orderId }) as const;
    const post = (orderId: string) => ({ method: "POST", path: `/reissue/${orderId}`, orderId }) as const;

    /** The outcome after so much time. */
    async function within<T>(ms: number, promise: Promise<T>): Promise<T | "waits"> {
        let outcome: T | "waits" = "waits";
        void promise.then((value) => (outcome = value));
        await clock.advance(ms);
        return outcome;
    }

    const status = (exchange: Exchange | "waits" | undefined) =>
        exchange === "waits" || exchange?.kind !== "answer" ? exchange : exchange.status;

    describe("a POST after a reserving read", () => {
        it("and the reads in between pass a full queue", async () => {
            const { api } = sender();
            await within(20, api.get(order("7", true)));
            for (let others = 0; others < 50; others++) void api.get(order(`other${others}`));
            await clock.advance(1000);
            assert.equal(status(await within(20, api.get(list("7")))), 200);
            assert.equal(status(await within(20, api.get(list("7")))), 200);
            assert.equal(status(await within(20, api.post(post("7")))), 200);
            assert.deepEqual(sent.slice(-3), [
                "GET /list/7 at 1",
                "GET /list/7 at 1",
                "POST /reissue/7 at 1",
            ]);
            assert.equal(sent.length, 1 + 6 + 3, "the window of 10 is kept");
        });

        it("keeps a place although more was read in between than was thought of", async () => {
            const { api } = sender([{ ms: 5000, requests: 4 }]);
            await within(20, api.get(order("7", true)));
            await within(40, api.get(list("7")));
            await within(40, api.get(list("7")));
            assert.equal(await within(40, api.get(list("7"))), "waits");
            assert.equal(status(await within(20, api.post(post("7")))), 200);
        });

        it("is not sent later than 5 s after it", async () => {
            const { api } = sender();
            await within(10, api.get(order("7", true)));
            await clock.advance(5001);
            assert.deepEqual(await within(20, api.post(post("7"))), { kind: "withheld", waitMs: 0 });
            assert.equal(sent.length, 1);
        });

        it("is not sent later than 5 s after that was sent, however late its answer came", async () => {
            const { api } = sender();
            takesMs = 5001;
            await within(5001, api.get(order("7", true)));
            assert.deepEqual(await within(20, api.post(post("7"))), { kind: "withheld", waitMs: 0 });
            assert.equal(sent.length, 1);
        });

        it("is sent once only: the next one has no reservation", async () => {
            const { api } = sender([{ ms: 5000, requests: 4 }]);
            await within(20, api.get(order("7", true)));
            await within(20, api.post(post("7")));
            for (let others = 0; others < 2; others++) void api.get(order("other"));
            await clock.advance(100);
            assert.deepEqual(await within(20, api.post(post("7"))), { kind: "withheld", waitMs: 0 });
        });

        it("is not sent into a pause", async () => {
            const { api, limiter } = sender();
            await within(20, api.get(order("7", true)));
            limiter.refused(clock.now(), 30_000, 5000);
            const outcome = await within(20, api.post(post("7")));
            assert.ok(outcome !== "waits" && outcome.kind === "withheld" && outcome.waitMs > 29_000);
            assert.equal(sent.length, 1);
        });
    });

    describe("a POST without a reservation", () => {
        it("is sent where nothing is in the way", async () => {
            const { api } = sender();
            assert.equal(status(await within(20, api.post(post("7")))), 200);
        });

        it("never queues", async () => {
            const { api } = sender([{ ms: 5000, requests: 1 }]);
            await within(20, api.get(order("other")));
            assert.deepEqual(await within(0, api.post(post("7"))), { kind: "withheld", waitMs: 0 });
            await clock.advance(60_000);
            assert.deepEqual(sent, ["GET /order/other at 0"]);
        });
    });

    describe("a reservation", () => {
        const full = [{ ms: 1_000_000, requests: 5 }];
        const isFree = async (api: Sender) => status(await within(20, api.get(order("other")))) === 200;

        it("goes back after 5 s", async () => {
            const { api } = sender(full);
            await within(10, api.get(order("7", true)));
            void api.get(order("8", true));
            await clock.advance(4980);
            assert.equal(sent.length, 1);
            await clock.advance(20);
            assert.equal(sent.length, 2);
        });

        it("goes back when the read fails", async () => {
            const { api } = sender(full, 1);
            answers = [answer(404)];
            await within(20, api.get(order("7", true)));
            assert.ok(await isFree(api));
        });

        it("goes back when the POST is sent", async () => {
            const { api } = sender(full, 1);
            await within(20, api.get(order("7", true)));
            await within(20, api.post(post("7")));
            assert.ok(await isFree(api));
        });

        it("goes back when the client says so", async () => {
            const { api } = sender(full, 1);
            await within(20, api.get(order("7", true)));
            api.giveBack("7");
            assert.ok(await isFree(api));
        });
    });

    describe("a GET that is told 429", () => {
        it("waits, and everybody with it, then goes on", async () => {
            const { api } = sender();
            answers = [answer(429, 20_000)];
            const first = api.get(order("7"));
            await clock.advance(100);
            const second = api.get(order("8"));
            await clock.advance(19_000);
            assert.equal(sent.length, 1);
            assert.equal(status(await within(1000, first)), 200);
            assert.equal(status(await within(10, second)), 200);
        });

        it("outlasts DigiCert's longest window, but not for ever", async () => {
            const { api } = sender();
            answers = Array.from({ length: 100 }, () => answer(429));
            const outcome = api.get(order("7"));
            assert.equal(await within(190_000, outcome), "waits");
            assert.equal(status(await within(200_000, outcome)), 429);
            assert.equal(sent.length, 7);
        });

        it("does not wait where DigiCert asks for more than 3 minutes, and neither does anybody else", async () => {
            const { api } = sender();
            answers = [answer(429, 181_000)];
            assert.equal(status(await within(20, api.get(order("7")))), 429);
            const next = await within(20, api.get(order("8")));
            assert.ok(next !== "waits" && next.kind === "withheld" && next.waitMs > 180_000);
            assert.equal(sent.length, 1);
        });

        it("stops after 5 minutes, however often it is put off", async () => {
            const { api } = sender();
            answers = Array.from({ length: 100 }, () => answer(429, 170_000));
            assert.equal(status(await within(400_000, api.get(order("7")))), 429);
            assert.equal(sent.length, 3);
        });
    });

    it("repeats neither a POST nor a PUT", async () => {
        for (const status of [429, 503]) {
            sent = [];
            const { api } = sender();
            answers = [answer(status, 0), answer(status, 0)];
            await within(100, api.post(post("7")));
            await within(100, api.put({ method: "PUT", path: "/status", orderId: "7" }));
            assert.equal(sent.length, 2);
        }
    });
});
