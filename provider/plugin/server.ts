/**
 * The gRPC server: turns the messages of the protocol into plain values and back.
 *
 * @module
 */
import type { handleUnaryCall, Server as GrpcServer } from "@grpc/grpc-js";
import { PluginInfo, type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb.js";
import {
    ResourceProviderService,
    type IResourceProviderServer,
} from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import {
    CheckFailure,
    type CheckRequest,
    CheckResponse,
    type ConfigureRequest,
    ConfigureResponse,
    type CreateRequest,
    CreateResponse,
    type DeleteRequest,
    type DiffRequest,
    DiffResponse,
    GetMappingResponse,
    GetMappingsResponse,
    GetSchemaResponse,
    type InvokeRequest,
    InvokeResponse,
    PropertyDiff,
    type ProviderHandshakeRequest,
    ProviderHandshakeResponse,
    type ReadRequest,
    ReadResponse,
    type UpdateRequest,
    UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import { failureOf, toServiceError } from "./failures.js";
import { Empty, grpc } from "./grpc.js";
import type { Checked, Diff, PluginProvider } from "./provider.js";
import { readProperties, writeProperties } from "./values.js";

/** The version and the schema that the server reports. */
export interface Identification {
    readonly version: string;
    /** The schema of the package, as JSON. */
    readonly schema: () => string;
}

/** What the server needs to answer calls. */
export interface Hooks {
    /** Returns the provider to use; it is made anew if the engine announces another address. */
    readonly provider: () => PluginProvider;
    /** Called when the engine announces its address. */
    readonly attach: (address: string) => void;
}

const { DiffChanges } = DiffResponse;
const { Kind } = PropertyDiff;

/** A running server. */
export class Server {
    readonly #grpc: GrpcServer;

    constructor(hooks: Hooks, identification: Identification) {
        this.#grpc = new grpc.Server({
            "grpc.max_receive_message_length": -1,
            "grpc.max_send_message_length": -1,
        });
        // The other calls (`parameterize`, `construct`, `call`, `list`) are answered with UNIMPLEMENTED.
        const calls = { ...this.#providerCalls(hooks, identification), ...this.#resourceCalls(hooks) };
        this.#grpc.addService(ResourceProviderService, calls as IResourceProviderServer);
    }

    /** Listens on a free port of this machine. */
    listen(): Promise<number> {
        return new Promise((resolve, reject) => {
            this.#grpc.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
                if (error) reject(error);
                else resolve(port);
            });
        });
    }

    /** Ends all calls and connections, for a server that is not the whole process. */
    close(): void {
        this.#grpc.forceShutdown();
    }

    /** The calls about the plugin and its settings. */
    #providerCalls(
        { provider, attach }: Hooks,
        { version, schema }: Identification,
    ): Partial<IResourceProviderServer> {
        return {
            handshake: call((request: ProviderHandshakeRequest) => {
                attach(request.getEngineAddress());
                const response = new ProviderHandshakeResponse();
                response.setAcceptSecrets(true);
                response.setAcceptResources(true);
                response.setAcceptOutputs(true);
                return response;
            }),
            attach: call((request: PluginAttach) => {
                attach(request.getAddress());
                return new Empty();
            }),
            getPluginInfo: call(() => {
                const response = new PluginInfo();
                response.setVersion(version);
                return response;
            }),
            getSchema: call(() => {
                const response = new GetSchemaResponse();
                response.setSchema(schema());
                return response;
            }),
            getMapping: call(() => new GetMappingResponse()),
            getMappings: call(() => new GetMappingsResponse()),
            checkConfig: call((request: CheckRequest) =>
                checkResponse(provider().checkConfig(readProperties(request.getNews()))),
            ),
            diffConfig: call((request: DiffRequest) =>
                diffResponse(
                    provider().diffConfig(
                        readProperties(request.getOldInputs() ?? request.getOlds()),
                        readProperties(request.getNews()),
                    ),
                ),
            ),
            configure: call((request: ConfigureRequest) => {
                // Engines before 3.154 send no URN, which reads as an empty text.
                const urn = request.hasUrn() ? request.getUrn() : undefined;
                provider().configure(readProperties(request.getArgs()), urn);
                const response = new ConfigureResponse();
                response.setAcceptsecrets(true);
                response.setAcceptresources(true);
                response.setAcceptoutputs(true);
                response.setSupportspreview(true);
                return response;
            }),
            cancel: call(() => {
                provider().cancel();
                return new Empty();
            }),
        };
    }

    /** The calls about resources, and the functions. */
    #resourceCalls({ provider }: Hooks): Partial<IResourceProviderServer> {
        return {
            check: call(async (request: CheckRequest) => {
                const olds = readProperties(request.getOlds());
                return checkResponse(
                    await provider().check(request.getUrn(), olds, readProperties(request.getNews())),
                );
            }),
            diff: call(async (request: DiffRequest) => {
                const olds = readProperties(request.getOlds());
                return diffResponse(
                    await provider().diff(subjectOf(request), olds, readProperties(request.getNews())),
                );
            }),
            create: call(async (request: CreateRequest) => {
                const news = readProperties(request.getProperties());
                const { id, outputs } = await provider().create(request.getUrn(), news, modeOf(request));
                const response = new CreateResponse();
                response.setId(id);
                response.setProperties(writeProperties(outputs.values, outputs.secrets));
                return response;
            }),
            update: call(async (request: UpdateRequest) => {
                const olds = readProperties(request.getOlds());
                const news = readProperties(request.getNews());
                const { values, secrets } = await provider().update(
                    subjectOf(request),
                    olds,
                    news,
                    modeOf(request),
                );
                const response = new UpdateResponse();
                response.setProperties(writeProperties(values, secrets));
                return response;
            }),
            read: call(async (request: ReadRequest) => {
                const recorded = readProperties(request.getProperties());
                const given = readProperties(request.getInputs());
                const { outputs, inputs } = await provider().read(subjectOf(request), recorded, given);
                const response = new ReadResponse();
                response.setId(request.getId());
                response.setProperties(writeProperties(outputs.values, outputs.secrets));
                response.setInputs(writeProperties(inputs.values, inputs.secrets));
                return response;
            }),
            delete: call(async (request: DeleteRequest) => {
                await provider().delete(subjectOf(request), readProperties(request.getProperties()));
                return new Empty();
            }),
            invoke: call(async (request: InvokeRequest) => {
                const result = await provider().invoke(request.getTok(), readProperties(request.getArgs()));
                const response = new InvokeResponse();
                response.setReturn(writeProperties(result));
                return response;
            }),
        };
    }
}

