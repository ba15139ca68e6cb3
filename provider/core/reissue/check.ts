/**
 * `check`: the rules of the inputs, and the CSR looked into.
 *
 * @module
 */
import type { Checked, CheckFailure } from "../resource.js";
import { UNKNOWN } from "../unknown.js";
import { checkCsr, CsrProblem } from "../x509/csr.js";
import { failureAt, parseInputs, type Parsed } from "./inputs.js";
import type { ReissueInputs } from "./state.js";

/**
 * Validates everything that can be known without the network; in a preview, unknown parts pass.
 *
 * @param recorded - the inputs in the state. Their CSR was checked when it came there; checking it again would be most of
 * what a run without changes costs.
 * @param apiKeys - API keys of DigiCert, which no input may hold
 */
export function checkInputs(
    given: Readonly<Record<string, unknown>>,
    recorded: Readonly<Record<string, unknown>> = {},
    apiKeys: readonly string[] = [],
): Checked<ReissueInputs> {
    return checkCertificate(parseInputs(given, apiKeys), given, recorded);
}

/** Adds to parsed inputs what their CSR is. */
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

/** The CSR, if it is known and a text; everything else has been reported by its schema. */
function csrIn({ certificate }: Readonly<Record<string, unknown>>): string | undefined {
    const csr =
        typeof certificate === "object" && certificate !== null && "csr" in certificate
            ? certificate.csr
            : undefined;
    return typeof csr === "string" && csr !== UNKNOWN ? csr : undefined;
}

/** The CSR as PEM; what is wrong with it is added to the failures, unless a private key was found in its place. */
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
