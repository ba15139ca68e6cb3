/**
 * Schemas of CertCentral's answers. Unknown members are ignored. What decides about a POST must have the right
 * type; what is only shown is dropped when it has not.
 *
 * @module
 */
import { z } from "zod";

/**
 * Ids are JSON integers; some counters and ids have been seen as strings. One above `Number.MAX_SAFE_INTEGER` is no
 * id, because its digits are lost, and the id that is left may be somebody else's.
 */
const id = z.union([
    z.int().positive(),
    z
        .string()
        .regex(/^[1-9]\d{0,15}$/)
        .transform(Number)
        .refine(Number.isSafeInteger),
]);

/** The ways of saying that there is none. */
const none = z.union([z.null(), z.literal(0), z.literal("0"), z.literal("")]).transform(() => undefined);

/** Keeps an answer readable when a member that is only informative has the wrong type. */
function lenient<T extends z.ZodType>(schema: T) {
    return schema.optional().catch(undefined);
}

/** Absent and `null` are the same to CertCentral's clients. */
function nullable<T extends z.ZodType>(schema: T) {
    return schema.nullish().transform((value) => value ?? undefined);
}

/** The entries of a list that can be read; one bad entry must not lose the ids in the others. */
function readable<T extends z.ZodType>(schema: T) {
    return z.array(z.unknown()).transform((items) =>
        items.flatMap((item) => {
            const result = schema.safeParse(item);
            return result.success ? [result.data] : [];
        }),
    );
}

const text = z.string();

/** `errors[]` of a 4xx or 5xx answer. */
export const errorAnswer = z.object({
    errors: readable(z.object({ code: text.catch("unknown"), message: text.catch("") })),
});

const chainEntry = z.object({ subject_common_name: lenient(text), pem: text });

/** 201 of a reissue, in all its variants: every member is optional, and none that is readable is lost. */
export const acceptedAnswer = z.object({
    id: lenient(id),
    certificate_id: lenient(id),
    requests: lenient(readable(z.object({ id, status: lenient(text) }))),
    certificate_chain: lenient(readable(chainEntry)),
    dcv_random_value: lenient(text),
});

/** A request in the approval workflow, as an order lists it. */
const orderRequest = z.object({
    id,
    date: lenient(text),
    type: lenient(text),
    status: lenient(text),
    comments: nullable(text).catch(undefined),
});

const person = z.object({ first_name: lenient(text), last_name: lenient(text), email: lenient(text) });

/** `GET /request/{id}`. */
export const requestAnswer = orderRequest.extend({
    processor_comment: nullable(text).catch(undefined),
    processor: nullable(person).catch(undefined),
    requester: nullable(person).catch(undefined),
    /** Its certificate is the one that was asked for. */
    order: lenient(z.object({ certificate: lenient(z.object({ signature_hash: lenient(text) })) })),
});

/** `GET /order/certificate/{id}`. */
export const orderAnswer = z.object({
    id: lenient(id),
    status: text,
    certificate: z.object({
        // Any other id that cannot be read is a certificate that is there. Taken for absent, it could be ours and not be
        // found, and that allows another POST; so it makes the order unreadable.
        id: z.union([none, id]).optional(),
        common_name: nullable(text),
        dns_names: nullable(z.array(text)),
        csr: nullable(text),
        status: nullable(text),
        signature_hash: lenient(text),
        server_platform: lenient(z.object({ id: z.int() })),
        serial_number: lenient(text),
        date_created: lenient(text),
        date_issued: lenient(text),
        valid_from: lenient(text),
        valid_till: lenient(text),
    }),
    order_valid_till: nullable(z.iso.date()).catch(undefined),
    requests: nullable(readable(orderRequest)),
    last_reissued_date: lenient(text),
    has_pending_request: lenient(z.boolean()),
    product: lenient(
        z.object({
            name_id: lenient(text),
            name: lenient(text),
            type: lenient(text),
            validation_type: lenient(text),
        }),
    ),
});

/** `GET /order/certificate/{id}/reissue`. */
export const reissuesAnswer = z.object({
    certificates: readable(
        z.object({
            id: lenient(id),
            common_name: nullable(text),
            dns_names: nullable(z.array(text)),
            status: nullable(text),
            csr: nullable(text),
            date_created: lenient(text),
            date_issued: lenient(text),
            valid_till: lenient(text),
            firstname: lenient(text),
            lastname: lenient(text),
            email: lenient(text),
        }),
    )
        .nullish()
        .transform((items) => items ?? []),
});

/** `GET /order/certificate/status-changes`; an empty object when nothing changed. */
export const statusChangesAnswer = z.object({
    orders: readable(z.object({ order_id: id, certificate_id: lenient(id), status: lenient(text) }))
        .nullish()
        .transform((items) => items ?? []),
});

/** `GET /order/certificate`: a page of the list of orders, as far as it is needed. */
export const ordersAnswer = z.object({ orders: z.array(z.object({ id })) });

/** `GET /user/me`: whose key it is. */
export const userAnswer = person.extend({
    id,
    username: lenient(text),
    status: lenient(text),
    access_roles: lenient(readable(z.object({ id: lenient(id), name: lenient(text) }))),
});

/** `GET /domain`: a page of the domains of the account, with the last day on which their validation can be used again. */
export const domainsAnswer = z.object({
    domains: z.array(
        z.object({
            name: lenient(text),
            is_active: lenient(z.boolean()),
            dcv_expiration: lenient(z.object({ ov: lenient(text), ev: lenient(text) })),
        }),
    ),
});

/** An entry of the feed of status changes. */
export type StatusChange = z.output<typeof statusChangesAnswer>["orders"][number];
/** An answer of `POST …/reissue`. */
export type Accepted = z.output<typeof acceptedAnswer>;
/** An order. */
export type Order = z.output<typeof orderAnswer>;
/** The certificate that is current on an order. */
export type OrderCertificate = Order["certificate"];
/** A request in the approval workflow. */
export type ApprovalRequest = z.output<typeof requestAnswer>;
/** One entry of an order's list of reissues. */
export type Reissue = z.output<typeof reissuesAnswer>["certificates"][number];
/** The user that a key belongs to. */
export type User = z.output<typeof userAnswer>;
/** A domain of the account. */
export type Domain = z.output<typeof domainsAnswer>["domains"][number];
