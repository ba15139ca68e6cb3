/** An engine that a plugin sends its messages to, without the CLI. */
import { promisify } from "node:util";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { LogSeverity, type LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { type Answer } from "./grpc.js";

/** A line that the plugin said. */
export interface Said {
    readonly severity: "info" | "warning";
    readonly text: string;
    readonly urn: string;
    readonly isStatus: boolean;
}

/** An engine that notes what is said. */
export class ListeningEngine {
    readonly said: Said[] = [];
    readonly #server = new Server();
    #port = 0;

    get address(): string {
        return `127.0.0.1:${this.#port}`;
    }

    async listen(): Promise<void> {
        this.#server.addService(EngineService, {
            log: ({ request }: { request: LogRequest }, answer: Answer<Empty>) => {
                this.said.push({
                    severity: request.getSeverity() === LogSeverity.WARNING ? "warning" : "info",
                    text: request.getMessage(),
                    urn: request.getUrn(),
                    isStatus: request.getEphemeral(),
                });
                answer(null, new Empty());
            },
        });
        const bind = promisify(this.#server.bindAsync.bind(this.#server));
        this.#port = await bind("127.0.0.1:0", ServerCredentials.createInsecure());
    }

    close(): void {
        this.#server.forceShutdown();
    }
}
