import assert from "node:assert/strict";
import type { Exchange } from "../../../provider/core/certcentral/exchange.js";
import { Limiter, quotaFloorMs, windowsFor } from "../../../provider/core/certcentral/limiter.js";
import { Sender } from "../../../provider/core/certcentral/sender.js";
import type { ApiRequest } from "../../../provider/core/certcentral/transport.js";
import { Clock } from "../../../simulator/clock.js";
import { RateLimit } from "../../../simulator/rateLimit.js";
import { FakeClock } from "../../fixtures/fakeClock.js";

const ORDERS = 5000;
const STACKS = 5;
/** What `pulumi up --parallel` lets through at a time. */
const PARALLEL = 32;
const LATENCY_MS = 150;
const BACKOFF = { unavailableMs: 500, rateLimitMs: 5000 };

/** DigiCert, as far as the quota goes: counts requests of one key, and what was accepted for each order. */
class Account {
    requests = 0;
    refused = 0;
    readonly reissues = new Map<string, number>();
    readonly #clock: FakeClock;
    readonly #limit: RateLimit;

    constructor(clock: FakeClock) {
        this.#clock = clock;
        this.#limit = new RateLimit(new Clock(() => new Date(clock.now())));
    }

    async exchange({ method, path }: ApiRequest): Promise<Exchange> {
        await this.#clock.sleep(LATENCY_MS / 2);
        this.requests++;
        const isAdmitted = this.#limit.admit("key");
        if (!isAdmitted) this.refused++;
        else if (method === "POST") this.reissues.set(path, (this.reissues.get(path) ?? 0) + 1);
        await this.#clock.sleep(LATENCY_MS / 2);
        return { kind: "answer", status: isAdmitted ? 200 : 429, text: "", json: undefined };
    }
}

/** One process: reads each order and POSTs, as `reissue/request.ts` does. Ends early when `isStopped`. */
async function reissueAll(
    account: Account,
    clock: FakeClock,
    orders: Iterable<string>,
    isStopped: () => boolean,
): Promise<string[]> {
    const limiter = new Limiter(windowsFor(1 / STACKS), clock);
    const sender = new Sender(account, limiter, BACKOFF);
    const left = [...orders];
    const failed: string[] = [];
    const work = async (): Promise<void> => {
        for (let orderId = left.shift(); orderId !== undefined && !isStopped(); orderId = left.shift()) {
            const path = `/order/certificate/${orderId}/reissue`;
            for (let posts = 1; ; posts++) {
                const read = await sender.sendRepeatably({ method: "GET", path, orderId, reserve: true });
                assert.equal(read.kind === "answer" && read.status, 200);
                const post = await sender.post({ method: "POST", path, orderId });
                if (post.kind === "answer" && post.status === 200) break;
                if (posts === 3) {
                    failed.push(orderId);
                    break;
                }
                await clock.sleep(sender.retryPauseMs(posts, post));
            }
        }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    return failed;
}

/** On a clock that is passed in. With the real CLI and real time: `npm run bench:fleet`. */
describe("5,000 orders in five processes that share a key", function () {
    this.timeout(240_000);
    const ids = Array.from({ length: ORDERS }, (_, index) => String(1_000_001 + index));
    const shard = (index: number, orders: readonly string[]) =>
        orders.filter((orderId) => Number(orderId) % STACKS === index);

    async function run(
        clock: FakeClock,
        account: Account,
        orders: readonly string[],
        isStopped = () => false,
    ) {
        const processes = { haveEnded: false };
        const all = Promise.all(
            Array.from({ length: STACKS }, (_, index) =>
                reissueAll(account, clock, shard(index, orders), isStopped),
            ),
        ).finally(() => (processes.haveEnded = true));
        while (!processes.haveEnded) await clock.advance(1000);
        return (await all).flat();
    }

    it("are all reissued once, without a 429, within 1.15 times the quota's floor", async () => {
        const clock = new FakeClock();
        const account = new Account(clock);
        const start = clock.now();
        assert.deepEqual(await run(clock, account, ids), []);
        const factor = (clock.now() - start) / quotaFloorMs(account.requests);
        console.log(
            `      ${account.requests} requests, ${(clock.now() - start) / 1000} s, × ${factor.toFixed(3)}`,
        );
        assert.deepEqual([account.requests, account.refused], [2 * ORDERS, 0]);
        assert.ok(
            account.reissues.size === ORDERS && [...account.reissues.values()].every((times) => times === 1),
        );
        assert.ok(factor < 1.15, String(factor));
    });

    it("the same where all processes are interrupted in the middle and started again", async () => {
        const clock = new FakeClock();
        const account = new Account(clock);
        const start = clock.now();
        await run(clock, account, ids, () => account.reissues.size >= ORDERS / 2);
        const isDone = (orderId: string) => account.reissues.has(`/order/certificate/${orderId}/reissue`);
        // The new processes know nothing of the requests of the old ones, which DigiCert still counts.
        const failed = await run(
            clock,
            account,
            ids.filter((orderId) => !isDone(orderId)),
        );
        const accepted = account.requests - account.refused;
        const factor = (clock.now() - start) / quotaFloorMs(accepted);
        console.log(
            `      ${account.requests} requests, ${account.refused} × 429, ${failed.length} failed, ` +
                `${(clock.now() - start) / 1000} s, × ${factor.toFixed(3)}`,
        );
        assert.deepEqual(failed, []);
        assert.ok([...account.reissues.values()].every((times) => times === 1));
        assert.equal(account.reissues.size, ORDERS);
        assert.ok(factor < 1.15, String(factor));
    });
});
