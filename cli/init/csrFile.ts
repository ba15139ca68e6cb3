/**
 * The CSR file that `--csr` names.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { checkCsr, CsrProblem, type Csr } from "../../provider/core/x509/csr.js";
import { describeFileError, UsageError } from "../command.js";

/**
 * Reads and checks the file as the program will read it.
 *
 * @throws UsageError that says what the file is instead of a CSR, without repeating its content.
 */
export function readCsrFile(file: string): Csr {
    try {
        const text = readFileSync(file, "utf8");
        if (text.trim() === "") throw new CsrProblem("is empty");
        return checkCsr(text);
    } catch (error) {
        const problem = error instanceof CsrProblem ? error.message : describeFileError(error);
        throw new UsageError(
            `Reading the CSR (--csr): ${file} ${problem}. Name a file that holds a CSR as PEM.`,
        );
    }
}