/** Makes a handler of a call; an error becomes the failure that gRPC sends. */
function call<Request, Response>(
    answer: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
    const answered = async (request: Request): Promise<Response> => answer(request);
    return ({ request }, callback) => {
        answered(request).then(
            (response) => {
                callback(null, response);
            },
            (error: unknown) => {
                callback(toServiceError(failureOf(error)));
            },
        );
    };
}

function subjectOf(request: { getUrn(): string; getId(): string }) {
    return { urn: request.getUrn(), id: request.getId() };
}

function modeOf(request: { getPreview(): boolean; getTimeout(): number }) {
    return { isPreview: request.getPreview(), timeoutSeconds: request.getTimeout() };
}

function checkResponse({ inputs, failures }: Checked): CheckResponse {
    const response = new CheckResponse();
    response.setInputs(writeProperties(inputs.values, inputs.secrets));
    response.setFailuresList(
        failures.map(({ property, reason }) => {
            const failure = new CheckFailure();
            failure.setProperty(property);
            failure.setReason(reason);
            return failure;
        }),
    );
    return response;
}

function diffResponse({ hasChanges, replaces, paths }: Diff): DiffResponse {
    const response = new DiffResponse();
    response.setChanges(hasChanges ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
    response.setReplacesList([...replaces]);
    response.setDiffsList([...new Set(paths.map(({ path }) => path.replace(/[.[].*$/, "")))]);
    response.setHasdetaileddiff(true);
    const details = response.getDetaileddiffMap();
    for (const { path, kind, isInput } of paths) {
        const isReplaced = replaces.includes(path);
        const detail = new PropertyDiff();
        detail.setKind(isReplaced ? KINDS[kind].replace : KINDS[kind].keep);
        detail.setInputdiff(isInput);
        details.set(path, detail);
    }
    return response;
}

const KINDS = {
    add: { keep: Kind.ADD, replace: Kind.ADD_REPLACE },
    delete: { keep: Kind.DELETE, replace: Kind.DELETE_REPLACE },
    update: { keep: Kind.UPDATE, replace: Kind.UPDATE_REPLACE },
};
