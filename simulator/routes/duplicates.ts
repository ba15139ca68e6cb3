// "Duplicate certificate", "List duplicates", "Update CSR".
import { z } from "zod";
import { badRequest } from "../apiError.js";
import { duplicateJson } from "../certificateViews.js";
import { json, noContent, type Reply } from "../http.js";
import { addRequest, newCertificate } from "../lifecycle.js";
import { removedNames, uniqueNames } from "../names.js";
import { approveRequest } from "../requests.js";
import { parseBody, parseReissue } from "../validate.js";
import { type Context, orderOf, type Route } from "./route.js";

// A duplicate equals the original except in CSR, validity, platform and hash.
function postDuplicate(context: Context): Reply {
    const { account } = context;
    const order = orderOf(context);
    const { requested, skipApproval, comments } = parseReissue(account, order, context.body());
    const status = account.statusOf(order);
    // [?] The code for an order that allows no duplicate is not documented.
    if (status !== "issued") {
        throw badRequest("invalid_order_status", `Order ${order.id} is ${status} and cannot be duplicated.`);
    }
    const names = uniqueNames(requested.commonName, ...requested.dnsNames);
    if (removedNames(names, order.current.leaf?.names ?? []).length > 0) {
        throw badRequest(
            "invalid_dns_name_on_duplicate",
            "The names of a duplicate must be those of the original certificate.",
        );
    }
    const duplicate = newCertificate(account, order, "duplicate", requested);
    order.duplicates.push(duplicate);
    const request = addRequest(account, order, {
        type: "duplicate",
        comments,
        certificateIds: [duplicate.id],
    });
    if (skipApproval || order.policy.approval !== "required") approveRequest(account, request);
    return json(201, { id: order.id, requests: [{ id: request.id }] });
}

function listDuplicates(context: Context): Reply {
    const order = orderOf(context);
    return json(200, { certificates: order.duplicates.map((one) => duplicateJson(order, one)) });
}

// For pending orders without a CSR. [?] The answer for other orders is not documented.
function postCsr(context: Context): Reply {
    const order = orderOf(context);
    parseBody(z.object({ csr: z.string().min(1) }), context.body());
    if (order.baseStatus === "needs_csr") return noContent;
    throw badRequest("invalid_order_status", `Order ${order.id} takes no CSR now.`);
}

export const duplicateRoutes: Route[] = [
    { method: "POST", path: "/order/certificate/:orderId/duplicate", answer: postDuplicate },
    { method: "GET", path: "/order/certificate/:orderId/duplicate", answer: listDuplicates },
    { method: "POST", path: "/order/certificate/:orderId/csr", answer: postCsr },
];
