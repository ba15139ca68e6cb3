/** The calls of Pulumi's provider host, in plain objects. */
import { type ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { callProvider, fromStruct, secret, toStruct } from "./grpc.js";
import { type Props, type ProviderCalls } from "./imitation.js";

/** The provider text that Pulumi records for this package, in its shortest form. */
export const defaultProvider = 'exports.handler = () => require("pulumi-digicert/stub");';

const urn = "urn:pulumi:dev::test::pulumi-nodejs:dynamic/digicert:Reissue::test";

/**
 * Makes the calls of the engine. `__provider` is added to the sent bags if it is missing, and removed from the returned bags. Calls
 * reject with the errors of hostErrors.ts.
 */
export class HostClient implements ProviderCalls {
    constructor(
        protected readonly grpc: ResourceProviderClient,
        /** The text that Pulumi would have recorded: CommonJS source whose `exports.handler()` is the provider. */
        readonly provider: string,
    ) {}

    /** Stack config, with namespaces (`digicert:region`); secrets are sent as the engine sends them. */
    async configure(config: Record<string, string>, secrets: Record<string, string> = {}): Promise<void> {
        const wrapped = Object.entries(secrets).map(([key, value]) => [key, secret(value)]);
        const request = new messages.ConfigureRequest();
        request.setArgs(toStruct({ ...config, ...(Object.fromEntries(wrapped) as Props) }));
        request.setAcceptsecrets(true);
        await callProvider(this.grpc, "configure", request);
    }

    async check(olds: Props, news: Props) {
        const request = this.#comparing(new messages.CheckRequest(), olds, news);
        const response = await callProvider<messages.CheckResponse>(this.grpc, "check", request);
        const failures = response.getFailuresList().map((failure) => failure.toObject());
        return { inputs: received(response.getInputs()), failures };
    }

    /** `changes` is `undefined` if the provider did not say. */
    async diff(id: string, olds: Props, news: Props) {
        const request = this.#comparing(new messages.DiffRequest(), olds, news);
        request.setId(id);
        const response = await callProvider<messages.DiffResponse>(this.grpc, "diff", request);
        const { DIFF_UNKNOWN, DIFF_SOME } = messages.DiffResponse.DiffChanges;
        const changes = response.getChanges();
        return {
            changes: changes === DIFF_UNKNOWN ? undefined : changes === DIFF_SOME,
            replaces: response.getReplacesList(),
            deleteBeforeReplace: response.getDeletebeforereplace(),
        };
    }

    async create(inputs: Props) {
        const request = this.#about(new messages.CreateRequest(), inputs);
        const response = await callProvider<messages.CreateResponse>(this.grpc, "create", request);
        return { id: response.getId(), outs: received(response.getProperties()) };
    }

    async update(id: string, olds: Props, news: Props) {
        const request = this.#comparing(new messages.UpdateRequest(), olds, news);
        request.setId(id);
        const response = await callProvider<messages.UpdateResponse>(this.grpc, "update", request);
        return { outs: received(response.getProperties()) };
    }

    /** `inputs` is there only if the provider returned some. */
    async read(id: string, props: Props) {
        const request = this.#about(new messages.ReadRequest(), props);
        request.setId(id);
        const response = await callProvider<messages.ReadResponse>(this.grpc, "read", request);
        const inputs = response.getInputs();
        return {
            id: response.getId(),
            props: received(response.getProperties()),
            ...(inputs && { inputs: received(inputs) }),
        };
    }

    async delete(id: string, props: Props): Promise<void> {
        const request = this.#about(new messages.DeleteRequest(), props);
        request.setId(id);
        await callProvider(this.grpc, "delete", request);
    }

    async cancel(): Promise<void> {
        await callProvider(this.grpc, "cancel", new Empty());
    }

    #about<T extends messages.CreateRequest | messages.ReadRequest | messages.DeleteRequest>(
        request: T,
        properties: Props,
    ): T {
        request.setUrn(urn);
        request.setProperties(this.#sent(properties));
        return request;
    }

    #comparing<T extends messages.CheckRequest | messages.DiffRequest | messages.UpdateRequest>(
        request: T,
        olds: Props,
        news: Props,
    ): T {
        request.setUrn(urn);
        request.setOlds(this.#sent(olds));
        request.setNews(this.#sent(news));
        return request;
    }

    #sent(props: Props): Struct {
        return toStruct({ __provider: this.provider, ...props });
    }
}

function received(struct: Struct | undefined): Props {
    const props = fromStruct(struct);
    delete props.__provider;
    return props;
}
