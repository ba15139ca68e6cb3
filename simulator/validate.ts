import { z } from "zod";
import { ApiError, badRequest, type ErrorEntry, invalidValue, requiredParam } from "./apiError.js";
import { parseDate } from "./calendar.js";
import { parseCsr } from "./csr.js";
import { isObject } from "./json.js";
import { isTls, type Product, type WantedCertificate } from "./model.js";
import { isName } from "./names.js";
import { dcvMethod, signatureHash } from "./policy.js";

function canParse(csr: string): boolean {
    try {
        parseCsr(csr);
        return true;
    } catch {
        return false;
    }
}

const name = z.string().refine(isName);

const certValidity = z.object({
    years: z.int().positive().optional(),
    days: z.int().positive().optional(),
    custom_expiration_date: z
        .string()
        .refine((text) => parseDate(text) !== undefined)
        .optional(),
});

function certificateSchema(product: Product) {
    return z.object({
        common_name: isTls(product) ? name : z.string().optional(),
        dns_names: z.array(name).nullish(),
        // [?] Whether DigiCert tells a wrong self-signature from a CSR that cannot be parsed is not known.
        csr: z
            .string()
            .min(1)
            .refine(canParse, { abort: true, params: { code: "csr_invalid_cannot_parse" } }),
        server_platform: z.object({ id: z.int() }),
        signature_hash: signatureHash,
        ca_cert_id: z.string().nullish(),
        cert_validity: certValidity.nullish(),
    });
}

function reissueSchema(product: Product) {
    return z.object({
        certificate: certificateSchema(product),
        comments: z.string().nullish(),
        skip_approval: z.boolean().nullish(),
        dcv_method: dcvMethod.nullish(),
    });
}

/** A reissue as it was asked for. */
export interface ReissueBody {
    wanted: WantedCertificate;
    comments: string | undefined;
    skipApproval: boolean;
    dcvMethod: z.infer<typeof dcvMethod> | undefined;
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
    return path.reduce<unknown>((value, key) => (isObject(value) ? value[String(key)] : undefined), body);
}

function entryOf(body: unknown, issue: z.core.$ZodIssue): ErrorEntry {
    const index = issue.path.findIndex((key) => typeof key === "number");
    const path = index < 0 ? issue.path : issue.path.slice(0, index);
    const name = path.join(".");
    const value = valueAt(body, path);
    if (value === undefined || value === null || value === "") return requiredParam(name);
    if (issue.code === "custom" && issue.params?.code === "csr_invalid_cannot_parse") {
        return { code: "csr_invalid_cannot_parse", message: "The CSR is invalid and cannot be parsed." };
    }
    return invalidValue(name);
}

/** Checks a body against a schema; all that is wrong goes into one 400. */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
    if (!isObject(body)) throw badRequest("bad_request_format", "The request body is not in a valid format.");
    const result = schema.safeParse(body);
    if (result.success) return result.data;
    const entries = result.error.issues.map((issue) => entryOf(body, issue));
    const distinct = entries.filter(
        (entry, at) => entries.findIndex((one) => one.code === entry.code) === at,
    );
    throw new ApiError(400, ...distinct);
}

/** Checks the body of a reissue as the API does. */
export function parseReissue(product: Product, body: unknown): ReissueBody {
    const { certificate, comments, skip_approval, dcv_method } = parseBody(reissueSchema(product), body);
    return {
        wanted: {
            commonName: certificate.common_name,
            dnsNames: certificate.dns_names ?? [],
            csr: certificate.csr,
            signatureHash: certificate.signature_hash,
            serverPlatformId: certificate.server_platform.id,
            caCertId: certificate.ca_cert_id ?? undefined,
            validity: certificate.cert_validity ?? undefined,
        },
        comments: comments ?? undefined,
        skipApproval: skip_approval ?? false,
        dcvMethod: dcv_method ?? undefined,
    };
}
