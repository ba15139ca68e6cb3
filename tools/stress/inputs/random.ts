/** Random inputs. */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { given, givenAt, properties, type Bag } from "../../../test/fixtures/inputs.js";
import { checkAlone, faultsOf, type Answer } from "./judge.js";
import { FIELDS, pastedKeys, propertyOf } from "./secrets.js";
import { isSentAsItIs, sent } from "./wire.js";

/** The counts of a campaign of random inputs. */
export interface Tally {
    inputs: number;
    refused: number;
    accepted: number;
    /** Inputs into which a private key was put. */
    keys: number;
}

const anyText = fc.string({ unit: "binary", maxLength: 60 });
const someText = fc.oneof(
    anyText,
    fc.string({ maxLength: 300 }),
    fc.string({ unit: "grapheme", maxLength: 80 }),
    fc.webUrl(),
    fc.emailAddress(),
    fc.domain(),
    fc.ipV4(),
    fc.ipV6(),
    fc.base64String({ maxLength: 400 }),
    fc.tuple(anyText, fc.integer({ min: 1, max: 2000 })).map(([text, times]) => text.repeat(times)),
    fc.bigInt().map(String),
    fc.constant("04da6b54-80e4-46f7-96ec-b56ff0331ba9"),
);
const leaf = fc.oneof(
    { weight: 4, arbitrary: someText },
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom(null, undefined),
);
const tree = fc.letrec((tie) => ({
    any: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie("any"), { maxLength: 5 }),
        fc.dictionary(
            fc.oneof(anyText, fc.constantFrom("__proto__", "constructor", "csr", "certificate")),
            tie("any"),
            {
                maxKeys: 4,
            },
        ),
    ),
})).any;
const deep = fc
    .tuple(leaf, fc.integer({ min: 1, max: 3000 }))
    .map(([value, levels]) =>
        Array.from({ length: levels }).reduce<unknown>((inner) => ({ a: inner }), value),
    );
const names = fc.array(fc.oneof(fc.domain(), someText), { maxLength: 30 });

const value = fc.oneof(
    { weight: 6, arbitrary: tree },
    { weight: 2, arbitrary: names },
    { weight: 1, arbitrary: deep },
);
const field = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom<string>(...FIELDS) },
    anyText.map((name) => `triggers.${name}`),
    anyText.map((name) => `additionalParameters.${name}`),
    anyText,
);
const key = fc.constantFrom(...pastedKeys().filter(({ form }) => !/as bytes|as UTF-8/.test(form)));

/** Values that may be valid, so that the steps after `check` are reached as well. */
const plausible = fc.oneof(
    fc.tuple(
        anyText.map((name) => `triggers.${name}`),
        someText,
    ),
    fc.tuple(
        anyText.map((name) => `additionalParameters.x${name}`),
        fc.jsonValue({ maxDepth: 4 }),
    ),
    fc.tuple(fc.constant("certificate.dnsNames"), fc.array(fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()))),
    fc.tuple(fc.constantFrom("minDaysRemaining", "failDaysRemaining"), fc.double({ noNaN: true })),
    fc.tuple(fc.constant("comments"), fc.string({ unit: "grapheme", maxLength: 500 })),
    fc.tuple(fc.constant("orderId"), fc.bigInt({ min: 1n, max: 2n ** 64n }).map(String)),
    fc.tuple(fc.constantFrom("certificate.serverPlatform.id", "issuanceTimeoutSeconds"), fc.nat(604_800)),
);

/** A program in which some inputs are anything. */
const hostile: fc.Arbitrary<Bag> = fc
    .array(fc.oneof({ weight: 2, arbitrary: plausible }, { weight: 1, arbitrary: fc.tuple(field, value) }), {
        minLength: 1,
        maxLength: 4,
    })
    .map(
        (changes) =>
            Object.assign(given(), ...changes.map(([path, what]) => changeAt(path.split("."), what))) as Bag,
    );

/** The one input that a change is about. */
function changeAt(path: readonly string[], what: unknown): Bag {
    const [top = ""] = path;
    return { [top]: givenAt(path, what)[top] };
}

/** A program with a private key in it, behind and before anything. */
const leaking = fc.tuple(fc.constantFrom(...FIELDS), key, fc.string({ maxLength: 20 }), anyText);

/**
 * Checks random inputs; throws with seed, path and the smallest input found if something is wrong.
 *
 * @param runs - how many, beside as many with a private key as a tenth of them
 */
export async function attack(seed: number, runs: number): Promise<Tally> {
    const tally: Tally = { inputs: 0, refused: 0, accepted: 0, keys: 0 };
    const count = ({ failures }: Answer) => {
        tally.inputs += 1;
        if (failures.length > 0) tally.refused += 1;
        else tally.accepted += 1;
    };
    const anything = fc.asyncProperty(hostile, async (bag) => {
        const answer = await checkAlone(bag);
        count(answer);
        demand(faultsOf(bag, answer));
        demand(await changesOnTheWay(answer));
    });
    const keyed = fc.asyncProperty(leaking, async ([path, { text }, before, after]) => {
        // What is glued to base64 makes another text of it.
        const bag = givenAt(path.split("."), `${before} ${text}\n${after}`);
        const answer = await checkAlone(bag);
        count(answer);
        tally.keys += 1;
        demand(faultsOf(bag, answer));
        if (!properties(answer.failures).includes(propertyOf(path)))
            demand([`a private key passes at ${path}`]);
    });
    await fc.assert(anything, { seed, numRuns: runs });
    await fc.assert(keyed, { seed, numRuns: Math.ceil(runs / 10) });
    return tally;
}

/** What was accepted is accepted again, as it is, when it comes back from the engine. */
async function changesOnTheWay({ inputs, failures }: Answer): Promise<string[]> {
    if (failures.length > 0 || inputs === undefined || !isSentAsItIs(inputs)) return [];
    const again = await checkAlone(sent(inputs));
    const isSame = again.failures.length === 0 && isDeepStrictEqual(again.inputs, inputs);
    return isSame ? [] : ["checked inputs are not normal"];
}

function demand(faults: readonly string[]): void {
    if (faults.length > 0) throw new Error(faults.slice(0, 5).join("; "));
}
