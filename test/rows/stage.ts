/** What the rows have in common: a simulator and a clock for each test, one host process for all tests of a suite. */
import { type DynamicHost, startHost } from "../engine/host.js";
import { type Props } from "../engine/imitation.js";
import { MovedClock } from "../engine/movedClock.js";
import {
    type CertificateView,
    makeKeyAndCsr,
    type OrderSeed,
    type RecordedRequest,
    type Simulator,
    startSimulator,
} from "../../simulator/index.js";
import { HostStack, type Run } from "./hostStack.js";

export const DAY = 86_400_000;
/** When each test begins: what is issued now ends on 2026-09-16, the plan on 2029-03-01. */
export const START = new Date("2026-03-01T12:00:00Z");
export const PLAN_END = "2029-03-01";

/** Requests that tests look for. */
export const POST = "POST /order/certificate/:id/reissue";
export const ORDER = "GET /order/certificate/:id";
export const CANCEL = "PUT /order/certificate/:id/status";
export const REVOKE = "PUT /certificate/:id/revoke";

/** What a test plays on; its members are new in each test. */
export class Stage {
    simulator!: Simulator;
    /** A stack whose `shop` has not been created yet. */
    stack!: HostStack;
    /** For `shop.example`; issued, automatically approved. */
    orderId!: number;
    csr!: string;
    /** Another key for the same name. */
    otherCsr!: string;
    #host!: DynamicHost;
    #clock!: MovedClock;

    /** @internal */
    async open(): Promise<void> {
        this.#clock = new MovedClock();
        this.#host = await startHost({ env: this.#clock.env });
        this.csr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
        this.otherCsr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
    }

    /** @internal */
    async begin(): Promise<void> {
        const shift = START.getTime() - Date.now();
        this.simulator = await startSimulator({ clock: () => new Date(Date.now() + shift) });
        this.orderId = await this.order();
        this.stack = this.newStack();
    }

    /** @internal */
    async end(): Promise<void> {
        await this.simulator.close();
    }

    /** @internal */
    async close(): Promise<void> {
        await this.#host.close();
        this.#clock.dispose();
    }

    newStack(config: Readonly<Record<string, string>> = {}): HostStack {
        return new HostStack({ host: this.#host, simulator: this.simulator, clock: this.#clock }, config);
    }

    /** Seeds another order like the first one. */
    async order({ policy, ...seed }: OrderSeed = {}): Promise<number> {
        const { orderId } = await this.simulator.seedOrder({
            commonName: "shop.example",
            orderValidTill: PLAN_END,
            ...seed,
            policy: { approval: "auto", ...policy },
        });
        return orderId;
    }

    /** Arguments of `shop`: the order, its name and key, with more or other members. */
    shop({ certificate, ...more }: Props = {}): Props {
        return {
            orderId: this.orderId,
            certificate: { commonName: "shop.example", csr: this.csr, ...(certificate as Props | undefined) },
            ...more,
        };
    }

    /** Issues `shop`, so that what a test does next is an update. */
    async issued(args: Props = this.shop()): Promise<void> {
        const run = await this.stack.up(args);
        if (run.failure !== undefined || this.stack.state.status !== "issued") throw new Error(run.text);
    }

    /** Issues `shop` and leaves a reissue of ours waiting for an approver; returns what that `up` did. */
    async pending(args: Props, first: Props = this.shop()): Promise<Run> {
        await this.issued(first);
        this.simulator.policy(this.orderId, { approval: "required" });
        return this.stack.up(args);
    }

    get live() {
        return this.simulator.order(this.orderId);
    }

    /** All certificates of the order that are neither the original nor somebody else's. */
    get ours(): CertificateView[] {
        return this.live.certificates.filter(({ origin }) => origin === "api");
    }

    /** The certificate that was made last. */
    get latest(): CertificateView {
        const latest = this.live.certificates.at(-1);
        if (!latest) throw new Error("the order has no certificate");
        return latest;
    }

    advanceDays(days: number): void {
        this.simulator.advance(days * DAY);
    }

    /** Makes the host's clock agree with the simulator's while a run goes on; each run begins with it. */
    syncClock(): void {
        this.#clock.set(this.simulator.now());
    }

    /** Approves what ours waits for. */
    async approve(): Promise<void> {
        await this.simulator.approve(this.requestId);
    }

    /** The request in the state. */
    get requestId(): number {
        const [id] = this.stack.state.requestIds;
        if (id === undefined) throw new Error("the state has no request");
        return id;
    }

    /** Waits until a request has arrived, which the simulator is told to be slow with, or so many of them. */
    async arrival(method: string, path: RegExp, times = 1): Promise<void> {
        const isIt = (one: RecordedRequest): boolean => one.method === method && path.test(one.pathname);
        for (let waited = 0; waited < 10_000; waited += 5) {
            if (this.simulator.requests.filter(isIt).length >= times) return;
            await new Promise((resolve) => setTimeout(resolve, 5));
        }
        throw new Error(`no ${method} ${String(path)} came`);
    }
}

/** In a `describe`: a stage for each of its tests. */
export function useStage(): Stage {
    const stage = new Stage();
    before(async function () {
        this.timeout(30_000);
        await stage.open();
    });
    beforeEach(() => stage.begin());
    afterEach(() => stage.end());
    after(() => stage.close());
    return stage;
}
