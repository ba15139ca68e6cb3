import { type Account } from "./account.js";
import { type FaultChoice, type FaultRule } from "./faultRules.js";
import { type Faults } from "./faults.js";
import { type Held, type HoldRule, type Holds } from "./holds.js";
import { issue, revoke } from "./issuance.js";
import { makeKeyAndCsr } from "./keys.js";
import { rejectReissue, submitReissue } from "./lifecycle.js";
import { pendingReissue } from "./model.js";
import { type OrderPolicy } from "./policy.js";
import { type RecordType } from "./records.js";
import { type RateLimit } from "./rateLimit.js";
import { type RecordedRequest, type Recorder } from "./recorder.js";
import { approveRequest, endOrder, rejectRequest } from "./requests.js";
import { renew } from "./renewal.js";
import { type OrderSeed, seedOrder } from "./seed.js";
import { autoReissue, runDueEvents } from "./events.js";
import { type OrderView, snapshot } from "./snapshot.js";
import { validateDomains } from "./validation.js";

/** An order just made; `keyPem` is there if the simulator made the key. */
export type SeededOrder = OrderView & { keyPem?: string };

/** A reissue by somebody else, in the console; see {@link Simulator.reissueInConsole}. */
export interface ConsoleReissue {
    /** PEM; without it a new key is made. */
    csr?: string;
    /** Default: as on the current certificate. */
    commonName?: string;
    /** Default: as on the current certificate. */
    dnsNames?: readonly string[];
    /** Default none. */
    comments?: string;
    /** How long ago it was, in ms; default 0. */
    age?: number;
    /** Leaves it waiting for an approver or for validation; default: issued. */
    pending?: "approval" | "validation";
}

/**
 * Where it can be reached and what it is made of.
 *
 * @internal
 */
export interface SimulatorParts {
    baseUrl: string;
    adminUrl: string;
    apiKey: string;
    account: Account;
    faults: Faults;
    holds: Holds;
    recorder: Recorder;
    rateLimit: RateLimit;
    /** How long a published record takes to be seen. */
    propagationMs: number;
    close: () => Promise<void>;
}

/**
 * A running simulator, made by `startSimulator`: what can be read of it, and what people and DigiCert do behind the API's
 * back. Ids that do not exist, and what cannot be done (to approve what is approved already), throw.
 *
 * @example
 * ```ts
 * import { startSimulator, type Simulator } from "pulumi-digicert/simulator";
 *
 * async function approveAll(simulator: Simulator): Promise<void> {
 *     for (const { requests } of simulator.orders()) {
 *         for (const { requestId, status } of requests) {
 *             if (status === "pending") await simulator.approve(requestId, "fine");
 *         }
 *     }
 * }
 *
 * async function main(): Promise<void> {
 *     const simulator = await startSimulator();
 *     const { orderId } = await simulator.seedOrder({ commonName: "shop.example" });
 *     simulator.fault({ kind: "lost-answer", method: "POST" });
 *     // ... run the stack, with simulator.env in its environment ...
 *     await approveAll(simulator);
 *     console.log(simulator.committedReissues(orderId), simulator.order(orderId).current.names);
 *     await simulator.close();
 * }
 *
 * void main();
 * ```
 */
export class Simulator {
    /** Address of the API, with `/services/v2`: what `digicert:baseUrl` or `DIGICERT_BASE_URL` is to be. */
    readonly baseUrl: string;
    /** The admin interface; `GET` it for a list of its routes. */
    readonly adminUrl: string;
    /** The one key that is valid: what `digicert:apiKey` or `DIGICERT_API_KEY` is to be. */
    readonly apiKey: string;
    /** The root of its CA, PEM. */
    readonly rootPem: string;
    /** The CA that issues, PEM. */
    readonly issuingPem: string;
    private readonly parts: SimulatorParts;

    /** @internal */
    constructor(parts: SimulatorParts) {
        this.parts = parts;
        this.baseUrl = parts.baseUrl;
        this.adminUrl = parts.adminUrl;
        this.apiKey = parts.apiKey;
        this.rootPem = parts.account.authority.root.pem;
        this.issuingPem = parts.account.authority.issuing.pem;
    }

