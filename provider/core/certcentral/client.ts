/**
 * The CertCentral Services API v2: a method per endpoint. Each answer is checked against its schema.
 *
 * @module
 */
import type { Dispatcher } from "undici";
import type { z } from "zod";
import { AmbiguousError, UnavailableError, type DigiCertError } from "../errors.js";
import {
    acceptedAnswer,
    dcvCheckAnswer,
    dcvTokenAnswer,
    domainsAnswer,
    orderAnswer,
    orderPageAnswer,
    ordersAnswer,
    reissuesAnswer,
    requestAnswer,
    statusChangesAnswer,
    userAnswer,
    type Accepted,
    type ApprovalRequest,
    type DcvCheck,
    type DcvToken,
    type Domain,
    type Order,
    type OrderListItem,
    type Reissue,
    type StatusChange,
    type User,
} from "./answers.js";
import {
    isProofOfAbsence,
    isSuccess,
    isWebPage,
    isWorthRepeating,
    type Answer,
    type Exchange,
} from "./exchange.js";
import { changeErrorOf, errorOf } from "./failure.js";
import type { Limiter } from "./limiter.js";
import { Sender, type Backoff, type OrderRequest } from "./sender.js";
import { isObject } from "../json.js";
import { quote } from "../quote.js";
import type { Settings } from "../settings.js";
import { findAccount } from "../account.js";
import { Transport } from "./transport.js";

/** The outcome of the POST. */
export type PostOutcome =
    | { readonly kind: "accepted"; readonly accepted: Accepted }
    /** The POST was certainly not accepted: it never left this machine, or DigiCert refused it. */
    | {
          readonly kind: "absent";
          readonly error: DigiCertError;
          /** Pause before another POST, in milliseconds; absent if another POST cannot succeed. */
          readonly tryAgainAfterMs?: number;
      }
    /** The POST may have been accepted. */
    | {
          readonly kind: "lost";
          readonly error: DigiCertError;
          /** `Retry-After` of the answer, in milliseconds. */
          readonly retryAfterMs: number;
      };

/** Options of a read of an order. */
export interface OrderOptions {
    /** Reserves places in the quota for a POST that may follow, and for the reads before it. */
    readonly reserve?: boolean;
}

/** Which orders a list shows. */
export interface OrderFilter {
    /** DigiCert's id of a product, such as `ssl_plus`; absent: all. */
    readonly productNameId?: string | undefined;
}

/** A page of the list of orders. */
export interface OrderPage {
    /** The entries that can be read. */
    readonly orders: readonly OrderListItem[];
    /** The number of entries, read or not. */
    readonly entries: number;
    /** The number of orders on all pages; undefined if DigiCert does not report it. */
    readonly total: number | undefined;
}

const DEFAULT_BACKOFF: Backoff = { unavailableMs: 500, rateLimitMs: 5000 };
/** DigiCert's limits: the feed reaches back a week, and a page of a list has 1,000 entries (status change list, list orders). */
const LONGEST_FEED_MINUTES = 7 * 24 * 60;
const LIST_LIMIT = 1000;
/** Number of orders in a page. With 250 names each, a page is much shorter than the longest answer that is read. */
const ORDERS_ON_A_PAGE = 250;
/** Highest number of pages: a server that ignores `offset` would never send a last page. */
const MOST_PAGES = 20;

/** A client for one API key at one address. */
export class CertCentral {
    readonly #sender: Sender;

    constructor(
        settings: Settings,
        dispatcher?: Dispatcher,
        backoff: Backoff = DEFAULT_BACKOFF,
        limiter?: Limiter,
        signal?: AbortSignal,
    ) {
        const transport = new Transport(settings, dispatcher ?? findAccount(settings).dispatcher);
        this.#sender = new Sender(transport, limiter ?? findAccount(settings).limiter, backoff, signal);
    }

