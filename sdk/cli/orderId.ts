/**
 * Order ids on the command line.
 *
 * @module
 */
import { InvalidArgumentError } from "commander";

/** An order id as DigiCert writes it. What was given is not repeated: it may be a key in the wrong place. */
export function orderIdOf(text: string): string {
    const id = text.trim();
    if (/^[1-9]\d{0,15}$/.test(id) && Number.isSafeInteger(Number(id))) return id;
    throw new InvalidArgumentError("An order id is a number, as CertCentral shows it.");
}
