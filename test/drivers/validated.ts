/** A stack with a reissue, the records made from its token, and the validation that waits for both, in this process. */
import { recordPlaces, recordValue, type DnsMethod } from "../../provider/core/validation/records.js";
import { UNKNOWN } from "../../provider/core/unknown.js";
import { ImitatedEngine, type ProviderCalls } from "../engine/imitation.js";
import type { Simulator } from "../../simulator/index.js";
import { runOf, SHOP, type Done, type Outputs, type Props, type Run, type RunOptions } from "./driver.js";
import { checkRun, checkState } from "./invariants.js";
import { openLifecycles, type OpenProviders } from "./lifecycle.js";
import type { InProcessOptions } from "./surroundings.js";

/** What one `up` did. */
export interface ValidatedRun extends Omit<Run, "did" | "others"> {
    readonly reissue: Done;
    /** `undefined`: the reissue failed, so it was not its turn. */
    readonly validation: Done | undefined;
    /** Requests that the validation made. */
    readonly ofValidation: readonly string[];
    /** How many records were written. */
    readonly writtenRecords: number;
}

/** Outputs of a validation. */
export interface ValidationOutputs extends Props {
    status: string;
    certificateId?: number;
    certificatePem?: string;
    validTill?: string;
}

/** How a stack is made. */
export interface ValidatedOptions extends InProcessOptions {
    /** Names that get a record; default `shop.example`. */
    readonly names?: readonly string[];
    /** Whether records are written at all. */
    readonly publishes?: boolean;
    /** The door; by default the dynamic resources. */
    readonly open?: OpenProviders;
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
    const handed = Object.entries(outputs).filter(
        ([name, value]) => HANDED.includes(name) && value !== undefined,
    );
    return { ...Object.fromEntries(handed), ...args };
}

/** One program: reissue, records, validation. */
export class ValidatedStack {
    readonly #engine = new ImitatedEngine();
    readonly #validations = new ImitatedEngine();
    readonly #written = new Map<string, string>();

    constructor(
        readonly simulator: Simulator,
        private readonly options: ValidatedOptions = {},
    ) {}

    /** The stack after its engine and provider were killed: with what was saved by now. */
    afterKill(): ValidatedStack {
        return this.inProcess(this.options);
    }

    /** A copy of the stack as it is now, whose provider runs elsewhere. */
    inProcess(options: ValidatedOptions): ValidatedStack {
        const next = new ValidatedStack(this.simulator, options);
        for (const [name, one] of this.#engine.resources) next.#engine.resources.set(name, one);
        for (const [name, one] of this.#validations.resources) next.#validations.resources.set(name, one);
        for (const [name, value] of this.#written) next.#written.set(name, value);
        return next;
    }

    get state(): Outputs {
        const recorded = this.#engine.resources.get(SHOP);
        if (!recorded) throw new Error("the stack has no reissue");
        return recorded.outputs as Outputs;
    }

    /** Outputs of the validation; `undefined` before there is one. */
    get handed(): ValidationOutputs | undefined {
        return this.#validations.resources.get(SHOP)?.outputs as ValidationOutputs | undefined;
    }

    /** `pulumi up`; a preview is a part of it, with what it cannot know. */
    up(args: Props, validation: Props = {}, runOptions: RunOptions = {}): Promise<ValidatedRun> {
        return this.#command(runOptions, async (providers, seen) => {
            const reissue = await carryOut(this.#engine, providers.reissue, args);
            if (reissue.failure !== undefined) return { reissue, validation: undefined, writtenRecords: 0 };
            const writtenRecords = this.options.publishes === false ? 0 : this.#write(args);
            if (reissue.did !== "nothing") {
                await this.#validations.preview(providers.validation, {
                    [SHOP]: expand(unknown(this.state), validation),
                });
            }
            const before = seen();
            const done = await carryOut(
                this.#validations,
                providers.validation,
                expand(this.state, validation),
            );
            return { reissue, validation: done, writtenRecords, before };
        });
    }

    /** `pulumi refresh` of both. */
    refresh(runOptions: RunOptions = {}): Promise<ValidatedRun> {
        return this.#command(runOptions, async (providers, seen) => {
            await this.#engine.refresh(providers.reissue);
            const before = seen();
            await this.#validations.refresh(providers.validation);
            return { reissue: NOTHING, validation: NOTHING, writtenRecords: 0, before };
        });
    }

    /** `pulumi destroy` of the validation. */
    destroyValidation(runOptions: RunOptions = {}): Promise<ValidatedRun> {
        return this.#command(runOptions, async (providers) => {
            const [step] = await this.#validations.destroy(providers.validation);
            return { reissue: NOTHING, validation: step, writtenRecords: 0 };
        });
    }

    #write(args: Props): number {
        const { dcvRandomValue } = this.state;
        const given = args.dcvMethod as string | undefined;
        const method: DnsMethod = given === "dns-cname-token" ? given : "dns-txt-token";
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

    async #command(runOptions: RunOptions, work: Work): Promise<ValidatedRun> {
        const { open = openLifecycles } = this.options;
        const providers = await open(this.simulator, runOptions, this.options);
        const start = this.simulator.requests.length;
        const seen = () => this.simulator.requests.length - start;
        const { reissue, validation, writtenRecords, before } = await work(providers, seen);
        const recorded = this.simulator.requests.slice(start);
        const lines = providers.lines().map(({ text }) => text);
        providers.close();
        const failure = reissue.failure ?? validation?.failure;
        for (const engine of [this.#engine, this.#validations]) {
            checkState(engine.resources.values() as Iterable<never>, this.simulator.apiKey);
        }
        const run = runOf({}, failure === undefined ? [] : [failure], lines, lines, recorded);
        return {
            ...checkRun(run, this.simulator.apiKey),
            reissue: reissue.did,
            validation: validation?.did,
            ofValidation: before === undefined ? [] : run.requests.slice(before),
            writtenRecords,
        };
    }
}

interface Part {
    readonly did: Done;
    readonly failure?: string | undefined;
}

const NOTHING: Part = { did: "nothing" };

type Work = (
    providers: { readonly reissue: ProviderCalls; readonly validation: ProviderCalls },
    seen: () => number,
) => Promise<{
    reissue: Part;
    validation: Part | undefined;
    writtenRecords: number;
    before?: number;
}>;

async function carryOut(engine: ImitatedEngine, provider: ProviderCalls, args: Props): Promise<Part> {
    const [planned] = await engine.plan(provider, { [SHOP]: args });
    if (!planned || planned.failure !== undefined) return planned ?? NOTHING;
    const [done] = await engine.carryOut(provider, [planned]);
    return done ?? planned;
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
