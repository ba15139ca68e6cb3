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
export async function readCsrFile(file: string): Promise<Csr> {
    const refuse = (problem: string): UsageError =>
        new UsageError(
            `Reading the CSR (--csr): ${file} ${problem}. Name a file with the PEM of a CSR, as \`openssl req -new\` makes it.`,
        );
    let bytes: Buffer;
    try {
        bytes = readFileSync(file);
    } catch (error) {
        throw refuse(describeFileError(error));
    }
    const encoding = nameEncoding(bytes);
    if (encoding !== undefined) throw refuse(encoding);
    try {
        return await checkCsr(bytes.toString("utf8"));
    } catch (error) {
        if (!(error instanceof CsrProblem)) throw error;
        throw refuse(error.message);
    }
}

/** Names encodings that programs other than openssl write, in words that follow the file's name. */
function nameEncoding(bytes: Buffer): string | undefined {
    if (bytes.length === 0) return "is empty";
    const mark = bytes.subarray(0, 2).toString("hex");
    const hasZeros = bytes.subarray(0, 64).includes(0) && bytes[0] !== DER_SEQUENCE;
    if (mark === "fffe" || mark === "feff" || hasZeros) return "is UTF-16 text; save it as ASCII or UTF-8";
    if (bytes[0] === DER_SEQUENCE && bytes.includes(0)) {
        return "is in DER form; convert it with `openssl req -inform der -in FILE -out FILE.pem`";
    }
    if (/^-----BEGIN [A-Z ]+-----(?:\\r)?\\n/.test(bytes.toString("latin1").trim())) {
        return "has the two characters \\n in place of line ends";
    }
    return undefined;
}

/** The first byte of every ASN.1 SEQUENCE, and the digit "0". */
const DER_SEQUENCE = 0x30;
