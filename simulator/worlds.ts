import { type SimulatorOptions } from "./options.js";
import { type OrderPolicy } from "./policy.js";

/**
 * A possible behaviour of the real CertCentral: the documented behaviour, or another reading of a point that no document and no
 * recording decides. Contract scenarios can be run in each world.
 *
 * @internal
 */
export interface World {
    readonly name: string;
    /** The behaviour, in a sentence. */
    readonly about: string;
    readonly policy?: Partial<OrderPolicy>;
    readonly options?: Omit<SimulatorOptions, "policy">;
}

const reissuePath = "/order/certificate/:id/reissue";
const orderPath = "/order/certificate/:id";

const approval: readonly World[] = [
    {
        name: "no approval step",
        about: "A subscription account has no approval step: no request is made, and none is listed.",
        policy: { approval: "none" },
    },
    {
        name: "skipping without effect",
        about: "An EV order waits for its verified contact although the request says skip_approval.",
        policy: { skipApprovalObeyed: false },
    },
    {
        name: "submitted first",
        about: "A request that waits begins as submitted, not as pending.",
        policy: { requestStatus: "submitted" },
    },
    {
        name: "comments absent",
        about: "Requests to reissue show no comments.",
        policy: { reportedComments: "absent", emptyComments: "absent" },
    },
    {
        name: "comments blank",
        about: 'Requests to reissue show comments as "".',
        policy: { reportedComments: "blank" },
    },
    {
        name: "comments cut",
        about: "Comments come back cut, in the middle of a marker.",
        policy: { reportedComments: "cut", commentsLength: 24 },
    },
    {
        name: "comments escaped",
        about: "Comments come back with HTML entities.",
        policy: { reportedComments: "escaped" },
    },
    {
        name: "requests not listed",
        about: "An order lists no requests to reissue.",
        policy: { listsReissueRequests: false },
    },
    {
        name: "skipped requests listed",
        about: "Requests whose approval was skipped are listed, with their comments.",
        policy: { listsSkippedRequests: true, showCommentsOnSkipApproval: true },
    },
    {
        name: "skipped requests listed without comments",
        about: "Requests whose approval was skipped are listed, without comments.",
        policy: { listsSkippedRequests: true },
    },
    {
        name: "stale request view",
        about: "The order inside Request info says needs_approval for ever.",
        policy: { staleRequestView: true },
    },
    {
        name: "status changes answered with text",
        about: "A PUT that cancels is answered 200 with a text, not 204.",
        policy: { statusAnswer: 200 },
    },
];

const orderWhilePending = ["issued", "pending", "processing", "needs_approval"].map(
    (statusWhilePending): World => ({
        name: `status ${statusWhilePending} while pending`,
        about: `An order with a pending reissue is ${statusWhilePending}, not reissue_pending.`,
        policy: { statusWhilePending },
    }),
);

const reads: readonly World[] = [
    {
        name: "pending certificate shown",
        about: "While a reissue is pending, the order shows the pending certificate.",
        policy: { certificateWhilePending: "pending" },
    },
    ...orderWhilePending,
    {
        name: "dates of the reissue",
        about: "date_created and date_issued of the order's certificate are those of the reissue.",
        policy: { certificateDates: "reissue" },
    },
    {
        name: "dates absent",
        about: "The order's certificate has neither date_created nor date_issued.",
        policy: { certificateDates: "absent" },
    },
    {
        name: "reads lag by 90 s",
        about: "For 90 s after a POST, order and lists show what they showed before it.",
        policy: { readLagMs: 90_000 },
    },
    {
        name: "reads lag by 300 s",
        about: "For 300 s after a POST, order and lists show what they showed before it.",
        policy: { readLagMs: 300_000 },
    },
    {
        name: "CSRs absent",
        about: "Neither order nor list of reissues has a csr.",
        policy: { omitFromReads: ["csr"] },
    },
    {
        name: "CSRs bare",
        about: "CSRs come back as base64 without header and line breaks.",
        policy: { reportedCsr: "bare" },
    },
    {
        name: "CSRs with CRLF",
        about: "CSRs come back with the line ends of Windows.",
        policy: { reportedCsr: "crLf" },
    },
    {
        name: "additional names only",
        about: "dns_names of an order leave out the common name, as in the documents' samples.",
        policy: { reportedDnsNames: "additional" },
    },
    {
        name: "empty objects as lists",
        about: "Empty objects come as [].",
        policy: { oddForms: ["emptyObjectsAsLists"] },
    },
    {
        name: "blank names",
        about: "dns_names hold a blank.",
        policy: { oddForms: ["blankDnsNames"] },
    },
    {
        name: "odd list entries",
        about: "Lists hold null, a number and an empty object.",
        policy: { oddForms: ["oddListEntries"] },
    },
    {
        name: "ids as strings",
        about: "Ids come as strings.",
        policy: { oddForms: ["idsAsStrings"] },
    },
    {
        name: "primary certificate in the list",
        about: "The list of reissues holds the primary certificate, twice.",
        policy: { listsPrimary: true },
    },
    {
        name: "expired with the certificate",
        about: "An order is expired when its certificate is, though its plan runs on.",
        policy: { expiresWith: "certificate" },
    },
    {
        name: "another order answered",
        about: "Order info has the id of another order, so no client may act on the answer.",
        policy: { reportedOrderId: 999 },
    },
];

