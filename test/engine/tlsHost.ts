/** A server on loopback in the place of a host of the internet. A program reaches it by that name, over TLS, through a proxy. */
import { readFileSync } from "node:fs";
import { createServer as createProxy, type RequestListener, type Server } from "node:http";
import { createServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { run } from "./child.js";
import { temporaryFolder } from "./folders.js";

/** A running server. */
export interface TlsHost {
    /** What lets a program of Go reach it: no port is needed in the address, and no other host is reached. */
    readonly env: Readonly<Record<string, string>>;
    close(): void;
}

/** Starts a server in the place of a host. */
export async function startTlsHost(name: string, answer: RequestListener): Promise<TlsHost> {
    const folder = temporaryFolder("tls");
    const [key, cert] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    const options = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`, "-days", "2"];
    const type = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const args = ["req", "-x509", ...type, "-keyout", key, "-out", cert, ...options];
    const { exitCode, output } = await run("openssl", args);
    if (exitCode !== 0) throw new Error(`Making a certificate for ${name}: ${output}`);

    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, answer);
    const port = await listen(server);
    const sockets = new Set<Socket>();
    const proxy = createProxy((_, response) => response.writeHead(403).end());
    proxy.on("connect", (request, socket: Socket) => {
        sockets.add(socket);
        socket.on("error", () => undefined);
        if (request.url !== `${name}:443`) {
            socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
            return;
        }
        const through = connect(port, "127.0.0.1");
        through.on("error", () => socket.destroy());
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(through).pipe(socket);
    });
    const address = `http://127.0.0.1:${await listen(proxy)}`;
    return {
        env: { HTTPS_PROXY: address, SSL_CERT_FILE: cert },
        close: () => {
            for (const socket of sockets) socket.destroy();
            proxy.close();
            server.close();
        },
    };
}

async function listen(server: Server | ReturnType<typeof createServer>): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
}
