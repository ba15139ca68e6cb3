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
    function sender(
        windows: readonly Window[] = [{ ms: 5000, requests: 10 }],
        inFlight = 32,
        signal?: AbortSignal,
    ) {
        const transport = {
            exchange: async ({ method, path }: ApiRequest) => {
                sent.push(`${method} ${path} at ${Math.floor(clock.now() / 1000)}`);
                const next = answers.shift() ?? answer(200);
                await clock.sleep(takesMs);
                return next;
            },
        } as unknown as Transport;
        const limiter = new Limiter(windows, clock, inFlight);
        const backoff = { unavailableMs: 1, rateLimitMs: 5000 };
        return { limiter, api: new Sender(transport, limiter, backoff, signal) };
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

    describe("a POST", () => {
        it("passes a full queue after the read that allows it, and so do the reads in between", async () => {
            const { api } = sender();
            await within(20, api.sendRepeatably(order("7", true)));
            for (let others = 0; others < 50; others++) void api.sendRepeatably(order(`other${others}`));
            await clock.advance(1000);
            assert.equal(status(await within(20, api.sendRepeatably(list("7")))), 200);
            assert.equal(status(await within(20, api.sendRepeatably(list("7")))), 200);
            assert.equal(status(await within(20, api.post(post("7")))), 200);
            assert.deepEqual(sent.slice(5, 8), [
                "GET /list/7 at 1",
                "GET /list/7 at 1",
                "POST /reissue/7 at 1",
            ]);
        });

        it("is sent although the run was stopped after the read that allows it, and so are the reads in between", async () => {
            const stop = new AbortController();
            const { api } = sender([{ ms: 5000, requests: 7 }], 32, stop.signal);
            await within(4000, api.sendRepeatably(order("other")));
            await within(20, api.sendRepeatably(order("7", true)));
            stop.abort();
            for (let reads = 0; reads < 4; reads++) await within(20, api.sendRepeatably(list("7")));
            // No reserved place is left for this read, so it waits until the other order's place is free.
            assert.equal(status(await within(1500, api.sendRepeatably(list("7")))), 200);
            assert.equal(status(await within(20, api.post(post("7")))), 200);
        });

        it("is withheld where its read is too old, and may be sent after another", async () => {
            const { api } = sender();
            await within(10, api.sendRepeatably(order("7", true)));
            await clock.advance(5001);
            assert.deepEqual(await within(20, api.post(post("7"))), { kind: "withheld", waitMs: 0 });
            await within(10, api.sendRepeatably(order("7", true)));
            assert.equal(status(await within(20, api.post(post("7")))), 200);
        });

        it("is withheld where the read that allows it failed", async () => {
            const { api } = sender([{ ms: 1_000_000, requests: 7 }]);
            answers = [answer(404)];
            await within(20, api.sendRepeatably(order("7", true)));
            assert.deepEqual(await within(20, api.post(post("7"))), { kind: "withheld", waitMs: 0 });
            // What was reserved is free again: six places, of which the next read of an order needs all.
            assert.equal(status(await within(20, api.sendRepeatably(order("8", true)))), 200);
        });

        it("is withheld for as long as DigiCert wants a pause", async () => {
            const { api, limiter } = sender();
            await within(20, api.sendRepeatably(order("7", true)));
            limiter.pauseAll(clock.now(), 30_000, 5000);
            const outcome = await within(20, api.post(post("7")));
            assert.ok(outcome !== "waits" && outcome.kind === "withheld" && outcome.waitMs > 29_000);
            assert.equal(sent.length, 1);
        });
    });

    describe("a GET that a firewall answers with a web page", () => {
        const page: Exchange = { kind: "answer", status: 403, text: "<html>blocked</html>", json: undefined };

        it("is repeated, like one that is told 503", async () => {
            const { api } = sender();
            answers = [page, page];
            assert.equal(status(await within(1000, api.sendRepeatably(order("7")))), 200);
            assert.equal(sent.length, 3);
        });

        it("fails after four attempts", async () => {
            const { api } = sender();
            answers = Array.from({ length: 10 }, () => page);
            assert.equal(status(await within(1000, api.sendRepeatably(order("7")))), 403);
            assert.equal(sent.length, 4);
        });
    });

    describe("a GET that is told 429", () => {
        it("waits, and everybody with it, then goes on", async () => {
            const { api } = sender();
            answers = [answer(429, 20_000)];
            const first = api.sendRepeatably(order("7"));
            await clock.advance(100);
            const second = api.sendRepeatably(order("8"));
            await clock.advance(19_000);
            assert.equal(sent.length, 1);
            assert.equal(status(await within(1000, first)), 200);
            assert.equal(status(await within(10, second)), 200);
        });

        it("outlasts DigiCert's longest window, but not for ever", async () => {
            const { api } = sender();
            answers = Array.from({ length: 100 }, () => answer(429));
            const outcome = api.sendRepeatably(order("7"));
            assert.equal(await within(190_000, outcome), "waits");
            assert.equal(status(await within(200_000, outcome)), 429);
            assert.equal(sent.length, 7);
        });

        it("does not wait where DigiCert asks for more than 3 minutes, and neither does anybody else", async () => {
            const { api } = sender();
            answers = [answer(429, 181_000)];
            assert.equal(status(await within(20, api.sendRepeatably(order("7")))), 429);
            const next = await within(20, api.sendRepeatably(order("8")));
            assert.ok(next !== "waits" && next.kind === "withheld" && next.waitMs > 180_000);
            assert.equal(sent.length, 1);
        });

        it("stops after 5 minutes, however often it is put off", async () => {
            const { api } = sender();
            answers = Array.from({ length: 100 }, () => answer(429, 170_000));
            assert.equal(status(await within(400_000, api.sendRepeatably(order("7")))), 429);
            assert.equal(sent.length, 3);
        });
    });

    it("repeats neither a POST nor a PUT", async () => {
        for (const status of [429, 503]) {
            sent = [];
            const { api } = sender();
            await within(100, api.sendRepeatably(order("7", true)));
            answers = [answer(status, 0), answer(status, 0)];
            await within(100, api.post(post("7")));
            await within(100, api.sendOnce({ method: "PUT", path: "/status", orderId: "7" }));
            assert.equal(sent.length, 3);
        }
    });
});
