/**
 * The rules, defaults and normal form of the inputs. `check` applies them, so that all later steps can rely on valid inputs.
 *
 * @module
 */
import { z } from "zod";
import { overriddenPaths } from "./body.js";
import { canonicalName, NameProblem, reportedName } from "../x509/names.js";
import { compact, isObject, type Json } from "../json.js";
import { findMisplaced } from "../inputs/misplaced.js";
import { propertyPath } from "../inputs/paths.js";
import type { CheckFailure } from "../resource.js";
import { suggestName } from "../suggestion.js";
import { UNKNOWN } from "../unknown.js";
import { type CertificateMemberName, type InputName } from "./declaration.js";
import { DCV_METHODS } from "./enumerations.js";

/** Longest comments, in characters. */
const MAX_COMMENTS = 4096;
const MAX_ORDER_ID = 2n ** 63n - 1n;

/** Accepts, beside the values of `schema`, an unknown value of a preview. */
export function orUnknown<T extends z.ZodType>(schema: T) {
    return z.transform((value: unknown, context): z.output<T> => {
        if (value === UNKNOWN) return value as never;
        const result = schema.safeParse(value);
        if (result.success) return result.data;
        for (const issue of result.error.issues) context.issues.push({ ...issue, input: undefined });
        return z.NEVER;
    });
}

/** `null` means absent, as for every optional input. */
export function optional<T extends z.ZodType>(schema: T) {
    return z.preprocess((given: unknown) => given ?? undefined, orUnknown(schema).optional());
}

/** Accepts an absent value or `null` as the default. */
export function withDefault<T extends z.ZodType>(schema: T, value: z.output<T>) {
    return z.preprocess((given: unknown) => given ?? value, orUnknown(schema));
}

/** A string; `what` follows "must be a string: ". */
export const text = (what: string) => z.string({ error: `must be a string: ${what}` });
/** A boolean; `what` follows "must be true or false: ". */
export const flag = (what: string) => z.boolean({ error: `must be true or false: ${what}` });

/** An order id; it is converted to a string of digits. */
export const orderIdSchema = z
    .union([z.number(), z.string()], {
        error: "must be the id of a CertCentral order: a number, or a string of digits",
    })
    .transform((given, context) => {
        const digits = typeof given === "number" ? (Number.isSafeInteger(given) ? String(given) : "") : given;
        if (!/^\d+$/.test(digits)) {
            context.addIssue(
                "must be the id of a CertCentral order: a positive number, or a string of digits",
            );
            return z.NEVER;
        }
        const id = digits.replace(/^0+/, "");
        if (id === "") context.addIssue("must be positive: the id of a CertCentral order");
        else if (id.length > String(MAX_ORDER_ID).length || BigInt(id) > MAX_ORDER_ID)
            context.addIssue("is too large to be the id of a CertCentral order");
        return id;
    });

const dnsName = text("a DNS name").transform((given, context) => {
    try {
        return canonicalName(given);
    } catch (problem) {
        if (!(problem instanceof NameProblem)) throw problem;
        context.addIssue(problem.message);
        return z.NEVER;
    }
});

const dnsNames = (what: string) =>
    z
        .array(orUnknown(dnsName), { error: `must be a list of DNS names: ${what}` })
        .transform((names) => [...new Set(names)]);

const PLATFORM = "must be an integer: a server platform id of DigiCert, or -1 (Other)";

/** The certificate that is wanted. */
export const certificateSchema = z.strictObject(
    {
        commonName: optional(dnsName),
        dnsNames: withDefault(dnsNames("the complete set wanted"), []),
        csr: orUnknown(text("the certificate signing request, as PEM or base64")),
        serverPlatform: withDefault(
            z.strictObject(
                {
                    id: withDefault(z.int({ error: PLATFORM }).min(-1, PLATFORM), -1),
                },
                { error: "must be an object { id }" },
            ),
            { id: -1 },
        ),
        signatureHash: withDefault(
            z.enum(["sha256", "sha384", "sha512"], { error: 'must be "sha256", "sha384" or "sha512"' }),
            "sha256",
        ),
        caCertId: optional(
            text("the id of the issuing CA")
                .min(1, "must not be empty; leave it out to let DigiCert choose")
                .regex(/^[\w-]{0,64}$/, "must be the id of an issuing CA: at most 64 letters and digits"),
        ),
    } satisfies Record<CertificateMemberName, z.ZodType>,
    { error: "must be an object: the certificate that is wanted (commonName, dnsNames, csr, …)" },
);

