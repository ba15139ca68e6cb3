// "Download certificate", "Get certificate chain", "Revoke certificate", "Revoke order certificates".
import { z } from "zod";
import { type Account } from "../account.js";
import { accessDenied, ApiError, badRequest, invalidValue } from "../apiError.js";
import { json, noContent, type Reply } from "../http.js";
import { type CertificateRecord, type OrderRecord } from "../model.js";
import { withCrLf } from "../pem.js";
import { requestRevocation } from "../requests.js";
import { parseBody } from "../validate.js";
import { requestJson } from "../orderViews.js";
import { type Context, orderOf, type Route } from "./route.js";

function certificateIn({ account, params }: Context): CertificateRecord {
    return account.certificate(params.certificateId ?? "");
}

// The PEM formats only: what the others would hold is the same, in a zip or PKCS #7.
const formats: Record<string, (leaf: string, account: Account) => string[]> = {
    pem_all: (leaf, { authority }) => [leaf, authority.issuing.pem, authority.root.pem],
    pem_noroot: (leaf, { authority }) => [leaf, authority.issuing.pem],
    pem_nointermediate: (leaf) => [leaf],
};

function download(account: Account, certificate: CertificateRecord, format: string): Reply {
    const parts = formats[format];
    if (!parts) throw new ApiError(400, invalidValue("format"));
    // [?] The code for a certificate that is not issued is not documented.
    if (!certificate.leaf)
        throw badRequest("certificate_not_issued", `Certificate ${certificate.id} is not issued.`);
    const body = parts(certificate.leaf.pem, account).map(withCrLf).join("");
    return { status: 200, headers: { "content-type": "application/x-pem-file" }, body };
}

function downloadOne(context: Context): Reply {
    const asked = certificateIn(context);
    const { policy, certificates } = context.account.order(asked.orderId);
    const served = policy.downloadsPrimary ? (certificates[0] ?? asked) : asked;
    // A platform's own format is a matter of the platform; here it is always PEM.
    return download(context.account, served, context.params.format ?? "pem_all");
}

// Only ever the active certificate.
function downloadOrder(context: Context): Reply {
    const { current } = orderOf(context);
    return download(context.account, current, context.params.format ?? "pem_all");
}

function getChain(context: Context): Reply {
    const { authority } = context.account;
    const { wanted, leaf, id } = certificateIn(context);
    if (!leaf) throw badRequest("certificate_not_issued", `Certificate ${id} is not issued.`);
    const chain = [{ commonName: wanted.commonName ?? "", pem: leaf.pem }, authority.issuing, authority.root];
    const intermediates = chain.map(({ commonName, pem }) => ({
        subject_common_name: commonName,
        pem: withCrLf(pem),
    }));
    return json(200, { intermediates });
}

// The documentation has both `comments` and `comment`.
const revokeBody = z.object({
    comments: z.string().nullish(),
    comment: z.string().nullish(),
    skip_approval: z.boolean().nullish(),
    revocation_reason: z
        .enum(["unspecified", "keyCompromise", "affiliationChanged", "superseded", "cessationOfOperation"])
        .nullish(),
});

function revoke(context: Context, order: OrderRecord, target: CertificateRecord | "order"): Reply {
    const body = parseBody(revokeBody, context.body());
    const skip = body.skip_approval ?? false;
    if (skip && !order.policy.skipApprovalAllowed) throw accessDenied("missing_permission");
    const comments = body.comments ?? body.comment ?? undefined;
    const request = requestRevocation(context.account, order, target, comments, skip);
    return skip ? noContent : json(201, requestJson(request));
}

function revokeCertificate(context: Context): Reply {
    const certificate = certificateIn(context);
    return revoke(context, context.account.order(certificate.orderId), certificate);
}

function revokeOrder(context: Context): Reply {
    return revoke(context, orderOf(context), "order");
}

export const certificateRoutes: Route[] = [
    { method: "GET", path: "/certificate/:certificateId/download/format/:format", answer: downloadOne },
    { method: "GET", path: "/certificate/:certificateId/download/platform", answer: downloadOne },
    { method: "GET", path: "/certificate/:certificateId/download/platform/:platformId", answer: downloadOne },
    { method: "GET", path: "/certificate/download/order/:orderId", answer: downloadOrder },
    { method: "GET", path: "/certificate/download/order/:orderId/format/:format", answer: downloadOrder },
    { method: "GET", path: "/certificate/:certificateId/chain", answer: getChain },
    { method: "PUT", path: "/certificate/:certificateId/revoke", answer: revokeCertificate },
    { method: "PUT", path: "/order/certificate/:orderId/revoke", answer: revokeOrder },
];
