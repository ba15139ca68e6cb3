/**
 * The inputs of a validation: their rules, their defaults, their normal form.
 *
 * @module
 */
import { z } from "zod";
import { checkCertificate } from "../reissue/check.js";
import {
    certificateSchema,
    days,
    dcvMethodSchema,
    flag,
    optional,
    orderIdSchema,
    orUnknown,
    parseWith,
    text,
    timeoutSchema,
    withDefault,
} from "../reissue/inputs.js";
import { makeCertificateReissueId, readReissueId } from "../reissue/reissueId.js";
import type { Checked } from "../resource.js";
import { UNKNOWN } from "../unknown.js";
import type { InputName } from "./declaration.js";
import type { ValidationInputs } from "./state.js";

const id = (what: string) =>
    z.int({ error: `must be the id of ${what}` }).positive(`must be the id of ${what}`);
const ids = z.array(orUnknown(id("an approval request")), {
    error: "must be a list of ids of approval requests",
});

const schema = z.strictObject({
    orderId: orUnknown(orderIdSchema),
    certificate: orUnknown(certificateSchema),
    reissueId: orUnknown(
        text("the output reissueId of a reissue; a refresh adds it to a state of release 0.1.0").refine(
            (value) => readReissueId(value) !== undefined,
            "is not the output reissueId of a reissue; pass that one on as it is",
        ),
    ),
    certificateId: optional(id("a certificate")),
    requestIds: optional(ids),
    dcvRandomValue: optional(text("the token of the reissue")),
    dcvMethod: optional(dcvMethodSchema),
    issuanceTimeoutSeconds: withDefault(timeoutSchema, 1800),
    waitForApproval: withDefault(flag("wait for an approver"), false),
    allowPendingOutputs: withDefault(
        flag("succeed without a certificate while an approver is waited for"),
        false,
    ),
    failDaysRemaining: optional(days("fail when fewer are left and no successor is issued")),
} satisfies Record<InputName, z.ZodType>);

/** Validates and normalises; reports everything that is wrong at once. */
export function checkInputs(
    given: Readonly<Record<string, unknown>>,
    recorded: Readonly<Record<string, unknown>>,
    apiKeys: readonly string[],
): Checked<ValidationInputs> {
    return checkCertificate(parseWith(schema, withReissueId(given), apiKeys), given, recorded);
}

/** A reissue in a state of release 0.1.0 has no `reissueId`; if it is issued, the id of its certificate names it as well. */
function withReissueId(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const { reissueId, certificateId } = given;
    if ((reissueId ?? undefined) !== undefined) return given;
    if (certificateId === UNKNOWN) return { ...given, reissueId: UNKNOWN };
    return typeof certificateId === "number"
        ? { ...given, reissueId: makeCertificateReissueId(certificateId) }
        : given;
}