const additionalParameters = z
    .custom<Record<string, Json>>(isObject, {
        error: "must be an object: further members of the request body",
    })
    .superRefine((value, context) => {
        for (const path of overriddenPaths(value)) {
            context.addIssue({
                code: "custom",
                path: path.split("."),
                message: "has an input of its own; set that instead of overriding it here",
            });
        }
    });

/** A number of days, of which a negative one means "never"; `what` follows "must be a number of days: ". */
export const days = (what: string) =>
    z.number({ error: `must be a number of days: ${what}; negative = never` });

/** How long to wait, in seconds; 0: do not wait. */
export const timeoutSchema = z
    .number({ error: "must be a number of seconds; 0 = do not wait" })
    .min(0, "must not be negative; 0 = do not wait")
    .max(604_800, "must be at most 604800 (a week)");

/** Reads an order id by itself, while other inputs are invalid; undefined if it is invalid or unknown. */
export function readOrderId(given: unknown): string | undefined {
    return orderIdSchema.safeParse(given).data;
}

/** A method of domain control validation. */
export const dcvMethodSchema = z.enum(DCV_METHODS, {
    error: 'must be "dns-txt-token", "dns-cname-token", "http-token" or "email"',
});

/** All inputs; a name that {@link INPUTS} has and this schema has not, or the other way round, does not compile. */
const inputs = z.strictObject({
    orderId: orUnknown(orderIdSchema),
    certificate: orUnknown(certificateSchema),
    comments: optional(
        text("a message about the reissue")
            .max(MAX_COMMENTS, `must be at most ${MAX_COMMENTS} characters`)
            .regex(
                /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$/,
                "must not hold control characters",
            )
            .regex(/^\P{Surrogate}*$/u, "must be Unicode text; it holds half a character"),
    ),
    skipApproval: withDefault(flag("skip the approval step"), false),
    dcvMethod: optional(dcvMethodSchema),
    additionalParameters: optional(additionalParameters),
    triggers: optional(
        z.record(z.string(), orUnknown(text("any change of it is a reissue")), {
            error: "must be a map of strings; any change of it is a reissue",
        }),
    ),
    minDaysRemaining: optional(days("reissue when fewer are left")),
    failDaysRemaining: optional(days("fail when fewer are left and no successor is issued")),
    waitForApproval: withDefault(flag("wait for an approver, or for a DCV token to be published"), false),
    issuanceTimeoutSeconds: withDefault(timeoutSchema, 900),
    allowPendingOutputs: withDefault(
        flag("succeed without certificate outputs while a new key is pending"),
        false,
    ),
    allowNameRemoval: optional(dnsNames("exactly these may disappear")),
    adoptExisting: withDefault(
        flag("take over the order's current certificate, never POST in a create"),
        false,
    ),
    deletionPolicy: withDefault(
        z.enum(["forget", "cancelPending", "revoke"], {
            error: 'must be "forget", "cancelPending" or "revoke"',
        }),
        "forget",
    ),
} satisfies Record<InputName, z.ZodType>);

/** Inputs after check; in a preview any part may still be the placeholder of an unknown value. */
export type CheckedInputs = z.output<typeof inputs>;

/**
 * Validates and normalises; reports all failures, and quotes no value. Each reason begins with its subject, because Pulumi
 * prints it after "has a problem:".
 *
 * @param apiKeys - DigiCert API keys in use; an input that holds one is a failure
 */
export function parseInputs(
    given: Readonly<Record<string, unknown>>,
    apiKeys: readonly string[] = [],
): Parsed<CheckedInputs> {
    return parseWith(inputs, given, apiKeys, [...removalFailures(given), ...dcvMethodFailures(given)]);
}

