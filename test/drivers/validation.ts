/** A stack with a reissue, the records made from its token, and the validation that waits for both, in this process. */
import { recordPlaces, recordValue, type DnsMethod } from "../../provider/core/validation/records.js";
import { UNKNOWN } from "../../provider/core/unknown.js";
import type { Simulator } from "../../simulator/index.js";
import {
    DYNAMIC,
    runOf,
    type Done,
    type Door,
    type Outputs,
    type Props,
    type Run,
    type RunOptions,
} from "./driver.js";
import { ImitatedStack, type OpenedProvider } from "./imitated.js";
import { openDynamic, type InProcessOptions } from "./inProcess.js";

/** The outcome of one command. */
export interface ValidatedRun extends Omit<Run, "did" | "others"> {
    readonly reissue: Done;
    /** `undefined`: the reissue failed, so it was not its turn. */
    readonly validation: Done | undefined;
    /** Requests that the validation made. */
    readonly ofValidation: readonly string[];
    /** How many records were written. */
    readonly writtenRecords: number;
}

/** How a stack is made. */
export interface ValidatedOptions extends InProcessOptions {
    /** Names that get a record; default `shop.example`. */
    readonly names?: readonly string[];
    /** Whether records are written at all. */
    readonly publishes?: boolean;
    /** The door, and how its provider is opened; by default those of the dynamic resources. */
    readonly door?: Door;
    readonly open?: (
        ...args: Parameters<typeof openDynamic>
    ) => Required<OpenedProvider> | Promise<Required<OpenedProvider>>;
}

/** The outputs of a reissue that the SDK's class hands to the validation. */
const HANDED = [
    "orderId",
    "certificate",
    "reissueId",
    "certificateId",
    "requestIds",
    "dcvRandomValue",
    "dcvMethod",
];

/** What the SDK's class makes of `reissue`. */
export function expand(outputs: Props, args: Props = {}): Props {
    const handed = HANDED.filter((name) => outputs[name] !== undefined);
    return { ...Object.fromEntries(handed.map((name) => [name, outputs[name]])), ...args };
}

/** One program: reissue, records, validation. Both resources have the same provider process in a command. */
export class ValidatedStack {
    readonly #reissue: ImitatedStack;
    readonly #validation: ImitatedStack;
    readonly #written = new Map<string, string>();
    #opened: Required<OpenedProvider> | undefined;

    constructor(
        readonly simulator: Simulator,
        private readonly options: ValidatedOptions = {},
    ) {
        const { door = DYNAMIC, open = openDynamic } = options;
        const stackOf = (kind: "calls" | "validation") =>
            new ImitatedStack(simulator, door, async (run) => {
                const opened = (this.#opened ??= await open(simulator, run, options));
                return { calls: opened[kind], lines: () => opened.lines(), close: () => undefined };
            });
        this.#reissue = stackOf("calls");
        this.#validation = stackOf("validation");
    }

    /** A copy of the stack as it is now, whose provider runs elsewhere; as after a kill, it has what was saved by now. */
    async copy(options = this.options): Promise<ValidatedStack> {
        const next = new ValidatedStack(this.simulator, options);
        await next.#reissue.restore(this.#reissue.resource());
        await next.#validation.restore(this.#validation.resource());
        for (const [name, value] of this.#written) next.#written.set(name, value);
        return next;
    }

    get state(): Outputs {
        return this.#reissue.state;
    }

    /** Outputs of the validation; `undefined` before there is one. */
    get handed(): Outputs | undefined {
        return this.#validation.resource()?.outputs;
    }

    /** `pulumi up`; a preview is a part of it, with what it cannot know. */
    up(args: Props, validation: Props = {}, options: RunOptions = {}): Promise<ValidatedRun> {
        return this.#command(async () => {
            const reissue = await this.#reissue.up(args, options);
            if (reissue.failure !== undefined) return { reissue };
            const writtenRecords = this.options.publishes === false ? 0 : this.#write(args);
            if (reissue.did !== "nothing") {
                await this.#validation.preview(expand(unknown(this.state), validation), options);
            }
            const validated = await this.#validation.up(expand(this.state, validation), options);
            return { reissue, validated, writtenRecords };
        });
    }

    /** `pulumi refresh` of both. */
    refresh(options: RunOptions = {}): Promise<ValidatedRun> {
        return this.#command(async () => ({
            reissue: await this.#reissue.refresh(options),
            validated: await this.#validation.refresh(options),
        }));
    }

    /** `pulumi destroy` of the validation. */
    destroyValidation(): Promise<ValidatedRun> {
        return this.#command(async () => ({ validated: await this.#validation.destroy() }));
    }

    #write(args: Props): number {
        const { dcvRandomValue } = this.state;
        const method: DnsMethod = args.dcvMethod === "dns-cname-token" ? "dns-cname-token" : "dns-txt-token";
        let written = 0;
        for (const { name, type } of recordPlaces(this.options.names ?? ["shop.example"], method)) {
            const value = recordValue(dcvRandomValue, method);
            if (this.#written.get(name) === value) continue;
            this.#written.set(name, value);
            this.simulator.unpublish(name, type);
            this.simulator.publish(name, type, value);
            written += 1;
        }
        return written;
    }

    async #command(
        work: () => Promise<{ reissue?: Run; validated?: Run; writtenRecords?: number }>,
    ): Promise<ValidatedRun> {
        const { reissue, validated, writtenRecords = 0 } = await work();
        this.#opened?.close();
        this.#opened = undefined;
        const runs = [reissue ?? [], validated ?? []].flat();
        const [failures, lines, recorded] = [
            runs.flatMap(({ failure }) => failure ?? []),
            runs.flatMap((run) => run.lines),
            runs.flatMap((run) => run.recorded),
        ];
        return {
            ...runOf({}, failures, lines, lines, recorded),
            reissue: reissue?.did ?? "nothing",
            validation: validated?.did,
            ofValidation: validated?.requests ?? [],
            writtenRecords,
        };
    }
}

/** What a preview knows of outputs that an update may change. */
function unknown(outputs: Outputs): Props {
    return {
        ...outputs,
        reissueId: UNKNOWN,
        certificateId: UNKNOWN,
        requestIds: UNKNOWN,
        dcvRandomValue: UNKNOWN,
    };
}
