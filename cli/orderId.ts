/**
 * Order ids on the command line.
 *
 * @module
 */
import { UsageError } from "./command.js";

/**
 * Reads an order id as DigiCert writes it.
 *
 * @param position - number of the order id on the command line, from 1
 * @throws UsageError that names the position and does not quote the text, which may be an API key in the wrong place.
 */
export function parseOrderId(text: string, position: number): string {
    const id = text.trim();
    if (/^[1-9]\d{0,15}$/.test(id) && Number.isSafeInteger(Number(id))) return id;
    throw new UsageError(
        `Order id ${position} on the command line is not an order id. Give a number such as 112233, as CertCentral shows it.`,
    );
}
