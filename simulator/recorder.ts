import { type IncomingMessage } from "node:http";

/** A request to the API, as it arrived. */
export interface RecordedRequest {
    /** `GET`, `POST` or `PUT`. */
    readonly method: string;
    /** With `/services/v2`, and with the query. */
    readonly path: string;
    /** The same without the query. */
    readonly pathname: string;
    /** By their names in lower case; `x-dc-devkey` holds the API key. */
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    /** When, by the simulator's clock. */
    readonly at: Date;
    /** Parsed JSON, or the text if it is not JSON; undefined if there is none, or it has not arrived yet. */
    body: unknown;
    /** Of the answer; undefined while there is none, and if the connection was closed without one. */
    status: number | undefined;
    /** Kind of the fault that was applied to it. */
    fault: string | undefined;
}

/**
 * What a body is for a recording.
 *
 * @internal
 */
export function recordedBody(text: string): unknown {
    if (text === "") return undefined;
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}

/**
 * Keeps the requests in the order of their arrival.
 *
 * @internal
 */
export class Recorder {
    private recorded: RecordedRequest[] = [];

    get requests(): readonly RecordedRequest[] {
        return this.recorded;
    }

    clear(): void {
        this.recorded = [];
    }

    begin(message: IncomingMessage, at: Date): RecordedRequest {
        const { method = "GET", url: path = "/", headers } = message;
        const [pathname = "/"] = path.split("?");
        const request = {
            method,
            path,
            pathname,
            headers,
            at,
            body: undefined,
            status: undefined,
            fault: undefined,
        };
        this.recorded.push(request);
        return request;
    }
}
