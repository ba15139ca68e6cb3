/**
 * What each day's run does, computed from the rules of docs/reference.md ("What costs a POST") and docs/validation.md ("What a
 * reissue waits for") and from nothing else: this file knows none of the provider's code.
 *
 * @module
 */
import { datesOf, isClamped, isDue, isExtensible, isLate, type Certificate } from "./rules.js";
import {
    DAY,
    HOUR_OF_RUN,
    PLAN_DAYS,
    programOn,
    REPEATED_AFTER,
    type Fleet,
    type Program,
    type Story,
} from "./stories.js";

/** The reason of a POST. */
export type Why = "new" | "changed" | "due" | "revoked";

/** Why dependents have no valid certificate on a day. */
export type Gap =
    | "awaits the first one"
    | "revoked by somebody"
    | "limits negative"
    /** A reissue for one day more is not worth it. */
    | "last day of the plan"
    | "plan ended";

/** What a run does. */
export interface Forecast {
    /** Of its one POST; none without. */
    readonly why?: Why;
    /** Whether DigiCert is called at all. */
    readonly calls: boolean;
    readonly fails: boolean;
    /** That the limit is clamped, and that the order must be renewed. */
    readonly warnsOfLimit: boolean;
    readonly warnsOfPlan: boolean;
    readonly gap?: Gap;
}

/** A reissue that was asked for. */
interface Asked {
    readonly day: number;
    readonly wanted: string;
    readonly key: Program["key"];
    /** When DigiCert issues it; not known while a person has to do something. */
    issuedAt?: number;
    issued?: Certificate;
    rejectedOn?: number;
    /** A run has told of the rejection. */
    isTold?: boolean;
}

type Result = Partial<Omit<Forecast, "gap" | "warnsOfLimit">>;

const WAITS: Result = { calls: true };

/** The year of one story, day by day. */
export function forecast(story: Story, fleet: Fleet): Forecast[] {
    const forecaster = new Forecaster(story, fleet);
    return Array.from({ length: fleet.days }, (_, day) => forecaster.day(day));
}

class Forecaster {
    #now = 0;
    /** Last midnight of the plan. */
    #planEnd: number;
    /** The order's current certificate. */
    #live: Certificate | undefined;
    /** The certificate that was last issued for the stack. */
    #have: Certificate | undefined;
    /** What dependents were handed by the last run that succeeded. */
    #deployed: Certificate | undefined;
    #asked: Asked | undefined;
    /** What the state says is wanted. */
    #wanted = "";
    #order = 0;
    #requests = 0;
    #rejectedOn: number | undefined;
    #autoReissued: Certificate | undefined;
    /** What a refresh has brought into the state. */
    #seen: "revoked" | "another key" | undefined;

    constructor(
        readonly story: Story,
        readonly fleet: Fleet,
    ) {
        this.#planEnd = fleet.start.getTime() + (story.planDays ?? PLAN_DAYS) * DAY;
    }

    day(day: number): Forecast {
        this.#now = this.fleet.start.getTime() + day * DAY + HOUR_OF_RUN * (DAY / 24);
        this.#digiCertAndPeople(day);
        const program = this.#programOn(day);
        const before = (program.order ?? 0) === this.#order ? this.#have : undefined;
        const result = this.#run(program, day);
        const isLateNow = before && before === this.#have && isLate(before, this.story, this.#now);
        const fails = (result.fails ?? false) || (isLateNow ?? false);
        if (!fails) this.#deployed = this.#have ?? this.#deployed;
        const gap = this.#gap();
        return {
            calls: false,
            warnsOfPlan: false,
            ...result,
            fails,
            warnsOfLimit: before !== undefined && isClamped(before, this.story),
            ...(gap === undefined ? {} : { gap }),
        };
    }

