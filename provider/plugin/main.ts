/**
 * The plugin `pulumi-resource-digicert`: a process that the engine starts with its own address, and talks to over gRPC.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { REMEDIES } from "../pulumi/remedies.js";
import { Engine } from "./engine.js";
import { PluginProvider } from "./provider.js";
import { Server, type Identification } from "./server.js";

/** Pause between two checks of the engine; an engine that was killed sends no message. */
const ENGINE_CHECK_PAUSE_MS = 5000;
/** Time limit of one check. After two checks without an answer the engine counts as gone. */
const ENGINE_CHECK_TIMEOUT_MS = 3000;
/** Pause between two checks whether a call is still being answered. */
const BUSY_CHECK_PAUSE_MS = 100;

/** Starts the plugin and prints its port, which is how the engine learns it. */
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
    process.stdout.write(`${await server.listen()}\n`);
    await engines.untilGone();
    // Waiting ends at once; a POST under way is finished.
    engines.provider.cancel();
    while (server.isBusy) await sleep(BUSY_CHECK_PAUSE_MS);
    process.exit();
}

/** The engine that this process serves, and the provider that speaks to it. */
class EngineHolder {
    #address: string | undefined;
    #engine: Engine | undefined;
    #provider: PluginProvider;

    constructor(address: string | undefined) {
        this.#provider = this.#serve(address);
    }

    get provider(): PluginProvider {
        return this.#provider;
    }

    /** Takes the address that an engine announces; mostly the address that this process was started with. */
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
                return new CertCentral(settings, undefined, undefined, undefined, signal);
            },
        });
    }
}
