/**
 * The function `getDcvRecords`: the DNS records for the token of a reissue. In Node, `dcvRecords` in the SDK does the same.
 *
 * @module
 */
import { z } from "zod";
import { RefusedError } from "../errors.js";
import { propertyPath } from "../inputs/paths.js";
import { text } from "../reissue/inputs.js";
import { NameProblem } from "../x509/names.js";
import type { RecordsInputName } from "./declaration.js";
import { recordPlaces, recordValue, type RecordPlace } from "./records.js";

const METHODS = ["dns-txt-token", "dns-cname-token"] as const;

/** All inputs; a name that `RECORDS_INPUTS` has and this schema has not, or the other way round, does not compile. */
const inputs = z.object({
    names: z.array(text("a DNS name"), { error: "must be a list of DNS names" }),
    dcvRandomValue: text("the token of the reissue").nullish(),
    dcvMethod: z.enum(METHODS, { error: `must be "${METHODS.join('" or "')}"` }).nullish(),
} satisfies Record<RecordsInputName, z.ZodType>);

/** A record to publish. */
export interface DcvRecord extends RecordPlace {
    /** The token; for a CNAME record `<token>.dcv.digicert.com`. */
    readonly value: string;
}

/**
 * Lists the records to publish, one for each domain that DigiCert validates.
 *
 * @throws RefusedError if an input is invalid.
 */
export function getDcvRecords(given: Readonly<Record<string, unknown>>): { readonly records: DcvRecord[] } {
    const { names, dcvRandomValue, dcvMethod } = checkInputs(given);
    const method = dcvMethod ?? "dns-txt-token";
    try {
        const value = recordValue(dcvRandomValue ?? undefined, method);
        return { records: recordPlaces(names, method).map((place) => ({ ...place, value })) };
    } catch (error) {
        if (error instanceof NameProblem) throw refusal(error.message);
        throw error;
    }
}

function checkInputs(given: Readonly<Record<string, unknown>>): z.output<typeof inputs> {
    const parsed = inputs.safeParse(given);
    if (parsed.success) return parsed.data;
    throw refusal(
        parsed.error.issues.map(({ path, message }) => `${propertyPath(path)} ${message}`).join("; "),
    );
}

function refusal(what: string): RefusedError {
    return new RefusedError(`Making the records for domain validation: ${what}`, {
        remedy: "correctProgram",
    });
}
