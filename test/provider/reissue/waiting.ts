/** How many requests it costs to wait for many reissues, and how long their ends are in coming to light. */
import {
    orderAnswer,
    reissuesAnswer,
    type Order,
    type Reissue,
    type StatusChange,
} from "../../../provider/core/certcentral/answers.js";
import type { CertCentral } from "../../../provider/core/certcentral/client.js";
import type { Context } from "../../../provider/core/context.js";
import { waitUntilSettled } from "../../../provider/core/reissue/wait.js";
import { Watch } from "../../../provider/core/reissue/watch.js";
import { UnavailableError } from "../../../provider/core/errors.js";
import { keyPair } from "../../fixtures/csr.js";
import { FakeClock } from "../../fixtures/fakeClock.js";

const MINUTE = 60_000;
const POLL_SECONDS = 10;
/** The reissues wait for so long, and are issued then, all at once; between two reads of the list. */
const WAIT_MINUTES = 15.4;
/** How late a late feed is: longer than the stretch that is read twice. */
const LATE_MS = 5 * MINUTE;

/** What may become of the feed of status changes, and of the list that is its safety net. */
export type News = "good" | "feed refused" | "feed late" | "feed wrong" | "all refused";

/** What waiting cost. */
export interface Cost {
    readonly perMinute: number;
    /** From issuance until the last one knew, by the clock. */
    readonly latestMs: number;
    readonly settled: number;
}

/** Waits for so many reissues on a clock of its own. */
export async function wait(count: number, news: News): Promise<Cost> {
    const clock = new FakeClock();
    const api = new Account(clock, count, news);
    const client = api as unknown as CertCentral;
    const time = { elapsed: () => clock.now(), sleep: (ms: number) => clock.sleep(ms) };
    const context: Context = {
        ...time,
        now: () => new Date(clock.now()),
        client,
        pollSeconds: POLL_SECONDS,
        watch: new Watch(client, time, POLL_SECONDS * 1000),
        log: () => undefined,
    };
    const patience = { issuanceTimeoutSeconds: 7200, waitForApproval: false, isOnItsWay: true };
    const { publicKey: key } = keyPair("P-256");
    const settledAt: number[] = [];
    for (let id = 1; id <= count; id++) {
        const asked = { marker: "0123456789abcdef", at: new Date(0).toISOString(), replaces: id };
        const ours = {
            orderId: String(id),
            key,
            names: new Set<string>(),
            asked,
            requestIds: [],
            certificateId: certificateOf(id),
        };
        void waitUntilSettled(context, ours, patience).then(({ standing }) => {
            if (standing.kind === "issued") settledAt.push(clock.now());
        });
    }
    await clock.advance(WAIT_MINUTES * MINUTE);
    const { requests } = api;
    await clock.advance(90 * MINUTE);
    return {
        perMinute: requests / WAIT_MINUTES,
        latestMs: Math.max(...settledAt) - WAIT_MINUTES * MINUTE,
        settled: settledAt.length,
    };
}

function certificateOf(id: number): number {
    return 1_000_000 + id;
}

/** CertCentral, as far as waiting asks it; counts how often. */
class Account implements Pick<CertCentral, "order" | "reissues" | "statusChanges" | "pendingOrders"> {
    requests = 0;
    readonly #clock: FakeClock;
    readonly #count: number;
    readonly #news: News;

    constructor(clock: FakeClock, count: number, news: News) {
        this.#clock = clock;
        this.#count = count;
        this.#news = news;
    }

    order(orderId: string): Promise<Order> {
        const id = Number(orderId);
        const isIssued = this.#isIssued();
        const status = isIssued ? "issued" : "reissue_pending";
        const certificate = { id: isIssued ? certificateOf(id) : id, status: "issued" };
        return this.#answer(() => orderAnswer.parse({ status, certificate }));
    }

    reissues(orderId: string): Promise<Reissue[]> {
        const certificates = [{ id: certificateOf(Number(orderId)), status: "pending" }];
        return this.#answer(() => reissuesAnswer.parse({ certificates }).certificates);
    }

    statusChanges(minutes: number): Promise<StatusChange[]> {
        if (this.#news === "feed refused" || this.#news === "all refused") return this.#refuse();
        if (this.#news === "feed wrong") {
            const wrong = { order_id: 1, certificate_id: 7, status: "on its way" };
            return this.#answer(() => [wrong, { ...wrong, order_id: 999_999, status: "issued" }]);
        }
        const told = WAIT_MINUTES * MINUTE + (this.#news === "feed late" ? LATE_MS : 0);
        const isNews = this.#clock.now() >= told && this.#clock.now() - minutes * MINUTE <= told;
        return this.#answer(() =>
            Array.from({ length: isNews ? this.#count : 0 }, (_, index) => ({
                order_id: index + 1,
                certificate_id: certificateOf(index + 1),
                status: "issued",
            })),
        );
    }

    pendingOrders(): Promise<ReadonlySet<string>> {
        if (this.#news === "all refused") return this.#refuse();
        const pending = this.#isIssued() ? 0 : this.#count;
        return this.#answer(() => new Set(Array.from({ length: pending }, (_, index) => String(index + 1))));
    }

    #isIssued(): boolean {
        return this.#clock.now() >= WAIT_MINUTES * MINUTE;
    }

    #answer<T>(answer: () => T): Promise<T> {
        this.requests++;
        return Promise.resolve(answer());
    }

    #refuse<T>(): Promise<T> {
        this.requests++;
        return Promise.reject(new UnavailableError("no"));
    }
}
