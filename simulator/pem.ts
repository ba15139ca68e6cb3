/** Writes DER as PEM, with `\n` line ends, one at the end. */
export function toPem(label: string, der: Uint8Array): string {
    const lines = Buffer.from(der)
        .toString("base64")
        .replace(/.{64}(?!$)/g, "$&\n");
    return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

/** Reads PEM or bare base64, with any label and any line ends; returns the DER. */
export function fromPem(text: string): Buffer {
    return Buffer.from(text.replace(/-----[^-]*-----/g, ""), "base64");
}

/** Converts PEM to `\r\n` line ends, which DigiCert sends. */
export function withCrLf(pem: string): string {
    return pem.replace(/\r?\n/g, "\r\n");
}