const answersToPosts: readonly World[] = [
    {
        name: "ids only",
        about: "The 201 of a certificate that is issued at once has no chain.",
        policy: { includeChain: false },
    },
    {
        name: "statuses in the 201",
        about: "requests[] in the 201 carry their status.",
        policy: { requestStatusIn201: true },
    },
    {
        name: "certificate id before approval",
        about: "The 201 of a reissue that waits for approval has a certificate_id.",
        policy: { certificateIdBeforeApproval: true },
    },
    {
        name: "empty 201",
        about: "The 201 has no members.",
        policy: {
            omitFrom201: ["id", "requests", "certificate_id", "certificate_chain", "dcv_random_value"],
        },
    },
    {
        name: "previous chain in the 201",
        about: "certificate_chain in the 201 is that of the certificate before.",
        policy: { chainIn201: "previous" },
    },
    {
        name: "second reissue replaces",
        about: "A second reissue rejects the pending one and takes its place.",
        options: { secondReissue: "replace" },
    },
    {
        name: "server_platform required",
        about: "A reissue needs server_platform, as in 2017.",
        policy: { requiresServerPlatform: true },
    },
    {
        name: "validity ignored",
        about: "A reissue takes neither cert_validity nor dcv_method.",
        policy: { ignoredParameters: ["cert_validity", "dcv_method", "profile_option"] },
    },
    {
        name: "refusals with 409",
        about: "A refusal without a documented code has the status 409 and an unknown code.",
        options: { undocumentedError: { status: 409, code: "conflict" } },
    },
    {
        name: "firewall before the POST",
        about: "A web application firewall answers the first POST: 403 with an HTML page.",
        options: { faults: [{ kind: "firewall", method: "POST", path: reissuePath }] },
    },
    {
        name: "firewall before the GET",
        about: "A web application firewall answers some reads of the order: 403 with an HTML page.",
        options: { faults: [{ kind: "firewall", method: "GET", path: orderPath, times: 2 }] },
    },
    ...(["object", "error", "strings", "description"] as const).map((errorForm): World => ({
        name: `errors as ${errorForm}`,
        about: "Error bodies have an older form.",
        options: { errorForm },
    })),
    {
        name: "quota with Retry-After",
        about: "The quota is enforced, refused requests count too, and the 429 says when to come back.",
        options: { rateLimit: true, retryAfter: 5, countsRefused: true },
    },
];

