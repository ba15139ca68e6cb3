/**
 * The lifecycle that Pulumi's dynamic-provider host calls: thin over check, plan and the steps of a reissue.
 * What an operation does not need is not loaded.
 *
 * @module
 */
import type { dynamic } from "@pulumi/pulumi";
import { RefusedError } from "../core/errors.js";
import { quote } from "../core/quote.js";
import { contextOf, type Context } from "../core/context.js";
import { type Clock } from "../core/clock.js";
import { Incomplete } from "../core/reissue/outcome.js";
import { deadlineOf } from "../core/reissue/plan/due.js";
import { plan, type Plan } from "../core/reissue/plan/plan.js";
import { givenKeys, readSettings, type Settings, type Sources } from "../core/settings.js";
import { inputsOf, withInputs, type ReissueInputs, type ReissueState } from "../core/reissue/state.js";
import { compact } from "../core/json.js";
import { failInOneSentence, PartialFailure, savedSettingsAdvice } from "./hostErrors.js";
import { containsUnknown } from "../core/unknown.js";

/** What the lifecycle takes from the process; replaced in tests. */
export interface Surroundings extends Clock {
    readonly env: Readonly<Record<string, string | undefined>>;
    log(line: string): void;
    /** Makes the API client; loads the HTTP code on first use. */
    connect(settings: Settings): Promise<Context["client"]>;
}

type Bag = Record<string, unknown>;
type Config = dynamic.ConfigureRequest["config"];

/** A lifecycle with state of its own: the configuration, the client, and which orders this run has checked. */
export class Lifecycle {
    readonly #around: Surroundings;
    #config: Config | undefined;
    #context: Promise<Context> | undefined;
    /** Order id to the identity of the resource that was checked for it; only a run of the program fills it. */
    readonly #checked = new Map<string, string>();

    constructor(around: Surroundings) {
        this.#around = around;
    }

    /** Stores only: the host does not wait for it before other calls, and one that throws leaves them unconfigured. */
    configure({ config }: dynamic.ConfigureRequest): Promise<void> {
        this.#config = config;
        this.#context = undefined;
        return Promise.resolve();
    }

    /** Validates, fills in defaults and normalises; all failures at once. */
    check(olds: Bag, news: Bag): Promise<dynamic.CheckResult> {
        return failInOneSentence("the inputs could not be checked", async () => {
            const { checkInputs } = await import("../core/reissue/check.js");
            const keys = givenKeys(this.#sources());
            const { inputs, failures } = await checkInputs(withoutProvider(news), keys, olds);
            if (!inputs) return { inputs: news, failures };
            const twin = this.#claim(inputs);
            return { inputs: compact(inputs), failures: twin === undefined ? [] : [twin] };
        });
    }

    /** Shows in preview what update will do, and why. Never a network call. */
    diff(_id: string, olds: Bag, news: Bag): Promise<dynamic.DiffResult> {
        return failInOneSentence("the change could not be planned", (): dynamic.DiffResult => {
            if (containsUnknown(news)) return { changes: true };
            const old = olds as unknown as ReissueState;
            const wanted = inputsOf(news as unknown as ReissueInputs);
            const decided = plan(old, wanted, this.#around.now());
            this.#tell(decided);
            // A refresh asks for a diff too; it must be able to show what an up would refuse.
            if (decided.kind === "refuse" && this.#checked.has(wanted.orderId)) {
                throw new RefusedError(decided.reasons.join(" "));
            }
            return {
                changes: decided.kind !== "nothing",
                replaces: decided.kind === "replace" ? ["orderId"] : [],
            };
        });
    }

    /** Asks for the certificate, once, unless it is there already. */
    async create(news: Bag): Promise<dynamic.CreateResult> {
        const inputs = inputsOf(news as unknown as ReissueInputs);
        const outs = await this.#saving(inputs.orderId, news, async (context) => {
            if (inputs.adoptExisting)
                return (await import("../core/reissue/adopt.js")).adopt(context, inputs);
            return (await import("../core/reissue/reissue.js")).reissue(context, inputs, "program");
        });
        return { id: inputs.orderId, outs };
    }

    /** Carries out the plan that diff showed. */
    async update(id: string, olds: Bag, news: Bag): Promise<dynamic.UpdateResult> {
        const old = olds as unknown as ReissueState;
        const inputs = inputsOf(news as unknown as ReissueInputs);
        const decided = plan(old, inputs, this.#around.now());
        const outs = await this.#saving(id, news, async (context) => {
            const next = await carryOut(decided, context, inputs, old);
            const hasSuccessor = next.issued?.certificateId !== old.issued?.certificateId;
            const deadline = hasSuccessor ? undefined : deadlineOf(next, inputs, this.#around.now());
            if (deadline !== undefined) throw new Incomplete(next, [deadline, ...decided.reasons]);
            return next;
        });
        return { outs };
    }

