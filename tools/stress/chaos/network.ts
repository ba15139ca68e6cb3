/** The way to the simulator, with a trouble at every request. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent, type Dispatcher, errors } from "undici";
import type { Simulator } from "../../../simulator/index.js";
import type { Trouble } from "./troubles.js";

/** Nothing listens there, so that the kernel refuses the connection. */
const NOBODY = "http://127.0.0.1:1";
/** By the simulator's clock; no request is made at the same time as another. */
const REQUEST_MS = 50;

/** A host that has no business with us: it counts who comes. */
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

/** Which request has which trouble. */
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

/** Ids in the answer to a POST, as it came through. */
export interface Given {
    readonly requestIds: readonly number[];
    readonly certificateId: number | undefined;
}

/** Between the provider and the simulator. Requests come one after the other, as they do for one resource. */
export class Network {
    readonly #agent = new Agent({ maxResponseSize: 10 * 1024 * 1024 });
    /** What the provider is to send with. */
    readonly dispatcher: Dispatcher = this.#agent.compose(
        (dispatch) => (options, handler) => this.#send(dispatch, options, handler),
    );
    /** Names of the troubles that struck. */
    readonly struck: string[] = [];
    /** Of the last POST whose answer came through. */
    given: Given | undefined;
    readonly #simulator: Simulator;
    #plan = new Plan([], []);
    #now: Trouble | undefined;
    #giveUp: (() => void) | undefined;

    constructor(simulator: Simulator) {
        this.#simulator = simulator;
        simulator.chooseFaults(() => {
            if (this.#now === undefined || this.#now.fault === "refused") return undefined;
            // After what the simulator does at once, so that it is committed.
            if (this.#now.timeout === "headers") setImmediate(() => this.#giveUp?.());
            return this.#now.fault;
        });
    }

    /** From now on each request has the trouble that is meant for it, if there is one. */
    disturb(plan: Plan): void {
        this.#plan = plan;
    }

    /** Nothing goes wrong any more. */
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

    /** Remembers what the answer to a POST says. */
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

    /** Gives up as undici does when a time is over, but without the time. */
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
