/** Pulumi's real host process for dynamic providers, without the CLI. */
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { Child, type ChildResult } from "./child.js";
import { cleanEnvironment } from "./environment.js";
import { defaultProvider, HostClient } from "./hostClient.js";
import { repositoryRoot } from "./paths.js";

export { defaultProvider, HostClient } from "./hostClient.js";
export { HostCallError, PartialFailure } from "./hostErrors.js";

/** Options of a host. */
export interface HostOptions {
    /** Folder from which the host's `require` resolves; default this repository, whose node_modules links to itself. */
    cwd?: string;
    /** Further environment variables; those of DigiCert, Pulumi and proxies are not copied from this process. */
    env?: Readonly<Record<string, string>>;
    /** Default: {@link defaultProvider}. */
    provider?: string;
}

let startedHosts = 0;

/**
 * An engine address that no other host has: hosts with the same address count as one run, and a run has each order once. The
 * address is used for nothing else, because dynamic providers do not log through the engine.
 */
function newEngineAddress(): string {
    return `127.0.${(process.pid >> 8) & 255}.${process.pid & 255}:${++startedHosts}`;
}

/** Starts a host; call {@link DynamicHost.close} in the end. */
export async function startHost(options: HostOptions = {}): Promise<DynamicHost> {
    const script = require.resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");
    const child = new Child(process.execPath, [script, newEngineAddress()], {
        cwd: options.cwd ?? repositoryRoot,
        env: cleanEnvironment({ PULUMI_NODEJS_PROJECT: "test", ...options.env }),
    });
    let port: string;
    try {
        port = await child.waitForLine(/^\d+$/);
    } catch (error) {
        child.killTree();
        throw error;
    }
    const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
    const grpc = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), unlimited);
    return new DynamicHost(child, port, grpc, options.provider ?? defaultProvider);
}

/** A running host, and the calls to it. */
export class DynamicHost extends HostClient {
    readonly #child: Child;
    readonly #port: string;

    /** @internal */
    constructor(child: Child, port: string, grpc: ResourceProviderClient, provider: string) {
        super(grpc, provider);
        this.#child = child;
        this.#port = port;
    }

    get pid(): number {
        return this.#child.pid;
    }

    /** The output of the host, without the line with the port. */
    get stdout(): string {
        return this.#child.stdout.replace(`${this.#port}\n`, "");
    }

    get stderr(): string {
        return this.#child.stderr;
    }

    /** stdout and stderr, in the order of arrival. */
    get output(): string {
        return this.#child.output.replace(`${this.#port}\n`, "");
    }

    /** Waits for a line that the provider prints. */
    waitForLine(pattern: RegExp, timeoutMs?: number): Promise<string> {
        return this.#child.waitForLine(pattern, timeoutMs);
    }

    /** Closes the pipes of stdout and stderr, as the end of the engine does. */
    closeOutput(): void {
        this.#child.closeOutput();
    }

    /** Makes a client of the same process with the provider text of another resource. */
    withProvider(provider: string): HostClient {
        return new HostClient(this.grpc, provider);
    }

    /** Ends the host as the engine or a crash would; resolves when it has ended. */
    kill(signal: NodeJS.Signals = "SIGKILL"): Promise<ChildResult> {
        this.#child.kill(signal);
        return this.#child.done;
    }

    async close(): Promise<void> {
        this.grpc.close();
        await this.kill("SIGTERM");
    }
}