    /**
     * Order info: `GET /order/certificate/{order_id}`. With `reserve`, {@link reissue} may be called in the next 5 s.
     *
     * @throws UnavailableError if the answer is about another order.
     */
    async order(orderId: string, { reserve = false }: OrderOptions = {}): Promise<Order> {
        const operation = `Reading order ${orderId}`;
        const request = { method: "GET", path: orderPath(orderId), orderId, reserve } as const;
        const answer = await this.#read(request, operation);
        const order = parsed(answer, operation, orderAnswer);
        if (order.id !== undefined && String(order.id) !== orderId) {
            if (reserve) this.release(orderId);
            throw new UnavailableError(`${operation}: DigiCert answered with order ${order.id}.`, {
                status: answer.status,
                remedy: "askDigiCert",
            });
        }
        return answer.date === undefined ? order : { ...order, serverTime: answer.date };
    }

    /** Frees the places that a read of an order reserved; for an operation that sends no POST. */
    release(orderId: string): void {
        this.#sender.release(orderId);
    }

    /** List reissues: `GET /order/certificate/{order_id}/reissue`. */
    async reissues(orderId: string): Promise<Reissue[]> {
        const path = `${orderPath(orderId)}/reissue`;
        const operation = `Listing the reissues of order ${orderId}`;
        return (await this.#get({ method: "GET", path, orderId }, operation, reissuesAnswer)).certificates;
    }

    /** Request info: `GET /request/{request_id}`. */
    request(requestId: number, orderId: string): Promise<ApprovalRequest> {
        const operation = `Reading request ${requestId} of order ${orderId}`;
        return this.#get({ method: "GET", path: `/request/${requestId}`, orderId }, operation, requestAnswer);
    }

    /** Status change list: `GET /order/certificate/status-changes`, the changes of the last `minutes` minutes. */
    async statusChanges(minutes: number): Promise<StatusChange[]> {
        const path = `/order/certificate/status-changes?minutes=${Math.min(minutes, LONGEST_FEED_MINUTES)}`;
        const operation = "Reading the status changes of the account";
        return (await this.#get({ method: "GET", path }, operation, statusChangesAnswer)).orders;
    }

    /** List orders: `GET /order/certificate`, the ids of the orders with a pending reissue; undefined if there are 1,000 or more. */
    async pendingOrders(): Promise<ReadonlySet<string> | undefined> {
        const pending = "reissue_pending";
        const path = `/order/certificate?filters[status]=${pending}&limit=${LIST_LIMIT}`;
        const operation = "Listing the orders with a pending reissue";
        const { orders } = await this.#get({ method: "GET", path }, operation, ordersAnswer);
        if (orders.length >= LIST_LIMIT) return undefined;
        // A server may ignore the filter.
        return new Set(orders.flatMap(({ id, status = pending }) => (status === pending ? String(id) : [])));
    }

    /** List orders: `GET /order/certificate`, a page of the account's orders, the oldest first. */
    async orders(offset: number, { productNameId }: OrderFilter = {}): Promise<OrderPage> {
        const filter =
            productNameId === undefined
                ? ""
                : `&filters[product_name_id]=${encodeURIComponent(productNameId)}`;
        const path = `/order/certificate?limit=${ORDERS_ON_A_PAGE}&offset=${offset}&sort=date_created${filter}`;
        const operation = "Listing the orders of the account";
        const answer = await this.#read({ method: "GET", path }, operation);
        const { orders, page } = parsed(answer, operation, orderPageAnswer);
        const listed = isObject(answer.json) && Array.isArray(answer.json.orders) ? answer.json.orders : [];
        return { orders, entries: listed.length, total: page?.total };
    }

    /** User info: `GET /user/me`, the user of the API key. */
    me(): Promise<User> {
        return this.#get({ method: "GET", path: "/user/me" }, "Reading whose API key it is", userAnswer);
    }

    /**
     * List domains: `GET /domain`, page by page; undefined if there are more than 20 pages. The list does not contain the
     * domains of DV orders.
     */
    async domains(): Promise<Domain[] | undefined> {
        const found: Domain[] = [];
        for (let page = 0; page < MOST_PAGES; page += 1) {
            const path = `/domain?limit=${LIST_LIMIT}&offset=${page * LIST_LIMIT}`;
            const operation = "Listing the domains of the account";
            const { domains } = await this.#get({ method: "GET", path }, operation, domainsAnswer);
            found.push(...domains);
            if (domains.length < LIST_LIMIT) return found;
        }
        return undefined;
    }

    /** Download a certificate with its chain: `GET /certificate/{certificate_id}/download/format/pem_noroot`. */
    async download(certificateId: number, orderId: string): Promise<string> {
        const operation = `Downloading certificate ${certificateId} of order ${orderId}`;
        const path = `/certificate/${certificateId}/download/format/pem_noroot`;
        const answer = await this.#read({ method: "GET", path, accept: "*/*", orderId }, operation);
        if (isWebPage(answer)) throw errorOf(answer, operation);
        return answer.text;
    }

    /** Cancel a pending reissue: `PUT /order/certificate/{order_id}/status` with `canceled`. */
    cancelReissue(orderId: string, note: string): Promise<void> {
        const operation = `Cancelling the pending reissue of order ${orderId}`;
        const body = { status: "canceled", note };
        return this.#change(
            { method: "PUT", path: `${orderPath(orderId)}/status`, body, orderId },
            operation,
        );
    }

    /** Revoke one certificate: `PUT /certificate/{certificate_id}/revoke`. */
    revoke(certificateId: number, orderId: string, skipApproval: boolean): Promise<void> {
        const operation = `Revoking certificate ${certificateId} of order ${orderId}`;
        const body = {
            skip_approval: skipApproval,
            comments: "Revoked by pulumi-digicert: deletionPolicy revoke.",
        };
        const path = `/certificate/${certificateId}/revoke`;
        return this.#change({ method: "PUT", path, body, orderId }, operation);
    }

    /**
     * Generate DCV token: `PUT /order/certificate/{order_id}/dcv-random-value`. The request is repeated like a GET, because DigiCert
     * returns the same token until it expires.
     */
    dcvToken(orderId: string): Promise<DcvToken> {
        const operation = `Requesting the DCV token of order ${orderId}`;
        const path = `${orderPath(orderId)}/dcv-random-value`;
        return this.#get({ method: "PUT", path, orderId }, operation, dcvTokenAnswer);
    }

    /**
     * Check DCV: `PUT /order/certificate/{order_id}/check-dcv`. The request is repeated like a GET, because it neither resets nor
     * restarts DigiCert's own checks. A refusal that lists the names is an answer too.
     *
     * @throws InvalidRequestError if DigiCert does not find the token; its `errors` say where DigiCert searched.
     */
    async checkDcv(orderId: string, dnsNames?: readonly string[]): Promise<DcvCheck> {
        const operation = `Checking the domains of order ${orderId}`;
        const body = dnsNames === undefined ? undefined : { dns_names_validations: dnsNames };
        const path = `${orderPath(orderId)}/check-dcv`;
        const exchange = await this.#sender.sendRepeatably({ method: "PUT", path, body, orderId });
        const isRefused = exchange.kind === "answer" && exchange.status === 400;
        const listed = isRefused ? dcvCheckAnswer.safeParse(exchange.json).data : undefined;
        if (listed?.dns_name_validations?.length) return listed;
        return parsed(answered(exchange, operation), operation, dcvCheckAnswer);
    }

    /**
     * Change DCV method: `PUT /order/certificate/{order_id}/dcv-method`. The request is repeated like a GET, because it names the method
     * that the order shall have, and so is idempotent (RFC 9110, 9.2.2). Without repetitions, a single 502 would leave the order with
     * its old method. The method `email` has no token.
     */
    async setDcvMethod(orderId: string, method: string): Promise<DcvToken> {
        const operation = `Setting the DCV method of order ${orderId}`;
        const path = `${orderPath(orderId)}/dcv-method`;
        const answer = await this.#read(
            { method: "PUT", path, body: { dcv_method: method }, orderId },
            operation,
        );
        if (isWebPage(answer)) throw errorOf(answer, operation);
        return dcvTokenAnswer.safeParse(answer.json).data ?? {};
    }

