/**
 * The part of a resource's state that the timeline needs. Everything comes from a file, so nothing is trusted.
 *
 * @module
 */
import { z } from "zod";
import type { ReissueState, Status } from "../../provider/core/reissue/state.js";
import { SECRET, type Recorded } from "./export.js";

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

/** What the timeline knows of a resource. */
export interface KnownState {
    /** The first name; that of the resource where there is none. */
    readonly commonName: string;
    /** All names, the common name first. */
    readonly names: readonly string[];
    /** For the plan; what the program wants is left out of it. */
    readonly state: ReissueState;
}

/**
 * The same for every resource: the timeline asks what happens while the program stays as it is, so what it wants
 * plays no part in the plan, and may be secret.
 */
const UNCHANGED: ReissueState["certificate"] = {
    dnsNames: [],
    csr: "",
    serverPlatform: { id: -1 },
    signatureHash: "sha256",
};

/** Reads a state; where that is impossible, says why in words that follow "the state of this resource". */
export function readState({ name, outputs }: Recorded): KnownState | { readonly unreadable: string } {
    const { success, data, error } = stateSchema.safeParse(outputs);
    if (!success) return { unreadable: whyNot(error.issues[0], outputs) };
    const { certificate, ...members } = data;
    // Only what the program wrote: the record of what was issued would tell names that it keeps secret.
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

function whyNot(issue: z.core.$ZodIssue | undefined, outputs: Readonly<Record<string, unknown>>): string {
    const path = issue?.path ?? [];
    const value = path.reduce<unknown>(
        (holder, key) => (holder as Record<PropertyKey, unknown> | undefined)?.[key],
        outputs,
    );
    const what = path.length === 0 ? "" : ` in ${path.join(".")}`;
    if (value === SECRET) return `has a secret${what}, which the timeline needs in clear`;
    if (value === undefined) return `lacks ${path.join(".")}`;
    const shown = typeof value === "string" ? ` "${value.slice(0, 80)}"` : "";
    return `holds something this version does not know${what}${shown}`;
}
