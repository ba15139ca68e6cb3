/**
 * The CertCentral Services API v2, one method per endpoint, each answer checked against its schema.
 *
 * @module
 */
import { DelegateBackoff, handleWhenResult, retry } from "cockatiel";
import type { Dispatcher } from "undici";
import type { z } from "zod";
import { AmbiguousError, UnavailableError, type DigiCertError } from "../../sdk/errors.js";
import {
    acceptedAnswer,
    orderAnswer,
    ordersAnswer,
    reissuesAnswer,
    requestAnswer,
    statusChangesAnswer,
    type Accepted,
    type ApprovalRequest,
    type Order,
    type Reissue,
    type StatusChange,
} from "./answers.js";
import { errorOf } from "./failure.js";
import type { Settings } from "../settings.js";
import { Transport, type ApiRequest, type Exchange } from "./transport.js";

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

/** Pauses between attempts of a GET, in milliseconds; grown and jittered from attempt to attempt. */
export interface Backoff {
    /** After a connection failure or a 5xx. */
    readonly unavailableMs: number;
    /** After a 429 without `Retry-After`. */
    readonly rateLimitMs: number;
}

const DEFAULT_BACKOFF: Backoff = { unavailableMs: 500, rateLimitMs: 5000 };
const GET_RETRIES = 3;
const LONGEST_PAUSE_MS = 180_000;
/** The feed reaches back a week, the list of orders has pages of 1,000 (DigiCert: status change list, list orders). */
const LONGEST_FEED_MINUTES = 7 * 24 * 60;
const LIST_LIMIT = 1000;

/** A client for one account, with one key. */
export class CertCentral {
    readonly #transport: Transport;
    readonly #backoff: Backoff;

    constructor(settings: Settings, dispatcher?: Dispatcher, backoff: Backoff = DEFAULT_BACKOFF) {
        this.#transport = new Transport(settings, dispatcher);
        this.#backoff = backoff;
    }

    /** Order info: `GET /order/certificate/{order_id}`. */
    order(orderId: string): Promise<Order> {
        return this.#get(`/order/certificate/${orderId}`, `Reading order ${orderId}`, orderAnswer);
    }

