/** The random behaviours of DigiCert: a reading for each fact that the documentation leaves open. */
import fc from "fast-check";
import type { OrderPolicy } from "../../../simulator/index.js";

type Reading = Partial<OrderPolicy>;

/** The behaviour of DigiCert in a story: one reading of each fact. */
export interface World {
    /** In words, for the table. */
    readonly readings: readonly string[];
    readonly policy: Reading;
}

const HOUR = 3_600_000;

/** The readings of each fact, the documented or usual reading first; each is a setting of the simulator. */
const facts: Readonly<Record<string, Readonly<Record<string, Reading>>>> = {
    approval: {
        automatic: { approval: "auto" },
        required: { approval: "required" },
        none: { approval: "none" },
    },
    "status of requests": { pending: {}, submitted: { requestStatus: "submitted" } },
    "requests in the order": { listed: {}, "left out": { listsReissueRequests: false } },
    "skipped requests": { "left out": {}, listed: { listsSkippedRequests: true } },
    comments: {
        "as sent": {},
        hidden: { showComments: false },
        "left out": { reportedComments: "absent" },
        blank: { reportedComments: "blank" },
        "cut to 20": { reportedComments: "cut", commentsLength: 20 },
        escaped: { reportedComments: "escaped" },
    },
    "comments after skipApproval": { hidden: {}, shown: { showCommentsOnSkipApproval: true } },
    "request on its own": { fresh: {}, stale: { staleRequestView: true } },
    issuance: { "at once": {}, "after 20 s": { issuanceMs: 20_000 }, "after an hour": { issuanceMs: HOUR } },
    "chain in the 201": {
        told: {},
        "left out": { includeChain: false },
        "of the first": { chainIn201: "first" },
    },
    "status in the 201": { "left out": {}, told: { requestStatusIn201: true } },
    "ids in the 201": {
        told: {},
        "no certificate id": { omitFrom201: ["certificate_id"] },
        "no requests": { omitFrom201: ["requests"] },
        none: { omitFrom201: ["requests", "certificate_id"] },
        "before approval": { certificateIdBeforeApproval: true },
    },
    CSR: {
        "as sent": {},
        "with CR LF": { reportedCsr: "crLf" },
        bare: { reportedCsr: "bare" },
        "left out": { omitFromReads: ["csr"] },
    },
    "dates of the certificate": {
        "of the order": {},
        "of the reissue": { certificateDates: "reissue" },
        "left out": { certificateDates: "absent" },
    },
    "certificate while pending": { issued: {}, pending: { certificateWhilePending: "pending" } },
    "names of the order": { all: {}, additional: { reportedDnsNames: "additional" } },
    // Together with the latest commit in troubles.ts it is less than settleSeconds; beyond that a second POST is possible.
    "reads lag behind": { no: {}, "5 s": { readLagMs: 5000 }, "20 s": { readLagMs: 20_000 } },
    "list of reissues": { "reissues only": {}, "with the first certificate": { listsPrimary: true } },
    "first download": { right: {}, "of the previous": { downloadGives: "previous", wrongDownloads: 1 } },
    bundle: {
        "leaf first": {},
        "leaf last": { bundle: "leafLast" },
        "another first": { bundle: "otherFirst" },
    },
    hash: { "as requested": {}, "SHA-384 always": { reportedHash: "sha384" } },
    forms: { usual: {}, odd: { oddForms: ["emptyObjectsAsLists", "oddListEntries", "idsAsStrings"] } },
};

/** Any world. */
export const worlds: fc.Arbitrary<World> = fc
    .record(
        Object.fromEntries(
            Object.entries(facts).map(([fact, readings]) => [
                fact,
                oneOf(Object.entries(readings).map(([name, policy]) => ({ name, policy }))),
            ]),
        ),
    )
    .map((chosen) => ({
        readings: Object.entries(chosen).map(([fact, { name }]) => `${fact}: ${name}`),
        policy: Object.values(chosen).reduce<Reading>((all, { policy }) => join(all, policy), {
            domains: "validated", // nobody in a story publishes tokens
        }),
    }));

/** The usual reading is as likely as all others together. */
function oneOf<T>([usual, ...others]: readonly T[]): fc.Arbitrary<T> {
    return fc
        .boolean()
        .chain((isUsual) => (isUsual ? fc.constantFrom(usual as T) : fc.constantFrom(...others)));
}

/** Joins the members that are left out of reads. */
function join(one: Reading, other: Reading): Reading {
    const omitFromReads = [...(one.omitFromReads ?? []), ...(other.omitFromReads ?? [])];
    return { ...one, ...other, omitFromReads };
}
