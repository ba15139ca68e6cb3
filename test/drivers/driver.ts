/** The interface through which a contract scenario uses a stack; in process, over Pulumi's host, through the plugin, or with the CLI. */
import type { Props, Recorded as RecordedByEngine, Step } from "../engine/imitation.js";
import type { ReissueState } from "../../provider/core/reissue/state.js";
import type { RecordedRequest } from "../../simulator/index.js";

export type { Props };

/** The outcome of a resource in one command. */
export type Done = Step["did"];

/** The result of one command. */
export interface Run {
    /** Outcome of the resource `shop`. After a refresh, `update` means that the inputs differ now. */
    readonly did: Done;
    /** Outcomes of further resources, by name. */
    readonly others: Readonly<Record<string, Done>>;
    /** The error of the command; `undefined` means that it succeeded. */
    readonly failure: string | undefined;
    /** Lines that the provider printed in the preview. */
    readonly preview: readonly string[];
    /** Lines that the provider printed in the update. */
    readonly lines: readonly string[];
    /** The lines of the update, and the failure. */
    readonly text: string;
    /** The requests, such as `GET /order/certificate/:id`, in the order of their arrival. */
    readonly requests: readonly string[];
    /** The requests that are not a `GET`. */
    readonly changing: readonly string[];
    readonly recorded: readonly RecordedRequest[];
    readonly posts: number;
}

/** Outputs of a `DigiCertReissue`. */
export type Outputs = ReissueState & Props;

/** A resource in the state. */
export interface Recorded extends RecordedByEngine {
    readonly outputs: Outputs;
}

/** Options of one command. */
export interface RunOptions {
    /** Further resources of the program, by name. */
    readonly others?: Readonly<Record<string, Props>>;
    /** Added to the environment of the provider. */
    readonly env?: Readonly<Record<string, string>>;
    /** Stack config beside key, address and pauses. */
    readonly config?: Readonly<Record<string, string>>;
}

/** A stack whose program has the resource `shop`, and further resources if a scenario needs them. */
export abstract class StackDriver {
    /** The engine's calls to the provider in each command. */
    readonly calls: string[][] = [];
    /** Whether the provider is the plugin; the contract of the doors is in doors.spec.ts. */
    abstract readonly isPlugin: boolean;
    /** `pulumi preview`. It makes no request, and fails if the update would be refused. */
    abstract preview(args: Props | undefined, options?: RunOptions): Promise<Run>;
    /** `pulumi up`: a preview, and the update unless the preview refused it. */
    abstract up(args: Props | undefined, options?: RunOptions): Promise<Run>;
    /** `pulumi refresh`, which does not run the program. */
    abstract refresh(options?: RunOptions): Promise<Run>;
    /** `pulumi destroy`, which does not run the program. */
    abstract destroy(options?: RunOptions): Promise<Run>;
    /** `DigiCertReissue.get(name, id)`; through the plugin also what `pulumi import` does. */
    abstract get(id: string): Promise<Pick<Recorded, "inputs" | "outputs">>;
    /** A resource in the state; undefined if there is none. */
    abstract resource(name?: string): Recorded | undefined;
    /** Restores an earlier state, like that of a killed run; `undefined` stands for an empty stack. */
    abstract restore(recorded: Recorded | undefined): Promise<void>;

    /** `shop` in the state; throws if there is none. */
    get recorded(): Recorded {
        const recorded = this.resource();
        if (!recorded) throw new Error("the stack has no shop");
        return recorded;
    }

    /** The outputs of `shop`. */
    get state(): Outputs {
        return this.recorded.outputs;
    }
}

/** The name of the resource in every scenario. */
export const SHOP = "shop";

/** Value of `settleSeconds` for the drivers with real time; with virtual time it has its default. */
export const SETTLE_SECONDS = 0.3;

/** A request, with `:id` for each number. */
export function requestName({ method, pathname }: Pick<RecordedRequest, "method" | "pathname">): string {
    return `${method} ${pathname.replace("/services/v2", "").replace(/\/\d+/g, "/:id")}`;
}

/** The program: the arguments of each resource, by name. */
export function programOf(args: Props | undefined, { others = {} }: RunOptions): Record<string, Props> {
    return { ...(args && { [SHOP]: args }), ...others };
}

/** Makes the result of a command. */
export function runOf(
    done: Readonly<Record<string, Done>>,
    failures: readonly string[],
    preview: readonly string[],
    lines: readonly string[],
    recorded: readonly RecordedRequest[],
): Run {
    const { [SHOP]: did = "nothing", ...others } = done;
    const requests = recorded.map(requestName);
    return {
        did,
        others,
        failure: failures.length > 0 ? failures.join("\n") : undefined,
        preview,
        lines,
        text: [...lines, ...failures].join("\n"),
        requests,
        changing: requests.filter((request) => !request.startsWith("GET ")),
        recorded,
        posts: requests.filter((request) => request.startsWith("POST ")).length,
    };
}
