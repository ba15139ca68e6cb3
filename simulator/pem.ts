/** PEM of some DER, `\n` line ends, one at the end. */
export function toPem(label: string, der: Uint8Array): string {
    const lines = Buffer.from(der)
        .toString("base64")
        .replace(/.{64}(?!$)/g, "$&\n");
    return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

/** DER of PEM, or of bare base64, whatever the label and the line ends. */
export function fromPem(text: string): Buffer {
    return Buffer.from(text.replace(/-----[^-]*-----/g, ""), "base64");
}

/** The same with `\r\n` line ends, as DigiCert sends PEM. */
export function withCrLf(pem: string): string {
    return pem.replace(/\r?\n/g, "\r\n");
}
