import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";

/** An HTTP server on the loopback address. */
export interface Listener {
    readonly port: number;
    close(): Promise<void>;
}

/**
 * Starts a server.
 *
 * @param port - 0 takes a free one
 * @param now - the time that the `Date` header of its answers tells
 */
export async function listen(
    port: number,
    serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
    now: () => Date = () => new Date(),
): Promise<Listener> {
    const server: Server = createServer((request, response) => {
        response.setHeader("date", now().toUTCString());
        serve(request, response).catch((error: unknown) => {
            response.destroy();
            // A client that goes away before its request is complete is its own affair; anything else is a mistake here.
            if (request.complete) process.emitWarning(error instanceof Error ? error : String(error));
        });
    });
    // The client decides when a connection has been idle for too long; else it would meet ours closing by chance.
    server.keepAliveTimeout = 600_000;
    await new Promise<void>((resolve, reject) => {
        server.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
    return {
        port: (server.address() as AddressInfo).port,
        close: () =>
            new Promise<void>((resolve) => {
                server.close(() => {
                    resolve();
                });
                server.closeAllConnections();
            }),
    };
}
