/**
 * Reads the part of a resource's state that the timeline needs. It comes from a file, so all of it is checked.
 *
 * @module
 */
import { z } from "zod";
import { quote } from "../../provider/core/quote.js";
import type { ReissueState, Status } from "../../provider/core/reissue/state.js";
import { SECRET, type ExportedResource } from "./export.js";
import type { TimelineState } from "./next.js";

const STATUSES = [
    "issued",
    "pending_approval",
    "pending_issuance",
    "rejected",
    "revoked",
    "expired",
    "unknown",
] as const satisfies readonly Status[];

const instant = z.string().refine((text) => text !== SECRET && !Number.isNaN(Date.parse(text)), {
    error: (issue) => (issue.input === SECRET ? "is secret" : "is not a date"),
});
const names = z.union([z.array(z.string()), z.literal(SECRET).transform(() => [SECRET])]).default([]);

const stateSchema = z.object({
    orderId: z.string(),
    certificate: z.union([
        z.object({ commonName: z.string().optional(), dnsNames: names }),
        z.literal(SECRET).transform(() => ({ commonName: SECRET, dnsNames: [] })),
    ]),
    status: z.enum(STATUSES),
    requestIds: z.array(z.number()).default([]),
    minDaysRemaining: z.number().optional(),
    failDaysRemaining: z.number().optional(),
    certificateId: z.number().optional(),
    orderValidTill: instant.optional(),
    orderEnd: z.string().optional(),
    renewedOrderId: z.coerce.string().optional(),
    dcvRandomValue: z.string().optional(),
    asked: z.object({ marker: z.string(), at: instant, rejection: z.string().optional() }).optional(),
    issued: z
        .object({
            certificateId: z.number(),
            wanted: z.string(),
            names: z.array(z.string()).default([]),
            validFrom: instant,
            validTill: instant,
        })
        .optional(),
});

/** The state of a resource, as the timeline needs it. */
export interface RecordedState {
    /** The first name of the certificate, else the name of the resource. */
    readonly commonName: string;
    /** All names of the certificate, the common name first. */
    readonly names: readonly string[];
    /** For the plan; its `certificate` is {@link UNCHANGED}. */
    readonly state: TimelineState;
}

/**
 * The certificate in every state that the timeline reads. The timeline plans for an unchanged program, so the inputs play no
 * part in the plan, and may be secret.
 */
const UNCHANGED: ReissueState["certificate"] = {
    dnsNames: [],
    csr: "",
    serverPlatform: { id: -1 },
    signatureHash: "sha256",
};

/** Reads a state. `unreadable` says why it cannot be read, in words that follow "the state of this resource". */
export function readRecordedState({
    name,
    outputs,
}: ExportedResource): RecordedState | { readonly unreadable: string } {
    const { success, data, error } = stateSchema.safeParse(outputs);
    if (!success) return { unreadable: describeIssue(error.issues[0], outputs) };
    const { certificate, ...members } = data;
    // The names of the program, not those of the issued certificate: the program may keep its names secret.
    const names = [...new Set([certificate.commonName ?? [], certificate.dnsNames].flat())];
    return {
        commonName: names[0] ?? name,
        names,
        state: {
            ...members,
            certificate: UNCHANGED,
            skipApproval: false,
            waitForApproval: false,
            issuanceTimeoutSeconds: 0,
            allowPendingOutputs: false,
            adoptExisting: false,
            deletionPolicy: "forget",
        },
    };
}

function describeIssue(
    issue: z.core.$ZodIssue | undefined,
    outputs: Readonly<Record<string, unknown>>,
): string {
    const path = issue?.path ?? [];
    const value = path.reduce<unknown>(
        (holder, key) => (holder as Record<PropertyKey, unknown> | undefined)?.[key],
        outputs,
    );
    const member = path.length === 0 ? "" : ` in ${path.join(".")}`;
    if (value === SECRET) return `has a secret${member}, which the timeline needs in clear`;
    if (value === undefined) return `lacks ${path.join(".")}`;
    const shown = typeof value === "string" ? ` "${quote(value.slice(0, 80))}"` : "";
    return `has a value that this version does not know${member}${shown}`;
}
