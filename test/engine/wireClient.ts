/** The calls of Pulumi's engine to a provider process over gRPC, in plain objects. */
import { type ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { type Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { callProvider, fromStruct, toStruct } from "./grpc.js";
import { type Props, type ProviderCalls } from "./imitation.js";

/** The calls about the resources of one type. A subclass says how a resource's properties go over the wire. */
export abstract class WireClient implements ProviderCalls {
    constructor(protected readonly grpc: ResourceProviderClient) {}

    /** The URN of the resource that has these properties. */
    protected abstract urnOf(props: Props): string;
    /** The properties as they are sent. */
    protected abstract sent(props: Props): Props;
    /** The properties that came back for the resource that has `about`. */
    protected abstract received(props: Props, about: Props): Props;

    async check(olds: Props, news: Props) {
        const request = this.#comparing(new messages.CheckRequest(), olds, news);
        const response = await this.#call<messages.CheckResponse>("check", request);
        const failures = response.getFailuresList().map((failure) => failure.toObject());
        return { inputs: this.#plain(response.getInputs(), news), failures };
    }

    /** `changes` is `undefined` if the provider did not say. */
    async diff(id: string, olds: Props, news: Props) {
        const request = this.#comparing(new messages.DiffRequest(), olds, news);
        request.setId(id);
        const response = await this.#call<messages.DiffResponse>("diff", request);
        const { DIFF_UNKNOWN, DIFF_SOME } = messages.DiffResponse.DiffChanges;
        const changes = response.getChanges();
        return {
            changes: changes === DIFF_UNKNOWN ? undefined : changes === DIFF_SOME,
            replaces: response.getReplacesList(),
            deleteBeforeReplace: response.getDeletebeforereplace(),
        };
    }

    async create(inputs: Props, isPreview = false) {
        const request = this.#about(new messages.CreateRequest(), inputs);
        request.setPreview(isPreview);
        const response = await this.#call<messages.CreateResponse>("create", request);
        return { id: response.getId(), outs: this.#plain(response.getProperties(), inputs) };
    }

    async update(id: string, olds: Props, news: Props, isPreview = false) {
        const request = this.#comparing(new messages.UpdateRequest(), olds, news);
        request.setId(id);
        request.setPreview(isPreview);
        const response = await this.#call<messages.UpdateResponse>("update", request);
        return { outs: this.#plain(response.getProperties(), news) };
    }

    /** `inputs` is in the result only if the provider returned some. */
    async read(id: string, props: Props, inputs: Props = {}) {
        const request = this.#about(new messages.ReadRequest(), props);
        request.setId(id);
        request.setInputs(toStruct(this.sent(inputs)));
        const response = await this.#call<messages.ReadResponse>("read", request);
        const read = response.getInputs();
        return {
            id: response.getId(),
            props: this.#plain(response.getProperties(), props),
            ...(read && { inputs: this.#plain(read, props) }),
        };
    }

    async delete(id: string, props: Props): Promise<void> {
        const request = this.#about(new messages.DeleteRequest(), props);
        request.setId(id);
        await this.#call("delete", request);
    }

    #call<Response = Empty>(method: string, request: unknown): Promise<Response> {
        return callProvider(this.grpc, method, request);
    }

    #about<T extends messages.CreateRequest | messages.ReadRequest | messages.DeleteRequest>(
        request: T,
        properties: Props,
    ): T {
        request.setUrn(this.urnOf(properties));
        request.setProperties(toStruct(this.sent(properties)));
        return request;
    }

    #comparing<T extends messages.CheckRequest | messages.DiffRequest | messages.UpdateRequest>(
        request: T,
        olds: Props,
        news: Props,
    ): T {
        request.setUrn(this.urnOf(news));
        request.setOlds(toStruct(this.sent(olds)));
        request.setNews(toStruct(this.sent(news)));
        return request;
    }

    #plain(struct: Struct | undefined, about: Props): Props {
        return this.received(fromStruct(struct), about);
    }
}
