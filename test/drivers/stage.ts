/** The stage of a scenario: a simulator with an order, and a stack that manages the order. */
import {
    makeKeyAndCsr,
    startSimulator,
    type CertificateView,
    type Fault,
    type FaultSelector,
    type HoldRule,
    type OrderPolicy,
    type OrderSeed,
    type Simulator,
    type SimulatorOptions,
} from "../../simulator/index.js";
import type { Outputs, Props, Recorded, Run, StackDriver } from "./driver.js";
import { CANCEL, DOWNLOAD, LIST, ORDER, POST, to } from "./requests.js";

const DAY = 86_400_000;
/** Time at which each scenario begins. A certificate issued then ends on 2026-09-16, the plan on 2029-03-01. */
export const START = new Date("2026-03-01T12:00:00Z");
export const PLAN_END = "2029-03-01";

/** Makes a stack on a simulator. */
export type NewStack = (simulator: Simulator) => StackDriver;

/** The key of every scenario: the client prepares its search for a key once per process. */
const API_KEY = "7C6F2A9D41E85B03F7D1A6C94E2B80573AD96F1C5B0E48A27D93C1F6E8204B9A7D15C3E06F8B2A94";

let csrs: Promise<[csr: string, otherCsr: string]> | undefined;

/** Two CSRs for `shop.example` with different keys; the same in every scenario. */
function twoCsrs(): Promise<[string, string]> {
    const make = async () => (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
    return (csrs ??= Promise.all([make(), make()]));
}

/** The stage; each scenario gets a new one. */
export class Stage {
    /** The order: for `shop.example`, issued; its reissues are approved automatically. */
    orderId = 0;
    stack!: StackDriver;

    private constructor(
        readonly simulator: Simulator,
        readonly csr: string,
        /** CSR with another key for the same name. */
        readonly otherCsr: string,
        /** Makes a second stack with the same order, account and program; the two stacks share no state. */
        readonly newStack: () => StackDriver,
    ) {}

    /** @param isVirtual - whether time stands still until it is advanced; it begins at `START` */
    static async open(newStack: NewStack, options: SimulatorOptions = {}, isVirtual = true): Promise<Stage> {
        const shift = START.getTime() - Date.now();
        const clock = () => new Date(isVirtual ? START.getTime() : Date.now() + shift);
        const simulator = await startSimulator({ clock, apiKey: API_KEY, ...options });
        const stage = new Stage(simulator, ...(await twoCsrs()), () => newStack(simulator));
        stage.orderId = await stage.order();
        stage.stack = stage.newStack();
        return stage;
    }

    close(): Promise<void> {
        return this.simulator.close();
    }

    /** Seeds another order like the first one. */
    async order({ policy, ...seed }: OrderSeed = {}): Promise<number> {
        const { orderId } = await this.simulator.seedOrder({
            commonName: "shop.example",
            orderValidTill: PLAN_END,
            ...seed,
            policy: { approval: "auto", domains: "validated", ...policy },
        });
        return orderId;
    }

    /** Makes `shop` and the methods below use another order. */
    async useOrder(seed: OrderSeed): Promise<void> {
        this.orderId = await this.order(seed);
    }

    /** Makes them use an order whose current certificate has the key and the name of `shop`. */
    useOwnOrder(seed: OrderSeed = {}): Promise<void> {
        return this.useOrder({ csr: this.csr, ...seed });
    }

    /** Makes the arguments of `shop`: the order, its name and key, and the given members. */
    shop({ certificate, ...more }: Props = {}): Props {
        return {
            orderId: this.orderId,
            certificate: { commonName: "shop.example", csr: this.csr, ...(certificate as Props | undefined) },
            ...more,
        };
    }

    /** Makes the arguments of `shop` with another key. */
    rotated(more: Props = {}): Props {
        return this.shop({ ...more, certificate: { csr: this.otherCsr } });
    }

    /** Creates and issues `shop`, so that the next `up` of the scenario is an update. */
    async issued(args: Props = this.shop()): Promise<Outputs> {
        const run = await this.stack.up(args);
        const { state } = run.failure === undefined ? this.stack : { state: undefined };
        if (state?.status !== "issued") throw new Error(`it was not issued: ${run.text}`);
        return state;
    }

    /** Issues `first`, and requests a reissue with `args`, which then waits for an approver. */
    async pending(args: Props, first: Props = this.shop()): Promise<Run> {
        await this.issued(first);
        this.policy({ approval: "required" });
        return this.stack.up(args);
    }

    get state(): Outputs {
        return this.stack.state;
    }

    get recorded(): Recorded {
        return this.stack.recorded;
    }

    get isEmpty(): boolean {
        return this.stack.resource() === undefined;
    }

    /** The order at DigiCert. */
    get live() {
        return this.simulator.order(this.orderId);
    }

    /** The certificates that were requested through the API, by any stack. */
    get reissues(): CertificateView[] {
        return this.live.certificates.filter(({ origin }) => origin === "api");
    }

    /** The latest certificate. */
    get latest(): CertificateView {
        const latest = this.live.certificates.at(-1);
        if (!latest) throw new Error("the order has no certificate");
        return latest;
    }

    /** The statuses of all certificates of the order. */
    get statuses(): string[] {
        return this.live.certificates.map(({ status }) => status);
    }

    policy(change: Partial<OrderPolicy>): void {
        this.simulator.policy(this.orderId, change);
    }

    advanceDays(days: number): void {
        this.simulator.advance(days * DAY);
    }

    /** The request in the state. */
    get requestId(): number {
        const [id] = this.state.requestIds;
        if (id === undefined) throw new Error("the state has no request");
        return id;
    }

    /** Approves the request in the state. */
    approve(): Promise<void> {
        return this.simulator.approve(this.requestId);
    }

    /** Adds a fault for the next POST. */
    faultPost(fault: Fault & FaultSelector): void {
        this.simulator.fault({ ...to(POST), ...fault });
    }

    /** Adds a fault for the next cancellation. */
    faultCancel(fault: Fault & FaultSelector): void {
        this.simulator.fault({ ...to(CANCEL), ...fault });
    }

    /** Drops the next POST and makes all reads after it fail, so that the outcome of the POST stays unknown. */
    loseNextPost(kind: "dropped" | "lost-answer" = "dropped"): void {
        this.faultPost({ kind });
        this.simulator.fault({
            method: "GET",
            path: "*",
            nth: 2,
            times: Infinity,
            kind: "html",
            status: 503,
        });
    }

    /** DigiCert's present answer to a GET of the order, or of a path below it. */
    async answer<T = Props>(below = ""): Promise<T> {
        const { baseUrl, apiKey } = this.simulator;
        const headers = { "X-DC-DEVKEY": apiKey };
        const response = await fetch(`${baseUrl}/order/certificate/${this.orderId}${below}`, { headers });
        return (await response.json()) as T;
    }

    /** Freezes DigiCert's answer to a GET of the order, with changes. */
    async rewriteOrder(change: (order: Props) => Props, rule: Partial<FaultSelector> = {}): Promise<void> {
        this.#answers(ORDER, change(await this.answer()), rule);
    }

    /** Freezes the list of reissues, with changes. */
    async rewriteList(change: (list: Props[]) => Props[], rule: Partial<FaultSelector> = {}): Promise<void> {
        const { certificates } = await this.answer<{ certificates: Props[] }>("/reissue");
        this.#answers(LIST, { certificates: change(certificates) }, rule);
    }

    /** Freezes the order and the list, so that reads lag behind. */
    async freezeReads(times = Infinity): Promise<void> {
        await this.rewriteOrder((order) => order, { times });
        await this.rewriteList((list) => list, { times });
    }

    /** Makes all downloads return this certificate. */
    downloadsGive(certificate: CertificateView, rule: Partial<FaultSelector> = {}): void {
        const headers = { "content-type": "application/x-pem-file" };
        this.#answers(DOWNLOAD, `${certificate.pem ?? ""}\n${this.simulator.issuingPem}`, rule, headers);
    }

    #answers(request: string, body: unknown, rule: FaultSelector, headers = {}): void {
        const respond = { kind: "respond", status: 200, body, headers } as const;
        this.simulator.fault({ ...to(request), times: Infinity, ...rule, ...respond });
    }

    /** Runs a step while a command is held at a request, and then releases the command. */
    async during(command: Promise<Run>, rule: HoldRule, act: () => unknown): Promise<Run> {
        const held = this.simulator.hold(rule);
        await Promise.race([held.there, command]);
        await act();
        held.release();
        return command;
    }

    /** Runs a step while a command waits for its reissue, at the second read of the order after the POST. */
    whileWaiting(command: () => Promise<Run>, act: () => unknown): Promise<Run> {
        return this.during(command(), { at: "arrival", ...to(ORDER), nth: 3 }, act);
    }
}
