/**
 * `check`: the rules of the inputs, and the CSR looked into.
 *
 * @module
 */
import { checkCsr, CsrProblem } from "../x509/csr.js";
import { parseInputs, type Failure } from "./inputs.js";
import type { ReissueInputs } from "./state.js";
import { UNKNOWN } from "../unknown.js";

/**
 * Validates everything that can be known without the network; in a preview, unknown parts pass.
 *
 * @param apiKeys - API keys of DigiCert, which no input may hold
 * @param recorded - the inputs in the state. Their CSR was checked when it came there; to look into it again would be
 * most of what a run without changes costs.
 */
export async function checkInputs(
    given: Record<string, unknown>,
    apiKeys: readonly string[] = [],
    recorded: Record<string, unknown> = {},
): Promise<{ inputs?: ReissueInputs; failures: Failure[] }> {
    const { inputs, failures } = parseInputs(given, apiKeys);
    const csr = csrIn(given);
    const isRecorded = csr === csrIn(recorded);
    const pem = csr === undefined || isRecorded ? csr : await normalCsr(csr, failures);
    if (!inputs || failures.length > 0) return { failures };
    if (pem === undefined) return { inputs, failures };
    return { inputs: { ...inputs, certificate: { ...inputs.certificate, csr: pem } }, failures };
}

/** The CSR, if it is known and a text; everything else has been reported by its schema. */
function csrIn({ certificate }: Record<string, unknown>): string | undefined {
    const csr =
        typeof certificate === "object" && certificate !== null && "csr" in certificate
            ? certificate.csr
            : undefined;
    return typeof csr === "string" && csr !== UNKNOWN ? csr : undefined;
}

/** The CSR as PEM; what is wrong with it goes to the failures, unless a private key was found in its place. */
async function normalCsr(csr: string, failures: Failure[]): Promise<string | undefined> {
    const property = "certificate.csr";
    try {
        return (await checkCsr(csr)).pem;
    } catch (problem) {
        if (!(problem instanceof CsrProblem)) throw problem;
        if (!failures.some((failure) => failure.property === property))
            failures.push({ property, reason: problem.message });
        return undefined;
    }
}
