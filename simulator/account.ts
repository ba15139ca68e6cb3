import { randomBytes } from "node:crypto";
import { notFound } from "./apiError.js";
import { CertificateAuthority } from "./authority.js";
import { DAY, endOfDay } from "./calendar.js";
import { type Clock } from "./clock.js";
import { type CertificateRecord, type OrderRecord, pendingReissue, type RequestRecord } from "./model.js";
import { defaultPolicy, type OrderPolicy } from "./policy.js";

/** A change that `status-changes` reports. */
export interface StatusChange {
    at: Date;
    orderId: number;
    certificateId: number;
    status: string;
}

/** Something that happens when the clock gets there. */
export interface DueEvent {
    at: Date;
    run: () => void;
}

/** How the account behaves; see `SimulatorOptions`. */
export interface AccountSettings {
    secondReissue: "reject" | "replace";
    policy: OrderPolicy;
    pageSize: number;
}

/** Everything CertCentral knows of one account: orders, requests, certificates, the CA. Lifecycle: lifecycle.ts, settle.ts. */
export class Account {
    readonly orders = new Map<number, OrderRecord>();
    readonly requests = new Map<number, RequestRecord>();
    readonly changes: StatusChange[] = [];
    /** Commits that a fault has put off. */
    readonly delayed: DueEvent[] = [];
    readonly authority: CertificateAuthority;
    readonly clock: Clock;
    readonly settings: AccountSettings;
    private eventTime: Date | undefined;
    private lastIds = { order: 1_190_000_000, certificate: 880_011_000, request: 51_000_000 };

    constructor(clock: Clock, settings: Partial<AccountSettings> = {}) {
        this.clock = clock;
        this.settings = { secondReissue: "reject", policy: defaultPolicy, pageSize: 1000, ...settings };
        this.authority = new CertificateAuthority(clock.now());
    }

    now(): Date {
        return this.eventTime ?? this.clock.now();
    }

    /** Whether something is running as of another time. */
    get inEvent(): boolean {
        return this.eventTime !== undefined;
    }

    /** Runs something as of another time: what is noticed late, happened when it was due. */
    asOf<T>(time: Date, run: () => T): T {
        const outer = this.eventTime;
        this.eventTime = time;
        try {
            return run();
        } finally {
            this.eventTime = outer;
        }
    }

    nextId(kind: "order" | "certificate" | "request"): number {
        do this.lastIds[kind] += 1;
        while (kind === "order" && this.orders.has(this.lastIds.order)); // ids may have been given by seeds
        return this.lastIds[kind];
    }

    order(id: number): OrderRecord {
        const order = this.orders.get(id);
        if (!order) throw notFound("order");
        return order;
    }

    request(id: number): RequestRecord {
        const request = this.requests.get(id);
        if (!request) throw notFound("request");
        return request;
    }

    /** By id or by serial number. */
    certificate(id: string | number): CertificateRecord {
        const text = String(id).toUpperCase();
        for (const order of this.orders.values()) {
            const found = order.certificates.find(
                (one) => String(one.id) === text || one.leaf?.serialNumber === text,
            );
            if (found) return found;
        }
        throw notFound("certificate");
    }

    /** What the API reports as the order's status. */
    statusOf(order: OrderRecord): string {
        const status = this.statusWithoutReissue(order);
        const overridden = order.policy.orderStatus !== undefined;
        return status === "issued" && !overridden && pendingReissue(order) ? "reissue_pending" : status;
    }

    /** What it would be without the pending reissue. */
    statusWithoutReissue(order: OrderRecord): string {
        if (order.policy.orderStatus !== undefined) return order.policy.orderStatus;
        if (order.baseStatus !== "issued") return order.baseStatus;
        // [?] That an order counts as expired when its plan has ended, and not when its certificate has, is an assumption.
        return this.now() > endOfDay(order.orderValidTill) ? "expired" : "issued";
    }

    /** Notes a change for the feed. */
    changed(order: OrderRecord, certificate: CertificateRecord = order.current): void {
        const status = this.statusOf(order);
        this.changes.push({ at: this.now(), orderId: order.id, certificateId: certificate.id, status });
    }

    /** The token of an order, made when there is none or the old one has expired. */
    dcvToken(order: OrderRecord): NonNullable<OrderRecord["dcvToken"]> {
        const now = this.now();
        if (!order.dcvToken || order.dcvToken.expires <= now) {
            const expires = new Date(now.getTime() + 30 * DAY);
            order.dcvToken = { value: randomBytes(16).toString("hex"), expires, published: false };
        }
        return order.dcvToken;
    }
}