    /** List reissues: `GET /order/certificate/{order_id}/reissue`. */
    async reissues(orderId: string): Promise<Reissue[]> {
        const path = `/order/certificate/${orderId}/reissue`;
        return (await this.#get(path, `Listing the reissues of order ${orderId}`, reissuesAnswer))
            .certificates;
    }

    /** Request info: `GET /request/{request_id}`. */
    request(requestId: number, orderId: string): Promise<ApprovalRequest> {
        const doing = `Reading request ${requestId} of order ${orderId}`;
        return this.#get(`/request/${requestId}`, doing, requestAnswer);
    }

    /** Status change list: `GET /order/certificate/status-changes`, what changed in the last so many minutes. */
    async statusChanges(minutes: number): Promise<StatusChange[]> {
        const path = `/order/certificate/status-changes?minutes=${Math.min(minutes, LONGEST_FEED_MINUTES)}`;
        return (await this.#get(path, "Reading the status changes of the account", statusChangesAnswer))
            .orders;
    }

    /** List orders: `GET /order/certificate`, the ids of those with a pending reissue; undefined if there are too many. */
    async pendingOrders(): Promise<ReadonlySet<string> | undefined> {
        const path = `/order/certificate?filters[status]=reissue_pending&limit=${LIST_LIMIT}`;
        const { orders } = await this.#get(path, "Listing the orders with a pending reissue", ordersAnswer);
        return orders.length < LIST_LIMIT ? new Set(orders.map(({ id }) => String(id))) : undefined;
    }

    /** Download a certificate with its chain: `GET /certificate/{certificate_id}/download/format/pem_noroot`. */
    async download(certificateId: number, orderId: string): Promise<string> {
        const doing = `Downloading certificate ${certificateId} of order ${orderId}`;
        const path = `/certificate/${certificateId}/download/format/pem_noroot`;
        return (await this.#answer({ method: "GET", path, accept: "*/*" }, doing)).text;
    }

    /** Cancel a pending reissue: `PUT /order/certificate/{order_id}/status` with `canceled`. */
    async cancelReissue(orderId: string, note: string): Promise<void> {
        const doing = `Cancelling the pending reissue of order ${orderId}`;
        const path = `/order/certificate/${orderId}/status`;
        const exchange = await this.#transport.exchange({
            method: "PUT",
            path,
            body: { status: "canceled", note },
        });
        if (!isSuccess(exchange)) throw errorOf(exchange, doing);
    }

    /** Revoke one certificate: `PUT /certificate/{certificate_id}/revoke`. */
    async revoke(certificateId: number, orderId: string, skipApproval: boolean): Promise<void> {
        const doing = `Revoking certificate ${certificateId} of order ${orderId}`;
        const body = {
            skip_approval: skipApproval,
            comments: "Revoked by pulumi-digicert: deletionPolicy revoke.",
        };
        const exchange = await this.#transport.exchange({
            method: "PUT",
            path: `/certificate/${certificateId}/revoke`,
            body,
        });
        if (!isSuccess(exchange)) throw errorOf(exchange, doing);
    }

    /** Reissue a certificate: `POST /order/certificate/{order_id}/reissue`. One attempt, never repeated here. */
    async reissue(orderId: string, body: unknown, attempt = 1): Promise<PostOutcome> {
        const doing = `Asking for a reissue of order ${orderId}`;
        const path = `/order/certificate/${orderId}/reissue`;
        const exchange = await this.#transport.exchange({ method: "POST", path, body });
        if (isProofOfAbsence(exchange)) {
            const error = errorOf(exchange, doing);
            return isWorthRepeating(exchange)
                ? { kind: "absent", error, tryAgainAfterMs: this.#pause(attempt, exchange) }
                : { kind: "absent", error };
        }
        if (isSuccess(exchange)) {
            const accepted = acceptedAnswer.safeParse(exchange.json);
            if (accepted.success) return { kind: "accepted", accepted: accepted.data };
        }
        const cause = errorOf(exchange, doing);
        return { kind: "unclear", error: new AmbiguousError(cause.message, { status: cause.status, cause }) };
    }

    async #get<T extends z.ZodType>(path: string, doing: string, schema: T): Promise<z.output<T>> {
        const { json } = await this.#answer({ method: "GET", path }, doing);
        const parsed = schema.safeParse(json);
        if (parsed.success) return parsed.data;
        const where = parsed.error.issues
            .map(({ path: at }) => at.join(".") || "the whole answer")
            .join(", ");
        throw new UnavailableError(
            `${doing}: DigiCert answered 200, but with something that cannot be understood (${where}). ` +
                "Check digicert:baseUrl; if it is right, try again later.",
            { status: 200 },
        );
    }

    /** A GET, repeated a bounded number of times where that can help. */
    async #answer(request: ApiRequest, doing: string): Promise<Extract<Exchange, { kind: "answer" }>> {
        const policy = retry(
            handleWhenResult((result) => isWorthRepeating(result as Exchange)),
            {
                maxAttempts: GET_RETRIES,
                backoff: new DelegateBackoff(({ attempt, result }) =>
                    this.#pause(attempt, "value" in result ? (result.value as Exchange) : undefined),
                ),
            },
        );
        const exchange = await policy.execute(() => this.#transport.exchange(request));
        if (!isSuccess(exchange)) throw errorOf(exchange, doing);
        return exchange;
    }

    #pause(attempt: number, exchange: Exchange | undefined): number {
        if (exchange?.kind === "answer" && exchange.retryAfterMs !== undefined) {
            return exchange.retryAfterMs;
        }
        const isLimit = exchange?.kind === "answer" && exchange.status === 429;
        const base = isLimit ? this.#backoff.rateLimitMs : this.#backoff.unavailableMs;
        return base * 2 ** (attempt - 1) * (1 + Math.random() / 2);
    }
}

function isSuccess(exchange: Exchange): exchange is Extract<Exchange, { kind: "answer" }> {
    return exchange.kind === "answer" && exchange.status >= 200 && exchange.status < 300;
}

function isWorthRepeating(exchange: Exchange): boolean {
    if (exchange.kind === "failure") return !exchange.untrusted;
    // Whoever is asked to wait longer is told so, instead of being kept or of being too early.
    if ((exchange.retryAfterMs ?? 0) > LONGEST_PAUSE_MS) return false;
    return exchange.status === 429 || exchange.status >= 500;
}

/** It never left, or DigiCert refused it. After anything else it may still be accepted. */
function isProofOfAbsence(exchange: Exchange): boolean {
    return exchange.kind === "failure" ? exchange.neverLeft : exchange.status >= 400 && exchange.status < 500;
}
