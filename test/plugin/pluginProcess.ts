/** The plugin as the engine drives it, without the CLI: its process, a client of its protocol, and an engine that listens. */
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { type Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { Child } from "../engine/child.js";
import { cleanEnvironment } from "../engine/environment.js";
import { callProvider } from "../engine/grpc.js";
import { ListeningEngine } from "../engine/listeningEngine.js";
import { repositoryRoot } from "../engine/paths.js";

/** The executable as the npm package has it. */
export const EXECUTABLE = join(repositoryRoot, "dist", "plugin", "pulumi-resource-digicert");

/** A running plugin. */
export class PluginProcess {
    readonly client: ResourceProviderClient;

    private constructor(
        readonly child: Child,
        port: string,
        readonly engine: ListeningEngine,
    ) {
        this.client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    }

    /**
     * @param env - added to an environment in which nothing of DigiCert or Pulumi is set
     * @param node - the Node that runs the executable
     */
    static async start(
        env: Readonly<Record<string, string>> = {},
        executable = EXECUTABLE,
        node = process.execPath,
    ): Promise<PluginProcess> {
        const engine = new ListeningEngine();
        await engine.listen();
        const child = new Child(node, [executable, engine.address], {
            env: cleanEnvironment(env),
        });
        return new PluginProcess(child, await child.waitForLine(/^\d+$/), engine);
    }

    /** Makes a call; rejects as {@link callProvider} does. */
    call<Response = Empty>(method: string, request: unknown): Promise<Response> {
        return callProvider(this.client, method, request);
    }

    async close(): Promise<void> {
        this.client.close();
        await this.child.end();
        this.engine.close();
    }
}