    /**
     * The environment for a stack that is to use this simulator: address, key, and short pauses between looks at what is
     * pending. A stack whose config has `digicert:apiKey` refuses it, so that no real key is sent here.
     */
    get env(): Readonly<Record<"DIGICERT_BASE_URL" | "DIGICERT_API_KEY" | "DIGICERT_POLL_SECONDS", string>> {
        return {
            DIGICERT_BASE_URL: this.baseUrl,
            DIGICERT_API_KEY: this.apiKey,
            DIGICERT_POLL_SECONDS: "0.2",
        };
    }

    /** Every request to the API since the last `clearRequests`, in order of arrival. */
    get requests(): readonly RecordedRequest[] {
        return this.parts.recorder.requests;
    }

    /** Forgets the recorded requests, not the counts of reissues. */
    clearRequests(): void {
        this.parts.recorder.clear();
    }

    /**
     * Makes an order, issued unless the seed says otherwise.
     *
     * @returns the order, and its private key (PKCS #8, PEM) if the seed has no CSR
     */
    async seedOrder(seed?: OrderSeed): Promise<SeededOrder> {
        const { order, keyPem } = await seedOrder(this.parts.account, seed);
        return { ...this.order(order.id), ...(keyPem !== undefined && { keyPem }) };
    }

    /** A copy of the order as it is now. */
    order(orderId: number): OrderView {
        const account = this.account();
        return snapshot(account, account.order(orderId));
    }

    /** All orders, oldest first. */
    orders(): OrderView[] {
        const account = this.account();
        return [...account.orders.values()].map((order) => snapshot(account, order));
    }

    /** Changes how DigiCert behaves towards an order from now on; what the policy leaves out stays as it is. */
    policy(orderId: number, policy: Partial<OrderPolicy>): void {
        const order = this.account().order(orderId);
        order.policy = { ...order.policy, ...policy };
        order.wrongDownloads = 0;
        this.account();
    }

    /** An approver approves a request that waits; what it is for is issued, unless something else is waited for. */
    approve(requestId: number, comment?: string): Promise<void> {
        return this.done((account) => {
            approveRequest(account, account.request(requestId), comment);
        });
    }

    /** An approver rejects a request that waits. */
    reject(requestId: number, comment?: string): Promise<void> {
        return this.done((account) => {
            rejectRequest(account, account.request(requestId), comment);
        });
    }

    /** DigiCert completes the validation of what is pending, and issues it now. */
    issue(orderId: number): Promise<void> {
        return this.done((account) => {
            const order = account.order(orderId);
            const certificate = order.certificates.find((one) => one.status === "pending");
            if (!certificate) throw new Error(`order ${orderId} has nothing pending`);
            if (certificate.awaitsApproval)
                throw new Error(`order ${orderId}: what is pending is not approved`);
            validateDomains(account, order, certificate);
            issue(account, order, certificate);
        });
    }

    /** Publishes the present token of an order for all its domains: from now on DigiCert finds it. */
    publishDcv(orderId: number): void {
        const account = this.account();
        account.dcvToken(account.order(orderId)).publishedAt = account.now();
    }

    /**
     * Publishes one record, as somebody would who keeps the DNS of a domain. DigiCert looks for it when `check-dcv` asks it to,
     * and by itself for a week after the request.
     *
     * @param name - of the record, for example `_dnsauth.shop.example`; for `FILE` the host that serves the file
     * @param type - `TXT`, `CNAME`, or `FILE` for `http-token`
     * @param value - the token; for `CNAME` `<token>.dcv.digicert.com`, or where else the records of the name are
     * @param propagationMs - how long it takes to be seen, in ms by the simulator's clock; default as the simulator was started
     */
    publish(name: string, type: RecordType, value: string, propagationMs = this.parts.propagationMs): void {
        const account = this.account();
        account.records.publish({ name, type }, value, new Date(account.now().getTime() + propagationMs));
    }

    /** Takes all published records of that name and type away. */
    unpublish(name: string, type: RecordType): void {
        this.account().records.remove({ name, type });
    }

    /** Somebody renews the order in the console: a new order with the same CSR and names, issued at once. */
    renewInConsole(orderId: number): OrderView {
        const account = this.account();
        return this.order(renew(account, account.order(orderId)).id);
    }