    /** Reads the live order, for `refresh` and `get`. */
    read(id: string, props: Bag): Promise<dynamic.ReadResult> {
        const step = async (): Promise<dynamic.ReadResult> => {
            const { readOrder, refresh } = await import("../core/reissue/read.js");
            const context = await this.#connect();
            const isKnown = props.certificate !== undefined;
            const state = isKnown
                ? await refresh(context, props as unknown as ReissueState)
                : await readOrder(context, id);
            return { id, props: state, inputs: inputsOf(state) };
        };
        return failInOneSentence(`order ${id} could not be read`, step, savedSettingsAdvice);
    }

    /** Follows `deletionPolicy`; `forget` makes no request. */
    delete(id: string, props: Bag): Promise<void> {
        const step = async (): Promise<void> => {
            const state = props as unknown as ReissueState;
            if (state.deletionPolicy !== "cancelPending" && state.deletionPolicy !== "revoke") return;
            if (this.#checked.has(id)) {
                this.#around.log(
                    `order ${id}: nothing is revoked or cancelled, another resource of this run uses the order`,
                );
                return;
            }
            const { remove } = await import("../core/reissue/remove.js");
            await remove(await this.#connect(), state);
        };
        return failInOneSentence(
            `order ${id} could not be deleted from the stack`,
            step,
            savedSettingsAdvice,
        );
    }

    #connect(): Promise<Context> {
        this.#context ??= this.#makeContext().catch((error: unknown) => {
            this.#context = undefined;
            throw error;
        });
        return this.#context;
    }

    #sources(): Sources {
        return { config: (key) => this.#config?.get(key), env: this.#around.env };
    }

    async #makeContext(): Promise<Context> {
        const settings = readSettings(this.#sources());
        const client = await this.#around.connect(settings);
        const { pollSeconds } = settings;
        const { Watch } = await import("../core/reissue/watch.js");
        const watch = new Watch(client, this.#around, pollSeconds * 1000);
        return contextOf(this.#around, { client, pollSeconds, watch });
    }

    /** Two resources of one program on the same order would replace each other's certificate for ever. */
    #claim({ orderId, identity = "" }: ReissueInputs): dynamic.CheckFailure | undefined {
        if (containsUnknown(orderId)) return undefined;
        const holder = this.#checked.get(orderId);
        this.#checked.set(orderId, holder ?? identity);
        if (holder === undefined || holder === identity) return undefined;
        return {
            property: "orderId",
            reason: `is used by another resource of this program (${resourceOf(holder)}); one order has one DigiCertReissue`,
        };
    }

    #tell({ reasons, warnings, kind }: Plan): void {
        if (kind !== "refuse") for (const reason of reasons) this.#around.log(reason);
        for (const warning of warnings) this.#around.log(`warning: ${warning}`);
    }

    /** Runs a step and hands what is incomplete to Pulumi in the one form in which it keeps the state. */
    async #saving(
        id: string,
        news: Bag,
        step: (context: Context) => Promise<ReissueState>,
    ): Promise<ReissueState> {
        try {
            return compact(await step(await this.#connect()));
        } catch (error) {
            if (error instanceof Incomplete) throw new PartialFailure(id, error, news.__provider);
            throw new Error((error as Error).message);
        }
    }
}

/** The resource of an identity, in words: its name, and the types of the components around it. */
function resourceOf(identity: string): string {
    return quote(identity.split("/").slice(2).join("/") || identity);
}

/** Every bag of properties carries the text that the host loads the provider from. */
function withoutProvider(bag: Bag): Bag {
    return Object.fromEntries(Object.entries(bag).filter(([name]) => name !== "__provider"));
}

async function carryOut(
    decided: Plan,
    context: Context,
    inputs: ReissueInputs,
    old: ReissueState,
): Promise<ReissueState> {
    switch (decided.kind) {
        case "nothing":
        case "record":
            return withInputs(old, inputs);
        case "resume":
            return (await import("../core/reissue/follow.js")).resume(context, inputs, old);
        case "restore":
            return (await import("../core/reissue/restore.js")).restore(context, inputs, old);
        case "reissue":
            return (await import("../core/reissue/reissue.js")).reissue(
                context,
                inputs,
                decided.cause ?? "program",
                old,
            );
        case "fail":
            throw new Incomplete(withInputs(old, inputs), decided.reasons);
        case "refuse":
        case "replace":
            throw new RefusedError(decided.reasons.join(" "));
    }
}