const certificates: readonly World[] = [
    ...([403, 404, 409, 204] as const).map((unissuedDownload): World => ({
        name: `unissued download ${unissuedDownload}`,
        about: `The download of a certificate that is not issued is answered ${unissuedDownload}.`,
        policy: { unissuedDownload, includeChain: false },
    })),
    {
        name: "downloads give the first",
        about: "The first two downloads of a certificate return the order's first certificate.",
        policy: { downloadGives: "first", wrongDownloads: 2, includeChain: false },
    },
    {
        name: "downloads give the previous",
        about: "The first two downloads of a certificate return the certificate before.",
        policy: { downloadGives: "previous", wrongDownloads: 2, includeChain: false },
    },
    {
        name: "downloads give the second",
        about: "The first two downloads of a certificate return the order's second certificate.",
        policy: { downloadGives: 2, wrongDownloads: 2, includeChain: false },
    },
    ...(["leafLast", "rootFirst", "otherFirst"] as const).map((bundle): World => ({
        name: `bundle ${bundle}`,
        about: "The certificates of a bundle are in another order, or follow an unrelated certificate.",
        policy: { bundle },
    })),
    {
        name: "leaf alone",
        about: "DigiCert sends no intermediate certificate.",
        policy: { bundle: "leafOnly" },
    },
    {
        name: "client authentication kept",
        about: "Reissues may authenticate clients, by a setting of the account.",
        policy: { extendedKeyUsage: "serverAndClientAuth" },
    },
    {
        name: "profile option obeyed",
        about: "A reissue takes certificate.profile_option.",
        policy: { ignoredParameters: [] },
    },
    {
        name: "never prolonged",
        about: "A reissue ends with the certificate that it replaces.",
        policy: { prolongs: false },
    },
    {
        name: "validity beyond the order refused",
        about: "A requested end beyond the plan is a 400, not shortened.",
        policy: { validityBeyondOrder: "refused" },
    },
    {
        name: "revocation pending",
        about: "A request to revoke begins as pending, not as submitted.",
        policy: { revocationStatus: "pending" },
    },
    {
        name: "revocation ends the order",
        about: "Revoking the only certificate of an order ends the order.",
        policy: { revocationEndsOrder: true },
    },
    {
        name: "common names may change",
        about: "A common name that is replaced revokes nothing.",
        policy: { commonNameChangeRevokes: false },
    },
    {
        name: "auto-reissue with a new key",
        about: "DigiCert's auto-reissue makes a certificate for another key.",
        policy: { autoReissueKey: "new" },
    },
    {
        name: "issued later",
        about: "Issuance takes 20 s.",
        policy: { issuanceMs: 20_000 },
    },
];

const validations: readonly World[] = [
    {
        name: "always validated",
        about: "Nothing ever waits for a validation, DV orders included.",
        policy: { domains: "validated" },
    },
    {
        name: "validation expired",
        about: "The next reissue needs a validation of its domains.",
        policy: { domains: "unvalidated" },
    },
    {
        name: "validation by e-mail",
        about: "The next reissue needs a validation, and there is no token.",
        policy: { domains: "unvalidated", dcvMethod: "email" },
    },
    {
        name: "organization expired",
        about: "The next reissue needs a validation of the organization, by DigiCert's staff.",
        policy: { organization: "unvalidated" },
    },
    {
        name: "validations of 10 days",
        about: "OV and EV orders reuse a validation for 10 days, as from 2029.",
        policy: { validationReuseDays: 10 },
    },
    {
        name: "no checks by itself",
        about: "DigiCert searches for a token only on a check-dcv request.",
        policy: { domains: "unvalidated", pollsDcv: false },
    },
    {
        name: "missing records are errors",
        about: "check-dcv is a 400 as long as one record is missing.",
        policy: { domains: "unvalidated", dcvFailure: "error" },
    },
    {
        name: "missing records are listed",
        about: "check-dcv is a 200 that lists the names, also if all records are missing.",
        policy: { domains: "unvalidated", dcvFailure: "names" },
    },
    {
        name: "check of an issued order answered",
        about: "check-dcv of an order with nothing pending says issued.",
        policy: { checkDcvOfIssued: 200 },
    },
    {
        name: "the same token again",
        about: "An order keeps its token for every reissue until it expires.",
        policy: { domains: "unvalidated", newDcvToken: false },
    },
    {
        name: "TXT at _dnsauth only",
        about: "DigiCert looks for TXT records at _dnsauth.<name>, not at the name.",
        policy: { domains: "unvalidated", txtRecordAt: ["_dnsauth"] },
    },
    {
        name: "TXT at the name only",
        about: "DigiCert looks for TXT records at the name, not at _dnsauth.<name>.",
        policy: { domains: "unvalidated", txtRecordAt: ["name"] },
    },
    {
        name: "www validated by itself",
        about: "A www. name is a domain of its own.",
        policy: { domains: "unvalidated", validatesBelowWww: false },
    },
];

/**
 * The documented world, and the other worlds.
 *
 * @internal
 */
export const worlds: readonly World[] = [
    { name: "documented", about: "What DigiCert documents." },
    ...approval,
    ...reads,
    ...answersToPosts,
    ...certificates,
    ...validations,
];
