/**
 * The engine that started the plugin. It shows each message in the row of the resource that the message is about.
 *
 * @module
 */
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb.js";
import type { RemedyWords } from "../core/errors.js";
import type { Message, Tell } from "../core/message.js";
import { grpc } from "./grpc.js";

/** Sends messages about one resource to the engine. */
export interface ResourceLogger {
    readonly tell: Tell;
    /** Resolves when the engine has all messages: it drops messages that come after the answer of the call. */
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

    /** Makes the logger of a resource for one call. */
    makeLogger(urn: string): ResourceLogger {
        const sent: Promise<void>[] = [];
        return {
            tell: (message) => sent.push(this.#log(message, urn)),
            flush: async () => {
                await Promise.all(sent);
            },
        };
    }

    /** Whether the engine does not answer within `timeoutMs` milliseconds. */
    isGone(timeoutMs: number): Promise<boolean> {
        return new Promise((resolve) => {
            this.#client.waitForReady(Date.now() + timeoutMs, (error) => {
                resolve(error !== undefined);
            });
        });
    }

    close(): void {
        this.#client.close();
    }

    /**
     * Sends one message. A message that cannot be delivered is dropped, and the operation goes on. Messages go to the default
     * stream: the CLI joins the messages of any other stream, without their severities.
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

/** Drops all messages: for a call without an engine. */
export const NO_LOGGER: ResourceLogger = { tell: () => undefined, flush: () => Promise.resolve() };
