import { z } from "zod";

const ms = z.number().min(0);
const commit = z.boolean().default(false);
const members = z.record(z.string(), z.unknown());
const member = z.int().min(1).default(1);

/**
 * What may be wrong, or only unusual, with a leaf and its chain: a leaf that cannot be parsed, or has another key;
 * only the leaf; the root as well, or not; the root first and the leaf last.
 */
export const certificateForms = [
    "unreadable",
    "another-key",
    "leaf-only",
    "with-root",
    "without-root",
    "reversed",
] as const;

// Each kind says what goes wrong. "Committed" means that the request was handled: the reissue is made, the status changed.
const faults = [
    /** Committed, then the connection is closed, or reset, without an answer. */
    z.object({ kind: z.literal("lost-answer"), reset: z.boolean().default(false) }),
    /** The connection is closed, or reset; nothing is committed. */
    z.object({ kind: z.literal("dropped"), reset: z.boolean().default(false) }),
    /** The connection is closed; committed `ms` later, by the simulator's clock. */
    z.object({ kind: z.literal("delayed-commit"), ms }),
    /** An HTML page instead of JSON, with any status; committed or not. */
    z.object({ kind: z.literal("html"), status: z.int().default(502), commit }),
    /** Committed; the answer stops in the middle. `shortened`: its length is right, its JSON is not. */
    z.object({ kind: z.literal("cut-off"), shortened: z.boolean().default(false) }),
    /** 429, nothing is committed; `retryAfter` in seconds, or as an HTTP date. */
    z.object({ kind: z.literal("rate-limited"), retryAfter: z.union([z.number(), z.string()]).optional() }),
    /** Committed at once, answered `ms` of real time later. */
    z.object({ kind: z.literal("slow-headers"), ms }),
    /** Committed at once; headers and half the body come at once, the rest `ms` of real time later. */
    z.object({ kind: z.literal("slow-body"), ms }),
    /** A redirect, nothing is committed. */
    z.object({ kind: z.literal("redirect"), location: z.string(), status: z.int().default(302) }),
    /** Committed; the answer is padded to at least so many bytes. */
    z.object({ kind: z.literal("huge-body"), bytes: z.int().min(0) }),
    /** Committed; the answer has this content type. */
    z.object({ kind: z.literal("content-type"), value: z.string() }),
    /** Any answer (`body` is JSON, or text if it is a string); committed or not. */
    z.object({
        kind: z.literal("respond"),
        status: z.int(),
        body: z.unknown().optional(),
        headers: z.record(z.string(), z.string()).optional(),
        commit,
    }),
    /** Committed; every object in the answer has these members too. */
    z.object({ kind: z.literal("extra-members"), members }),
    /** Committed; these members of the answer's top level are replaced. */
    z.object({ kind: z.literal("replace-members"), members }),
    /** Committed; one member, at any depth, is left out: the first, the second, …, beginning again after the last. */
    z.object({ kind: z.literal("missing-member"), member }),
    /** Committed; one member, chosen like that, has a value of another type. */
    z.object({ kind: z.literal("wrong-type"), member }),
    /** Committed; every `status` in the answer is this one. */
    z.object({ kind: z.literal("unknown-status"), status: z.string() }),
    /** Committed; every list in the answer is empty. */
    z.object({ kind: z.literal("empty-lists") }),
    /** Committed; the certificates in the answer, JSON or PEM, come in this form. */
    z.object({ kind: z.literal("certificates"), form: z.enum(certificateForms) }),
] as const;

/** The kinds, for a list. */
export const faultKinds = faults.map((fault) => fault.shape.kind.value);

const faultSchema = z.discriminatedUnion("kind", faults);

/** What goes wrong. */
export type Fault = z.input<typeof faultSchema>;

/** The same, complete with defaults. */
export type CompleteFault = z.output<typeof faultSchema>;

const selector = z.object({
    method: z.string().optional(),
    path: z.string().optional(),
    nth: z.int().min(1).default(1),
    times: z.int().min(1).default(1),
});

/** Which requests a fault applies to. */
export interface FaultSelector {
    /** Default: any. */
    method?: string;
    /**
     * Path under `/services/v2`: text with `:name` for one segment and `*` for anything (without the query), or a RegExp over
     * path and query. Default: any.
     */
    path?: string | RegExp;
    /** The first matching request it applies to, counted from 1. */
    nth?: number;
    /** How many from there on, default 1; `Infinity` for all. */
    times?: number;
}

/** A fault and when it strikes. */
export type FaultRule = FaultSelector & Fault;

/** Decides for each request what goes wrong with it, if anything. */
export type FaultChoice = (method: string, path: string) => Fault | undefined;

/** A rule as the admin interface takes it. */
export const faultRuleSchema = z.intersection(selector, faultSchema);

/** Fills in the defaults; throws if the fault is not one. */
export function completeFault(rule: Fault): CompleteFault {
    return faultSchema.parse(rule);
}
