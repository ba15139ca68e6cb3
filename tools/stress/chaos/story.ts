/** What is to happen in one run of the campaign: what the program wants, how DigiCert is, what people do. */
import fc from "fast-check";
import { type Places, type Trouble, troubles } from "./troubles.js";
import { type World, worlds } from "./worlds.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How the program comes to want a certificate; each needs one reissue, unless it says otherwise. */
export const CHANGES = {
    create: "a new resource",
    key: "another key",
    triggers: "a trigger",
    name: "another name",
    due: "few days left",
    mind: "another key while one is pending",
    back: "what was issued last, while another is pending: no reissue",
} as const;

/** What happens after an `up` that was disturbed. */
export type Act = "nothing" | "approve" | "hour" | "refresh";

/** A colleague's reissue. */
export type Colleague = "none" | "issued" | "pending";

/** One run. */
export interface Story {
    readonly change: keyof typeof CHANGES;
    /** DigiCert, from the disturbed `up`s on. */
    readonly world: World;
    /** What a colleague has reissued in the console, with a key of their own, before the disturbed `up`s. */
    readonly colleague: Colleague;
    /** Further arguments of the resource. */
    readonly args: Readonly<Record<string, unknown>>;
    /** So far our clock is ahead of DigiCert's. */
    readonly skewMs: number;
    /** After each disturbed `up`. */
    readonly acts: readonly Act[];
    /** Request by request. */
    readonly plan: readonly (Trouble | undefined)[];
    /** POST by POST, whatever the plan says: they are few, and matter most. */
    readonly posts: readonly (Trouble | undefined)[];
}

const MOST_LIES = 2;

/** Leaves the first lies only. What DigiCert says falsely again and again nobody can see through. */
function withFewLies(plan: readonly (Trouble | undefined)[]): (Trouble | undefined)[] {
    let lies = 0;
    return plan.map((trouble) => (trouble?.isLie && ++lies > MOST_LIES ? undefined : trouble));
}

const args = fc.record(
    {
        skipApproval: fc.boolean(),
        waitForApproval: fc.boolean(),
        allowPendingOutputs: fc.boolean(),
        issuanceTimeoutSeconds: fc.constantFrom(0, 60, 900),
        comments: fc.constant("for the shop"),
    },
    { requiredKeys: [] },
);

/** Any story. */
export function stories(places: Places): fc.Arbitrary<Story> {
    const trouble = fc.option(troubles(places), { nil: undefined, freq: 2 });
    const any = fc.record<Story>({
        change: fc.constantFrom(...(Object.keys(CHANGES) as Story["change"][])),
        world: worlds,
        colleague: fc.constantFrom<Colleague>("none", "none", "issued", "pending"),
        args,
        skewMs: fc.constantFrom(0, 0, -9 * MINUTE, 9 * MINUTE, -HOUR, HOUR),
        acts: fc.array(fc.constantFrom<Act>("nothing", "approve", "hour", "refresh"), {
            minLength: 1,
            maxLength: 3,
        }),
        plan: fc.array(trouble, { minLength: 1, maxLength: 25 }).map(withFewLies),
        posts: fc.array(trouble, { maxLength: 3 }).map(withFewLies),
    });
    return any.map(withoutRivals).map(withCsrs);
}

/** Where a reissue of the stack's own is pending already, a colleague cannot ask for another one. */
function withoutRivals(story: Story): Story {
    return story.change === "mind" || story.change === "back" ? { ...story, colleague: "none" } : story;
}

/**
 * Where an own pending reissue makes way for another one, reads tell the CSR: else the cancelled one is taken for a
 * rejection of the new one, which is safe, but does not end by itself.
 */
function withCsrs(story: Story): Story {
    if (story.change !== "mind") return story;
    const { world } = story;
    return { ...story, world: { ...world, policy: { ...world.policy, omitFromReads: [] } } };
}
