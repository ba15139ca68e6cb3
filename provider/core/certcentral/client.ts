/**
 * The CertCentral Services API v2, one method per endpoint, each answer checked against its schema.
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
import { sharedBy } from "../account.js";
import { Transport } from "./transport.js";

/** What is known after the one POST. */
export type PostOutcome =
    | { readonly kind: "accepted"; readonly accepted: Accepted }
    /** It provably was not accepted: it never left, or DigiCert refused it. */
    | {
          readonly kind: "absent";
          readonly error: DigiCertError;
          /** Pause before it makes sense to try again; absent where it makes none. */
          readonly tryAgainAfterMs?: number;
      }
    /** It may have been accepted. */
    | { readonly kind: "unclear"; readonly error: DigiCertError };

/** What a read of an order is for. */
export interface OrderOptions {
    /** A POST may follow: keeps places for it, and for the reads in between, so that none of them queues. */
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
    /** The number of orders on all pages, where DigiCert tells it. */
    readonly total: number | undefined;
}

const DEFAULT_BACKOFF: Backoff = { unavailableMs: 500, rateLimitMs: 5000 };
/** The feed reaches back a week, the list of orders has pages of 1,000 (DigiCert: status change list, list orders). */
const LONGEST_FEED_MINUTES = 7 * 24 * 60;
const LIST_LIMIT = 1000;
/** With 250 names each, so many orders stay well below the longest answer that is read. */
const ORDERS_ON_A_PAGE = 250;
/** Ends a loop that a server which ignores `offset` would keep going. */
const MOST_PAGES = 20;

/** A client for one account, with one key. */
export class CertCentral {
    readonly #sender: Sender;

    constructor(
        settings: Settings,
        dispatcher?: Dispatcher,
        backoff: Backoff = DEFAULT_BACKOFF,
        limiter?: Limiter,
        signal?: AbortSignal,
    ) {
        const transport = new Transport(settings, dispatcher ?? sharedBy(settings).dispatcher);
        this.#sender = new Sender(transport, limiter ?? sharedBy(settings).limiter, backoff, signal);
    }

    /**
     * Order info: `GET /order/certificate/{order_id}`. With `reserve`, {@link reissue} may follow within 5 s without queueing.
     *
     * @throws UnavailableError when the answer tells of another order.
     */
    async order(orderId: string, { reserve = false }: OrderOptions = {}): Promise<Order> {
        this.release(orderId);
        const doing = `Reading order ${orderId}`;
        const request = { method: "GET", path: orderPath(orderId), orderId, reserve } as const;
        const answer = await this.#read(request, doing);
        const order = parsed(answer, doing, orderAnswer);
        if (order.id !== undefined && String(order.id) !== orderId) {
            this.release(orderId);
            throw new UnavailableError(`${doing}: DigiCert answered with order ${order.id}.`, {
                status: answer.status,
                remedy: "askDigiCert",
            });
        }
        return answer.date === undefined ? order : { ...order, serverTime: answer.date };
    }

    /** Gives back the places that a read of an order reserved, where no POST follows. */
    release(orderId: string): void {
        this.#sender.release(orderId);
    }

