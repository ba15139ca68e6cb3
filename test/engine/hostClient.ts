/** The calls of Pulumi's engine to the host of dynamic providers. */
import { type ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { ConfigureRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import { callProvider, secret, toStruct } from "./grpc.js";
import { type Props } from "./imitation.js";
import { WireClient } from "./wireClient.js";

/** The provider text that Pulumi records for this package, in its shortest form. */
export const defaultProvider = 'exports.handler = () => require("pulumi-digicert/stub");';

/** `__provider` is added to the sent bags if it is missing, and removed from the returned bags. */
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
