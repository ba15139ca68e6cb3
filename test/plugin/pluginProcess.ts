/** The plugin as the engine drives it, without the CLI: its process, a client of its protocol, and an engine that listens. */
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { type Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { Child } from "../engine/child.js";
import { cleanEnvironment } from "../engine/environment.js";
import { callProvider, SIGNATURE } from "../engine/grpc.js";
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

/** An output on the wire; unknown without a value. */
export function output(more: {
    readonly value?: unknown;
    readonly secret?: boolean;
}): Record<string, unknown> {
    return { [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", ...more };
}

/** What stands for an unknown: text, bool, number, array, asset, archive, object. */
export const UNKNOWNS = [
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
] as const;
