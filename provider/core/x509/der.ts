/**
 * Reads DER (X.690); only the types that a certificate signing request uses.
 *
 * @module
 */
import { remembered } from "./cache.js";

const SEQUENCE = 0x30;

/** A DER element, somewhere in its `bytes`. Its parts are cut out when they are asked for, because most are not. */
export class Element {
    constructor(
        private readonly bytes: Buffer,
        private readonly start: number,
        readonly tag: number,
        private readonly contentStart: number,
        private readonly end: number,
    ) {}

    /** The element with its header. */
    get der(): Buffer {
        return this.bytes.subarray(this.start, this.end);
    }

    /** The element without its header. */
    get content(): Buffer {
        return this.bytes.subarray(this.contentStart, this.end);
    }

    /** Number of bytes, the header included. */
    get length(): number {
        return this.end - this.start;
    }

    /**
     * The elements inside this one.
     *
     * @throws RangeError if the content is not a row of elements.
     */
    children(): Element[] {
        const found: Element[] = [];
        for (let start = this.contentStart; start < this.end;) {
            const element = readElement(this.bytes, start, this.end);
            found.push(element);
            start = element.end;
        }
        return found;
    }
}

/**
 * Reads the element that begins at `start`.
 *
 * @throws RangeError if there is no element, or if it ends behind `limit`.
 */
export function readElement(bytes: Buffer, start = 0, limit = bytes.length): Element {
    if (start + 2 > limit) throw new RangeError("cut off");
    const tag = bytes.readUInt8(start);
    const first = bytes.readUInt8(start + 1);
    const lengthBytes = first < 0x80 ? 0 : first - 0x80;
    // An indefinite length is not allowed in DER, and a CSR is shorter than a length of five bytes can express.
    if (first === 0x80 || lengthBytes > 4) throw new RangeError("not DER");
    const contentStart = start + 2 + lengthBytes;
    const end = contentStart + (lengthBytes === 0 ? first : bytes.readUIntBE(start + 2, lengthBytes));
    if (end > limit) throw new RangeError("cut off");
    return new Element(bytes, start, tag, contentStart, end);
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
    return dotted(content.toString("latin1"));
}

/** Writes the name of an algorithm once, because CSRs name the same few algorithms. */
const dotted = remembered(100, (octets) => {
    const [first = 0, ...arcs] = arcsOf(Buffer.from(octets, "latin1"));
    const root = Math.min(2, Math.floor(first / 40));
    return [root, first - 40 * root, ...arcs].join(".");
});

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
