/** The DNS server of examples/validation: a real one, on the loopback address. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { join } from "node:path";
import { Child } from "./child.js";
import { cleanEnvironment } from "./environment.js";
import { repositoryRoot } from "./paths.js";

/** A running DNS server. */
export interface Knot {
    /** `HOST:PORT`. */
    readonly address: string;
    /** A folder with `knsupdate`, where that is not installed. */
    readonly bin: string;
    close(): Promise<void>;
}

/**
 * Starts a server for a zone.
 *
 * @param key - changes have to be signed with it: `hmac-sha256:NAME SECRET`; default none
 * @returns the reason why there is none, on a machine that has neither Knot nor Debian's packages
 */
export async function startKnot(zone: string, key?: string): Promise<Knot | string> {
    const port = await freePort();
    const folder = join(repositoryRoot, "node_modules", ".cache", "knot");
    const script = join(repositoryRoot, "examples", "validation", "dns-server.sh");
    const child = new Child("sh", [script, String(port), zone], {
        env: cleanEnvironment({ KNOT_FOLDER: folder, ...(key !== undefined && { DNS_KEY: key }) }),
    });
    try {
        await child.waitForLine(/^DNS server for/, 600_000);
    } catch {
        await child.end();
        return child.output.trim();
    }
    return { address: `127.0.0.1:${port}`, bin: join(folder, "bin"), close: () => child.end() };
}

async function freePort(): Promise<number> {
    const socket = createSocket("udp4").bind(0, "127.0.0.1");
    await once(socket, "listening");
    const { port } = socket.address();
    socket.close();
    return port;
}
