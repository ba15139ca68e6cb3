/**
 * Failures as gRPC carries them.
 *
 * @module
 */
import type { ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb.js";
import { Status } from "@pulumi/pulumi/proto/status_pb.js";
import { explain } from "../core/errors.js";
import type { PartialFailure } from "../core/resource.js";
import { REMEDIES } from "../pulumi/remedies.js";
import { Any, grpc } from "./grpc.js";
import { writeProperties, type Properties } from "./values.js";

/** A failure that saves nothing; its message is one sentence. */
export class CallFailure extends Error {}

/** A failure of an operation that made a resource, or may have made one; the engine saves the resource. */
export class ResourceFailure extends CallFailure {
    constructor(
        readonly id: string,
        readonly reasons: readonly string[],
        readonly outputs: Properties,
        readonly inputs: Properties,
    ) {
        super(reasons.join("; "));
    }
}

/** Makes a failure of any error, with a message of one sentence. */
export function failureOf(error: unknown, note = ""): CallFailure {
    return error instanceof CallFailure
        ? error
        : new CallFailure(explain(error, REMEDIES, note), { cause: error });
}

/** Makes the failure of a create or an update whose state has to be saved. */
export function resourceFailure(
    id: string,
    state: object,
    reasons: PartialFailure["reasons"],
    inputs: Properties,
): ResourceFailure {
    const sentences = reasons.map((reason) => explain(reason, REMEDIES));
    return new ResourceFailure(id, sentences, { ...inputs, values: { ...state } }, inputs);
}

/** Converts a failure into the form in which the gRPC server sends it. */
export function toServiceError(failure: CallFailure): Partial<ServiceError> {
    const { UNKNOWN } = grpc.status;
    if (!(failure instanceof ResourceFailure)) return { code: UNKNOWN, details: failure.message };
    const detail = new ErrorResourceInitFailed();
    detail.setId(failure.id);
    detail.setReasonsList([...failure.reasons]);
    detail.setProperties(writeProperties(failure.outputs.values, failure.outputs.secrets));
    detail.setInputs(writeProperties(failure.inputs.values, failure.inputs.secrets));
    const packed = new Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new Status();
    status.setCode(UNKNOWN);
    status.setMessage(failure.message);
    status.addDetails(packed);
    const metadata = new grpc.Metadata();
    metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
    return { code: UNKNOWN, details: failure.message, metadata };
}
