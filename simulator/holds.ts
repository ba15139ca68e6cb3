import { type ServerResponse } from "node:http";
import { type FaultSelector } from "./faultRules.js";
import { matcher, type Matches } from "./matching.js";

/** Which request to hold, once, and where. */
export interface HoldRule extends Omit<FaultSelector, "times"> {
    /** `arrival`: before it is handled, faults included; `answer`: handled, and not answered yet. */
    at: "arrival" | "answer";
}

/** A request that is stopped on its way. */
export interface Held {
    /** It has come to where it is held. */
    readonly there: Promise<void>;
    /** It has been answered, or its connection closed, and nothing more will come of it. */
    readonly over: Promise<void>;
    /** Lets it go on, its client may be gone or not; said beforehand, it is not even stopped. */
    release(): void;
    /** Closes its connection; what has not been handled never is. */
    drop(): void;
}

/** A request that has come to where it is held waits for one of these. */
type Verdict = "release" | "drop";

interface ArmedHold extends HoldRule {
    matches: Matches;
    /** Matching requests that are let through first. */
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

    /** Stops the request if this is the place; whether it may go on. */
    async pass(at: HoldRule["at"]): Promise<boolean> {
        if (at !== this.at) return true;
        this.#arrive();
        return (await this.#verdict) === "release";
    }

    /** Told when the API has done all it does about the request: its answer may still be on the way out. */
    end(response: ServerResponse): void {
        if (response.closed || response.writableFinished) this.#end();
        else response.once("close", this.#end);
    }
}

/**
 * The holds that are waiting for their request, and those that have it.
 *
 * @internal
 */
export class Holds {
    #armed: ArmedHold[] = [];
    readonly #all = new Set<Hold>();

    add(rule: HoldRule): Held {
        const hold = new Hold(rule.at);
        this.#armed.push({ ...rule, matches: matcher(rule), skip: (rule.nth ?? 1) - 1, hold });
        this.#all.add(hold);
        return hold;
    }

    /** The hold that is meant for this request; the one that was added first wins. */
    take(method: string, path: string): Hold | undefined {
        const matching = this.#armed.filter(({ matches }) => matches(method, path));
        const taken = matching.find(({ skip }) => skip === 0);
        for (const one of matching) if (one !== taken && one.skip > 0) one.skip -= 1;
        this.#armed = this.#armed.filter((one) => one !== taken);
        return taken?.hold;
    }

    /** Lets nothing wait any longer. */
    dropAll(): void {
        for (const hold of this.#all) hold.drop();
    }
}
