import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { ApiError, type ErrorEntry, type ErrorForm } from "./apiError.js";

/** A request, read completely. */
export interface ApiRequest {
    method: string;
    /** Path with the query, as on the request line. */
    path: string;
    pathname: string;
    query: URLSearchParams;
    headers: IncomingHttpHeaders;
    /** Text of the body. */
    text: string;
}

/** An answer. `body` is the text that is sent; a 204 has none. */
export interface Reply {
    status: number;
    headers: Record<string, string>;
    body: string;
    /** Sent instead of `body`: an archive, for example. */
    bytes?: Buffer;
}

/** Makes a JSON answer, compact and without charset, like CertCentral's answers. */
export function json(status: number, value: unknown): Reply {
    return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

/** 204. */
export const noContent: Reply = { status: 204, headers: {}, body: "" };

function errorBody(errors: readonly ErrorEntry[], form: ErrorForm): unknown {
    const [first] = errors;
    switch (form) {
        case "list":
            return { errors };
        case "object":
            return { errors: first };
        case "error":
            return { error: first };
        case "strings":
            return { errors: errors.map(({ message }) => message) };
        case "description":
            return { errors: errors.map(({ code, message }) => ({ code, description: message })) };
    }
}

/** Makes the answer to an error: an error of the API has its own body; any other is a bug of the simulator, answered with 500. */
export function errorReply(error: unknown, form: ErrorForm = "list"): Reply {
    if (error instanceof ApiError) {
        const reply = json(error.status, errorBody(error.errors, form));
        if (form === "description") reply.headers["content-type"] = "application/vnd.digicert.error+json";
        return reply;
    }
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return json(500, { errors: [{ code: "simulator_failed", message }] });
}

/** Reads the body of a request to its end. */
export async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const path = message.url ?? "/";
    const [pathname = "/", ...query] = path.split("?");
    return {
        method: message.method ?? "GET",
        path,
        pathname,
        query: new URLSearchParams(query.join("?")),
        headers: message.headers,
        text: Buffer.concat(chunks).toString("utf8"),
    };
}

/** Head of an answer. */
export function writeHead(
    response: ServerResponse,
    reply: Reply,
    length = reply.bytes?.length ?? Buffer.byteLength(reply.body),
): void {
    const size = reply.status === 204 ? {} : { "content-length": String(length) };
    response.writeHead(reply.status, { ...reply.headers, ...size });
}

/** Sends an answer. */
export function send(response: ServerResponse, reply: Reply): void {
    writeHead(response, reply);
    response.end(reply.bytes ?? reply.body);
}
