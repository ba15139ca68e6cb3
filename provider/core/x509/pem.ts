/**
 * Reads and writes PEM (RFC 7468).
 *
 * @module
 */

/** One block of a PEM text. */
export interface PemBlock {
    readonly label: string;
    /** The text between the lines, white space included. */
    readonly base64: string;
}

/** Columns of a line of base64. */
const LINE = 64;
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g;

/** Lists the blocks of a text, in order. */
export function pemBlocks(text: string): PemBlock[] {
    return [...text.matchAll(BLOCK)].map(([, label = "", base64 = ""]) => ({ label, base64 }));
}

/** Replaces the blocks of a text for which `isMeant` returns true. */
export function replacePemBlocks(
    text: string,
    isMeant: (block: PemBlock) => boolean,
    replacement: string,
): string {
    return text.replace(BLOCK, (block: string, label: string, base64: string) =>
        isMeant({ label, base64 }) ? replacement : block,
    );
}

/** Writes DER as PEM: 64 columns, `\n` line ends, one at the end. */
export function toPem(label: string, der: Uint8Array): string {
    const base64 = Buffer.from(der).toString("base64");
    let lines = "";
    for (let start = 0; start < base64.length; start += LINE)
        lines += `${base64.slice(start, start + LINE)}\n`;
    return `-----BEGIN ${label}-----\n${lines}-----END ${label}-----\n`;
}
