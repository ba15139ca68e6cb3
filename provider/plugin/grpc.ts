/**
 * The gRPC and protobuf libraries that Pulumi's messages are made with. They are resolved from `@pulumi/pulumi`, wherever a package
 * manager put them: they are its dependencies, and not those of this package.
 *
 * @module
 */
import { createRequire } from "node:module";

const fromPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));

/** `@grpc/grpc-js`. */
export const grpc = fromPulumi("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
/** `google.protobuf.Any`. */
export const { Any } = fromPulumi(
    "google-protobuf/google/protobuf/any_pb.js",
) as typeof import("google-protobuf/google/protobuf/any_pb.js");
/** `google.protobuf.Empty`. */
export const { Empty } = fromPulumi(
    "google-protobuf/google/protobuf/empty_pb.js",
) as typeof import("google-protobuf/google/protobuf/empty_pb.js");
/** `google.protobuf.Struct`. */
export const { Struct } = fromPulumi(
    "google-protobuf/google/protobuf/struct_pb.js",
) as typeof import("google-protobuf/google/protobuf/struct_pb.js");
