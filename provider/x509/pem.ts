/**
 * PEM framing (RFC 7468).
 *
 * @module
 */

/** One block of a PEM text. */
export interface PemBlock {
    readonly label: string;
    /** The text between the lines, white space included. */
    readonly base64: string;
}

/** All blocks of a text, in order. */
export function pemBlocks(text: string): PemBlock[] {
    return [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g)].map(
        ([, label = "", base64 = ""]) => ({ label, base64 }),
    );
}

/** DER as PEM: 64 columns, `\n` line ends, one at the end. */
export function toPem(label: string, der: Uint8Array): string {
    const lines =
        Buffer.from(der)
            .toString("base64")
            .match(/.{1,64}/g) ?? [];
    return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
