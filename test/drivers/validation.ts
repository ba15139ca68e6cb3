/** A stack with a reissue, the records made from its token, and the validation that waits for both, in this process. */
import { compact } from "../../provider/core/json.js";
import { UNKNOWN } from "../../provider/core/unknown.js";
import { expandReissue } from "../../sdk/nodejs/validation.js";
import type { Simulator } from "../../simulator/index.js";
import { runOf, type Done, type Outputs, type Props, type Run, type RunOptions } from "./driver.js";
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
    /** Whether the record of `shop.example` is written. */
    readonly publishes?: boolean;
    /** How the provider is opened, and whether it is the plugin; by default the dynamic resources. */
    readonly isPlugin?: boolean;
    readonly open?: (
        ...args: Parameters<typeof openDynamic>
    ) => Required<OpenedProvider> | Promise<Required<OpenedProvider>>;
}

/** What the SDK's class makes of `reissue`, without Pulumi's outputs. */
export function expand(outputs: Props, args: Props = {}): Props {
    const { dcvMethod } = outputs;
    return compact({ ...expandReissue({ reissue: outputs as never }), dcvMethod, ...args });
}

/** One program: reissue, records, validation. Both resources have the same provider process in a command. */
export class ValidatedStack {
    readonly #reissue: ImitatedStack;
    readonly #validation: ImitatedStack;
    #written: string | undefined;
    #opened: Required<OpenedProvider> | undefined;

    constructor(
        readonly simulator: Simulator,
        private readonly options: ValidatedOptions = {},
    ) {
        const { isPlugin = false, open = openDynamic } = options;
        const stackOf = (kind: "calls" | "validation") =>
            new ImitatedStack(simulator, isPlugin, async (run) => {
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
        next.#written = this.#written;
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
            const writtenRecords = this.options.publishes === false ? 0 : this.#write();
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

    /** Writes the record of `shop.example`, unless it has the value already; returns how many were written. */
    #write(): number {
        const { dcvRandomValue } = this.state;
        if ((dcvRandomValue ?? "") === "" || dcvRandomValue === this.#written) return 0;
        this.#written = dcvRandomValue;
        this.simulator.unpublish("_dnsauth.shop.example", "TXT");
        this.simulator.publish("_dnsauth.shop.example", "TXT", dcvRandomValue ?? "");
        return 1;
    }

    async #command(
        work: () => Promise<{ reissue?: Run; validated?: Run; writtenRecords?: number }>,
    ): Promise<ValidatedRun> {
        const done = await work().finally(() => {
            this.#opened?.close();
            this.#opened = undefined;
        });
        const { reissue, validated, writtenRecords = 0 } = done;
        const runs = [reissue ?? [], validated ?? []].flat();
        const failures = runs.flatMap(({ failure }) => failure ?? []);
        const lines = runs.flatMap((run) => run.lines);
        const recorded = runs.flatMap((run) => run.recorded);
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