    /**
     * Reissue a certificate: `POST /order/certificate/{order_id}/reissue`. The POST is sent once, at once, and only within 5 s of
     * {@link order} with `reserve`. If it cannot be sent at once, the outcome is `absent`, and the caller may try again after
     * another read.
     *
     * @param posts - the number of this POST in the present `up`; the pause after a refusal grows with it
     */
    async reissue(orderId: string, body: unknown, posts = 1): Promise<PostOutcome> {
        const operation = `Requesting a reissue of order ${orderId}`;
        const path = `${orderPath(orderId)}/reissue`;
        const exchange = await this.#sender.post({ method: "POST", path, body, orderId });
        if (isProofOfAbsence(exchange)) {
            const error = errorOf(exchange, operation);
            return isWorthRepeating(exchange)
                ? { kind: "absent", error, tryAgainAfterMs: this.#sender.retryPauseMs(posts, exchange) }
                : { kind: "absent", error };
        }
        const accepted = isSuccess(exchange) ? acceptedAnswer.safeParse(exchange.json) : undefined;
        if (accepted?.success) return { kind: "accepted", accepted: accepted.data };
        const { retryAfterMs = 0 } = exchange.kind === "answer" ? exchange : {};
        return { kind: "lost", error: ambiguous(exchange, operation), retryAfterMs };
    }

    async #get<T extends z.ZodType>(
        request: OrderRequest,
        operation: string,
        schema: T,
    ): Promise<z.output<T>> {
        return parsed(await this.#read(request, operation), operation, schema);
    }

    /** Sends a request that may be repeated. */
    async #read(request: OrderRequest, operation: string): Promise<Answer> {
        return answered(await this.#sender.sendRepeatably(request), operation);
    }

    /**
     * Sends a PUT that is not repeated; after a lost answer the caller reads the order. DigiCert answers with JSON or with an empty
     * body. A web page comes from a proxy, and is a failure.
     */
    async #change(request: OrderRequest, operation: string): Promise<void> {
        const exchange = await this.#sender.sendOnce(request);
        if (isSuccess(exchange) && (exchange.encoding !== undefined || !isWebPage(exchange))) return;
        throw changeErrorOf(exchange, operation);
    }
}

