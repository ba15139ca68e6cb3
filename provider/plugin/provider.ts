/**
 * The calls of Pulumi's provider protocol, in plain values, on the resources of the core.
 *
 * @module
 */
import { pick } from "../core/json.js";
import { info } from "../core/message.js";
import { quote } from "../core/quote.js";
import { PartialFailure, type CheckFailure, type Plan } from "../core/resource.js";
import {
    openSession,
    type Session,
    type Sessions,
    type Surroundings as CoreSurroundings,
} from "../core/session.js";
import {
    addressOf,
    givenKeys,
    readConfirmedRevocations,
    readSettings,
    type Sources,
} from "../core/settings.js";
import { containsUnknown, UNKNOWN } from "../core/unknown.js";
import { savedSettingsAdvice } from "../pulumi/advice.js";
import { OrderClaims } from "../pulumi/orderClaims.js";
import { pathWithoutEcho } from "../pulumi/propertyPaths.js";
import { diffOfPlan, diffOfUnknown, type PathDiff } from "./diff.js";
import { NO_LOGGER, type Engine, type ResourceLogger } from "./engine.js";
import { failureOf, resourceFailure } from "./failures.js";
import { functionOf } from "./functions.js";
import { withDrift, withoutDefaults } from "./recorded.js";
import { findResource, type OnOrder, type ServedResource } from "./resources.js";
import { changedSettings, checkSettings, sourcesOf } from "./settings.js";
import { identityOf, typeOf } from "./urn.js";
import type { Bag, Properties } from "./values.js";

/** The services of the process that the provider uses; tests replace them. */
export interface Surroundings extends CoreSurroundings {
    readonly env: Readonly<Record<string, string | undefined>>;
    /** Address of the engine that started this process, where it is known. */
    readonly engineAddress?: string | undefined;
    /** The engine that messages are sent to; without an engine they are dropped. */
    readonly engine?: Engine | undefined;
}

/** The resource of a call. */
export interface Subject {
    readonly urn: string;
    readonly id: string;
}

/** The options of a create or an update. */
export interface Mode {
    readonly isPreview: boolean;
    /** The engine's limit for the operation, in seconds (`customTimeouts`); 0 for none. */
    readonly timeoutSeconds: number;
}

/** The result of a check. */
export interface Checked {
    readonly inputs: Properties;
    readonly failures: readonly CheckFailure[];
}

/** The result of a diff. */
export interface Diff {
    readonly hasChanges: boolean;
    readonly replaces: readonly string[];
    readonly paths: readonly PathDiff[];
}

/** The result of a read. */
export interface Read {
    readonly outputs: Properties;
    readonly inputs: Properties;
}

/** One provider of a program: its settings, its session, the orders that its resources have claimed. */
export class PluginProvider {
    readonly #surroundings: Surroundings;
    readonly #claims: OrderClaims;
    readonly #stop = new AbortController();
    /** URNs of the resources that this run of a program has checked. */
    readonly #checked = new Set<string>();
    #sources: Sources;
    #session: Promise<Session> | undefined;

    constructor(surroundings: Surroundings) {
        this.#surroundings = surroundings;
        this.#claims = new OrderClaims(surroundings.engineAddress);
        this.#sources = sourcesOf({}, undefined, surroundings.env);
    }

    /** Checks the settings. The API key becomes a secret, even if the program did not make it a secret. */
    checkConfig({ values, secrets }: Properties): Checked {
        return {
            inputs: { values, secrets: new Set([...secrets, "apiKey"]) },
            failures: checkSettings(values),
        };
    }

    /** No setting replaces the provider: that would replace all of its resources, and reissue every order. */
    diffConfig(olds: Properties, news: Properties): Diff {
        const paths = changedSettings(olds.values, news.values).map((path): PathDiff => {
            return { path, kind: "update", isInput: true };
        });
        return { hasChanges: paths.length > 0, replaces: [], paths };
    }

