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

/** A new order; `keyPem` is present if the simulator made the key. */
export type SeededOrder = OrderView & { keyPem?: string };

/** The environment variables in {@link Simulator.env}. */
type SimulatorVariable =
    "DIGICERT_BASE_URL" | "DIGICERT_API_KEY" | "DIGICERT_POLL_SECONDS" | "DIGICERT_SETTLE_SECONDS";

/** Options of a reissue in the console; see {@link Simulator.reissueInConsole}. */
export interface ConsoleReissue {
    /** CSR, PEM; without it the simulator makes a new key. */
    csr?: string;
    /** Default: as on the current certificate. */
    commonName?: string;
    /** Default: as on the current certificate. */
    dnsNames?: readonly string[];
    /** Default none. */
    comments?: string;
    /** Time since the reissue, in ms; default 0. */
    age?: number;
    /** Leaves the reissue pending until an approval or a validation; by default it is issued. */
    pending?: "approval" | "validation";
}

/**
 * The addresses and the parts of a simulator.
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
    /** Time until a published record is visible, in ms. */
    propagationMs: number;
    close: () => Promise<void>;
}

/**
 * A running simulator, made by `startSimulator`. Its methods read the account, and play the people and the parts of DigiCert
 * that act beside the API. A method throws for an id that does not exist, and for an action that is not possible, such as
 * approving a request twice.
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
    /** Address of the API, with `/services/v2`; the value for `digicert:baseUrl` or `DIGICERT_BASE_URL`. */
    readonly baseUrl: string;
    /** Address of the admin interface; a `GET` returns the list of its routes. */
    readonly adminUrl: string;
    /** The valid API key; the value for `digicert:apiKey` or `DIGICERT_API_KEY`. */
    readonly apiKey: string;
    /** The root certificate, PEM. */
    readonly rootPem: string;
    /** The certificate of the issuing CA, PEM. */
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
     * The environment for a stack that uses this simulator: address, key, and short times for a fast test. A pending reissue is
     * read every 0.2 s, and a reissue whose POST got no answer is searched for 1 s. A stack whose config has `digicert:apiKey`
     * refuses this environment, so that no real key is sent to the simulator.
     */
    get env(): Readonly<Record<SimulatorVariable, string>> {
        return {
            DIGICERT_BASE_URL: this.baseUrl,
            DIGICERT_API_KEY: this.apiKey,
            DIGICERT_POLL_SECONDS: "0.2",
            DIGICERT_SETTLE_SECONDS: "1",
        };
    }

    /** The requests to the API since the last `clearRequests`, in order of arrival. */
    get requests(): readonly RecordedRequest[] {
        return this.parts.recorder.requests;
    }

    /** Deletes the recorded requests; the counts of reissues stay. */
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

    /** A copy of the present order. */
    order(orderId: number): OrderView {
        const account = this.account();
        return snapshot(account, account.order(orderId));
    }

    /** All orders, oldest first. */
    orders(): OrderView[] {
        const account = this.account();
        return [...account.orders.values()].map((order) => snapshot(account, order));
    }

    /** Changes the behaviour of DigiCert towards an order; members that the policy leaves out stay as they are. */
    policy(orderId: number, policy: Partial<OrderPolicy>): void {
        const order = this.account().order(orderId);
        order.policy = { ...order.policy, ...policy };
        order.wrongDownloads = 0;
        this.account();
    }

    /** An approver approves a pending request; its certificate is issued, unless it waits for a validation. */
    approve(requestId: number, comment?: string): Promise<void> {
        return this.done((account) => {
            approveRequest(account, account.request(requestId), comment);
        });
    }

    /** An approver rejects a pending request. */
    reject(requestId: number, comment?: string): Promise<void> {
        return this.done((account) => {
            rejectRequest(account, account.request(requestId), comment);
        });
    }

    /** DigiCert completes the validation of the pending certificate, and issues it. */
    issue(orderId: number): Promise<void> {
        return this.done((account) => {
            const order = account.order(orderId);
            const certificate = order.certificates.find((one) => one.status === "pending");
            if (!certificate) throw new Error(`order ${orderId} has no pending certificate`);
            if (certificate.awaitsApproval)
                throw new Error(`order ${orderId}: the pending certificate is not approved`);
            validateDomains(account, order, certificate);
            issue(account, order, certificate);
        });
    }

    /** Publishes the present token of an order for all its domains, so that DigiCert finds it. */
    publishDcv(orderId: number): void {
        const account = this.account();
        account.dcvToken(account.order(orderId)).publishedAt = account.now();
    }

    /**
     * Publishes a record, like the owner of a domain. DigiCert searches for it on every `check-dcv` request, and by itself for a
     * week after the reissue.
     *
     * @param name - of the record, for example `_dnsauth.shop.example`; for `FILE` the host that serves the file
     * @param type - `TXT`, `CNAME`, or `FILE` for `http-token`
     * @param value - the token; for `CNAME` `<token>.dcv.digicert.com`, or the name that holds the records
     * @param propagationMs - time until the record is visible, in ms by the simulator's clock; default the simulator's option
     */
    publish(name: string, type: RecordType, value: string, propagationMs = this.parts.propagationMs): void {
        const account = this.account();
        account.records.publish({ name, type }, value, new Date(account.now().getTime() + propagationMs));
    }

    /** Removes all published records of a name and type. */
    unpublish(name: string, type: RecordType): void {
        this.account().records.remove({ name, type });
    }

    /** Somebody renews the order in the console: a new order with the same CSR and names, issued at once. */
    renewInConsole(orderId: number): OrderView {
        const account = this.account();
        return this.order(renew(account, account.order(orderId)).id);
    }

    /** Somebody reissues the order in the console. */
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

    /** DigiCert reissues the order automatically (auto-reissue), with the same CSR and names. */
    autoReissue(orderId: number): void {
        const account = this.account();
        autoReissue(account, account.order(orderId));
    }

    /** DigiCert, or somebody in the console, revokes one certificate, also while a reissue is pending. */
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

    /** Number of reissue POSTs for an order that arrived, accepted or not. */
    reissuePosts(orderId: number): number {
        return this.account().order(orderId).reissuePosts;
    }

    /** Number of reissue POSTs for an order that made a certificate. */
    committedReissues(orderId: number): number {
        return this.account().order(orderId).committedReissues;
    }

    /**
     * Lets time pass at DigiCert: all events that become due are handled. A stack uses real time, so start the simulator in the
     * past and advance into the present; see {@link SimulatorOptions.clock}.
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

    /** Adds a fault, which applies once unless the rule says otherwise; a rule that was added earlier applies first. */
    fault(rule: FaultRule): void {
        this.parts.faults.add(rule);
    }

    /** Sets a function that decides the fault of each request. */
    chooseFaults(choice: FaultChoice): void {
        this.parts.faults.choose(choice);
    }

    /** Enforces DigiCert's quota from now on, or ends that. Earlier requests do not count. */
    enforceQuota(isEnforced: boolean): void {
        this.parts.rateLimit.isEnforced = isEnforced;
    }

    /** Removes all faults. */
    clearFaults(): void {
        this.parts.faults.clear();
    }

    /** Holds a request until the test releases or drops it. */
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

    // The action is complete before the method returns. It returns a promise, because a real console would need time.
    private done(run: (account: Account) => void): Promise<void> {
        return new Promise((resolve) => {
            run(this.account());
            resolve();
        });
    }
}