    /** List reissues: `GET /order/certificate/{order_id}/reissue`. */
    async reissues(orderId: string): Promise<Reissue[]> {
        const path = `${orderPath(orderId)}/reissue`;
        const doing = `Listing the reissues of order ${orderId}`;
        return (await this.#get({ method: "GET", path, orderId }, doing, reissuesAnswer)).certificates;
    }

    /** Request info: `GET /request/{request_id}`. */
    request(requestId: number, orderId: string): Promise<ApprovalRequest> {
        const doing = `Reading request ${requestId} of order ${orderId}`;
        return this.#get({ method: "GET", path: `/request/${requestId}`, orderId }, doing, requestAnswer);
    }

    /** Status change list: `GET /order/certificate/status-changes`, what changed in the last so many minutes. */
    async statusChanges(minutes: number): Promise<StatusChange[]> {
        const path = `/order/certificate/status-changes?minutes=${Math.min(minutes, LONGEST_FEED_MINUTES)}`;
        const doing = "Reading the status changes of the account";
        return (await this.#get({ method: "GET", path }, doing, statusChangesAnswer)).orders;
    }

    /** List orders: `GET /order/certificate`, the ids of those with a pending reissue; undefined if there are too many. */
    async pendingOrders(): Promise<ReadonlySet<string> | undefined> {
        const path = `/order/certificate?filters[status]=reissue_pending&limit=${LIST_LIMIT}`;
        const doing = "Listing the orders with a pending reissue";
        const { orders } = await this.#get({ method: "GET", path }, doing, ordersAnswer);
        return orders.length < LIST_LIMIT ? new Set(orders.map(({ id }) => String(id))) : undefined;
    }

    /** List orders: `GET /order/certificate`, one page of the account's orders, the oldest first. */
    async orders(offset: number, { productNameId }: OrderFilter = {}): Promise<OrderPage> {
        const filter =
            productNameId === undefined
                ? ""
                : `&filters[product_name_id]=${encodeURIComponent(productNameId)}`;
        const path = `/order/certificate?limit=${ORDERS_ON_A_PAGE}&offset=${offset}&sort=date_created${filter}`;
        const doing = "Listing the orders of the account";
        const answer = await this.#read({ method: "GET", path }, doing);
        const { orders, page } = parsed(answer, doing, orderPageAnswer);
        const listed = isObject(answer.json) && Array.isArray(answer.json.orders) ? answer.json.orders : [];
        return { orders, entries: listed.length, total: page?.total };
    }

    /** User info: `GET /user/me`, the user that the key belongs to. */
    me(): Promise<User> {
        return this.#get({ method: "GET", path: "/user/me" }, "Reading whose API key it is", userAnswer);
    }

    /**
     * List domains: `GET /domain`, page by page; undefined if there are too many. The domains of DV orders are not
     * among them.
     */
    async domains(): Promise<Domain[] | undefined> {
        const found: Domain[] = [];
        for (let page = 0; page < MOST_PAGES; page += 1) {
            const path = `/domain?limit=${LIST_LIMIT}&offset=${page * LIST_LIMIT}`;
            const doing = "Listing the domains of the account";
            const { domains } = await this.#get({ method: "GET", path }, doing, domainsAnswer);
            found.push(...domains);
            if (domains.length < LIST_LIMIT) return found;
        }
        return undefined;
    }

    /** Download a certificate with its chain: `GET /certificate/{certificate_id}/download/format/pem_noroot`. */
    async download(certificateId: number, orderId: string): Promise<string> {
        const doing = `Downloading certificate ${certificateId} of order ${orderId}`;
        const path = `/certificate/${certificateId}/download/format/pem_noroot`;
        const answer = await this.#read({ method: "GET", path, accept: "*/*", orderId }, doing);
        if (isWebPage(answer)) throw errorOf(answer, doing);
        return answer.text;
    }

    /** Cancel a pending reissue: `PUT /order/certificate/{order_id}/status` with `canceled`. */
    cancelReissue(orderId: string, note: string): Promise<void> {
        const doing = `Cancelling the pending reissue of order ${orderId}`;
        const body = { status: "canceled", note };
        return this.#change({ method: "PUT", path: `${orderPath(orderId)}/status`, body, orderId }, doing);
    }

    /** Revoke one certificate: `PUT /certificate/{certificate_id}/revoke`. */
    revoke(certificateId: number, orderId: string, skipApproval: boolean): Promise<void> {
        const doing = `Revoking certificate ${certificateId} of order ${orderId}`;
        const body = {
            skip_approval: skipApproval,
            comments: "Revoked by pulumi-digicert: deletionPolicy revoke.",
        };
        const path = `/certificate/${certificateId}/revoke`;
        return this.#change({ method: "PUT", path, body, orderId }, doing);
    }

    /**
     * Generate DCV token: `PUT /order/certificate/{order_id}/dcv-random-value`. The present token comes back until it
     * expires, so this is repeated like a GET.
     */
    dcvToken(orderId: string): Promise<DcvToken> {
        const doing = `Asking for the DCV token of order ${orderId}`;
        const path = `${orderPath(orderId)}/dcv-random-value`;
        return this.#get({ method: "PUT", path, orderId }, doing, dcvTokenAnswer);
    }

    /**
     * Check DCV: `PUT /order/certificate/{order_id}/check-dcv`. It neither resets nor restarts DigiCert's own checks, so this
     * is repeated like a GET.
     *
     * @throws InvalidRequestError where the token was not found; its `errors` say where DigiCert looked.
     */
    checkDcv(orderId: string, dnsNames?: readonly string[]): Promise<DcvCheck> {
        const doing = `Having the domains of order ${orderId} checked`;
        const body = dnsNames === undefined ? undefined : { dns_names_validations: dnsNames };
        const path = `${orderPath(orderId)}/check-dcv`;
        return this.#get({ method: "PUT", path, body, orderId }, doing, dcvCheckAnswer);
    }

    /**
     * Change DCV method: `PUT /order/certificate/{order_id}/dcv-method`. The same method again changes nothing, so this is
     * repeated like a GET; `email` has no token.
     */
    async setDcvMethod(orderId: string, method: string): Promise<DcvToken> {
        const doing = `Setting the DCV method of order ${orderId}`;
        const path = `${orderPath(orderId)}/dcv-method`;
        const answer = await this.#read(
            { method: "PUT", path, body: { dcv_method: method }, orderId },
            doing,
        );
        if (isWebPage(answer)) throw errorOf(answer, doing);
        return dcvTokenAnswer.safeParse(answer.json).data ?? {};
    }

    /**
     * Reissue a certificate: `POST /order/certificate/{order_id}/reissue`. One attempt, never repeated here, never queued, and
     * only within 5 s of {@link order} with `reserve`: what cannot be sent at once is `absent`, to be tried again after
     * another read.
     */
    async reissue(orderId: string, body: unknown, attempt = 1): Promise<PostOutcome> {
        const doing = `Asking for a reissue of order ${orderId}`;
        const path = `${orderPath(orderId)}/reissue`;
        const exchange = await this.#sender.post({ method: "POST", path, body, orderId });
        if (isProofOfAbsence(exchange)) {
            const error = errorOf(exchange, doing);
            return isWorthRepeating(exchange)
                ? { kind: "absent", error, tryAgainAfterMs: this.#sender.pause(attempt, exchange) }
                : { kind: "absent", error };
        }
        const accepted = isSuccess(exchange) ? acceptedAnswer.safeParse(exchange.json) : undefined;
        if (accepted?.success) return { kind: "accepted", accepted: accepted.data };
        return { kind: "unclear", error: ambiguous(exchange, doing) };
    }

    async #get<T extends z.ZodType>(request: OrderRequest, doing: string, schema: T): Promise<z.output<T>> {
        return parsed(await this.#read(request, doing), doing, schema);
    }

    /** A request that may be repeated, a bounded number of times where that can help. */
    async #read(request: OrderRequest, doing: string): Promise<Answer> {
        const exchange = await this.#sender.sendRepeatably(request);
        if (!isSuccess(exchange) || exchange.encoding !== undefined) throw errorOf(exchange, doing);
        return exchange;
    }

    /**
     * A PUT that is not repeated: the caller looks at what became of it. DigiCert answers with JSON or with nothing; a web page
     * is a proxy's.
     */
    async #change(request: OrderRequest, doing: string): Promise<void> {
        const exchange = await this.#sender.sendOnce(request);
        if (isSuccess(exchange) && (exchange.encoding !== undefined || !isWebPage(exchange))) return;
        throw changeErrorOf(exchange, doing);
    }
}

/** `/order/certificate/{order_id}`; an id that is none leads nowhere else. */
function orderPath(orderId: string): string {
    return `/order/certificate/${encodeURIComponent(orderId)}`;
}

/**
 * What an answer says.
 *
 * @throws UnavailableError naming the members that have the wrong type.
 */
function parsed<T extends z.ZodType>({ status, json }: Answer, doing: string, schema: T): z.output<T> {
    const result = schema.safeParse(json);
    if (result.success) return result.data;
    const members = [...new Set(result.error.issues.map(({ path }) => path.join(".")))].filter(Boolean);
    const where = members.length === 0 ? "the whole answer" : quote(members.join(", "));
    throw new UnavailableError(
        `${doing}: DigiCert answered ${status}, but with something that cannot be understood (${where}).`,
        { status, remedy: members.length === 0 ? "checkAddress" : "askDigiCert" },
    );
}

function ambiguous(exchange: Exchange, doing: string): AmbiguousError {
    const cause = errorOf(exchange, doing);
    const { message, status, errors } = cause;
    return new AmbiguousError(message, { status, errors, cause, remedy: "lookAgain" });
}
