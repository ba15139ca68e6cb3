/** What a scenario plays on: a CertCentral with one order, and a stack that is to manage it. */
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
import {
    CANCEL_FAULT,
    DAY,
    DOWNLOAD_FAULT,
    LIST_FAULT,
    ORDER_FAULT,
    PLAN_END,
    POST_FAULT,
    START,
} from "./contract.js";
import type { Outputs, Props, Recorded, Run, StackDriver } from "./driver.js";

/** Makes a stack on a simulator. */
export type NewStack = (simulator: Simulator) => Promise<StackDriver>;

let csrs: Promise<[csr: string, otherCsr: string]> | undefined;

/** Two CSRs for `shop.example`, each with a key of its own; the same in every scenario. */
function twoCsrs(): Promise<[string, string]> {
    const make = async () => (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
    return (csrs ??= Promise.all([make(), make()]));
}

/** New in each scenario. */
export class Stage {
    /** For `shop.example`; issued, its reissues are approved automatically. */
    orderId = 0;
    stack!: StackDriver;

    private constructor(
        readonly simulator: Simulator,
        readonly csr: string,
        /** Another key for the same name. */
        readonly otherCsr: string,
        /** A further stack with the same order, account and program, which knows nothing of the first. */
        readonly newStack: () => Promise<StackDriver>,
    ) {}

    /** Begins at `START`; where time is virtual it stands still until it is advanced. */
    static async open(
        newStack: NewStack,
        isVirtual: boolean,
        options: SimulatorOptions = {},
    ): Promise<Stage> {
        const shift = START.getTime() - Date.now();
        const clock = () => new Date(isVirtual ? START.getTime() : Date.now() + shift);
        const simulator = await startSimulator({ clock, ...options });
        const stage = new Stage(simulator, ...(await twoCsrs()), () => newStack(simulator));
        stage.orderId = await stage.order();
        stage.stack = await stage.newStack();
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

    /** Takes another order instead of the first one, as `shop` and the views below do. */
    async useOrder(seed: OrderSeed): Promise<void> {
        this.orderId = await this.order(seed);
    }

    /** Takes an order whose current certificate has the key and the name of `shop`. */
    useOwnOrder(seed: OrderSeed = {}): Promise<void> {
        return this.useOrder({ csr: this.csr, ...seed });
    }

    /** Arguments of `shop`: the order, its name and key, with more or other members. */
    shop({ certificate, ...more }: Props = {}): Props {
        return {
            orderId: this.orderId,
            certificate: { commonName: "shop.example", csr: this.csr, ...(certificate as Props | undefined) },
            ...more,
        };
    }

    /** `shop` with another key. */
    rotated(more: Props = {}): Props {
        return this.shop({ ...more, certificate: { csr: this.otherCsr } });
    }

    /** Issues `shop`, so that what a scenario does next is an update. */
    async issued(args: Props = this.shop()): Promise<Outputs> {
        const run = await this.stack.up(args);
        const { state } = run.failure === undefined ? this.stack : { state: undefined };
        if (state?.status !== "issued") throw new Error(`it was not issued: ${run.text}`);
        return state;
    }

    /** Issues `first`, and leaves the reissue that `args` ask for waiting for an approver. */
    async pending(args: Props, first: Props = this.shop()): Promise<Run> {
        await this.issued(first);
        this.policy({ approval: "required" });
        return this.stack.up(args);
    }

    get state(): Outputs {
        return this.stack.state;
    }

    /** `shop` as it is recorded; throws if it is not. */
    get recorded(): Recorded {
        const recorded = this.stack.resource();
        if (!recorded) throw new Error("the stack has no shop");
        return recorded;
    }

    get isEmpty(): boolean {
        return this.stack.resource() === undefined;
    }

    /** The order as it is at DigiCert. */
    get live() {
        return this.simulator.order(this.orderId);
    }

    /** What was made by the API, on any stack's behalf. */
    get reissues(): CertificateView[] {
        return this.live.certificates.filter(({ origin }) => origin === "api");
    }

    /** The certificate that was made last. */
    get latest(): CertificateView {
        const latest = this.live.certificates.at(-1);
        if (!latest) throw new Error("the order has no certificate");
        return latest;
    }

    /** Of all certificates of the order. */
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

    /** Approves what the state waits for. */
    approve(): Promise<void> {
        return this.simulator.approve(this.requestId);
    }

    /** Something goes wrong with the next POST. */
    faultPost(fault: Fault & FaultSelector): void {
        this.simulator.fault({ ...POST_FAULT, ...fault });
    }

    /** Something goes wrong with the next cancellation. */
    faultCancel(fault: Fault & FaultSelector): void {
        this.simulator.fault({ ...CANCEL_FAULT, ...fault });
    }

    /** From the nth read on nothing can be read. */
    faultReads(nth = 1): void {
        this.simulator.fault({ method: "GET", path: "*", nth, times: Infinity, kind: "html", status: 503 });
    }

    /** The next POST is dropped, and nothing can be read after it: an `up` that cannot know what became of it. */
    loseNextPost(kind: "dropped" | "lost-answer" = "dropped"): void {
        this.faultPost({ kind });
        this.faultReads(2);
    }

    /** What DigiCert answers now to a GET of the order (or of what is below it). */
    async answer<T = Props>(below = ""): Promise<T> {
        const { baseUrl, apiKey } = this.simulator;
        const headers = { "X-DC-DEVKEY": apiKey };
        const response = await fetch(`${baseUrl}/order/certificate/${this.orderId}${below}`, { headers });
        return (await response.json()) as T;
    }

    /** From now on DigiCert answers a GET of the order with what it answers now, changed. */
    async rewriteOrder(change: (order: Props) => Props, rule: Partial<FaultSelector> = {}): Promise<void> {
        const body = change(await this.answer());
        this.simulator.fault({
            ...ORDER_FAULT,
            times: Infinity,
            ...rule,
            kind: "respond",
            status: 200,
            body,
        });
    }

    /** The same for the list of reissues. */
    async rewriteList(change: (list: Props[]) => Props[], rule: Partial<FaultSelector> = {}): Promise<void> {
        const { certificates } = await this.answer<{ certificates: Props[] }>("/reissue");
        const body = { certificates: change(certificates) };
        this.simulator.fault({ ...LIST_FAULT, times: Infinity, ...rule, kind: "respond", status: 200, body });
    }

    /** Order and list stay as they are now, whatever happens: reads lag behind. */
    async freezeReads(times = Infinity): Promise<void> {
        await this.rewriteOrder((order) => order, { times });
        await this.rewriteList((list) => list, { times });
    }

    /** Downloads answer with this certificate, whichever was asked for. */
    downloadsGive(certificate: CertificateView, rule: Partial<FaultSelector> = {}): void {
        const body = `${certificate.pem ?? ""}\n${this.simulator.issuingPem}`;
        const headers = { "content-type": "application/x-pem-file" };
        const respond = { kind: "respond", status: 200, body, headers } as const;
        this.simulator.fault({ ...DOWNLOAD_FAULT, times: Infinity, ...rule, ...respond });
    }

    /** Does something while a command is held at a request, and lets it go on. */
    async during(command: Promise<Run>, rule: HoldRule, act: () => unknown): Promise<Run> {
        const held = this.simulator.hold(rule);
        await Promise.race([held.there, command]);
        await act();
        held.release();
        return command;
    }

    /** The same while a command waits for its reissue: at the second read of the order after its POST. */
    whileWaiting(command: () => Promise<Run>, act: () => unknown, nth = 3): Promise<Run> {
        const held = this.simulator.hold({
            at: "arrival",
            method: "GET",
            path: "/order/certificate/:id",
            nth,
        });
        const running = command();
        return Promise.race([held.there, running])
            .then(() => act())
            .then(() => {
                held.release();
                return running;
            });
    }
}
