import { crc32 } from "node:zlib";

/** A file in an archive. */
export interface ZippedFile {
    name: string;
    content: Buffer;
}

// Date and time in the form of MS-DOS.
function dosTime(date: Date): { day: number; time: number } {
    const day = ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
    const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
    return { day, time };
}

// The fields that the header of a file and its entry in the directory share.
function common({ name, content }: ZippedFile, at: Date): Buffer {
    const { day, time } = dosTime(at);
    const header = Buffer.alloc(26);
    header.writeUInt16LE(20, 0); // version needed
    header.writeUInt16LE(time, 6);
    header.writeUInt16LE(day, 8);
    header.writeUInt32LE(crc32(content), 10);
    header.writeUInt32LE(content.length, 14);
    header.writeUInt32LE(content.length, 18);
    header.writeUInt16LE(Buffer.byteLength(name), 22);
    return header;
}

function signature(value: number): Buffer {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value, 0);
    return bytes;
}

/** Makes a zip archive of small files, stored without compression. */
export function zip(files: readonly ZippedFile[], at: Date): Buffer {
    const bodies: Buffer[] = [];
    const directory: Buffer[] = [];
    let offset = 0;
    for (const file of files) {
        const name = Buffer.from(file.name);
        const header = common(file, at);
        const place = Buffer.alloc(14);
        place.writeUInt32LE(offset, 10);
        const body = Buffer.concat([signature(0x04034b50), header, name, file.content]);
        directory.push(signature(0x02014b50), Buffer.from([20, 0]), header, place, name);
        bodies.push(body);
        offset += body.length;
    }
    const entries = Buffer.concat(directory);
    const end = Buffer.alloc(18);
    end.writeUInt16LE(files.length, 4);
    end.writeUInt16LE(files.length, 6);
    end.writeUInt32LE(entries.length, 8);
    end.writeUInt32LE(offset, 12);
    return Buffer.concat([...bodies, entries, signature(0x06054b50), end]);
}