/** Returns `/order/certificate/{order_id}`. The id is encoded, so that no text can lead to another path. */
function orderPath(orderId: string): string {
    return `/order/certificate/${encodeURIComponent(orderId)}`;
}

/**
 * Returns the answer of a request that succeeded.
 *
 * @throws DigiCertError for any other exchange.
 */
function answered(exchange: Exchange, operation: string): Answer {
    if (!isSuccess(exchange) || exchange.encoding !== undefined) throw errorOf(exchange, operation);
    return exchange;
}

/**
 * Reads an answer with its schema.
 *
 * @throws UnavailableError naming the members that have the wrong type.
 */
function parsed<T extends z.ZodType>({ status, json }: Answer, operation: string, schema: T): z.output<T> {
    const result = schema.safeParse(json);
    if (result.success) return result.data;
    const members = [...new Set(result.error.issues.map(({ path }) => path.join(".")))].filter(Boolean);
    const where = members.length === 0 ? "the whole answer" : quote(members.join(", "));
    throw new UnavailableError(
        `${operation}: DigiCert answered ${status}, but with something that cannot be understood (${where}).`,
        { status, remedy: members.length === 0 ? "checkAddress" : "askDigiCert" },
    );
}

function ambiguous(exchange: Exchange, operation: string): AmbiguousError {
    const cause = errorOf(exchange, operation);
    const { message, status, errors } = cause;
    return new AmbiguousError(message, { status, errors, cause, remedy: "confirmReissue" });
}
