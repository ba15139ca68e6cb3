import { z } from "zod";
import { ApiError, badRequest, type ErrorEntry, invalidValue, requiredParam } from "./apiError.js";
import { type Account } from "./account.js";
import { endOfDay, parseDate } from "./calendar.js";
import { parseCsr } from "./csr.js";
import { isObject, type JsonObject } from "./json.js";
import { type CertValidity, isTls, type OrderRecord, type RequestedCertificate } from "./model.js";
import { canonicalName, isName } from "./names.js";
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

/** A number. Strings of digits are accepted, because a script of DigiCert sends numbers as strings [CLIENT]. */
const integer = z.union([
    z.int(),
    z
        .string()
        .regex(/^-?\d+$/)
        .transform(Number),
]);

const positive = integer.refine((number) => number > 0);

function isAhead(text: string, now: Date): boolean {
    const date = parseDate(text);
    return date !== undefined && endOfDay(date) > now;
}

function certValidity(now: Date) {
    return z.object({
        years: positive.optional(),
        days: positive.optional(),
        custom_expiration_date: z
            .string()
            .refine((text) => isAhead(text, now))
            .optional(),
    });
}

function certificateSchema(account: Account, { product, policy }: OrderRecord) {
    const platform = z.object({ id: integer });
    return z.object({
        common_name: isTls(product) ? name : z.string().optional(),
        dns_names: z.array(name).nullish(),
        // [?] Whether DigiCert distinguishes a wrong self-signature from a CSR that cannot be parsed.
        csr: z
            .string()
            .min(1)
            .transform((csr) => (policy.takesEscapedCsr ? csr.replace(/(\\r)?\\n/g, "\n") : csr))
            .refine(canParse, { abort: true, params: { code: "csr_invalid_cannot_parse" } }),
        // Optional today, with the default -1; two clients leave it out.
        server_platform: policy.requiresServerPlatform ? platform : platform.nullish(),
        signature_hash: signatureHash,
        ca_cert_id: z.string().nullish(),
        cert_validity: certValidity(account.now()).nullish(),
        profile_option: z.string().nullish(),
    });
}

function reissueSchema(account: Account, order: OrderRecord) {
    return z.object({
        certificate: certificateSchema(account, order),
        comments: z.string().nullish(),
        skip_approval: z.boolean().nullish(),
        dcv_method: dcvMethod.nullish(),
    });
}

/** The body of a reissue. */
export interface ReissueBody {
    requested: RequestedCertificate;
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

/** Checks a body against a schema; all errors are in one 400. */
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

// [?] Which members a reissue accepts beside the documented members.
function withoutIgnored({ policy }: OrderRecord, body: unknown): unknown {
    if (!isObject(body)) return body;
    const drop = (object: JsonObject) =>
        Object.fromEntries(
            Object.entries(object).filter(([name]) => !policy.ignoredParameters.includes(name)),
        );
    const { certificate } = body;
    return { ...drop(body), ...(isObject(certificate) && { certificate: drop(certificate) }) };
}

function refuseParameters({ policy }: OrderRecord, body: unknown): void {
    const certificate = valueAt(body, ["certificate"]);
    const entries = policy.refusedParameters.flatMap((name) => {
        if (valueAt(body, [name]) !== undefined) return [invalidValue(name)];
        return valueAt(certificate, [name]) === undefined ? [] : [invalidValue(`certificate.${name}`)];
    });
    if (entries.length > 0) throw new ApiError(400, ...entries);
}

function refuseAddedNames({ policy }: OrderRecord, names: readonly string[]): void {
    if (!policy.refusesAddedNames) return;
    const added = policy.addsNames.map(canonicalName);
    const twin = names.find((name) => added.includes(canonicalName(name)));
    if (twin === undefined) return;
    throw badRequest("invalid_dns_name_on_duplicate", `The DNS name ${twin} is added by DigiCert.`);
}

function refuseBeyondOrder(
    { policy, orderValidTill }: OrderRecord,
    validity: CertValidity | undefined,
): void {
    const end = validity?.custom_expiration_date && parseDate(validity.custom_expiration_date);
    if (policy.validityBeyondOrder !== "refused" || !end || end <= endOfDay(orderValidTill)) return;
    throw badRequest(
        "cert_validity_exceeds_order_validity",
        "The validity of the certificate exceeds the validity of the order.",
    );
}

/** Checks the body of a reissue or of a duplicate. */
export function parseReissue(account: Account, order: OrderRecord, sent: unknown): ReissueBody {
    refuseParameters(order, sent);
    const body = withoutIgnored(order, sent);
    const { certificate, comments, skip_approval, dcv_method } = parseBody(
        reissueSchema(account, order),
        body,
    );
    const names = certificate.dns_names ?? [];
    const validity = certificate.cert_validity ?? undefined;
    refuseAddedNames(order, names);
    refuseBeyondOrder(order, validity);
    return {
        requested: {
            commonName: certificate.common_name,
            dnsNames: names,
            csr: certificate.csr,
            signatureHash: certificate.signature_hash,
            serverPlatformId: certificate.server_platform?.id ?? -1,
            caCertId: certificate.ca_cert_id ?? undefined,
            validity,
            profileOption: certificate.profile_option ?? undefined,
        },
        comments: comments ?? undefined,
        skipApproval: skip_approval ?? false,
        dcvMethod: dcv_method ?? undefined,
    };
}
