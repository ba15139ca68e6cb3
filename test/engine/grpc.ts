/** Pulumi's provider protocol on the wire: calls, properties, secrets. */
import { type ServiceError } from "@grpc/grpc-js";
import { type ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { type Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { decodeError } from "./hostErrors.js";

/** The callback of a call. */
export type Answer<T> = (error: ServiceError | null, response: T) => void;

/** Makes a call; rejects with the errors of hostErrors.ts. */
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
