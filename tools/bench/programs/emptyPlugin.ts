/**
 * A provider plugin that does nothing, for Node.js and with Pulumi's own gRPC library: a check records what was recorded before, and
 * no resource has changes. What it takes, any plugin in this language takes.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import {
    type CheckRequest,
    CheckResponse,
    ConfigureResponse,
    type CreateRequest,
    CreateResponse,
    DiffResponse,
    GetMappingResponse,
    GetMappingsResponse,
    GetSchemaResponse,
    ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";

type Bag = Record<string, never>;

const fromPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = fromPulumi("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
const { Empty } = fromPulumi(
    "google-protobuf/google/protobuf/empty_pb.js",
) as typeof import("google-protobuf/google/protobuf/empty_pb.js");
const { Struct } = fromPulumi(
    "google-protobuf/google/protobuf/struct_pb.js",
) as typeof import("google-protobuf/google/protobuf/struct_pb.js");

/** Inputs and outputs of a real `Reissue`. */
const sample = JSON.parse(readFileSync(join(__dirname, "sample.json"), "utf8")) as Record<
    "inputs" | "outputs",
    Bag
>;

/** Makes a handler of a call, from the members of its answer. */
function answer<Request, Response>(make: (request: Request) => Response) {
    return (
        { request }: { readonly request: Request },
        respond: (error: null, response: Response) => void,
    ): void => {
        respond(null, make(request));
    };
}

const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
});
server.addService(ResourceProviderService, {
    handshake: answer(() => {
        const response = new ProviderHandshakeResponse();
        response.setAcceptSecrets(true);
        response.setAcceptResources(true);
        response.setAcceptOutputs(true);
        return response;
    }),
    attach: answer(() => new Empty()),
    getPluginInfo: answer(() => {
        const response = new PluginInfo();
        response.setVersion("0.0.0");
        return response;
    }),
    getSchema: answer(() => {
        const response = new GetSchemaResponse();
        response.setSchema(readFileSync(join(__dirname, "schema.json"), "utf8"));
        return response;
    }),
    getMapping: answer(() => new GetMappingResponse()),
    getMappings: answer(() => new GetMappingsResponse()),
    checkConfig: answer((request: CheckRequest) => {
        const response = new CheckResponse();
        response.setInputs(request.getNews());
        return response;
    }),
    diffConfig: answer(unchanged),
    configure: answer(() => {
        const response = new ConfigureResponse();
        response.setAcceptsecrets(true);
        response.setAcceptresources(true);
        response.setAcceptoutputs(true);
        response.setSupportspreview(true);
        return response;
    }),
    check: answer((request: CheckRequest) => {
        const response = new CheckResponse();
        const isNew = request.getOlds()?.getFieldsMap().getLength() === 0;
        const given = () => ({ ...sample.inputs, ...(request.getNews()?.toJavaScript() as Bag) });
        response.setInputs(isNew ? Struct.fromJavaScript(given()) : request.getOlds());
        return response;
    }),
    diff: answer(unchanged),
    create: answer((request: CreateRequest) => {
        const response = new CreateResponse();
        const inputs = request.getProperties()?.toJavaScript() as Bag;
        response.setId(String(inputs.orderId));
        response.setProperties(Struct.fromJavaScript({ ...sample.outputs, ...inputs }));
        return response;
    }),
    cancel: answer(() => new Empty()),
});

function unchanged(): DiffResponse {
    const response = new DiffResponse();
    response.setChanges(DiffResponse.DiffChanges.DIFF_NONE);
    response.setHasdetaileddiff(true);
    return response;
}

server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
});
// The engine has all answers when it ends the plugin.
process.on("SIGINT", () => process.exit());
