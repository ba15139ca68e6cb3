/** The DigiCerts that a run may meet: every reading of what the documentation leaves open, drawn for each run anew. */
import fc from "fast-check";
import type { OrderPolicy } from "../../../simulator/index.js";

type Reading = Partial<OrderPolicy>;

/** What DigiCert is like in a run: one reading of each fact. */
export interface World {
    /** In words, for the table. */
    readonly readings: readonly string[];
    readonly policy: Reading;
}

const HOUR = 3_600_000;

/** Fact by fact its readings, the usual one first. */
const facts: Readonly<Record<string, Readonly<Record<string, Reading>>>> = {
    approval: { automatic: { approval: "auto" }, required: { approval: "required" } },
    issuance: {
        "at once": {},
        "after 20 s": { issuanceMs: 20_000 },
        "after an hour": { issuanceMs: HOUR },
    },
    comments: {
        shown: { showComments: true },
        hidden: { showComments: false },
        "shown after skipApproval": { showCommentsOnSkipApproval: true },
        "left out of reads": { omitFromReads: ["comments"] },
    },
    "CSR in reads": {
        "as sent": {},
        "with CR LF": { reportedCsr: "crLf" },
        bare: { reportedCsr: "bare" },
        "left out": { omitFromReads: ["csr"] },
    },
    "dates in reads": { told: {}, "left out": { omitFromReads: ["date_created", "date_issued"] } },
    "chain in the 201": { told: {}, "left out": { includeChain: false } },
    "status in the 201": { "left out": {}, told: { requestStatusIn201: true } },
    "ids in the 201": {
        told: {},
        "no certificate id": { omitFrom201: ["certificate_id"] },
        "no requests": { omitFrom201: ["requests"] },
        none: { omitFrom201: ["requests", "certificate_id"] },
    },
    "list of reissues": { "reissues only": {}, "with the first certificate": { listsPrimary: true } },
    "order in a request": { fresh: {}, stale: { staleRequestView: true } },
    hash: { "as asked for": {}, "SHA-384 always": { reportedHash: "sha384" } },
};

/** Any world. */
export const worlds: fc.Arbitrary<World> = fc
    .record(
        Object.fromEntries(
            Object.entries(facts).map(([fact, readings]) => [
                fact,
                fc.constantFrom(...Object.entries(readings).map(([name, policy]) => ({ name, policy }))),
            ]),
        ),
    )
    .map((chosen) => ({
        readings: Object.entries(chosen).map(([fact, { name }]) => `${fact}: ${name}`),
        policy: Object.values(chosen).reduce<Reading>((all, { policy }) => join(all, policy), {}),
    }));

/** Members that are left out of reads add up. */
function join(one: Reading, other: Reading): Reading {
    const omitFromReads = [...(one.omitFromReads ?? []), ...(other.omitFromReads ?? [])];
    return { ...one, ...other, omitFromReads };
}
