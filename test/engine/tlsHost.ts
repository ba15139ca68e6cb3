/** A server on loopback in the place of a host of the internet. A program of Go reaches it by that name, over TLS, through a proxy. */
import { writeFileSync } from "node:fs";
import { createServer as createProxy, type RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { startSimulator } from "../../simulator/index.js";
import { temporaryFolder } from "./folders.js";

/** A running server. */
export interface TlsHost {
    /** Lets a program of Go reach this host, and no other. */
    readonly env: Readonly<Record<string, string>>;
    close(): void;
}

/** Starts a server in the place of a host, with a certificate of the simulator's CA. */
export async function startTlsHost(name: string, answer: RequestListener): Promise<TlsHost> {
    const simulator = await startSimulator();
    const { keyPem: key, current } = await simulator.seedOrder({ commonName: name });
    await simulator.close();
    const root = join(temporaryFolder("tls"), "root.pem");
    writeFileSync(root, simulator.rootPem);
    const server = createServer({ key, cert: `${current.pem ?? ""}${simulator.issuingPem}` }, answer);
    const proxy = createProxy((_, response) => response.writeHead(403).end());
    proxy.on("connect", ({ url }, socket: Socket) => {
        socket.on("error", () => undefined);
        if (url !== `${name}:443`) {
            socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
            return;
        }
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        server.emit("connection", socket);
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as AddressInfo;
    return {
        env: { HTTPS_PROXY: `http://127.0.0.1:${port}`, SSL_CERT_FILE: root },
        close: () => {
            server.closeAllConnections();
            proxy.close();
        },
    };
}
