/** Errors of Pulumi's provider host, decoded. */
import { type ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb.js";
import { Status } from "@pulumi/pulumi/proto/status_pb.js";

/** A call that failed with nothing to keep. */
export class HostCallError extends Error {
    override readonly name: string = "HostCallError";

    constructor(
        message: string,
        /** gRPC status code. */
        readonly code: number,
    ) {
        super(message);
    }
}

/** A partial failure: Pulumi keeps the resource with these properties, and the run fails with the reasons. */
export class PartialFailure extends HostCallError {
    override readonly name: string = "PartialFailure";

    constructor(
        message: string,
        code: number,
        readonly id: string,
        /** As sent, `__provider` included if it was. */
        readonly properties: Readonly<Record<string, unknown>>,
        readonly reasons: readonly string[],
    ) {
        super(message, code);
    }
}

/** The error that a failed call rejects with. */
export function decodeError(error: ServiceError): HostCallError {
    for (const bytes of error.metadata.get("grpc-status-details-bin")) {
        if (typeof bytes === "string") continue;
        for (const detail of Status.deserializeBinary(bytes).getDetailsList()) {
            if (detail.getTypeName() !== "pulumirpc.ErrorResourceInitFailed") continue;
            const failure = ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
            const properties = failure.getProperties()?.toJavaScript() ?? {};
            return new PartialFailure(
                error.details,
                error.code,
                failure.getId(),
                properties,
                failure.getReasonsList(),
            );
        }
    }
    return new HostCallError(error.details, error.code);
}
