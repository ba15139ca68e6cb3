// "Request info", "List requests", "Update request status".
import { z } from "zod";
import { type Account } from "../account.js";
import { accessDenied } from "../apiError.js";
import { json, noContent, type Reply } from "../http.js";
import { type JsonObject, withoutMembers } from "../json.js";
import { type RequestRecord } from "../model.js";
import { container, organization } from "../organization.js";
import { approveRequest, rejectRequest } from "../requests.js";
import { inOddForms } from "../reads.js";
import { parseBody } from "../validate.js";
import { isListed, requestJson, requestOrderJson } from "../orderViews.js";
import { pageOf } from "./page.js";
import { type Context, idOf, type Route } from "./route.js";

function requestIn(context: Context): RequestRecord {
    return context.account.request(idOf(context, "requestId", "request"));
}

function getRequest(context: Context): Reply {
    const { account } = context;
    const request = requestIn(context);
    const order = account.order(request.orderId);
    const answer = { ...requestJson(order, request), order: requestOrderJson(account, order, request) };
    return json(200, inOddForms(order, withoutMembers(answer, order.policy.omitFromReads)));
}

function listItem(account: Account, request: RequestRecord): JsonObject {
    const order = account.order(request.orderId);
    const certificate = [...order.certificates, ...order.duplicates].find((one) =>
        request.certificateIds.includes(one.id),
    );
    const { name_id, name, type } = order.product;
    return {
        ...requestJson(order, request),
        order: {
            id: order.id,
            certificate: { common_name: certificate?.requested.commonName },
            organization: { id: organization.id, name: organization.name },
            container: { id: container.id, name: container.name },
            product: { name_id, name, type },
        },
    };
}

function listRequests(context: Context): Reply {
    const { account, request } = context;
    const status = request.query.get("status") ?? request.query.get("filters[status]");
    const found = [...account.requests.values()].filter(
        (one) => (status === null || one.status === status) && isListed(account.order(one.orderId), one),
    );
    const { items, page } = pageOf(context, found);
    return json(200, { requests: items.map((one) => listItem(account, one)), page });
}

const statusBody = z.object({
    status: z.enum(["submitted", "pending", "approved", "rejected"]),
    processor_comment: z.string().nullish(),
});

function putStatus(context: Context): Reply {
    const request = requestIn(context);
    const { status, processor_comment } = parseBody(statusBody, context.body());
    if (!context.account.order(request.orderId).policy.approvalAllowed)
        throw accessDenied("invalid_approver");
    const comment = processor_comment ?? undefined;
    if (status === "approved") approveRequest(context.account, request, comment);
    else if (status === "rejected") rejectRequest(context.account, request, comment);
    else request.status = status;
    return noContent;
}

export const requestRoutes: Route[] = [
    { method: "GET", path: "/request", answer: listRequests },
    { method: "GET", path: "/request/:requestId", answer: getRequest },
    { method: "PUT", path: "/request/:requestId/status", answer: putStatus },
];