    /** Stores the settings; they are read when a request needs them. */
    configure(given: Properties, urn: string | undefined): void {
        this.#sources = sourcesOf(given.values, urn, this.#surroundings.env);
        this.#session = undefined;
    }

    /** Validates the inputs, adds defaults and normalises; reports all failures together. */
    check(urn: string, olds: Properties, news: Properties): Promise<Checked> {
        return failInOneSentence(async () => {
            const served = await findResource(typeOf(urn));
            const { inputs, failures } = await served.resource.check(
                news.values,
                pick(olds.values, served.inputs),
                givenKeys(this.#sources),
            );
            const orderId =
                inputs?.orderId ??
                (await import("../core/reissue/inputs.js")).readOrderId(news.values.orderId);
            const conflict = served.ownsOrder ? this.#claimOrder(orderId, urn) : undefined;
            const found = failures.map(({ property, reason }) => ({
                property: pathWithoutEcho(property, news.values),
                reason,
            }));
            if (conflict) found.push(conflict);
            if (!inputs) return { inputs: news, failures: found };
            this.#checked.add(urn);
            return { inputs: { ...news, values: { ...inputs } }, failures: found };
        });
    }

    /** Shows in a preview what an update will do, and why; makes no request. */
    diff({ urn }: Subject, olds: Properties, news: Properties): Promise<Diff> {
        return this.#withLogger(urn, async (logger) => {
            const served = await findResource(typeOf(urn));
            const { resource, inputs: names } = served;
            const given = inputsIn(news, served);
            const before = pick(olds.values, names);
            const isUnknown = containsUnknown(given);
            const state = resource.readState(olds.values);
            // Without a check before it, the diff is that of a refresh. Its inputs are those in the state, which after an import lack
            // what check fills in.
            const isChecked = this.#checked.has(urn);
            const inputs = isChecked || isUnknown ? given : withDefaults(served, given, olds.values);
            const plan = isUnknown
                ? resource.planUnknown(state, inputs, this.#surroundings.now())
                : resource.plan(state, inputs, this.#surroundings.now());
            if (!plan) return { hasChanges: true, replaces: [], paths: diffOfUnknown(before, { ...inputs }) };
            // A refusal is thrown only in a run of the program, because a refresh must be able to show what an up would refuse.
            if (isChecked) {
                tellPlan(plan, logger);
                if (plan.error && plan.kind === "refuse") throw plan.error;
            }
            // To a refresh a reissue that is still pending is no change of the resource, although the next up will read it again.
            const isPendingInRefresh = !isChecked && plan.kind === "resume" && plan.changed.length === 0;
            if (plan.kind === "nothing" || isPendingInRefresh) {
                return { hasChanges: false, replaces: [], paths: [] };
            }
            return {
                hasChanges: true,
                replaces: plan.kind === "replace" ? ["orderId"] : [],
                paths: isUnknown
                    ? diffOfUnknown(before, { ...inputs })
                    : diffOfPlan(plan.changed, before, { ...inputs }, plan.kind),
            };
        });
    }

    /** Requests the certificate, once, unless it is there already. A preview shows the reason. */
    create(
        urn: string,
        news: Properties,
        { isPreview, timeoutSeconds }: Mode,
    ): Promise<{ id: string; outputs: Properties }> {
        return this.#withLogger(urn, async (logger) => {
            const served = await findResource(typeOf(urn));
            const { resource } = served;
            const inputs = inputsIn(news, served);
            if (isPreview) {
                tellPlan(resource.planCreate(inputs), logger);
                return { id: "", outputs: { ...news, values: withUnknownOutputs(served, inputs) } };
            }
            const sessions = this.#sessions(logger, timeoutSeconds);
            const values = await saveOnFailure(resource, inputs.orderId, news, async () => {
                await sessions.open();
                tellPlan(resource.planCreate(inputs), logger);
                return resource.create(sessions, inputs, identityOf(urn));
            });
            return { id: inputs.orderId, outputs: { ...news, values } };
        });
    }

    /** Carries out the plan that diff showed. */
    update(
        { urn, id }: Subject,
        olds: Properties,
        news: Properties,
        { isPreview, timeoutSeconds }: Mode,
    ): Promise<Properties> {
        return this.#withLogger(urn, async (logger) => {
            const served = await findResource(typeOf(urn));
            const { resource } = served;
            const inputs = inputsIn(news, served);
            if (isPreview) return { ...news, values: this.#previewOutputs(served, olds.values, inputs) };
            const values = await saveOnFailure(resource, id, news, () =>
                resource.update(
                    this.#sessions(logger, timeoutSeconds),
                    resource.readState(olds.values),
                    inputs,
                    identityOf(urn),
                ),
            );
            return { ...news, values };
        });
    }

    /** Reads the order: with the state for a refresh, without a state for an import and `get`. */
    read({ urn, id }: Subject, outputs: Properties, inputs: Properties): Promise<Read> {
        // `get` may send properties that the program gives; a recorded state has a status.
        const isRecorded = outputs.values.status !== undefined;
        const advice = isRecorded ? savedSettingsAdvice : undefined;
        const step = async (logger: ResourceLogger): Promise<Read> => {
            const served = await findResource(typeOf(urn));
            const { resource, inputs: names, outputs: outputNames } = served;
            const sessions = this.#sessions(logger);
            if (!isRecorded) {
                const state = await resource.read(sessions, id);
                const recorded = await withoutDefaults(pick(state, names), async (given) => {
                    return (await resource.check(given, {}, [])).inputs;
                });
                return {
                    outputs: { ...outputs, values: { ...resource.toRecord(state) } },
                    inputs: { ...inputs, values: recorded },
                };
            }
            const before = resource.readState(outputs.values);
            const after = await resource.refresh(sessions, before);
            const inState = names.filter((name) => !outputNames.includes(name));
            const recorded = withDrift(
                pick(inputs.values, names),
                pick(before, inState),
                pick(after, inState),
            );
            return {
                outputs: { ...outputs, values: { ...resource.toRecord(after) } },
                inputs: { ...inputs, values: recorded as Bag },
            };
        };
        return this.#withLogger(urn, step, advice);
    }

    /** Follows `deletionPolicy`; `forget` makes no request. */
    delete({ urn, id }: Subject, olds: Properties): Promise<void> {
        const step = async (logger: ResourceLogger): Promise<void> => {
            const { resource, ownsOrder } = await findResource(typeOf(urn));
            // Forgetting a resource does not need a valid state.
            if (!ownsOrder || olds.values.deletionPolicy === "forget") return;
            const state = resource.readState(olds.values);
            if (resource.changesDigiCertOnRemoval(state) && this.#claims.isClaimed(id, this.#address)) {
                const text = `order ${id}: nothing is revoked or cancelled, another resource of this run uses the order`;
                logger.tell(info(text));
                return;
            }
            await resource.remove(this.#sessions(logger), state);
        };
        return this.#withLogger(urn, step, savedSettingsAdvice);
    }

    /** Carries out a function of the package. */
    invoke(token: string, args: Properties): Promise<object> {
        return this.#withLogger("", (logger) => functionOf(token)(this.#sessions(logger), args.values));
    }

    /** Ends all waiting; a POST under way goes on. Prints nothing, because the engine calls this at the end of each run too. */
    cancel(): void {
        this.#stop.abort();
    }

    /** Runs a call about a resource; ends when its messages have reached the engine. */
    async #withLogger<T>(
        urn: string,
        step: (logger: ResourceLogger) => T | Promise<T>,
        advice?: (error: unknown) => string,
    ): Promise<T> {
        const logger = this.#surroundings.engine?.makeLogger(urn) ?? NO_LOGGER;
        try {
            return await failInOneSentence(() => step(logger), advice);
        } finally {
            await logger.flush();
        }
    }

    /** Makes the sessions of one call; all calls share the provider's session. */
    #sessions({ tell }: ResourceLogger, timeoutSeconds = 0): Sessions {
        const waitLimit =
            timeoutSeconds > 0 ? { ms: timeoutSeconds * 1000, name: "customTimeouts" } : undefined;
        return {
            now: () => this.#surroundings.now(),
            open: async () => {
                this.#session ??= this.#openSession().catch((error: unknown) => {
                    this.#session = undefined;
                    throw error;
                });
                return { ...(await this.#session), tell, waitLimit };
            },
        };
    }

    async #openSession(): Promise<Session> {
        return openSession(this.#surroundings, readSettings(this.#sources), {
            tell: NO_LOGGER.tell,
            signal: this.#stop.signal,
            confirmedRevocations: readConfirmedRevocations(this.#surroundings),
        });
    }

    /** Makes the outputs that a preview shows: unknown, unless the plan keeps them. */
    #previewOutputs(served: ServedResource, olds: Bag, inputs: OnOrder): Bag {
        const { resource } = served;
        if (containsUnknown(inputs)) return withUnknownOutputs(served, inputs);
        const state = resource.readState(olds);
        const plan = resource.plan(state, inputs, this.#surroundings.now());
        if (!resource.keepsOutputs(plan)) return withUnknownOutputs(served, inputs);
        return {
            ...inputs,
            ...pick(resource.toRecord(resource.recordInputs(state, inputs)), served.outputs),
        };
    }

    /** DigiCert's address; order ids of two regions are unrelated. */
    get #address(): string {
        return addressOf(this.#sources);
    }

    /** Claims the order for a resource. Two resources on one order would replace each other's certificate in every `up`. */
    #claimOrder(orderId: string | undefined, urn: string): CheckFailure | undefined {
        if (orderId === undefined || containsUnknown(orderId)) return undefined;
        const holder = this.#claims.claim(orderId, identityOf(urn), this.#address);
        if (holder === undefined) return undefined;
        const name = quote(holder.split("/").slice(2).join("/") || holder);
        return {
            property: "orderId",
            reason: `orderId is used by another resource of this program (${name}); one order has one Reissue`,
        };
    }
}

