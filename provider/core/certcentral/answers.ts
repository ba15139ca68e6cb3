/**
 * Schemas of CertCentral's answers. Unknown members are ignored. The members that decide about a POST (id, status and
 * certificate id of an order) must have the right type; if one has not, the answer is refused and the member named. Any other
 * member with a wrong type is dropped.
 *
 * A date that cannot be read is dropped too, so every date that leaves this module is valid.
 *
 * @module
 */
import { z } from "zod";
import type { ApiError } from "../errors.js";
import { isObject } from "../json.js";

/** Longest list that is read, so that no list stops the process; a page of the list of orders has 1,000 entries. */
const MAX_ENTRIES = 1000;
/** A list with more unreadable entries is refused, because an unreadable entry takes much longer than a readable one. */
const MAX_UNREADABLE_ENTRIES = 100;
/** Longest list of names that is read; DigiCert sells certificates with up to 1,000 names. */
const MAX_NAMES = 2000;
/** Longest chain in the answer to a POST; without the chain the certificate is downloaded. */
const MAX_CHAIN = 20;
/** Code of an error that DigiCert sent without a code. */
export const UNKNOWN_CODE = "unknown";

/**
 * An id: a JSON integer, or its digits as a string, which DigiCert sends for some ids. A number above
 * `Number.MAX_SAFE_INTEGER` is refused: JSON parsing rounds it, and the rounded number may be another certificate's id.
 */
const id = z.union([
    z.int().positive(),
    z
        .string()
        .regex(/^[1-9]\d{0,15}$/)
        .transform(Number)
        .refine(Number.isSafeInteger),
]);

/** The values with which DigiCert says that there is no id. */
const none = z.union([z.null(), z.literal(0), z.literal("0"), z.literal("")]).transform(() => undefined);

/** An id that JSON parsing rounds, so that it cannot be compared with another id. */
const tooLarge = z
    .union([z.number().gt(Number.MAX_SAFE_INTEGER), z.string().regex(/^[1-9]\d{15,}$/)])
    .transform(() => undefined);

/** Drops the member if it has the wrong type; for members that decide nothing. */
function lenient<T extends z.ZodType>(schema: T) {
    return schema.optional().catch(undefined);
}

/** A list of a bounded length, with entries of any type. */
function list(most: number) {
    return z.custom<readonly unknown[]>((value) => Array.isArray(value) && value.length <= most);
}

/** A list without its unreadable entries, so that one bad entry does not lose the ids in the others. */
function readable<T extends z.ZodType>(schema: T, most = MAX_ENTRIES) {
    return list(most).transform((items, context): z.output<T>[] => {
        const read: z.output<T>[] = [];
        let unreadable = 0;
        for (const item of items) {
            const result = isObject(item) ? schema.safeParse(item) : undefined;
            if (result?.success) read.push(result.data);
            else if (++unreadable > MAX_UNREADABLE_ENTRIES) {
                context.addIssue("most entries cannot be read");
                return z.NEVER;
            }
        }
        return read;
    });
}

const text = z.string();

/** A text; a blank text counts as absent. */
const words = lenient(text.regex(/\S/));

/**
 * A list of names without unreadable and blank entries, such as the `[" "]` of orders that take no names. If no name is left,
 * the names are unknown (`undefined`): some answers have an empty list for a certificate with names.
 */
const names = lenient(
    list(MAX_NAMES).transform((items) => {
        const read = items
            .map((item) => (typeof item === "string" ? item.trim() : ""))
            .filter((name) => name !== "");
        return read.length === 0 ? undefined : read;
    }),
);

/** A calendar date, `yyyy-MM-dd`; a time of day behind it is dropped. */
const day = lenient(
    text
        .regex(/^\d{4}-\d{2}-\d{2}(?:[T ][\d:.]{4,15} ?(?:Z|[+-]\d{2}:?\d{2})?)?$/)
        .transform((date) => date.slice(0, 10))
        .pipe(z.iso.date()),
);

