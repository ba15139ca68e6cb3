/**
 * Order ids on the command line.
 *
 * @module
 */
import { UsageError } from "./cli.js";

/**
 * An order id as DigiCert writes it.
 *
 * @throws UsageError without repeating what was given: it may be a key in the wrong place.
 */
export function orderIdOf(text: string): string {
    const id = text.trim();
    if (/^[1-9]\d{0,15}$/.test(id) && Number.isSafeInteger(Number(id))) return id;
    throw new UsageError(
        "Reading the arguments: an order id is a number, as CertCentral shows it; one of these is none.",
    );
}
