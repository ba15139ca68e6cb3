import { randomBytes } from "node:crypto";
import { type ErrorForm, notFound, type UndocumentedError } from "./apiError.js";
import { CertificateAuthority } from "./authority.js";
import { addDays, endOfDay } from "./calendar.js";
import { type Clock } from "./clock.js";
import {
    type CertificateRecord,
    type DcvToken,
    type OrderRecord,
    pendingReissue,
    type RequestRecord,
} from "./model.js";
import { defaultPolicy, type OrderPolicy } from "./policy.js";
import { PublishedRecords } from "./records.js";

/** A change that `status-changes` reports. */
export interface StatusChange {
    at: Date;
    orderId: number;
    certificateId: number;
    status: string;
}

/** An event at a time of the simulator's clock. */
export interface DueEvent {
    at: Date;
    run: () => void;
}

/** Settings of the account; see `SimulatorOptions`. */
export interface AccountSettings {
    secondReissue: "reject" | "replace";
    policy: OrderPolicy;
    pageSize: number;
    errorForm: ErrorForm;
    undocumentedError: UndocumentedError;
}

function newToken(expires: Date): DcvToken {
    return { value: randomBytes(16).toString("hex"), expires, publishedAt: undefined, used: false };
}

/** The data of one CertCentral account: orders, requests, certificates, the CA. lifecycle.ts and events.ts change them. */
export class Account {
    readonly requests = new Map<number, RequestRecord>();
    readonly certificates = new Map<number, CertificateRecord>();
    /** The last change of each order. */
    readonly changes = new Map<number, StatusChange>();
    /** Orders that may have changed since their next event was found; see events.ts. */
    readonly touched = new Set<OrderRecord>();
    /** The times of the next events of the other orders. */
    readonly nextEvents = new Map<OrderRecord, Date>();
    /** No order in {@link nextEvents} has its event before this time, in ms. */
    nextEventAt = Infinity;
    /** Domains of OV and EV orders, with the time of their last validation. */
    readonly domains = new Map<string, Date>();
    readonly inactiveDomains = new Set<string>();
    /** The records that DigiCert finds when it searches for tokens. */
    readonly records = new PublishedRecords();
    /** Requests whose handling a fault has delayed. */
    readonly delayed: DueEvent[] = [];
    readonly authority: CertificateAuthority;
    readonly clock: Clock;
    readonly settings: AccountSettings;
    private readonly placed = new Map<number, OrderRecord>();
    private readonly domainTokens = new Map<string, DcvToken>();
    private eventTime: Date | undefined;
    private lastIds = { order: 1_190_000_000, certificate: 880_011_000, request: 51_000_000 };

    constructor(clock: Clock, settings: Partial<AccountSettings> = {}) {
        this.clock = clock;
        this.settings = {
            secondReissue: "reject",
            policy: defaultPolicy,
            pageSize: 1000,
            errorForm: "list",
            undocumentedError: {},
            ...settings,
        };
        this.authority = new CertificateAuthority(clock.now());
    }

    now(): Date {
        return this.eventTime ?? this.clock.now();
    }

    /** Whether an event is being handled as of its due time. */
    get inEvent(): boolean {
        return this.eventTime !== undefined;
    }

    /** Runs a step as of another time, so that an event that is handled late has the time at which it was due. */
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
        while (kind === "order" && this.orders.has(this.lastIds.order)); // a seed may have set this id
        return this.lastIds[kind];
    }

    get orders(): ReadonlyMap<number, OrderRecord> {
        return this.placed;
    }

    addOrder(order: OrderRecord): void {
        this.placed.set(order.id, order);
        this.touched.add(order);
    }

    /** Finds an order, to read or to change it. */
    order(id: number): OrderRecord {
        const order = this.orders.get(id);
        if (!order) throw notFound("order");
        this.touched.add(order);
        return order;
    }

    request(id: number): RequestRecord {
        const request = this.requests.get(id);
        if (!request) throw notFound("request");
        return request;
    }

    /** Finds a certificate by its id or its serial number. */
    certificate(id: string | number): CertificateRecord {
        const text = String(id).toUpperCase();
        const found =
            this.certificates.get(Number(text)) ??
            [...this.certificates.values()].find(({ leaf }) => leaf?.serialNumber === text);
        if (!found) throw notFound("certificate");
        return found;
    }

    /** The status of the order that the API reports. */
    statusOf(order: OrderRecord): string {
        const { orderStatus, statusWhilePending, expiresWith } = order.policy;
        if (orderStatus !== undefined) return orderStatus;
        const status = this.statusWithoutReissue(order);
        if (status !== "issued") return status;
        if (pendingReissue(order)) return statusWhilePending;
        const till = order.current.leaf?.validTill;
        return expiresWith === "certificate" && till && till < this.now() ? "expired" : status;
    }

    /** The status of the order apart from a pending reissue. */
    statusWithoutReissue(order: OrderRecord): string {
        if (order.policy.orderStatus !== undefined) return order.policy.orderStatus;
        if (order.baseStatus !== "issued") return order.baseStatus;
        return this.now() > endOfDay(order.orderValidTill) ? "expired" : "issued";
    }

    /** Adds a change to the feed. */
    reportChange(order: OrderRecord, certificate: CertificateRecord = order.current): void {
        const status = this.statusOf(order);
        const change = { at: this.now(), orderId: order.id, certificateId: certificate.id, status };
        this.changes.set(order.id, change);
    }

    /** The token of a domain of the account, apart from any order. */
    domainToken(domain: string): DcvToken {
        const now = this.now();
        const present = this.domainTokens.get(domain);
        if (present && present.expires > now) return present;
        const token = newToken(addDays(now, defaultPolicy.dcvTokenDays));
        this.domainTokens.set(domain, token);
        return token;
    }

    /** The token of an order; a new token is made if there is none or if it has expired. */
    dcvToken(order: OrderRecord): DcvToken {
        const now = this.now();
        if (!order.dcvToken || order.dcvToken.expires <= now) {
            order.dcvToken = newToken(addDays(now, order.policy.dcvTokenDays));
        }
        return order.dcvToken;
    }
}