/** A moment, ISO 8601 with its offset from UTC; DigiCert's times without an offset are UTC. */
const moment = lenient(
    text
        .regex(/^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/)
        .transform((date) => {
            const time = date.slice(11).replace(/([+-]\d{2})(\d{2})$/, "$1:$2");
            return `${date.slice(0, 10)}T${time === "" ? "00:00:00" : time}${/Z|[+-]/.test(time) ? "" : "Z"}`;
        })
        .refine((date) => !Number.isNaN(Date.parse(date))),
);

/** A serial number in hex: upper case, without separators. */
const hex = lenient(
    text
        .max(200)
        .regex(/^[\da-f][\da-f: ]*$/i)
        .transform((digits) => digits.replace(/[: ]/g, "").toUpperCase()),
);

/** A boolean; CertCentral also writes it as 0 and 1, and as a text of any of these. */
const flag = lenient(
    z
        .union([z.boolean(), z.literal([0, 1]), z.literal(["0", "1", "true", "false"])])
        .transform((value) => value === true || value === 1 || value === "1" || value === "true"),
);

/** An object; CertCentral sometimes sends an empty object as an empty list. */
function object<T extends z.ZodRawShape>(shape: T) {
    return z.preprocess(
        (value) => (Array.isArray(value) && value.length === 0 ? {} : value),
        z.object(shape),
    );
}

const chainEntry = z.object({ subject_common_name: words, pem: text });

/** The 201 of a reissue. Every member is optional, because the answer has several forms. */
export const acceptedAnswer = z.object({
    id: lenient(id),
    certificate_id: lenient(id),
    requests: lenient(readable(z.object({ id, status: words }))),
    certificate_chain: lenient(readable(chainEntry, MAX_CHAIN)),
    dcv_random_value: words,
});

/** A request in the approval workflow, as an order lists it. */
const orderRequest = z.object({ id, date: moment, type: words, status: words, comments: lenient(text) });

const product = z.object({ name_id: words, name: words, type: words, validation_type: words });

const person = z.object({ first_name: words, last_name: words, email: words });

/** The members of a certificate that both an order and its list of reissues have. */
const certificate = {
    common_name: words,
    dns_names: names,
    csr: words,
    status: words,
    serial_number: hex,
    date_created: moment,
    date_issued: moment,
    valid_till: day,
};

/** `GET /request/{id}`. */
export const requestAnswer = orderRequest.extend({
    processor_comment: words,
    processor: lenient(person),
    requester: lenient(person),
    /** `certificate` in this member is the requested certificate. */
    order: lenient(z.object({ certificate: lenient(z.object({ ...certificate, signature_hash: words })) })),
});

/** `GET /order/certificate/{id}`. */
export const orderAnswer = z.object({
    // A wrong id means that the answer is about another order, so an unreadable id makes the order unreadable.
    id: z.union([none, id, tooLarge]).optional(),
    status: text.regex(/\S/),
    certificate: object({
        ...certificate,
        // An unreadable id makes the order unreadable. Treating it as absent could hide the certificate of this resource, and
        // then a second POST would be sent.
        id: z.union([none, id]).optional(),
        signature_hash: words,
        server_platform: lenient(z.object({ id: z.int() })),
        valid_from: day,
    }),
    order_valid_till: day,
    requests: lenient(readable(orderRequest)),
    last_reissued_date: moment,
    has_pending_request: lenient(z.boolean()),
    is_renewed: flag,
    /** The id of the order that renewed this order. */
    renewed_order_id: lenient(id),
    auto_renew: flag,
    auto_reissue: flag,
    product: lenient(product),
});

/** `GET /order/certificate/{id}/reissue`. */
export const reissuesAnswer = object({
    certificates: readable(
        z.object({ ...certificate, id: lenient(id), firstname: words, lastname: words, email: words }),
    )
        .nullish()
        .transform((items) => items ?? []),
});

/** `GET /order/certificate/status-changes`; an empty object when nothing changed. */
export const statusChangesAnswer = object({
    orders: readable(z.object({ order_id: id, certificate_id: lenient(id), status: words }))
        .nullish()
        .transform((items) => items ?? []),
});

/** `GET /order/certificate`: the ids and statuses in one page of the list of orders. */
export const ordersAnswer = z.object({ orders: readable(z.object({ id, status: words })) });

