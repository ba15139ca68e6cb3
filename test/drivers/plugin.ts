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
import type { ProviderCalls } from "../engine/imitation.js";
import { ListeningEngine } from "../engine/listeningEngine.js";
import { nameOf } from "../engine/state.js";
import { WireClient } from "../engine/wireClient.js";
import { wrapMethods } from "../fixtures/methods.js";
import type { Simulator } from "../../simulator/index.js";
import type { Props, RunOptions } from "./driver.js";
import { ImitatedStack, type Line, type OpenedProvider } from "./imitated.js";
import { stackConfig, surroundingsOf, type InProcessOptions } from "./inProcess.js";
import { withFailureOf } from "./invariants.js";

/** The provider that the engine makes for resources that name none. */
const DEFAULT_PROVIDER = "urn:pulumi:dev::project::pulumi:providers:digicert::default";

/** Servers of the plugin, which many stacks use one after the other. */
export class SharedPlugin {
    readonly #free: PluginServer[] = [];

    /** A stack whose provider runs here, behind a server, on the simulator's clock. */
    stack(simulator: Simulator, options: InProcessOptions = {}): ImitatedStack {
        return new ImitatedStack(simulator, true, (run) => this.open(simulator, run, options));
    }

    /** Opens a provider for one command. Commands that run at the same time have a server each. */
    async open(
        simulator: Simulator,
        run: RunOptions,
        options: InProcessOptions,
    ): Promise<Required<OpenedProvider>> {
        const server = this.#free.pop() ?? (await PluginServer.start());
        const grpc = await server.open(simulator, run, options);
        return {
            calls: callsTo(grpc, "digicert:index:Reissue"),
            validation: callsTo(grpc, "digicert:index:Validation"),
            lines: () => server.lines(),
            close: () => {
                this.#free.push(server);
            },
        };
    }

    close(): void {
        for (const server of this.#free) server.close();
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
        run: RunOptions,
        options: InProcessOptions,
    ): Promise<ResourceProviderClient> {
        const provider = new PluginProvider({
            ...surroundingsOf(simulator, options),
            env: run.env ?? {},
            engine: this.#engine,
        });
        this.#provider = provider;
        this.lines();
        const settings = Object.entries(stackConfig(simulator, options, run)).map(([key, value]) => [
            key.replace(/^digicert:/, ""),
            key === "digicert:apiKey" ? secret(value) : value,
        ]);
        const check = new CheckRequest();
        check.setUrn(DEFAULT_PROVIDER);
        check.setNews(toStruct(Object.fromEntries(settings) as Props));
        const checked = await callProvider<CheckResponse>(this.#grpc, "checkConfig", check);
        assert.deepEqual(checked.toObject().failuresList, []);
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

/** The engine's calls. A stack tells resources apart by the property `identity`; the plugin gets a URN in its place. */
class PluginClient extends WireClient {
    readonly supportsPreview = true;

    constructor(
        grpc: ResourceProviderClient,
        private readonly type: string,
    ) {
        super(grpc);
    }

    /** A `get` is of a resource that no stack has. */
    protected override urnOf({ identity = "project/dev/read" }: Props): string {
        const [project = "", stack = "", ...name] = (identity as string).split("/");
        return `urn:pulumi:${stack}::${project}::${this.type}::${name.join("/")}`;
    }

    protected override sent(props: Props): Props {
        // Without members that are undefined.
        return JSON.parse(JSON.stringify({ ...props, identity: undefined })) as Props;
    }

    protected override received(props: Props, { identity }: Props): Props {
        return identity === undefined ? props : { ...props, identity };
    }
}

/** The engine's calls about the resources of a type. The properties of a partial failure are the state, which has the identity. */
function callsTo(grpc: ResourceProviderClient, type: string): ProviderCalls {
    const withIdentity = withFailureOf((properties, args) => {
        const { identity } = args.findLast((arg) => typeof arg === "object") as Props;
        return { ...properties, identity };
    });
    return wrapMethods<ProviderCalls>(new PluginClient(grpc, type), withIdentity);
}
