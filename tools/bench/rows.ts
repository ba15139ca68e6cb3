/** The orders of a run. */
import { makeKeyAndCsr } from "../../simulator/index.js";

/** An order, and the certificate to request for it. */
export interface Row {
    readonly name: string;
    readonly orderId: number;
    readonly commonName: string;
    readonly dnsNames: string[];
    readonly csr: string;
}

/** First order id; all ids have the same length. */
const FIRST_ORDER = 1_000_001;
const known: Row[] = [];

/** Makes a number of rows; keys and CSRs are made once per process. */
export async function rows(count: number): Promise<readonly Row[]> {
    for (let index = known.length; index < count; index++) {
        const name = `site-${String(index).padStart(4, "0")}`;
        const commonName = `${name}.example`;
        const dnsNames = [commonName, `www.${commonName}`];
        const { csrPem } = await makeKeyAndCsr({ commonName, dnsNames });
        known.push({ name, orderId: FIRST_ORDER + index, commonName, dnsNames, csr: csrPem });
    }
    return known.slice(0, count);
}
