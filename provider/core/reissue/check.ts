/**
 * `check`: validates the inputs and reads the CSR.
 *
 * @module
 */
import type { Checked, CheckFailure } from "../resource.js";
import { UNKNOWN } from "../unknown.js";
import { checkCsr, CsrProblem } from "../x509/csr.js";
import { failureAt, parseInputs, type Parsed } from "./inputs.js";
import type { ReissueInputs } from "./state.js";

/**
 * Validates the inputs without the network. Values that are unknown in a preview are accepted.
 *
 * @param recorded - the inputs in the state. If their CSR is unchanged it is not checked again, because that check takes
 * longer than everything else in a run without changes.
 * @param apiKeys - DigiCert API keys in use; an input that holds one is a failure
 */
export function checkInputs(
    given: Readonly<Record<string, unknown>>,
    recorded: Readonly<Record<string, unknown>> = {},
    apiKeys: readonly string[] = [],
): Checked<ReissueInputs> {
    return checkCertificate(parseInputs(given, apiKeys), given, recorded);
}

/** Checks the CSR of parsed inputs, and writes it as PEM. */
export function checkCertificate<Inputs extends Pick<ReissueInputs, "certificate">>(
    { inputs, failures }: Parsed<Inputs>,
    given: Readonly<Record<string, unknown>>,
    recorded: Readonly<Record<string, unknown>>,
): Checked<Inputs> {
    const csr = csrIn(given);
    const isRecorded = csr === csrIn(recorded);
    const pem = csr === undefined || isRecorded ? csr : normaliseCsr(csr, failures);
    if (!inputs || failures.length > 0) return { failures };
    if (pem === undefined) return { inputs, failures };
    return { inputs: { ...inputs, certificate: { ...inputs.certificate, csr: pem } }, failures };
}

/** Returns the CSR if it is a known text; otherwise the schema has already reported the failure. */
function csrIn({ certificate }: Readonly<Record<string, unknown>>): string | undefined {
    const csr =
        typeof certificate === "object" && certificate !== null && "csr" in certificate
            ? certificate.csr
            : undefined;
    return typeof csr === "string" && csr !== UNKNOWN ? csr : undefined;
}

/** Converts the CSR to PEM. A failure is added to the list, unless a private key in place of the CSR was reported already. */
function normaliseCsr(csr: string, failures: CheckFailure[]): string | undefined {
    try {
        return checkCsr(csr).pem;
    } catch (problem) {
        if (!(problem instanceof CsrProblem)) throw problem;
        const failure = failureAt(["certificate", "csr"], problem.message);
        if (!failures.some(({ property }) => property === failure.property)) failures.push(failure);
        return undefined;
    }
}
