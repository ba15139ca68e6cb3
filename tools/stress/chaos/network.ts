/** The network between provider and simulator, which can disturb every request. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent, type Dispatcher, errors } from "undici";
import type { Simulator } from "../../../simulator/index.js";
import type { Trouble } from "./troubles.js";

/** A port without a listener, so that the kernel refuses the connection. */
const NOBODY = "http://127.0.0.1:1";
/** Duration of a request by the simulator's clock; requests are made one after the other. */
const REQUEST_MS = 50;

/** A foreign host, which counts the requests that it gets. */
export class Elsewhere {
    visits = 0;
    readonly #server: Server = createServer((_, response) => {
        this.visits++;
        response.end("{}");
    });

    async open(): Promise<string> {
        await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/services/v2/`;
    }

    close(): void {
        this.#server.close();
        this.#server.closeAllConnections();
    }
}

/** Assigns the troubles to the requests. */
export class Plan {
    readonly #all: (Trouble | undefined)[];
    readonly #posts: (Trouble | undefined)[];

    constructor(all: readonly (Trouble | undefined)[], posts: readonly (Trouble | undefined)[]) {
        this.#all = all.flatMap(oneByOne);
        this.#posts = posts.flatMap(oneByOne);
    }

    /** The trouble of the next request. */
    next(method: string): Trouble | undefined {
        const planned = this.#all.shift();
        return method === "POST" ? (this.#posts.shift() ?? planned) : planned;
    }
}

function oneByOne(trouble: Trouble | undefined): (Trouble | undefined)[] {
    return Array.from({ length: trouble?.times ?? 1 }, () => trouble);
}

/** The ids in an answer to a POST that reached the provider. */
export interface Given {
    readonly requestIds: readonly number[];
    readonly certificateId: number | undefined;
}

/** The dispatcher between provider and simulator. Requests come one after the other, as for one resource. */
export class Network {
    readonly #agent = new Agent({ maxResponseSize: 10 * 1024 * 1024 });
    /** The dispatcher of the provider. */
    readonly dispatcher: Dispatcher = this.#agent.compose(
        (dispatch) => (options, handler) => this.#send(dispatch, options, handler),
    );
    /** Names of the troubles that occurred. */
    readonly struck: string[] = [];
    /** Ids of the last POST whose answer reached the provider. */
    given: Given | undefined;
    readonly #simulator: Simulator;
    #plan = new Plan([], []);
    #now: Trouble | undefined;
    #giveUp: (() => void) | undefined;

    constructor(simulator: Simulator) {
        this.#simulator = simulator;
        simulator.chooseFaults(() => {
            if (this.#now === undefined || this.#now.fault === "refused") return undefined;
            // After the simulator has handled the request, so that it is committed.
            if (this.#now.timeout === "headers") setImmediate(() => this.#giveUp?.());
            return this.#now.fault;
        });
    }

    /** Switches the troubles on. */
    disturb(plan: Plan): void {
        this.#plan = plan;
    }

    /** Switches the troubles off. */
    calm(): void {
        this.#plan = new Plan([], []);
    }

    close(): Promise<void> {
        return this.#agent.destroy();
    }

    #send(
        dispatch: Dispatcher.Dispatch,
        options: Dispatcher.DispatchOptions,
        handler: Dispatcher.DispatchHandler,
    ): boolean {
        this.#simulator.advance(REQUEST_MS);
        this.#now = this.#plan.next(options.method);
        if (options.method === "POST") handler = this.#listening(handler);
        if (this.#now === undefined) return dispatch(options, handler);
        this.struck.push(this.#now.name);
        if (this.#now.fault === "refused") return dispatch({ ...options, origin: NOBODY }, handler);
        return dispatch(options, this.#now.timeout === undefined ? handler : this.#impatient(handler));
    }

    /** Records the ids in the answer to a POST. */
    #listening(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
        let status = 0;
        let text = "";
        this.given = undefined;
        return {
            ...delegating(handler),
            onResponseStart: (controller, code, ...rest) => {
                status = code;
                handler.onResponseStart?.(controller, code, ...rest);
            },
            onResponseData: (controller, chunk) => {
                text += chunk.toString("utf8");
                handler.onResponseData?.(controller, chunk);
            },
            onResponseEnd: (...end) => {
                if (status === 201) this.given = idsIn(text);
                handler.onResponseEnd?.(...end);
            },
        };
    }

    /** Fails like a time-out of undici, but at once. */
    #impatient(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
        return {
            ...delegating(handler),
            onRequestStart: (controller, context) => {
                this.#giveUp = () => {
                    controller.abort(new errors.HeadersTimeoutError());
                };
                handler.onRequestStart?.(controller, context);
            },
            onResponseData: (controller, chunk) => {
                handler.onResponseData?.(controller, chunk);
                controller.abort(new errors.BodyTimeoutError());
            },
        };
    }
}

function delegating(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
    return {
        onRequestStart: (...start) => handler.onRequestStart?.(...start),
        onResponseStart: (...start) => handler.onResponseStart?.(...start),
        onResponseData: (...data) => handler.onResponseData?.(...data),
        onResponseEnd: (...end) => handler.onResponseEnd?.(...end),
        onResponseError: (...error) => handler.onResponseError?.(...error),
    };
}

function idsIn(text: string): Given | undefined {
    try {
        const { requests, certificate_id } = JSON.parse(text) as {
            requests?: unknown;
            certificate_id?: unknown;
        };
        const ids = Array.isArray(requests) ? requests.map((one: { id?: unknown } | null) => one?.id) : [];
        return {
            requestIds: ids.filter(isId),
            certificateId: isId(certificate_id) ? certificate_id : undefined,
        };
    } catch {
        return undefined;
    }
}

function isId(value: unknown): value is number {
    return Number.isSafeInteger(value);
}
