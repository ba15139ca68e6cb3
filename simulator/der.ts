// @peculiar/x509 signs with WebCrypto only, which is asynchronous; a request to the simulator has to be handled in one go,
// so that concurrent ones cannot interleave. Hence these few lines: the frame of a certificate, signed synchronously.

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

/** UTCTime up to 2049, GeneralizedTime after it, as RFC 5280 wants. */
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

/** The elements inside a constructed one, each with its own header. */
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

/** What an element holds, without its header. */
export function content(der: Buffer): Buffer {
    const { start, end } = header(der, 0);
    return der.subarray(start, end);
}