    /** Somebody else reissues in the console. */
    async reissueInConsole(orderId: number, reissue: ConsoleReissue = {}): Promise<OrderView> {
        const { current } = this.account().order(orderId);
        const {
            commonName = current.requested.commonName,
            dnsNames = current.requested.dnsNames,
            comments,
        } = reissue;
        const csr =
            reissue.csr ?? (await makeKeyAndCsr({ commonName: commonName ?? "no name", dnsNames })).csrPem;
        const account = this.account();
        const order = account.order(orderId);
        const requested = { ...order.current.requested, commonName, dnsNames, csr, validity: undefined };
        const at = new Date(account.now().getTime() - (reissue.age ?? 0));
        account.asOf(at, () => {
            const { policy } = order;
            order.policy = {
                ...policy,
                approval: reissue.pending === "approval" ? "required" : "auto",
                domains: reissue.pending === "validation" ? "unvalidated" : "validated",
                issuanceMs: 0,
            };
            submitReissue(account, order, { origin: "console", requested, comments, skipApproval: false });
            order.policy = reissue.pending === "validation" ? { ...policy, domains: "unvalidated" } : policy;
        });
        return this.order(orderId);
    }

    /** Somebody cancels the pending reissue in the console. */
    cancelReissue(orderId: number, note?: string): void {
        const account = this.account();
        const order = account.order(orderId);
        const pending = pendingReissue(order);
        if (!pending) throw new Error(`order ${orderId} has no pending reissue`);
        rejectReissue(account, order, pending, note);
    }

    /** DigiCert itself reissues (auto-reissue): same CSR, same names. */
    autoReissue(orderId: number): void {
        const account = this.account();
        autoReissue(account, account.order(orderId));
    }

    /** DigiCert, or somebody in the console, revokes one certificate, pending reissue or not. */
    revoke(certificateId: number): void {
        const account = this.account();
        const certificate = account.certificate(certificateId);
        if (certificate.status !== "issued")
            throw new Error(`certificate ${certificateId} is ${certificate.status}`);
        revoke(account, account.order(certificate.orderId), certificate);
    }

    /** Ends an order: its status is `canceled`, or `revoked` with all its certificates. */
    cancelOrder(orderId: number, status: "canceled" | "revoked" = "canceled"): void {
        const account = this.account();
        const order = account.order(orderId);
        endOrder(account, order, status);
    }

    /** POSTs to reissue this order that arrived, accepted or not. */
    reissuePosts(orderId: number): number {
        return this.account().order(orderId).reissuePosts;
    }

    /** POSTs to reissue this order that made a certificate. */
    committedReissues(orderId: number): number {
        return this.account().order(orderId).committedReissues;
    }

    /**
     * Lets time pass at DigiCert: certificates end, what was put off happens. A stack goes by real time, so start the
     * simulator in the past and advance into the present; see {@link SimulatorOptions.clock}.
     *
     * @param ms - milliseconds, not negative
     */
    advance(ms: number): void {
        this.parts.account.clock.advance(ms);
        this.account();
    }

    /** The simulator's time. */
    now(): Date {
        return this.parts.account.clock.now();
    }

    /** Lets something go wrong, once unless the rule says how often; rules that were added first strike first. */
    fault(rule: FaultRule): void {
        this.parts.faults.add(rule);
    }

    /** Lets something go wrong with any request, as somebody decides when it comes. */
    chooseFaults(choice: FaultChoice): void {
        this.parts.faults.choose(choice);
    }

    /** From now on DigiCert enforces its quota, or does not; the requests before count for nothing. */
    enforceQuota(isEnforced: boolean): void {
        this.parts.rateLimit.isEnforced = isEnforced;
    }

    /** Nothing goes wrong any more. */
    clearFaults(): void {
        this.parts.faults.clear();
    }

    /** Stops a request on its way, until the test says what becomes of it. */
    hold(rule: HoldRule): Held {
        return this.parts.holds.add(rule);
    }

    /** Stops both listeners and closes all connections. */
    close(): Promise<void> {
        return this.parts.close();
    }

    private account(): Account {
        runDueEvents(this.parts.account);
        return this.parts.account;
    }

    // Done before this returns; a promise, because a person in the console would take a while.
    private done(run: (account: Account) => void): Promise<void> {
        return new Promise((resolve) => {
            run(this.account());
            resolve();
        });
    }
}
