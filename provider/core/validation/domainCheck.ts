/**
 * The checks of the domains of a reissue while it is waited for.
 *
 * @module
 */
import { waitUnlessAborted } from "../clock.js";
import { isTemporary } from "../errorKinds.js";
import { NotFoundError, PermissionError } from "../errors.js";
import { warning } from "../message.js";
import type { PendingCheck } from "../reissue/wait.js";
import type { Session } from "../session.js";
import { checkDomains, type CheckResult } from "./checkDomains.js";
import { describePlaces, domainToValidate } from "./records.js";

/** Pause after the first check; each further pause is longer by `GROWTH`, up to the longest. */
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 60_000;
const GROWTH = 1.5;

/** The checks of one order while its reissue is waited for, with pauses that grow from 5 s to 60 s. */
export class DomainCheck implements PendingCheck {
    readonly #session: Session;
    readonly #orderId: string;
    readonly #method: string | undefined;
    #pauseMs = FIRST_PAUSE_MS;
    #nextAt: number;
    #unseen: readonly string[] = [];
    /** The names that DigiCert has not approved yet, as far as its answers show. */
    #outstanding: ReadonlySet<string>;

    /** @param method - the method of validation, if it is known; messages name its places */
    constructor(
        session: Session,
        order: { readonly orderId: string; readonly names: ReadonlySet<string> },
        method: string | undefined,
    ) {
        this.#session = session;
        this.#orderId = order.orderId;
        this.#method = method;
        this.#outstanding = order.names;
        // Validation by e-mail has no token to search for.
        this.#nextAt = method === "email" ? Infinity : session.elapsed();
    }

    get nextAt(): number {
        return this.#nextAt;
    }

    /** The places at which DigiCert did not find the token in the last check, in words. */
    get unseen(): readonly string[] {
        return this.#unseen;
    }

    /** Makes the check. A run that is stopped does not wait for the answer, because DigiCert looks into DNS before it answers. */
    async make(): Promise<boolean> {
        const { client, signal } = this.#session;
        if (signal.aborted) return false;
        try {
            const result = await waitUnlessAborted(signal, checkDomains(client, this.#orderId));
            return result !== undefined && this.#note(result);
        } catch (error) {
            if (isTemporary(error)) {
                this.#postpone();
                return false;
            }
            if (!(error instanceof PermissionError || error instanceof NotFoundError)) throw error;
            // DigiCert also checks by itself, for a week.
            this.#nextAt = Infinity;
            this.#session.tell(
                warning(
                    `${error.message.replace(/[.\s]*$/, "")}; DigiCert's own checks are waited for instead`,
                ),
            );
            return false;
        }
    }

    /** Notes the result of a check; returns whether the order should be read at once. */
    #note(result: CheckResult): boolean {
        this.#postpone();
        switch (result.kind) {
            case "checked":
                this.#outstanding = new Set([
                    ...result.unseen,
                    ...without(this.#outstanding, result.approved),
                ]);
                this.#unseen = describePlaces(result.unseen, this.#method ?? "dns-txt-token");
                return result.isIssued;
            case "unseen":
                this.#unseen = describePlaces(this.#outstanding, this.#method ?? result.method);
                return false;
            case "refused":
                // If the order then still shows the reissue as pending, the refusal was about the domains.
                this.#unseen = describePlaces(this.#outstanding, this.#method ?? "dns-txt-token");
                return true;
            case "email":
                this.#nextAt = Infinity;
                return false;
        }
    }

    #postpone(): void {
        this.#nextAt = this.#session.elapsed() + this.#pauseMs;
        this.#pauseMs = Math.min(this.#pauseMs * GROWTH, LONGEST_PAUSE_MS);
    }
}

/** Removes the names whose domain is the domain of an approved name. */
function without(names: ReadonlySet<string>, approved: readonly string[]): string[] {
    const domainOf = (name: string) => domainToValidate(name) ?? name;
    const domains = new Set(approved.map(domainOf));
    return [...names].filter((name) => !domains.has(domainOf(name)));
}
