import { type IncomingMessage } from "node:http";

/** A request to the API, as it arrived. */
export interface RecordedRequest {
    /** `GET`, `POST` or `PUT`. */
    readonly method: string;
    /** Path with `/services/v2` and with the query. */
    readonly path: string;
    /** Path with `/services/v2`, without the query. */
    readonly pathname: string;
    /** Headers, with names in lower case; `x-dc-devkey` holds the API key. */
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    /** Time of arrival, by the simulator's clock. */
    readonly at: Date;
    /** The body: parsed JSON, or the text if it is not JSON; undefined if there is none, or if it has not arrived yet. */
    body: unknown;
    /** Status of the answer; undefined before the answer, and if the connection was closed without an answer. */
    status: number | undefined;
    /** Kind of the fault that applied to the request. */
    fault: string | undefined;
}

/**
 * Reads a body for the recording.
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
