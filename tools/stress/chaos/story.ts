/** A story: the program, the behaviour of DigiCert, the actions of people. */
import fc from "fast-check";
import { type Places, type Trouble, troubles } from "./troubles.js";
import { type World, worlds } from "./worlds.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Changes of the program; each needs one reissue, unless it says otherwise. */
export const CHANGES = {
    create: "a new resource",
    key: "another key",
    triggers: "a trigger",
    name: "another name",
    due: "few days left",
    mind: "another key while one is pending",
    back: "what was issued last, while another is pending: no reissue",
} as const;

/** Actions after a disturbed `up`. */
export type Act = "nothing" | "approve" | "hour" | "refresh";

/** A colleague's reissue. */
export type Colleague = "none" | "issued" | "pending";

/** A story. */
export interface Story {
    readonly change: keyof typeof CHANGES;
    /** The behaviour of DigiCert from the first disturbed `up` on. */
    readonly world: World;
    /** A colleague's reissue in the console with another key, before the disturbed `up`s. */
    readonly colleague: Colleague;
    /** Further arguments of the resource. */
    readonly args: Readonly<Record<string, unknown>>;
    /** Time by which this machine's clock is ahead of DigiCert's. */
    readonly skewMs: number;
    /** The action after each disturbed `up`. */
    readonly acts: readonly Act[];
    /** The trouble of each request. */
    readonly plan: readonly (Trouble | undefined)[];
    /** The trouble of each POST, in addition: POSTs are few, and most important. */
    readonly posts: readonly (Trouble | undefined)[];
}

const MOST_LIES = 2;

/** Keeps only the first false answers: a client cannot recognise an answer that is false every time. */
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

/** Removes a colleague's reissue while a reissue of the stack is pending, because DigiCert allows only one. */
function withoutRivals(story: Story): Story {
    return story.change === "mind" || story.change === "back" ? { ...story, colleague: "none" } : story;
}

/**
 * Makes reads show the CSR if the stack's pending reissue is cancelled for a new one. Otherwise the cancelled reissue could be
 * mistaken for a rejection of the new one, which is safe, but needs a person.
 */
function withCsrs(story: Story): Story {
    if (story.change !== "mind") return story;
    const { world } = story;
    return { ...story, world: { ...world, policy: { ...world.policy, omitFromReads: [] } } };
}
