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
 * @param port - number of the port; 0 for any free port
 * @param now - the clock of the `Date` header
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
            // A client may go away before its request is complete; any other error is a bug of the simulator.
            if (request.complete) process.emitWarning(error instanceof Error ? error : String(error));
        });
    });
    // The client closes idle connections. If the server did, a request could meet a connection that is just being closed.
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
