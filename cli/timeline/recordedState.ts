/**
 * Reads the part of a resource's state that the timeline needs, with the schema of the resource.
 *
 * @module
 */
import { z } from "zod";
import { quote } from "../../provider/core/quote.js";
import type { ReissueState } from "../../provider/core/reissue/state.js";
import { stateSchema } from "../../provider/core/reissue/stateSchema.js";
import { SECRET, type ExportedResource } from "./export.js";

/** The outputs and records. Inputs are not read: the plan of an unchanged program does not need them, and they may be secret. */
const timelineSchema = stateSchema.pick({
    orderId: true,
    status: true,
    requestIds: true,
    minDaysRemaining: true,
    failDaysRemaining: true,
    certificateId: true,
    orderValidTill: true,
    orderEnd: true,
    renewedOrderId: true,
    dcvRandomValue: true,
    asked: true,
    issued: true,
});

/** Inputs that take the place of those in the state. */
const UNCHANGED = {
    certificate: { dnsNames: [], csr: "", serverPlatform: { id: -1 }, signatureHash: "sha256" },
    skipApproval: false,
    waitForApproval: false,
    issuanceTimeoutSeconds: 0,
    allowPendingOutputs: false,
    adoptExisting: false,
    deletionPolicy: "forget",
} as const;

/** A name or a list of names, which may be secret. */
const secret = z.literal(SECRET);
const namesSchema = z.union([
    secret.transform(() => [SECRET]),
    z
        .object({
            commonName: z.string().optional(),
            dnsNames: z.union([z.array(z.string()), secret.transform(() => [SECRET])]).default([]),
        })
        .transform(({ commonName, dnsNames }) => [commonName ?? [], dnsNames].flat()),
]);

/** The state of a resource, as the timeline needs it. */
export interface RecordedState {
    /** The first name of the certificate, or else the name of the resource. */
    readonly commonName: string;
    /** All names of the certificate, the common name first. */
    readonly names: readonly string[];
    /** The state for the plan of an unchanged program. */
    readonly state: ReissueState;
}

/** Reads a state. `unreadable` says why it cannot be read, in words that follow "the state of this resource". */
export function readRecordedState({
    name,
    outputs,
}: ExportedResource): RecordedState | { readonly unreadable: string } {
    const read = z.object({ certificate: namesSchema }).and(timelineSchema).safeParse(outputs);
    if (!read.success) return { unreadable: describeIssue(read.error.issues[0], outputs) };
    const { certificate, ...members } = read.data;
    // The names come from the inputs, not from the issued certificate, because the program may keep its names secret.
    const names = [...new Set(certificate)];
    const state: ReissueState = {
        ...members,
        ...UNCHANGED,
        certificate: { ...UNCHANGED.certificate, dnsNames: [] },
    };
    return { commonName: names[0] ?? name, names, state };
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
