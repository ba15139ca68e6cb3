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
    domainsAnswer,
    orderAnswer,
    ordersAnswer,
    reissuesAnswer,
    requestAnswer,
    statusChangesAnswer,
    userAnswer,
    type Accepted,
    type ApprovalRequest,
    type Domain,
    type Order,
    type Reissue,
    type StatusChange,
    type User,
} from "./answers.js";
import { errorOf, MAY_BE_DONE } from "./failure.js";
import { isProofOfAbsence, isSuccess, isWorthRepeating, type Answer } from "./exchange.js";
import type { Limiter } from "./limiter.js";
import { Sender, type Backoff, type OrderRequest } from "./sender.js";
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
    /** A POST may follow: keeps places for it, and for the reads in between, so that none of them queues anew. */
    readonly reserve?: boolean;
}

const DEFAULT_BACKOFF: Backoff = { unavailableMs: 500, rateLimitMs: 5000 };
/** The feed reaches back a week, the list of orders has pages of 1,000 (DigiCert: status change list, list orders). */
const LONGEST_FEED_MINUTES = 7 * 24 * 60;
const LIST_LIMIT = 1000;
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
    ) {
        const transport = new Transport(settings, dispatcher ?? sharedBy(settings).dispatcher);
        this.#sender = new Sender(transport, limiter ?? sharedBy(settings).limiter, backoff);
    }

    /**
     * Order info: `GET /order/certificate/{order_id}`. With `reserve`, {@link reissue} may follow within 5 s
     * without queueing; whatever is reserved for the order already is given back.
     */
    order(orderId: string, { reserve = false }: OrderOptions = {}): Promise<Order> {
        const path = `/order/certificate/${orderId}`;
        this.#sender.giveBack(orderId);
        return this.#get({ method: "GET", path, orderId, reserve }, `Reading order ${orderId}`, orderAnswer);
    }

    /** List reissues: `GET /order/certificate/{order_id}/reissue`. */
    async reissues(orderId: string): Promise<Reissue[]> {
        const path = `/order/certificate/${orderId}/reissue`;
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
        return (await this.#answer({ method: "GET", path, accept: "*/*", orderId }, doing)).text;
    }

    /** Cancel a pending reissue: `PUT /order/certificate/{order_id}/status` with `canceled`. */
    cancelReissue(orderId: string, note: string): Promise<void> {
        const doing = `Cancelling the pending reissue of order ${orderId}`;
        const body = { status: "canceled", note };
        return this.#put(
            { method: "PUT", path: `/order/certificate/${orderId}/status`, body, orderId },
            doing,
        );
    }

    /** Revoke one certificate: `PUT /certificate/{certificate_id}/revoke`. */
    revoke(certificateId: number, orderId: string, skipApproval: boolean): Promise<void> {
        const doing = `Revoking certificate ${certificateId} of order ${orderId}`;
        const body = {
            skip_approval: skipApproval,
            comments: "Revoked by pulumi-digicert: deletionPolicy revoke.",
        };
        return this.#put(
            { method: "PUT", path: `/certificate/${certificateId}/revoke`, body, orderId },
            doing,
        );
    }

    /**
     * Reissue a certificate: `POST /order/certificate/{order_id}/reissue`. One attempt, never repeated here, and
     * never queued: what cannot be sent at once is `absent`, to be tried again after another read.
     */
    async reissue(orderId: string, body: unknown, attempt = 1): Promise<PostOutcome> {
        const doing = `Asking for a reissue of order ${orderId}`;
        const path = `/order/certificate/${orderId}/reissue`;
        const exchange = await this.#sender.post({ method: "POST", path, body, orderId });
        if (isProofOfAbsence(exchange)) {
            const error = errorOf(exchange, doing);
            return isWorthRepeating(exchange)
                ? { kind: "absent", error, tryAgainAfterMs: this.#sender.pause(attempt, exchange) }
                : { kind: "absent", error };
        }
        if (isSuccess(exchange)) {
            const accepted = acceptedAnswer.safeParse(exchange.json);
            if (accepted.success) return { kind: "accepted", accepted: accepted.data };
        }
        const cause = errorOf(exchange, doing);
        const { message, status, errors } = cause;
        return { kind: "unclear", error: new AmbiguousError(message, { status, errors, cause }) };
    }

    async #get<T extends z.ZodType>(request: OrderRequest, doing: string, schema: T): Promise<z.output<T>> {
        const { status, json } = await this.#answer(request, doing);
        const parsed = schema.safeParse(json);
        if (parsed.success) return parsed.data;
        const where = parsed.error.issues
            .map(({ path: at }) => at.join(".") || "the whole answer")
            .join(", ");
        throw new UnavailableError(
            `${doing}: DigiCert answered ${status}, but with something that cannot be understood (${where}). ` +
                "Check digicert:baseUrl; if it is right, try again later.",
            { status },
        );
    }

    /** A GET, repeated a bounded number of times where that can help. */
    async #answer(request: OrderRequest, doing: string): Promise<Answer> {
        const exchange = await this.#sender.get(request);
        if (!isSuccess(exchange) || exchange.encoding !== undefined) throw errorOf(exchange, doing);
        return exchange;
    }

    /** A PUT. It is not repeated: whoever asked looks at what became of it. */
    async #put(request: OrderRequest, doing: string): Promise<void> {
        const exchange = await this.#sender.put(request);
        if (isSuccess(exchange) && !isSomebodyElses(exchange)) return;
        throw errorOf(exchange, doing, isProofOfAbsence(exchange) ? "" : MAY_BE_DONE);
    }
}

/** A page that some proxy shows instead: DigiCert answers a PUT with JSON, or with nothing. */
function isSomebodyElses({ text, json, encoding }: Answer): boolean {
    return encoding === undefined && text !== "" && json === undefined;
}
