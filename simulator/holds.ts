import { type ServerResponse } from "node:http";
import { type FaultSelector } from "./faultRules.js";
import { makeMatcher, type Matches } from "./matching.js";

/** Selects the request to hold, and the place where it is held. */
export interface HoldRule extends Omit<FaultSelector, "times"> {
    /** `arrival`: before the request is handled and any fault applies; `answer`: after it was handled, before the answer. */
    at: "arrival" | "answer";
}

/** A request that is held. */
export interface Held {
    /** Resolves when the request is held. */
    readonly there: Promise<void>;
    /** Resolves when the request is finished: it was answered, or its connection was closed. */
    readonly over: Promise<void>;
    /** Lets the request go on. If it is called before the request arrives, the request is not held. */
    release(): void;
    /** Closes the connection of the request; if the request is held at `arrival`, it is never handled. */
    drop(): void;
}

/** The end of a hold. */
type Verdict = "release" | "drop";

interface ArmedHold extends HoldRule {
    matches: Matches;
    /** Number of matching requests that pass first. */
    skip: number;
    hold: Hold;
}

/**
 * Made by {@link Holds.add}; the API calls `pass` and `end` as the request goes on.
 *
 * @internal
 */
export class Hold implements Held {
    readonly there: Promise<void>;
    readonly over: Promise<void>;
    readonly at: HoldRule["at"];
    #arrive!: () => void;
    #end!: () => void;
    #decide!: (verdict: Verdict) => void;
    readonly #verdict: Promise<Verdict>;

    constructor(at: HoldRule["at"]) {
        this.at = at;
        this.there = new Promise((resolve) => (this.#arrive = resolve));
        this.over = new Promise((resolve) => (this.#end = resolve));
        this.#verdict = new Promise((resolve) => (this.#decide = resolve));
    }

    release(): void {
        this.#decide("release");
    }

    drop(): void {
        this.#decide("drop");
    }

    /** Holds the request if it is at the place of the hold; returns whether it may go on. */
    async pass(at: HoldRule["at"]): Promise<boolean> {
        if (at !== this.at) return true;
        this.#arrive();
        return (await this.#verdict) === "release";
    }

    /** Called when the API has finished the request; the answer may still be on its way. */
    end(response: ServerResponse): void {
        if (response.closed || response.writableFinished) this.#end();
        else response.once("close", this.#end);
    }
}

/**
 * All holds, with and without their request.
 *
 * @internal
 */
export class Holds {
    #armed: ArmedHold[] = [];
    readonly #all = new Set<Hold>();

    add(rule: HoldRule): Held {
        const hold = new Hold(rule.at);
        this.#armed.push({ ...rule, matches: makeMatcher(rule), skip: (rule.nth ?? 1) - 1, hold });
        this.#all.add(hold);
        return hold;
    }

    /** Finds the hold for a request; the hold that was added first wins. */
    take(method: string, path: string): Hold | undefined {
        const matching = this.#armed.filter(({ matches }) => matches(method, path));
        const taken = matching.find(({ skip }) => skip === 0);
        for (const one of matching) if (one !== taken && one.skip > 0) one.skip -= 1;
        this.#armed = this.#armed.filter((one) => one !== taken);
        return taken?.hold;
    }

    /** Ends all holds. */
    dropAll(): void {
        for (const hold of this.#all) hold.drop();
    }
}
