/**
 * Reads DER (X.690); only the types that a certificate signing request uses.
 *
 * @module
 */

/** A DER element. */
export interface Element {
    readonly tag: number;
    /** The element with its header. */
    readonly der: Buffer;
    /** The element without its header. */
    readonly content: Buffer;
}

const SEQUENCE = 0x30;

/**
 * Reads the element at the beginning of `bytes`.
 *
 * @throws RangeError if there is no element.
 */
export function readElement(bytes: Buffer): Element {
    const tag = bytes.readUInt8(0);
    const first = bytes.readUInt8(1);
    const lengthBytes = first < 0x80 ? 0 : first - 0x80;
    const start = 2 + lengthBytes;
    // An indefinite length is not allowed in DER, and a CSR is shorter than a length of five bytes can express.
    if (first === 0x80 || lengthBytes > 4) throw new RangeError("not DER");
    const length = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes);
    if (start + length > bytes.length) throw new RangeError("cut off");
    return { tag, der: bytes.subarray(0, start + length), content: bytes.subarray(start, start + length) };
}

/** Reads the elements inside an element. */
export function children({ content }: Element): Element[] {
    const found: Element[] = [];
    for (let rest = content; rest.length > 0;) {
        const element = readElement(rest);
        found.push(element);
        rest = rest.subarray(element.der.length);
    }
    return found;
}

/** Makes a SEQUENCE of elements. */
export function sequence(...elements: readonly Buffer[]): Buffer {
    const content = Buffer.concat(elements);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    // The length is always written in four bytes. That is BER, and OpenSSL reads BER as well as DER.
    return Buffer.concat([Buffer.from([SEQUENCE, 0x84]), length, content]);
}

/** Reads an OBJECT IDENTIFIER; returns its dotted form. */
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
