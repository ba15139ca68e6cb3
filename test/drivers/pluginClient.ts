/** The calls of Pulumi's engine to the plugin. */
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { WireClient } from "../engine/wireClient.js";
import type { Props } from "./driver.js";

/** Stands for a resource that no stack has, as in a `get`. */
const NO_IDENTITY = "project/dev/read";

/**
 * The stacks of the drivers tell resources apart by the property `identity`, which the SDK of the dynamic resource adds. The plugin
 * gets a URN in its place.
 */
export class PluginClient extends WireClient {
    readonly supportsPreview = true;

    constructor(
        grpc: ResourceProviderClient,
        private readonly type: string,
    ) {
        super(grpc);
    }

    override create(inputs: Props, isPreview = false) {
        return withIdentityInFailure(inputs, super.create(inputs, isPreview));
    }

    override update(id: string, olds: Props, news: Props, isPreview = false) {
        return withIdentityInFailure(news, super.update(id, olds, news, isPreview));
    }

    protected override urnOf({ identity }: Props): string {
        const text = typeof identity === "string" ? identity : NO_IDENTITY;
        const [project = "", stack = "", ...name] = text.split("/");
        return `urn:pulumi:${stack}::${project}::${this.type}::${name.join("/")}`;
    }

    protected override sent(props: Props): Props {
        const plain = JSON.parse(JSON.stringify(props)) as Props; // without members that are undefined
        delete plain.identity;
        return plain;
    }

    protected override received(props: Props, { identity }: Props): Props {
        return identity === undefined ? props : { ...props, identity };
    }
}

/** The properties of a partial failure are the state, which has the identity. */
async function withIdentityInFailure<T>({ identity }: Props, call: Promise<T>): Promise<T> {
    try {
        return await call;
    } catch (error) {
        const { properties } = error as { properties?: Props };
        if (!properties) throw error;
        throw Object.assign(error as Error, { properties: { ...properties, identity } });
    }
}
