// "Download certificate", "Get certificate chain", "List intermediates", "Revoke certificate", "Revoke order certificates".
import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { accessDenied, ApiError, invalidValue, notFound } from "../apiError.js";
import { bundleOf, chainJson, chooseCertificate, formats, pack } from "../bundles.js";
import { isoDate } from "../calendar.js";
import { json, noContent, type Reply } from "../http.js";
import { type CertificateRecord, type OrderRecord } from "../model.js";
import { requestRevocation } from "../requests.js";
import { parseBody } from "../validate.js";
import { requestJson } from "../orderViews.js";
import { type Context, orderOf, type Route } from "./route.js";

function certificateIn({ account, params }: Context): CertificateRecord {
    return account.certificate(params.certificateId ?? "");
}

// [?] The code for a certificate that is not issued is not documented, nor is the status.
function notIssued(order: OrderRecord, { id }: CertificateRecord): Reply {
    const status = order.policy.unissuedDownload;
    if (status === 204) return noContent;
    if (status === 403) throw accessDenied("missing_permission");
    if (status === 404) throw notFound("certificate");
    throw new ApiError(status, {
        code: "certificate_not_issued",
        message: `Certificate ${id} is not issued.`,
    });
}

function download(context: Context, certificate: CertificateRecord, format: string): Reply {
    const { account } = context;
    const order = account.order(certificate.orderId);
    if (!formats.includes(format)) throw new ApiError(400, invalidValue("format"));
    const file = certificate.leaf && pack(account, order, certificate, format);
    if (!file) return notIssued(order, certificate);
    const headers = { "content-type": file.type };
    return { status: 200, headers, body: file.body, ...(file.bytes && { bytes: file.bytes }) };
}

// The requested certificate, or another certificate of its order, as often as the policy says.
function servedFor(order: OrderRecord, requested: CertificateRecord): CertificateRecord {
    const { downloadsPrimary, downloadGives, wrongDownloads = Infinity } = order.policy;
    const served = chooseCertificate(order, requested, downloadsPrimary ? "first" : downloadGives);
    if (served === requested || !served.leaf || order.wrongDownloads >= wrongDownloads) return requested;
    order.wrongDownloads += 1;
    return served;
}

function downloadOne(context: Context, format: string): Reply {
    const requested = certificateIn(context);
    return download(context, servedFor(context.account.order(requested.orderId), requested), format);
}

function downloadFormat(context: Context): Reply {
    return downloadOne(context, context.params.format ?? "");
}

/** Platforms whose format is not the zip archive: a client uses 29 for PEM, and Microsoft's platforms use PKCS #7 [?]. */
const platformFormats: Readonly<Record<string, string>> = {
    29: "pem_all",
    14: "p7b",
    40: "p7b",
    67: "p7b",
    68: "p7b",
};

function downloadPlatform(context: Context): Reply {
    const { requested } = certificateIn(context);
    const platform = context.params.platformId ?? String(requested.serverPlatformId);
    return downloadOne(context, platformFormats[platform] ?? "default");
}

// Always the active certificate. An older form of the address has the format in the query.
function downloadOrder(context: Context): Reply {
    const { current } = orderOf(context);
    const inQuery = context.request.query.get("formatType") ?? context.request.query.get("format_type");
    return download(context, current, context.params.format ?? inQuery ?? "default");
}

function getChain(context: Context): Reply {
    const certificate = certificateIn(context);
    const order = context.account.order(certificate.orderId);
    if (!certificate.leaf) return notIssued(order, certificate);
    const bundle = bundleOf(context.account, order, certificate, { intermediate: true, root: true });
    return json(200, { intermediates: chainJson(bundle) });
}

function listIntermediates({ account }: Context): Reply {
    const { issuing, root } = account.authority;
    const { subject, validFrom, validTo, serialNumber, fingerprint } = new X509Certificate(issuing.pem);
    const intermediate = {
        subject_common_name: issuing.commonName,
        issuer_common_name: root.commonName,
        subject_org_name: /^O=(.+)$/m.exec(subject)?.[1] ?? "",
        valid_from: isoDate(new Date(validFrom)),
        valid_to: isoDate(new Date(validTo)),
        serial_number: serialNumber,
        thumbprint: fingerprint.replaceAll(":", ""),
        signature_hash: "sha256",
        is_private: false,
    };
    return json(200, { intermediates: [intermediate] });
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
    return skip ? noContent : json(201, requestJson(order, request));
}

function revokeCertificate(context: Context): Reply {
    const certificate = certificateIn(context);
    return revoke(context, context.account.order(certificate.orderId), certificate);
}

function revokeOrder(context: Context): Reply {
    return revoke(context, orderOf(context), "order");
}

export const certificateRoutes: Route[] = [
    { method: "GET", path: "/certificate/:certificateId/download/format/:format", answer: downloadFormat },
    { method: "GET", path: "/certificate/:certificateId/download/platform", answer: downloadPlatform },
    {
        method: "GET",
        path: "/certificate/:certificateId/download/platform/:platformId",
        answer: downloadPlatform,
    },
    { method: "GET", path: "/certificate/download/order/:orderId", answer: downloadOrder },
    { method: "GET", path: "/certificate/download/order/:orderId/format/:format", answer: downloadOrder },
    { method: "GET", path: "/certificate/:certificateId/chain", answer: getChain },
    { method: "GET", path: "/certificate/intermediates", answer: listIntermediates },
    { method: "PUT", path: "/certificate/:certificateId/revoke", answer: revokeCertificate },
    { method: "PUT", path: "/order/certificate/:orderId/revoke", answer: revokeOrder },
];