function tellPlan(plan: Plan | undefined, { tell }: ResourceLogger): void {
    if (plan === undefined) return;
    const { kind, reasons, warnings } = plan;
    if (kind !== "refuse") for (const reason of reasons) tell(info(reason));
    for (const text of warnings) tell({ severity: "warning", text, isStatus: false });
}

/** The inputs that `check` validated, or left unknown in a preview. */
function inputsIn({ values }: Properties, { inputs }: ServedResource): OnOrder {
    return pick(values, inputs) as unknown as OnOrder;
}

/** Recorded inputs, with the defaults that a state has. */
function withDefaults({ resource, inputs }: ServedResource, recorded: OnOrder, { status }: Bag): OnOrder {
    return pick(resource.readState({ ...recorded, status }), inputs) as unknown as OnOrder;
}

function withUnknownOutputs({ outputs }: ServedResource, inputs: object): Bag {
    return { ...inputs, ...Object.fromEntries(outputs.map((name) => [name, UNKNOWN])) };
}

/** Runs a step; any error that it throws becomes one sentence. */
async function failInOneSentence<T>(
    step: () => T | Promise<T>,
    advice: (error: unknown) => string = () => "",
): Promise<T> {
    try {
        return await step();
    } catch (error) {
        throw failureOf(error, advice(error));
    }
}

/** Runs a step, and returns what is recorded; turns a partial failure into the failure with which the engine saves the state. */
async function saveOnFailure(
    resource: ServedResource["resource"],
    id: string,
    inputs: Properties,
    step: () => Promise<OnOrder>,
): Promise<Bag> {
    try {
        return { ...resource.toRecord(await step()) };
    } catch (error) {
        if (!(error instanceof PartialFailure)) throw error;
        throw resourceFailure(id, resource.toRecord(error.state as OnOrder), error.reasons, inputs);
    }
}
