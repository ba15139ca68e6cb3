/** Pulumi's provider protocol on the wire: calls, properties, secrets, errors. */
import { type ServiceError } from "@grpc/grpc-js";
import { type ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb.js";
import { Status } from "@pulumi/pulumi/proto/status_pb.js";
import { type Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";

/** The callback of a call. */
export type Answer<T> = (error: ServiceError | null, response: T) => void;

/** A partial failure: Pulumi keeps the resource with these properties, and the run fails with the reasons. */
export class PartialFailure extends Error {
    readonly id: string;
    readonly properties: Readonly<Record<string, unknown>>;
    readonly reasons: readonly string[];

    constructor(message: string, failure: ErrorResourceInitFailed) {
        super(message);
        this.id = failure.getId();
        this.properties = fromStruct(failure.getProperties());
        this.reasons = failure.getReasonsList();
    }
}

/** Makes a call; rejects with an error that has the provider's words and the gRPC code, after a partial failure with {@link PartialFailure}. */
export function callProvider<Response = Empty>(
    client: ResourceProviderClient,
    method: string,
    request: unknown,
): Promise<Response> {
    const calls = client as unknown as Record<string, (request: unknown, answer: Answer<Response>) => void>;
    return new Promise((resolve, reject) => {
        calls[method]?.(request, (error, response) => {
            if (error === null) resolve(response);
            else reject(decodeError(error));
        });
    });
}

function decodeError({ code, details, metadata }: ServiceError): Error {
    const [bytes] = metadata.get("grpc-status-details-bin");
    const [detail] = bytes instanceof Buffer ? Status.deserializeBinary(bytes).getDetailsList() : [];
    if (detail?.getTypeName() !== "pulumirpc.ErrorResourceInitFailed")
        return Object.assign(new Error(details), { code });
    return new PartialFailure(details, ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8()));
}

/** Properties as they go over the wire. */
export function toStruct(values: Readonly<Record<string, unknown>>): Struct {
    return Struct.fromJavaScript(values as Parameters<typeof Struct.fromJavaScript>[0]);
}

/** Properties as they come over the wire, marks included. */
export function fromStruct(struct: Struct | undefined): Record<string, unknown> {
    return struct?.toJavaScript() ?? {};
}

/** The member that marks an object on the wire as more than its members. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** A secret on the wire. */
export function secret(value: unknown): Record<string, unknown> {
    return { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value };
}
