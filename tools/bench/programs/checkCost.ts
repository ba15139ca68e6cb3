/** Prints what a check of a new CSR costs beside one bare `crypto.verify` with a key of the same type, in one process. */
import { generateKeyPairSync, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";

/** Median times of checks after the first, in ms. */
export interface CheckCost {
    readonly verifyMs: number;
    readonly newCsrMs: number;
    /** The same inputs again. */
    readonly knownCsrMs: number;
}

type Inputs = Record<string, unknown>;

// Loaded by its name, because this file runs in a project in which the package is installed.
const { check } =
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    require("pulumi-digicert/provider") as typeof import("../../../provider/dynamic/index.js");

const KEYS = {
    ec: generateKeyPairSync("ec", { namedCurve: "P-256" }),
    rsa: generateKeyPairSync("rsa", { modulusLength: 2048 }),
};
const CONTENT = Buffer.alloc(400);

async function main(): Promise<void> {
    // Of each resource the inputs before and after a new CSR; everything else is the same.
    const given = JSON.parse(readFileSync("checks.json", "utf8")) as Record<
        keyof typeof KEYS,
        [before: Inputs, after: Inputs][]
    >;
    const costs = { ec: await costOf("ec", given.ec), rsa: await costOf("rsa", given.rsa) };
    console.log(JSON.stringify(costs satisfies Record<string, CheckCost>));
}

async function costOf(type: keyof typeof KEYS, given: readonly [Inputs, Inputs][]): Promise<CheckCost> {
    const { publicKey, privateKey } = KEYS[type];
    const signature = sign("sha256", CONTENT, privateKey);
    const times: [number[], number[], number[]] = [[], [], []];
    for (const [before, after] of given) {
        // Both checks that are compared come after another check, so that they find the processor's caches in the same state.
        await check({}, before);
        const start = performance.now();
        await check(before, after);
        const checkedNew = performance.now();
        await check(after, after);
        const checkedKnown = performance.now();
        verify("sha256", CONTENT, publicKey, signature);
        times[0].push(performance.now() - checkedKnown);
        times[1].push(checkedNew - start);
        times[2].push(checkedKnown - checkedNew);
    }
    const [verifyMs = NaN, newCsrMs = NaN, knownCsrMs = NaN] = times.map(
        (one) => one.toSorted((a, b) => a - b)[Math.floor(one.length / 2)],
    );
    return { verifyMs, newCsrMs, knownCsrMs };
}

void main();
