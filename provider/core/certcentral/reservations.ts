/**
 * Turns that were reserved with the read of an order, for the POST that may follow it.
 *
 * @module
 */
import type { Limiter, Turn } from "./limiter.js";

/** A POST follows the read that allowed it within this time, or not at all. */
const LIFETIME_MS = 5000;
/** Kept for the POST, whatever is read in between. */
const FOR_POST = 1;

interface Reservation {
    readonly turn: Turn;
    readonly until: number;
}

/** At most one reservation per order. */
export class Reservations {
    /** The read of the order, two more (the list of reissues, the current certificate), the POST. */
    static readonly PLACES = 4;
    /** The read and the POST: most orders need no more, and the end of a window is not wasted. */
    static readonly AT_LEAST = 2;

    readonly #limiter: Limiter;
    readonly #byOrder = new Map<string, Reservation>();

    constructor(limiter: Limiter) {
        this.#limiter = limiter;
    }

    /**
     * Keeps a turn after its read was answered; unused, it goes back.
     *
     * @param sentAt - when the read was sent: from then on the order may have changed. The answer may have been held up
     * on its way, or this process may have been stopped before it saw it.
     */
    keep(orderId: string, turn: Turn, sentAt: number): void {
        this.giveBack(orderId);
        const { clock } = this.#limiter;
        const until = sentAt + LIFETIME_MS;
        this.#byOrder.set(orderId, { turn, until });
        clock.later(Math.max(0, until - clock.now()), () => {
            turn.close();
        });
    }

    /** Gives back what is reserved for an order. */
    giveBack(orderId: string): void {
        this.#byOrder.get(orderId)?.turn.close();
        this.#byOrder.delete(orderId);
    }

    /** A place for a read between the one of the order and the POST, if there is one. */
    forRead(orderId: string): Turn | undefined {
        const reservation = this.#byOrder.get(orderId);
        const isGood =
            reservation !== undefined && this.#isInTime(reservation) && reservation.turn.left > FOR_POST;
        return isGood && this.#limiter.pauseLeft() === 0 ? reservation.turn : undefined;
    }

    /** The turn for the POST. None if the reservation is too old; without any, one that needs no waiting. */
    take(orderId: string): Turn | undefined {
        const reservation = this.#byOrder.get(orderId);
        if (!reservation) return this.#limiter.tryAdmit();
        this.#byOrder.delete(orderId);
        if (this.#isInTime(reservation) && reservation.turn.left >= FOR_POST) return reservation.turn;
        reservation.turn.close();
        return undefined;
    }

    #isInTime({ until }: Reservation): boolean {
        return this.#limiter.clock.now() <= until;
    }
}
