/**
 * Stands for the package `aws` in the programs of the documents: a record of Route 53 is published in the simulator. It is served in
 * this process, where the engine attaches to it.
 */
import { promisify } from "node:util";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import type { RecordType, Simulator } from "../../simulator/index.js";
import { type Answer, fromStruct } from "../engine/grpc.js";

const RECORD = {
    zoneId: { type: "string" },
    name: { type: "string" },
    type: { type: "string" },
    ttl: { type: "integer" },
    records: { type: "array", items: { type: "string" } },
};

/** What the YAML host has to know. */
const SCHEMA = {
    name: "aws",
    version: "7.0.0",
    resources: {
        "aws:route53/record:Record": {
            inputProperties: RECORD,
            requiredInputs: ["zoneId", "name", "type"],
            properties: RECORD,
        },
    },
};

interface PublishedRecord {
    readonly name: string;
    readonly type: RecordType;
    readonly records: readonly string[];
}

type Properties = Parameters<typeof fromStruct>[0];
const recordOf = (properties: Properties) => fromStruct(properties) as unknown as PublishedRecord;

/** Turns a function into a call of the protocol. */
function call<Request, Response>(answer: (request: Request) => Response) {
    return ({ request }: { request: Request }, reply: Answer<Response>) => {
        reply(null, answer(request));
    };
}

/** The package, for the stacks of a simulator. */
export class Route53 {
    readonly #server = new Server();
    #port = 0;

    constructor(private readonly simulator: Simulator) {}

    /** Tells the engine to attach; the project names the plugin too, so that the engine does not look for it. */
    get env(): Record<string, string> {
        return { PULUMI_DEBUG_PROVIDERS: `aws:${this.#port}` };
    }

    async listen(): Promise<void> {
        this.#server.addService(ResourceProviderService, this.#calls());
        const bind = promisify(this.#server.bindAsync.bind(this.#server));
        this.#port = await bind("127.0.0.1:0", ServerCredentials.createInsecure());
    }

    close(): void {
        this.#server.forceShutdown();
    }

    #publish({ name, type, records }: PublishedRecord): void {
        for (const value of records) this.simulator.publish(name, type, value);
    }

    #remove({ name, type }: PublishedRecord): void {
        this.simulator.unpublish(name, type);
    }

    #calls() {
        return {
            attach: call(() => new Empty()),
            getPluginInfo: call(() => {
                const response = new PluginInfo();
                response.setVersion(SCHEMA.version);
                return response;
            }),
            getSchema: call(() => {
                const response = new messages.GetSchemaResponse();
                response.setSchema(JSON.stringify(SCHEMA));
                return response;
            }),
            configure: call(() => new messages.ConfigureResponse()),
            check: call((request: messages.CheckRequest) => {
                const response = new messages.CheckResponse();
                response.setInputs(request.getNews());
                return response;
            }),
            diff: call((request: messages.DiffRequest) => {
                const [olds, news] = [request.getOlds(), request.getNews()].map((properties) =>
                    JSON.stringify(Object.entries(fromStruct(properties)).sort()),
                );
                const response = new messages.DiffResponse();
                const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
                response.setChanges(olds === news ? DIFF_NONE : DIFF_SOME);
                return response;
            }),
            create: call((request: messages.CreateRequest) => {
                const record = recordOf(request.getProperties());
                this.#publish(record);
                const response = new messages.CreateResponse();
                response.setId(record.name);
                response.setProperties(request.getProperties());
                return response;
            }),
            update: call((request: messages.UpdateRequest) => {
                this.#remove(recordOf(request.getOlds()));
                this.#publish(recordOf(request.getNews()));
                const response = new messages.UpdateResponse();
                response.setProperties(request.getNews());
                return response;
            }),
            delete: call((request: messages.DeleteRequest) => {
                this.#remove(recordOf(request.getProperties()));
                return new Empty();
            }),
        };
    }
}
