// "Reissue certificate" and "List reissues".
import { type Account } from "../account.js";
import { badRequest } from "../apiError.js";
import { json, type Reply } from "../http.js";
import { bundleOf, chainJson, chooseCertificate } from "../bundles.js";
import { type JsonObject } from "../json.js";
import { submitReissue } from "../lifecycle.js";
import { type CertificateRecord, dcvMethodOf, type OrderRecord, requestOf } from "../model.js";
import { freezeReads, readReissues } from "../reads.js";
import { parseReissue } from "../validate.js";
import { outstandingDomains } from "../validation.js";
import { type Context, orderOf, type Route } from "./route.js";

function issuedChain(account: Account, order: OrderRecord, certificate: CertificateRecord) {
    const chosen = chooseCertificate(order, certificate, order.policy.chainIn201);
    return chainJson(bundleOf(account, order, chosen, { intermediate: true, root: true }));
}

function requestsJson(order: OrderRecord, certificate: CertificateRecord): JsonObject {
    const request = requestOf(order, certificate);
    if (!request) return {};
    const status = order.policy.requestStatusIn201 ? { status: request.status } : {};
    return { requests: [{ id: request.id, ...status }] };
}

function returnsToken(account: Account, order: OrderRecord, certificate: CertificateRecord): boolean {
    return dcvMethodOf(order) !== "email" && outstandingDomains(account, order, certificate).length > 0;
}

// Which members the 201 has: A waits for approval; B is being validated, D with a token; C is issued.
function created(
    context: Context,
    order: OrderRecord,
    certificate: CertificateRecord,
    skipped: boolean,
): JsonObject {
    const { policy } = order;
    const answer: JsonObject = { id: order.id };
    if (!skipped) Object.assign(answer, requestsJson(order, certificate));
    if (certificate.awaitsApproval && !policy.certificateIdBeforeApproval) return answer;
    answer.certificate_id = certificate.id;
    if (certificate.status === "issued") {
        if (policy.includeChain) answer.certificate_chain = issuedChain(context.account, order, certificate);
    } else if (!certificate.awaitsApproval && returnsToken(context.account, order, certificate)) {
        answer.dcv_random_value = context.account.dcvToken(order).value;
    }
    return answer;
}

function postReissue(context: Context): Reply {
    const order = orderOf(context);
    const body = parseReissue(context.account, order, context.body());
    freezeReads(context.account, order);
    const certificate = submitReissue(context.account, order, { origin: "api", ...body });
    order.committedReissues += 1;
    const answer = created(context, order, certificate, body.skipApproval && order.policy.skipApprovalObeyed);
    const { omitFrom201 } = order.policy;
    return json(
        201,
        Object.fromEntries(Object.entries(answer).filter(([name]) => !omitFrom201.includes(name))),
    );
}

function listReissues(context: Context): Reply {
    const order = orderOf(context);
    const archived = context.request.query.get("show_archived") ?? "false";
    if (!["true", "false", "0", "1"].includes(archived)) {
        throw badRequest("invalid_value:show_archived", "show_archived contains an invalid value.");
    }
    return json(200, { certificates: readReissues(context.account, order) });
}

export const reissueRoutes: Route[] = [
    { method: "POST", path: "/order/certificate/:orderId/reissue", answer: postReissue },
    { method: "GET", path: "/order/certificate/:orderId/reissue", answer: listReissues },
];
