// "Reissue certificate" and "List reissues".
import { type Account } from "../account.js";
import { badRequest } from "../apiError.js";
import { json, type Reply } from "../http.js";
import { type JsonObject, withoutMembers } from "../json.js";
import { submitReissue } from "../lifecycle.js";
import { type CertificateRecord, dcvMethodOf, type OrderRecord, requestOf } from "../model.js";
import { withCrLf } from "../pem.js";
import { parseReissue } from "../validate.js";
import { reissueJson } from "../certificateViews.js";
import { type Context, orderOf, type Route } from "./route.js";

function chainJson({ authority }: Account, { wanted, leaf }: CertificateRecord): JsonObject[] {
    const certificates = [
        { commonName: wanted.commonName ?? "", pem: leaf?.pem ?? "" },
        authority.issuing,
        authority.root,
    ];
    return certificates.map(({ commonName, pem }) => ({
        subject_common_name: commonName,
        pem: withCrLf(pem),
    }));
}

function requestsJson(order: OrderRecord, certificate: CertificateRecord): JsonObject {
    const request = requestOf(order, certificate);
    if (!request) return {};
    const status = order.policy.requestStatusIn201 ? { status: request.status } : {};
    return { requests: [{ id: request.id, ...status }] };
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
    if (certificate.awaitsApproval) return answer;
    answer.certificate_id = certificate.id;
    if (certificate.status === "issued") {
        if (policy.includeChain) answer.certificate_chain = chainJson(context.account, certificate);
    } else if (!certificate.validatedAt && dcvMethodOf(order) !== "email") {
        answer.dcv_random_value = context.account.dcvToken(order).value;
    }
    return answer;
}

function postReissue(context: Context): Reply {
    const order = orderOf(context);
    const body = parseReissue(order.product, context.body());
    const certificate = submitReissue(context.account, order, { origin: "api", ...body });
    order.committedReissues += 1;
    const answer = created(context, order, certificate, body.skipApproval);
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
    const [first] = order.certificates;
    const listed = order.certificates.filter((one) => one.origin !== "order");
    if (order.policy.listsPrimary && first) listed.unshift(first, first);
    const certificates = listed.map((one) => reissueJson(context.account, order, one));
    return json(200, withoutMembers({ certificates }, order.policy.omitFromReads));
}

export const reissueRoutes: Route[] = [
    { method: "POST", path: "/order/certificate/:orderId/reissue", answer: postReissue },
    { method: "GET", path: "/order/certificate/:orderId/reissue", answer: listReissues },
];
