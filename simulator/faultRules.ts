import { z } from "zod";

const ms = z.number().min(0);
const commit = z.boolean().default(false);
const members = z.record(z.string(), z.unknown());
const member = z.int().min(1).default(1);

/**
 * Forms of a leaf and its chain, faulty or only unusual: the leaf cannot be parsed, or has another key; there is only the leaf;
 * the root is included, or not; the root comes first and the leaf last.
 */
export const certificateForms = [
    "unreadable",
    "another-key",
    "leaf-only",
    "with-root",
    "without-root",
    "reversed",
] as const;

/**
 * A fault. "Committed" means that the request was handled nevertheless: the reissue is made, the status is changed.
 *
 * - `lost-answer`: committed, then the connection is closed (`reset`: reset) without an answer.
 * - `dropped`: the connection is closed (`reset`: reset); nothing is committed.
 * - `delayed-commit`: the connection is closed; committed `ms` later, by the simulator's clock.
 * - `html`: an HTML page instead of JSON, with any `status` (default 502); committed only with `commit`.
 * - `firewall`: the HTML page of a web application firewall, 403 by default; nothing is committed.
 * - `cut-off`: committed; the answer stops in the middle. `shortened`: its length is right, its JSON is not.
 * - `rate-limited`: 429, nothing is committed; `retryAfter` in seconds, or as an HTTP date.
 * - `slow-headers`: committed at once, answered `ms` of real time later.
 * - `slow-body`: committed at once; headers and half the body come at once, the rest `ms` of real time later.
 * - `redirect`: to `location`, with any `status` (default 302); nothing is committed.
 * - `huge-body`: committed; the answer is padded to at least so many `bytes`.
 * - `content-type`: committed; the answer has the content type `value`.
 * - `respond`: any answer; `body` is sent as JSON, or as it is if it is a string; committed only with `commit`.
 * - `extra-members`: committed; every object in the answer has these `members` too.
 * - `replace-members`: committed; these `members` of the answer's top level are replaced.
 * - `missing-member`: committed; one member, at any depth, is left out: number `member`, or the next in each answer.
 * - `wrong-type`: committed; one member, chosen in the same way, has a value of another type.
 * - `unknown-status`: committed; every `status` in the answer is replaced by this status.
 * - `empty-lists`: committed; every list in the answer is empty.
 * - `certificates`: committed; the certificates in the answer, JSON or PEM, come in this form.
 */
export type Fault =
    | { kind: "lost-answer" | "dropped"; reset?: boolean | undefined }
    | { kind: "delayed-commit" | "slow-headers" | "slow-body"; ms: number }
    | { kind: "html"; status?: number | undefined; commit?: boolean | undefined }
    | { kind: "firewall"; status?: number | undefined }
    | { kind: "cut-off"; shortened?: boolean | undefined }
    | { kind: "rate-limited"; retryAfter?: number | string | undefined }
    | { kind: "redirect"; location: string; status?: number | undefined }
    | { kind: "huge-body"; bytes: number }
    | { kind: "content-type"; value: string }
    | {
          kind: "respond";
          status: number;
          body?: unknown;
          headers?: Record<string, string> | undefined;
          commit?: boolean | undefined;
      }
    | { kind: "extra-members" | "replace-members"; members: Record<string, unknown> }
    | { kind: "missing-member" | "wrong-type"; member?: number | undefined }
    | { kind: "unknown-status"; status: string }
    | { kind: "empty-lists" }
    | { kind: "certificates"; form: (typeof certificateForms)[number] };

const faults = [
    z.object({ kind: z.literal("lost-answer"), reset: z.boolean().default(false) }),
    z.object({ kind: z.literal("dropped"), reset: z.boolean().default(false) }),
    z.object({ kind: z.literal("delayed-commit"), ms }),
    z.object({ kind: z.literal("html"), status: z.int().default(502), commit }),
    z.object({ kind: z.literal("cut-off"), shortened: z.boolean().default(false) }),
    z.object({ kind: z.literal("rate-limited"), retryAfter: z.union([z.number(), z.string()]).optional() }),
    z.object({ kind: z.literal("slow-headers"), ms }),
    z.object({ kind: z.literal("firewall"), status: z.int().default(403) }),
    z.object({ kind: z.literal("slow-body"), ms }),
    z.object({ kind: z.literal("redirect"), location: z.string(), status: z.int().default(302) }),
    z.object({ kind: z.literal("huge-body"), bytes: z.int().min(0) }),
    z.object({ kind: z.literal("content-type"), value: z.string() }),
    z.object({
        kind: z.literal("respond"),
        status: z.int(),
        body: z.unknown().optional(),
        headers: z.record(z.string(), z.string()).optional(),
        commit,
    }),
    z.object({ kind: z.literal("extra-members"), members }),
    z.object({ kind: z.literal("replace-members"), members }),
    /** Committed; one member, at any depth, is left out: the first, the second, …, beginning again after the last. */
    z.object({ kind: z.literal("missing-member"), member }),
    /** Committed; one member, chosen in the same way, has a value of another type. */
    z.object({ kind: z.literal("wrong-type"), member }),
    /** Committed; every `status` in the answer is replaced by this status. */
    z.object({ kind: z.literal("unknown-status"), status: z.string() }),
    /** Committed; every list in the answer is empty. */
    z.object({ kind: z.literal("empty-lists") }),
    /** Committed; the certificates in the answer, JSON or PEM, come in this form. */
    z.object({ kind: z.literal("certificates"), form: z.enum(certificateForms) }),
] as const;

/**
 * The kinds of faults.
 *
 * @internal
 */
export const faultKinds: readonly Fault["kind"][] = faults.map((fault) => fault.shape.kind.value);

const faultSchema = z.discriminatedUnion("kind", faults) satisfies z.ZodType<unknown, Fault>;

/**
 * A fault with its defaults.
 *
 * @internal
 */
export type CompleteFault = z.output<typeof faultSchema>;

const selector = z.object({
    method: z.string().optional(),
    path: z.string().optional(),
    nth: z.int().min(1).default(1),
    times: z.int().min(1).default(1),
});

/** Selects the requests to which a fault applies. */
export interface FaultSelector {
    /** Method of the request; default any. */
    method?: string;
    /**
     * Path under `/services/v2`: text with `:name` for one segment and `*` for anything (without the query), or a RegExp over
     * path and query. Default: any.
     */
    path?: string | RegExp;
    /** Number of the first matching request to which the fault applies, counted from 1. */
    nth?: number;
    /** Number of matching requests to which it applies, default 1; `Infinity` for all. */
    times?: number;
}

/** A fault and the requests to which it applies. */
export type FaultRule = FaultSelector & Fault;

/** Decides the fault of each request; undefined for no fault. */
export type FaultChoice = (method: string, path: string) => Fault | undefined;

/**
 * A rule in the form of the admin interface.
 *
 * @internal
 */
export const faultRuleSchema = z.intersection(selector, faultSchema);

/**
 * Adds the defaults; throws if the fault is invalid.
 *
 * @internal
 */
export function completeFault(rule: Fault): CompleteFault {
    return faultSchema.parse(rule);
}
