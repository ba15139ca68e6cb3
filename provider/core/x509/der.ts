/**
 * DER (X.690), as far as a certificate signing request needs it.
 *
 * @module
 */

/** One element. */
export interface Element {
    readonly tag: number;
    /** With its header. */
    readonly der: Buffer;
    /** Without its header. */
    readonly content: Buffer;
}

const SEQUENCE = 0x30;

/**
 * The element at the beginning of some bytes.
 *
 * @throws RangeError when they hold none.
 */
export function readElement(bytes: Buffer): Element {
    const tag = bytes.readUInt8(0);
    const first = bytes.readUInt8(1);
    const lengthBytes = first < 0x80 ? 0 : first - 0x80;
    const start = 2 + lengthBytes;
    // An indefinite length is BER, and more than four bytes of length are more than any text is long.
    if (first === 0x80 || lengthBytes > 4) throw new RangeError("no DER");
    const length = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes);
    if (start + length > bytes.length) throw new RangeError("cut off");
    return { tag, der: bytes.subarray(0, start + length), content: bytes.subarray(start, start + length) };
}

/** The elements that an element holds. */
export function children({ content }: Element): Element[] {
    const found: Element[] = [];
    for (let rest = content; rest.length > 0;) {
        const element = readElement(rest);
        found.push(element);
        rest = rest.subarray(element.der.length);
    }
    return found;
}

/** SEQUENCE. */
export function sequence(...elements: readonly Buffer[]): Buffer {
    const content = Buffer.concat(elements);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    // A length of four bytes is BER, not DER; OpenSSL reads both.
    return Buffer.concat([Buffer.from([SEQUENCE, 0x84]), length, content]);
}

/** An OBJECT IDENTIFIER in its dotted form. */
export function objectId({ content }: Element): string {
    const [first = 0, ...arcs] = arcsOf(content);
    const root = Math.min(2, Math.floor(first / 40));
    return [root, first - 40 * root, ...arcs].join(".");
}

function arcsOf(content: Buffer): number[] {
    const arcs: number[] = [];
    let arc = 0;
    for (const byte of content) {
        arc = arc * 128 + (byte & 0x7f);
        if (byte < 0x80) {
            arcs.push(arc);
            arc = 0;
        }
    }
    return arcs;
}
