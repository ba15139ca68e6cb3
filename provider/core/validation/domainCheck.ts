/**
 * The checks of the domains of a reissue while it is waited for.
 *
 * @module
 */
import { NotFoundError, PermissionError } from "../errors.js";
import { warning } from "../message.js";
import { isPassing } from "../reissue/certificate.js";
import type { PendingCheck } from "../reissue/wait.js";
import type { Session } from "../session.js";
import { checkDomains } from "./checkDomains.js";
import { describePlaces } from "./records.js";

const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 60_000;
const GROWTH = 1.5;

/** The checks of one order while its reissue is waited for, with pauses that grow from 5 s to 60 s. */
export class DomainCheck implements PendingCheck {
    readonly #session: Session;
    readonly #order: { readonly orderId: string; readonly names: ReadonlySet<string> };
    readonly #method: string | undefined;
    #pauseMs = FIRST_PAUSE_MS;
    #nextAt: number;
    #unseen: readonly string[] = [];

    /** @param method - as far as it is known; it makes messages exact */
    constructor(
        session: Session,
        order: { readonly orderId: string; readonly names: ReadonlySet<string> },
        method: string | undefined,
    ) {
        this.#session = session;
        this.#order = order;
        this.#method = method;
        this.#nextAt = session.elapsed();
    }

    get nextAt(): number {
        return this.#nextAt;
    }

    /** Where DigiCert did not see the token in the last check, in words. */
    get unseen(): readonly string[] {
        return this.#unseen;
    }

    async make(): Promise<boolean> {
        const { orderId, names } = this.#order;
        try {
            const result = await checkDomains(this.#session.client, orderId);
            this.#nextAt = this.#session.elapsed() + this.#pauseMs;
            this.#pauseMs = Math.min(this.#pauseMs * GROWTH, LONGEST_PAUSE_MS);
            switch (result.kind) {
                case "checked":
                    this.#unseen = describePlaces(result.unseen, this.#method ?? "dns-txt-token");
                    return result.isIssued;
                case "unseen":
                    this.#unseen = describePlaces(names, this.#method ?? result.method);
                    return false;
                case "email":
                    this.#nextAt = Infinity;
                    return false;
                case "over":
                    return true;
            }
        } catch (error) {
            if (isPassing(error)) {
                this.#nextAt = this.#session.elapsed() + this.#pauseMs;
                return false;
            }
            if (!(error instanceof PermissionError || error instanceof NotFoundError)) throw error;
            // DigiCert looks by itself too, for a week.
            this.#nextAt = Infinity;
            this.#session.tell(
                warning(
                    `${error.message.replace(/[.\s]*$/, "")}; DigiCert's own checks are waited for instead`,
                ),
            );
            return false;
        }
    }
}
