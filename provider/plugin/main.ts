/**
 * The plugin `pulumi-resource-digicert`: a process that the engine starts with its own address, and talks to over gRPC.
 *
 * @module
 */
import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { REMEDIES } from "../pulumi/remedies.js";
import { Engine } from "./engine.js";
import { PluginProvider } from "./provider.js";
import { Server, type Identification } from "./server.js";

/** Pause between two checks of the engine; an engine that was killed sends no message. */
const ENGINE_CHECK_PAUSE_MS = 5000;
/** Time limit of one check. After two checks without an answer the engine counts as gone. */
const ENGINE_CHECK_TIMEOUT_MS = 3000;
/** Time that requests other than a POST still have when the process ends. */
const LAST_REQUESTS_MS = 10_000;
/** Pause between two checks whether a POST is under way. */
const POST_CHECK_PAUSE_MS = 100;
/** Pause between two checks whether the engine has closed its connections. */
const CONNECTION_CHECK_PAUSE_MS = 10;

/**
 * Starts the plugin and prints its port, which is how the engine learns it.
 *
 * The process ends when its engine is gone, and at SIGTERM and SIGINT: waiting ends at once, and a POST under way is finished. The
 * engine sends SIGINT at the end of each run, after it has taken all answers and closed its connection. SIGINT from a terminal comes
 * while the engine still waits for other resources, and a plugin that ends before the connection is closed is reported as a crash;
 * so the process stays until then. A further signal changes nothing.
 */
export async function main(identification: Identification, args: readonly string[]): Promise<void> {
    const engines = new EngineHolder(args.find((arg) => /^[\w.:[\]-]+:\d+$/.test(arg)));
    const server = new Server(
        {
            provider: () => engines.provider,
            attach: (address) => {
                engines.attach(address);
            },
        },
        identification,
    );
    const connections = trackConnections();
    const end = async (limit: () => Promise<void>): Promise<void> => {
        engines.provider.cancel();
        await Promise.race([connections.untilNone(), limit()]);
        // A POST goes on when its caller is gone.
        await engines.untilNoPost(0);
        process.exit();
    };
    const lastRequests = (): Promise<void> => engines.untilNoPost(LAST_REQUESTS_MS);
    const gone = engines.untilGone();
    // Without a handler a second signal would end the process, and a POST with it.
    // On Windows the engine sends CTRL_BREAK, which is SIGBREAK for Node.
    for (const signal of ["SIGINT", "SIGBREAK"] as const) {
        process.on(signal, () => void end(() => gone));
    }
    process.on("SIGTERM", () => void end(lastRequests));
    process.stdout.write(`${await server.listen()}\n`);
    await gone;
    await end(lastRequests);
}

/** Watches the connections to this process. The server of gRPC does not show them, and waits for ever for some that are closed. */
function trackConnections(): { untilNone(): Promise<void> } {
    const open = new Set<Socket>();
    subscribe("net.server.socket", (message) => {
        const { socket } = message as { socket: Socket };
        open.add(socket);
        socket.once("close", () => open.delete(socket));
    });
    return {
        untilNone: async () => {
            while (open.size > 0) await sleep(CONNECTION_CHECK_PAUSE_MS);
        },
    };
}

/** The engine that this process serves, and the provider that speaks to it. */
class EngineHolder {
    #address: string | undefined;
    #engine: Engine | undefined;
    #provider: PluginProvider;
    /** There is no POST before the HTTP code is loaded. */
    #isPosting = (): boolean => false;

    constructor(address: string | undefined) {
        this.#provider = this.#serve(address);
    }

    get provider(): PluginProvider {
        return this.#provider;
    }

    /** Uses the engine at an address that it announces; usually this process was started with the same address. */
    attach(address: string): void {
        if (address === "" || address === this.#address) return;
        this.#engine?.close();
        this.#provider = this.#serve(address);
    }

    /** Resolves when the engine is gone; never in a plugin that was started without an engine and not attached to one. */
    async untilGone(): Promise<void> {
        for (let misses = 0; misses < 2;) {
            await sleep(ENGINE_CHECK_PAUSE_MS);
            const isGone = await (this.#engine?.isGone(ENGINE_CHECK_TIMEOUT_MS) ?? false);
            misses = isGone ? misses + 1 : 0;
        }
    }

    /** Resolves when no POST was under way, and none could follow a read, for so many milliseconds. */
    async untilNoPost(ms: number): Promise<void> {
        for (let last = performance.now(); this.#isPosting() || performance.now() - last < ms;) {
            if (this.#isPosting()) last = performance.now();
            await sleep(POST_CHECK_PAUSE_MS);
        }
    }

    #serve(address: string | undefined): PluginProvider {
        this.#address = address;
        this.#engine = address === undefined ? undefined : new Engine(address, REMEDIES);
        return new PluginProvider({
            now: () => new Date(),
            elapsed: () => performance.now(),
            sleep: (ms) => sleep(ms),
            env: process.env,
            engineAddress: address,
            engine: this.#engine,
            connect: async (settings, signal) => {
                const { CertCentral } = await import("../core/certcentral/client.js");
                ({ isPosting: this.#isPosting } = await import("../core/account.js"));
                return new CertCentral(settings, undefined, undefined, undefined, signal);
            },
        });
    }
}