/** `GET /order/certificate`: a page of the list of orders. Its entries have fewer members than Order info: no CSR, no renewal. */
export const orderPageAnswer = z.object({
    orders: readable(
        z.object({
            id,
            status: text.regex(/\S/),
            certificate: object({
                id: lenient(id),
                common_name: words,
                dns_names: names,
                status: words,
                serial_number: hex,
                signature_hash: words,
                valid_from: day,
                valid_till: day,
            })
                .default({})
                .catch({}),
            order_valid_till: day,
            is_renewed: flag,
            auto_renew: flag,
            product: lenient(product),
        }),
    ),
    page: lenient(z.object({ total: z.int().nonnegative() })),
});

/** `GET /user/me`: the user whose API key it is. */
export const userAnswer = person.extend({
    id,
    username: words,
    status: words,
    access_roles: lenient(readable(z.object({ id: lenient(id), name: words }))),
});

/** `GET /domain`: a page of the domains of the account, with the last day on which their validation can be used again. */
export const domainsAnswer = z.object({
    domains: readable(
        z.object({
            name: words,
            is_active: lenient(z.boolean()),
            dcv_expiration: lenient(z.object({ ov: moment, ev: moment })),
        }),
    ),
});

/** `PUT /order/certificate/{id}/dcv-random-value`; also `PUT …/dcv-method` for the methods that have a token. */
export const dcvTokenAnswer = z.object({ dcv_random_value: words, expiration_date: moment });

/** `PUT /order/certificate/{id}/check-dcv`. */
export const dcvCheckAnswer = z.object({
    order_status: words,
    certificate_id: lenient(id),
    dcv_status: words,
    dns_name_validations: lenient(readable(z.object({ dns_name: words, status: words }))),
});

/**
 * Reads the errors in the body of a 4xx or 5xx; the transport has made its texts fit for one line. DigiCert's older forms are
 * read as well: an object in place of the list, `error`, plain texts, `description`.
 *
 * `areDigiCerts` is true if `errors` is a list as DigiCert writes it today. Only then is DigiCert certainly the author;
 * gateways use the older forms too.
 */
export function apiErrorsIn(json: unknown): {
    readonly errors: readonly ApiError[];
    readonly areDigiCerts: boolean;
} {
    if (!isObject(json)) return { errors: [], areDigiCerts: false };
    const given = [json.errors ?? json.error ?? []].flat();
    const errors = given.flatMap(apiErrorOf);
    const areDigiCerts = Array.isArray(json.errors) && given.some((entry) => isObject(entry));
    return { errors, areDigiCerts: areDigiCerts && errors.length > 0 };
}

function apiErrorOf(entry: unknown): ApiError[] {
    if (typeof entry === "string") return apiErrorOf({ message: entry });
    if (!isObject(entry)) return [];
    const textOf = (value: unknown) => (typeof value === "string" ? value.trim() : "");
    const code = textOf(entry.code);
    const message = textOf(entry.message) || textOf(entry.description);
    return code === "" && message === "" ? [] : [{ code: code || UNKNOWN_CODE, message }];
}

/** An entry of the feed of status changes. */
export type StatusChange = z.output<typeof statusChangesAnswer>["orders"][number];
/** An answer of `POST …/reissue`. */
export type Accepted = z.output<typeof acceptedAnswer>;
/** An order. */
export type Order = z.output<typeof orderAnswer> & {
    /** DigiCert's clock at the time of the answer, from the `Date` header; absent if the answer had no such header. */
    readonly serverTime?: Date;
};
/** The current certificate of an order. */
export type OrderCertificate = Order["certificate"];
/** A request in the approval workflow. */
export type ApprovalRequest = z.output<typeof requestAnswer>;
/** One entry of an order's list of reissues. */
export type Reissue = z.output<typeof reissuesAnswer>["certificates"][number];
/** An order, as far as the list of orders shows it. */
export type OrderListItem = z.output<typeof orderPageAnswer>["orders"][number];
/** The user that a key belongs to. */
export type User = z.output<typeof userAnswer>;
/** A domain of the account. */
export type Domain = z.output<typeof domainsAnswer>["domains"][number];
/** The token of domain control validation, and when it expires. */
export type DcvToken = z.output<typeof dcvTokenAnswer>;
/** The result of a check of domain control, name by name. */
export type DcvCheck = z.output<typeof dcvCheckAnswer>;
