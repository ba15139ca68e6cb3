/** Plays the contract through the plugin: over its gRPC server, in this process and in virtual time. */
import assert from "node:assert/strict";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { CheckRequest, ConfigureRequest, type CheckResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import { Engine } from "../../provider/plugin/engine.js";
import { PluginProvider } from "../../provider/plugin/provider.js";
import { Server } from "../../provider/plugin/server.js";
import { REMEDIES } from "../../provider/pulumi/remedies.js";
import { callProvider, secret, toStruct } from "../engine/grpc.js";
import { ListeningEngine } from "../engine/listeningEngine.js";
import { nameOf } from "../engine/state.js";
import type { Simulator } from "../../simulator/index.js";
import { PLUGIN } from "./doors.js";
import type { RunOptions } from "./driver.js";
import { ImitatedStack, type Line } from "./imitated.js";
import type { OpenedProviders } from "./lifecycle.js";
import { PluginClient } from "./pluginClient.js";
import { stackConfig, surroundingsOf, type InProcessOptions } from "./surroundings.js";

/** The provider that the engine makes for resources that name none. */
const DEFAULT_PROVIDER = "urn:pulumi:dev::project::pulumi:providers:digicert::default";

/** Servers of the plugin, which many stacks use one after the other. */
export class SharedPlugin {
    readonly #free: PluginServer[] = [];
    readonly #all: PluginServer[] = [];

    /** A stack whose provider runs here, behind a server, on the simulator's clock. */
    stack(simulator: Simulator, options: InProcessOptions = {}): ImitatedStack {
        return new ImitatedStack(simulator, PLUGIN, async (runOptions) => {
            const { reissue, lines, close } = await this.open(simulator, runOptions, options);
            return { calls: reissue, lines: () => Promise.resolve(lines()), close };
        });
    }

    /** Opens a provider for one command. Commands that run at the same time have a server each. */
    async open(
        simulator: Simulator,
        runOptions: RunOptions,
        options: InProcessOptions,
    ): Promise<OpenedProviders> {
        const server = this.#free.pop() ?? (await this.#start());
        const client = await server.open(simulator, runOptions, options);
        return {
            reissue: new PluginClient(client, PLUGIN.type),
            validation: new PluginClient(client, "digicert:index:Validation"),
            lines: () => server.lines(),
            close: () => {
                this.#free.push(server);
            },
        };
    }

    close(): void {
        for (const server of this.#all) server.close();
    }

    async #start(): Promise<PluginServer> {
        const server = await PluginServer.start();
        this.#all.push(server);
        return server;
    }
}

/** A server of the plugin, its client, and the engine that hears its messages. */
class PluginServer {
    #provider: PluginProvider | undefined;
    readonly #listening = new ListeningEngine();
    readonly #server = new Server(
        {
            provider: () => {
                assert.ok(this.#provider, "a command is open");
                return this.#provider;
            },
            attach: () => undefined,
        },
        { version: "0.0.0", schema: () => "{}" },
    );
    #engine!: Engine;
    #grpc!: ResourceProviderClient;

    static async start(): Promise<PluginServer> {
        const one = new PluginServer();
        await one.#listening.listen();
        one.#engine = new Engine(one.#listening.address, REMEDIES);
        const address = `127.0.0.1:${await one.#server.listen()}`;
        one.#grpc = new ResourceProviderClient(address, credentials.createInsecure());
        return one;
    }

    /** Makes a new provider, as a new process would have, and configures it. */
    async open(
        simulator: Simulator,
        runOptions: RunOptions,
        options: InProcessOptions,
    ): Promise<ResourceProviderClient> {
        const { env = {} } = runOptions;
        const provider = new PluginProvider({
            ...surroundingsOf(simulator, options),
            env,
            engine: this.#engine,
        });
        this.#provider = provider;
        this.lines();
        const check = new CheckRequest();
        check.setUrn(DEFAULT_PROVIDER);
        check.setNews(toStruct(settingsIn(stackConfig(simulator, options, runOptions))));
        const checked = await callProvider<CheckResponse>(this.#grpc, "checkConfig", check);
        assert.deepEqual(
            checked.getFailuresList().map((failure) => failure.getReason()),
            [],
        );
        const configure = new ConfigureRequest();
        configure.setUrn(DEFAULT_PROVIDER);
        configure.setArgs(checked.getInputs());
        await callProvider(this.#grpc, "configure", configure);
        // From now on, because the settings hold the API key and are not to be searched for it.
        this.#provider = options.watch?.(provider) ?? provider;
        return this.#grpc;
    }

    /** The lines since the last call. */
    lines(): Line[] {
        return this.#listening.said.splice(0).map(({ severity, text, urn }) => ({
            text: `${severity === "warning" ? "warning: " : ""}${text}`,
            resource: nameOf(urn),
        }));
    }

    close(): void {
        this.#grpc.close();
        this.#engine.close();
        this.#server.close();
        this.#listening.close();
    }
}

/** The settings of the plugin's provider in stack config; the key is a secret there. */
function settingsIn(config: Readonly<Record<string, string>>): Record<string, unknown> {
    const settings = Object.entries(config).map(([key, value]): [string, unknown] => [
        key.replace(/^digicert:/, ""),
        key === "digicert:apiKey" ? secret(value) : value,
    ]);
    return Object.fromEntries(settings);
}
