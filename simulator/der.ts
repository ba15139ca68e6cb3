// Writes the DER of a certificate, so that it can be signed synchronously. @peculiar/x509 signs asynchronously, with WebCrypto;
// the simulator handles each request synchronously, so that concurrent requests cannot interleave.

const SEQUENCE = 0x30;

/** One DER element. */
export function element(tag: number, ...content: Uint8Array[]): Buffer {
    const body = Buffer.concat(content);
    if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
    const digits = body.length.toString(16);
    const length = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
    return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

/** SEQUENCE. */
export function sequence(...content: Uint8Array[]): Buffer {
    return element(SEQUENCE, ...content);
}

/** INTEGER from the bytes of a positive number. */
export function integer(bytes: Uint8Array): Buffer {
    const sign = (bytes[0] ?? 0) & 0x80 ? Buffer.from([0]) : Buffer.alloc(0);
    return element(0x02, sign, bytes);
}

/** BIT STRING of whole bytes. */
export function bitString(content: Uint8Array): Buffer {
    return element(0x03, Buffer.from([0]), content);
}

/** UTCTime up to 2049, GeneralizedTime after it (RFC 5280, section 4.1.2.5). */
export function time(date: Date): Buffer {
    const digits = `${date.toISOString().slice(0, 19).replace(/[-T:]/g, "")}Z`;
    return date.getUTCFullYear() < 2050
        ? element(0x17, Buffer.from(digits.slice(2)))
        : element(0x18, Buffer.from(digits));
}

function header(der: Buffer, at: number): { start: number; end: number } {
    const first = der.readUInt8(at + 1);
    if (first < 0x80) return { start: at + 2, end: at + 2 + first };
    const size = first & 0x7f;
    const start = at + 2 + size;
    return { start, end: start + der.readUIntBE(at + 2, size) };
}

/** Lists the elements inside a constructed element, each with its header. */
export function children(der: Buffer): Buffer[] {
    const outer = header(der, 0);
    const found: Buffer[] = [];
    for (let at = outer.start; at < outer.end;) {
        const { end } = header(der, at);
        found.push(der.subarray(at, end));
        at = end;
    }
    return found;
}

/** The content of an element, without its header. */
export function content(der: Buffer): Buffer {
    const { start, end } = header(der, 0);
    return der.subarray(start, end);
}
