/**
 * The engine that started the plugin: it shows what is said about a resource, in the row of that resource.
 *
 * @module
 */
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb.js";
import type { RemedyWords } from "../core/errors.js";
import type { Message, Tell } from "../core/message.js";
import { grpc } from "./grpc.js";

/** Says something about one resource. */
export interface Speaker {
    readonly tell: Tell;
    /** Resolves when the engine has everything: it drops what comes after the answer of the call. */
    flush(): Promise<void>;
}

/** A connection to the engine. */
export class Engine {
    readonly #client: EngineClient;
    readonly #words: RemedyWords;

    /** @param words - what a person can do about each remedy */
    constructor(address: string, words: RemedyWords) {
        this.#client = new EngineClient(address, grpc.credentials.createInsecure(), {
            "grpc.max_receive_message_length": -1,
        });
        this.#words = words;
    }

    /** What is said about a resource during one call. */
    speaker(urn: string): Speaker {
        const sent: Promise<void>[] = [];
        return {
            tell: (message) => sent.push(this.#log(message, urn)),
            flush: async () => {
                await Promise.all(sent);
            },
        };
    }

    /** Whether the engine answers no more, for as long as `patienceMs`. */
    isGone(patienceMs: number): Promise<boolean> {
        return new Promise((resolve) => {
            this.#client.waitForReady(Date.now() + patienceMs, (error) => {
                resolve(error !== undefined);
            });
        });
    }

    close(): void {
        this.#client.close();
    }

    /**
     * A line that cannot be delivered is lost; the operation is not. Lines go to the default stream: of any other the CLI makes
     * one message, without the severity of its parts.
     */
    #log({ severity, text, remedy, isStatus }: Message, urn: string): Promise<void> {
        const request = new LogRequest();
        request.setSeverity(severity === "warning" ? LogSeverity.WARNING : LogSeverity.INFO);
        request.setMessage(remedy === undefined ? text : `${text} ${this.#words[remedy]}`);
        request.setUrn(urn);
        request.setEphemeral(isStatus);
        return new Promise((resolve) => {
            this.#client.log(request, () => {
                resolve();
            });
        });
    }
}

/** Says nothing: for a call without an engine that listens. */
export const SILENT: Speaker = { tell: () => undefined, flush: () => Promise.resolve() };