/** The inputs of a program after validation, or the failures. */
export interface Parsed<Inputs> {
    readonly inputs?: Inputs;
    readonly failures: CheckFailure[];
}

/**
 * Validates and normalises by a schema.
 *
 * @param further - failures that concern several inputs together
 */
export function parseWith<T extends z.ZodObject>(
    schema: T,
    given: Readonly<Record<string, unknown>>,
    apiKeys: readonly string[],
    further: readonly CheckFailure[] = [],
): Parsed<z.output<T>> {
    const anywhere = findMisplaced(given, apiKeys).map(({ path, reason }) => failureAt(path, reason));
    const result = schema.safeParse(given);
    const reported = new Set(anywhere.map(({ property }) => property));
    const names = Object.keys(schema.shape);
    const failures = [
        ...anywhere,
        ...(result.error?.issues ?? [])
            .flatMap((issue) => failuresOf(issue, names))
            .filter(({ property }) => !reported.has(property)),
        ...further,
    ];
    return result.success && failures.length === 0
        ? { inputs: compact(result.data), failures }
        : { failures };
}

/** Makes a failure at a path; its reason begins with the name of the input. */
export function failureAt(path: readonly PropertyKey[], reason: string): CheckFailure {
    const last = path.findLastIndex((part) => typeof part === "string");
    const subject = path[0] === "triggers" || path[0] === "additionalParameters" ? path : path.slice(last);
    return { property: propertyPath(path), reason: `${propertyPath(subject)} ${reason}`.trim() };
}

function failuresOf(issue: z.core.$ZodIssue, names: readonly string[]): CheckFailure[] {
    if (issue.code !== "unrecognized_keys") return [failureAt(issue.path, issue.message)];
    const here = namesAt(issue.path, names);
    const isOutside = issue.path.length === 0;
    const elsewhere = (isOutside ? certificateNames : names).map(
        (name) => [name, isOutside ? `certificate.${name}` : `${name}, outside of certificate`] as const,
    );
    return issue.keys.map((key) =>
        failureAt(
            [...issue.path, key],
            `is not an input; ${suggestName(key, here, elsewhere)}Inputs here: ${here.join(", ")}`,
        ),
    );
}

const certificateNames = Object.keys(certificateSchema.shape);

/** Lists the names that an object of the inputs may have. */
function namesAt(path: readonly PropertyKey[], names: readonly string[]): readonly string[] {
    if (path.length > 1) return ["id"];
    return path.length > 0 ? certificateNames : names;
}

/** Reports names listed both in `allowNameRemoval` and in `certificate`; works on the raw inputs, to report them with the rest. */
function removalFailures({
    certificate,
    allowNameRemoval,
}: Readonly<Record<string, unknown>>): CheckFailure[] {
    if (!Array.isArray(allowNameRemoval) || !isObject(certificate)) return [];
    const { commonName, dnsNames } = certificate;
    const wanted = new Set([commonName, dnsNames].flat().map(comparable));
    return allowNameRemoval.flatMap((name, index) =>
        comparable(name) !== undefined && wanted.has(comparable(name))
            ? [
                  failureAt(
                      ["allowNameRemoval", index],
                      "is still in certificate; remove it from one of the two",
                  ),
              ]
            : [],
    );
}

/** Reports a domain validation method that is set twice. */
function dcvMethodFailures({
    dcvMethod,
    additionalParameters,
}: Readonly<Record<string, unknown>>): CheckFailure[] {
    const isTwice =
        (dcvMethod ?? undefined) !== undefined &&
        isObject(additionalParameters) &&
        (additionalParameters.dcv_method ?? undefined) !== undefined;
    return isTwice
        ? [failureAt(["dcvMethod"], "is set in additionalParameters.dcv_method as well; remove it there")]
        : [];
}

function comparable(name: unknown): string | undefined {
    return typeof name === "string" && name !== UNKNOWN ? reportedName(name) : undefined;
}
