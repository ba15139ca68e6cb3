/**
 * Addresses of servers on the command line.
 *
 * @module
 */
import { InvalidArgumentError } from "commander";

/**
 * Checks `HOST:PORT`.
 *
 * @throws InvalidArgumentError for anything else.
 */
export function parseServer(text: string): string {
    const [, port = ""] = /^(?:[\w.-]+|\[[\da-f:]+\]):(\d{1,5})$/i.exec(text) ?? [];
    if (Number(port) > 0 && Number(port) <= 65535) return text;
    throw new InvalidArgumentError("It is not an address such as 127.0.0.1:5354.");
}
