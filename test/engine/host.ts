/** Pulumi's real host process for dynamic providers, without the CLI. */
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { ConfigureRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import { Child } from "./child.js";
import { cleanEnvironment } from "./environment.js";
import { callProvider, secret, toStruct } from "./grpc.js";
import { type Props } from "./imitation.js";
import { repositoryRoot } from "./paths.js";
import { WireClient } from "./wireClient.js";

/** The provider text that Pulumi records for this package, in its shortest form. */
export const defaultProvider = 'exports.handler = () => require("pulumi-digicert/stub");';

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
    const port = await child.waitForLine(/^\d+$/);
    const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
    const grpc = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), unlimited);
    return new DynamicHost(child, grpc, options.provider ?? defaultProvider);
}

/** The engine's calls to the host. `__provider` is added to the sent bags if it is missing, and removed from the returned bags. */
export class HostClient extends WireClient {
    constructor(
        grpc: ResourceProviderClient,
        /** The text that Pulumi would have recorded: CommonJS source whose `exports.handler()` is the provider. */
        readonly provider: string,
    ) {
        super(grpc);
    }

    /** Stack config, with namespaces (`digicert:region`); secrets are sent as the engine sends them. */
    async configure(config: Record<string, string>, secrets: Record<string, string> = {}): Promise<void> {
        const wrapped = Object.entries(secrets).map(([key, value]) => [key, secret(value)]);
        const request = new ConfigureRequest();
        request.setArgs(toStruct({ ...config, ...(Object.fromEntries(wrapped) as Props) }));
        request.setAcceptsecrets(true);
        await callProvider(this.grpc, "configure", request);
    }

    protected override urnOf(): string {
        return "urn:pulumi:dev::test::pulumi-nodejs:dynamic/digicert:Reissue::test";
    }

    protected override sent(props: Props): Props {
        return { __provider: this.provider, ...props };
    }

    protected override received(props: Props): Props {
        delete props.__provider;
        return props;
    }
}

/** A running host, and the calls to it. */
export class DynamicHost extends HostClient {
    /** @internal */
    constructor(
        readonly child: Child,
        grpc: ResourceProviderClient,
        provider: string,
    ) {
        super(grpc, provider);
    }

    /** stdout and stderr, in the order of arrival, without the line with the port. */
    get output(): string {
        return this.child.output.replace(/^\d+\n/m, "");
    }

    /** Waits for a line that the provider prints. */
    waitForLine(pattern: RegExp): Promise<string> {
        return this.child.waitForLine(pattern);
    }

    /** Makes a client of the same process with the provider text of another resource. */
    withProvider(provider: string): HostClient {
        return new HostClient(this.grpc, provider);
    }

    async close(): Promise<void> {
        this.grpc.close();
        this.child.kill();
        await this.child.done;
    }
}