    #programOn(day: number): Program {
        const program = programOn(this.story, day);
        const isRepeated = this.#rejectedOn !== undefined && day >= this.#rejectedOn + REPEATED_AFTER;
        return isRepeated ? { ...program, trigger: "again" } : program;
    }

    #digiCertAndPeople(day: number): void {
        const { autoReissue, days } = this.story;
        if (autoReissue) this.#autoReissue();
        this.#person(day);
        this.#issueWhatIsReady();
        const { console: somebody, refresh } = days?.[day] ?? {};
        if (somebody === "revokes" && this.#live) this.#live.isRevoked = true;
        if (somebody === "re-keys") this.#live = this.#certificate(this.#now, "", "foreign");
        if (refresh && this.#live?.isRevoked) this.#seen = "revoked";
        if (refresh && this.#live?.key === "foreign") this.#seen = "another key";
    }

    /** DigiCert's own, 30 days before the end, as long as that makes the certificate last longer. */
    #autoReissue(): void {
        for (;;) {
            const live = this.#live;
            if (!live || this.#autoReissued === live || live.till - 30 * DAY > this.#now) return;
            const next = this.#certificate(live.till - 30 * DAY, live.wanted, live.key);
            if (next.till <= live.till) return;
            this.#autoReissued = live;
            this.#live = next;
        }
    }

    #person(day: number): void {
        const { person, rejects, issuanceDays = 0 } = this.story;
        const asked = this.#asked;
        if (!person || !asked || day < asked.day + person.afterDays) return;
        if (asked.issuedAt !== undefined || asked.rejectedOn !== undefined) return;
        if (this.#requests === rejects) this.#rejectedOn = asked.rejectedOn = day;
        else asked.issuedAt = this.#now + issuanceDays * DAY;
    }

    #issueWhatIsReady(): void {
        const asked = this.#asked;
        if (asked?.issuedAt === undefined || asked.issued || asked.issuedAt > this.#now) return;
        this.#live = asked.issued = this.#certificate(asked.issuedAt, asked.wanted, asked.key);
    }

    #run({ trigger, names, key = "first", order = 0 }: Program, day: number): Result {
        const wanted = JSON.stringify({ trigger, names, key });
        if (order !== this.#order) {
            this.#order = order;
            this.#planEnd = this.fleet.start.getTime() + (day + PLAN_DAYS) * DAY;
            this.#have = this.#live = this.#asked = undefined;
            return this.#ask("new", wanted, key, day);
        }
        if (day > 0) return this.#update(wanted, key, day);
        if (!this.story.isAdopted) return this.#ask("new", wanted, key, day);
        this.#wanted = wanted;
        this.#live = this.#have = this.#certificate(this.#now, wanted, key);
        return { calls: true };
    }

    #update(wanted: string, key: Program["key"], day: number): Result {
        const have = this.#have;
        if (wanted !== this.#wanted && this.#asked && have?.wanted === wanted) {
            this.#wanted = wanted;
            this.#asked = undefined;
            return { calls: true };
        }
        if (wanted !== this.#wanted || this.#seen === "another key")
            return this.#ask("changed", wanted, key, day);
        if (this.#asked) return this.#resume(this.#asked);
        if (this.#now >= this.#planEnd + DAY) return { warnsOfPlan: true };
        if (this.#seen === "revoked") return this.#ask("revoked", wanted, key, day);
        if (!have || !isDue(have, this.story, this.#now)) return {};
        if (!isExtensible(have, this.#planEnd)) return { warnsOfPlan: true };
        const live = this.#live;
        const isAnother = live && live !== have && live.wanted === wanted && !live.isRevoked;
        if (!isAnother || isDue(live, this.story, this.#now)) return this.#ask("due", wanted, key, day);
        this.#have = live;
        return { calls: true };
    }

    #ask(why: Why, wanted: string, key: Program["key"], day: number): Result {
        const { person, issuanceDays = 0 } = this.story;
        const issuedAt = person ? {} : { issuedAt: this.#now + issuanceDays * DAY };
        this.#asked = { day, wanted, key, ...issuedAt };
        this.#wanted = wanted;
        this.#requests += 1;
        this.#seen = undefined;
        this.#issueWhatIsReady();
        return { ...this.#resume(this.#asked), why };
    }

    #resume(asked: Asked): Result {
        if (asked.rejectedOn !== undefined) {
            const isNews = !asked.isTold;
            asked.isTold = true;
            return { calls: isNews, fails: true };
        }
        if (asked.issued) {
            this.#have = asked.issued;
            this.#asked = undefined;
            return { calls: true };
        }
        const isOtherKey = this.#have !== undefined && this.#have.key !== asked.key;
        const isPersonsTurn = asked.issuedAt === undefined;
        const isWaitedFor = !isPersonsTurn && this.story.settings?.issuanceTimeoutSeconds !== 0;
        return isOtherKey || isWaitedFor ? { ...WAITS, fails: true } : WAITS;
    }

    #gap(): Gap | undefined {
        const deployed = this.#deployed;
        if (!deployed) return "awaits the first one";
        if (deployed.isRevoked) return "revoked by somebody";
        if (deployed.till > this.#now) return undefined;
        if ((this.story.settings?.minDaysRemaining ?? 0) < 0) return "limits negative";
        return this.#now < this.#planEnd + DAY ? "last day of the plan" : "plan ended";
    }

    #certificate(at: number, wanted: string, key: Certificate["key"]): Certificate {
        return { ...datesOf(at, this.#planEnd, this.fleet), wanted, key };
    }
}
