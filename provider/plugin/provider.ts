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
import { SILENT, type Engine, type Speaker } from "./engine.js";
import { failureOf, resourceFailure } from "./failures.js";
import { functionOf } from "./functions.js";
import { withDrift, withoutDefaults } from "./recorded.js";
import { entryOf, type Entry, type OnOrder } from "./resources.js";
import { changedSettings, checkSettings, sourcesOf } from "./settings.js";
import { identityOf, typeOf } from "./urn.js";
import type { Bag, Properties } from "./values.js";

/** What the provider takes from its process: environment, clock, engine. Tests pass their own. */
export interface Surroundings extends CoreSurroundings {
    readonly env: Readonly<Record<string, string | undefined>>;
    /** Address of the engine that started this process, where it is known. */
    readonly engineAddress?: string | undefined;
    /** The engine that messages are sent to; without an engine they are dropped. */
    readonly engine?: Engine | undefined;
}

/** A resource, as a call names it. */
export interface Subject {
    readonly urn: string;
    readonly id: string;
}

/** How a create or an update is to be made. */
export interface Mode {
    readonly isPreview: boolean;
    /** The engine's limit for the operation, in seconds (`customTimeouts`); 0 for none. */
    readonly timeoutSeconds: number;
}

/** What a check says. */
export interface Checked {
    readonly inputs: Properties;
    readonly failures: readonly CheckFailure[];
}

/** What a diff says. */
export interface Diff {
    readonly hasChanges: boolean;
    readonly replaces: readonly string[];
    readonly paths: readonly PathDiff[];
}

/** What a read found. */
export interface Read {
    readonly outputs: Properties;
    readonly inputs: Properties;
}

/** One provider of a program: its settings, its session, the orders that its resources have claimed. */
export class PluginProvider {
    readonly #around: Surroundings;
    readonly #claims: OrderClaims;
    readonly #stop = new AbortController();
    /** URNs of the resources that this run of a program has checked. */
    readonly #checked = new Set<string>();
    #sources: Sources;
    #session: Promise<Session> | undefined;

    constructor(around: Surroundings) {
        this.#around = around;
        this.#claims = new OrderClaims(around.engineAddress);
        this.#sources = sourcesOf({}, undefined, around.env);
    }

    /** Checks the settings. The API key becomes a secret, also where the program did not make it one. */
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

    /** Takes the settings; they are read when a request needs them. */
    configure(given: Properties, urn: string | undefined): void {
        this.#sources = sourcesOf(given.values, urn, this.#around.env);
        this.#session = undefined;
    }

    /** Validates, fills in defaults and normalises; all failures at once. */
    check(urn: string, olds: Properties, news: Properties): Promise<Checked> {
        return failing(async () => {
            const entry = entryOf(typeOf(urn));
            const { inputs, failures } = await entry.resource.check(
                news.values,
                pick(olds.values, entry.inputs),
                givenKeys(this.#sources),
            );
            const { readOrderId } = await import("../core/reissue/inputs.js");
            const orderId = inputs?.orderId ?? readOrderId(news.values.orderId);
            const twin = entry.ownsOrder ? this.#claimOrder(orderId, urn) : undefined;
            const found = failures.map(({ property, reason }) => ({
                property: pathWithoutEcho(property, news.values),
                reason,
            }));
            if (twin) found.push(twin);
            if (!inputs) return { inputs: news, failures: found };
            this.#checked.add(urn);
            return { inputs: { ...news, values: { ...inputs } }, failures: found };
        });
    }

    /** Shows in preview what update will do, and why. Never a request. */
    diff({ urn }: Subject, olds: Properties, news: Properties): Promise<Diff> {
        return this.#speaking(urn, (speaker) => {
            const entry = entryOf(typeOf(urn));
            const { resource, inputs: names } = entry;
            const given = inputsIn(news, entry);
            const before = pick(olds.values, names);
            const isUnknown = containsUnknown(given);
            const state = resource.readState(olds.values);
            // A refresh asks for a diff too, without a check before it, with the inputs in the state. After an import these lack
            // what check fills in.
            const isChecked = this.#checked.has(urn);
            const inputs = isChecked || isUnknown ? given : withDefaults(entry, given, olds.values);
            const plan = isUnknown
                ? resource.planUnknown(state, inputs)
                : resource.plan(state, inputs, this.#around.now());
            if (!plan) return { hasChanges: true, replaces: [], paths: diffOfUnknown(before, { ...inputs }) };
            // A refresh must be able to show what an up would refuse.
            if (isChecked) {
                tellPlan(plan, speaker);
                if (plan.error && plan.kind === "refuse") throw plan.error;
            }
            return {
                hasChanges: plan.kind !== "nothing",
                replaces: plan.kind === "replace" ? ["orderId"] : [],
                paths: isUnknown
                    ? diffOfUnknown(before, { ...inputs })
                    : diffOfPlan(plan.changed, before, { ...inputs }, plan.kind),
            };
        });
    }

    /** Requests the certificate, once, unless it is there already. The preview tells the reason. */
    create(
        urn: string,
        news: Properties,
        { isPreview, timeoutSeconds }: Mode,
    ): Promise<{ id: string; outputs: Properties }> {
        return this.#speaking(urn, async (speaker) => {
            const entry = entryOf(typeOf(urn));
            const { resource } = entry;
            const inputs = inputsIn(news, entry);
            if (isPreview) {
                tellPlan(resource.planCreate(inputs), speaker);
                return { id: "", outputs: { ...news, values: withUnknownOutputs(entry, inputs) } };
            }
            const sessions = this.#sessions(speaker, timeoutSeconds);
            const state = await savingPartly(inputs.orderId, news, async () => {
                await sessions.open();
                tellPlan(resource.planCreate(inputs), speaker);
                return resource.create(sessions, inputs, identityOf(urn));
            });
            return { id: inputs.orderId, outputs: { ...news, values: { ...state } } };
        });
    }

    /** Carries out the plan that diff showed. */
    update(
        { urn, id }: Subject,
        olds: Properties,
        news: Properties,
        { isPreview, timeoutSeconds }: Mode,
    ): Promise<Properties> {
        return this.#speaking(urn, async (speaker) => {
            const entry = entryOf(typeOf(urn));
            const { resource } = entry;
            const inputs = inputsIn(news, entry);
            if (isPreview) return { ...news, values: this.#foreseen(entry, olds.values, inputs) };
            const state = await savingPartly(id, news, () =>
                resource.update(
                    this.#sessions(speaker, timeoutSeconds),
                    resource.readState(olds.values),
                    inputs,
                    identityOf(urn),
                ),
            );
            return { ...news, values: { ...state } };
        });
    }

    /** Reads the live order: for refresh with the state, for import and `get` without. */
    read({ urn, id }: Subject, outputs: Properties, inputs: Properties): Promise<Read> {
        // `get` may send properties that the program gives; a recorded state has a status.
        const isRecorded = outputs.values.status !== undefined;
        const advice = isRecorded ? savedSettingsAdvice : undefined;
        const step = async (speaker: Speaker): Promise<Read> => {
            const entry = entryOf(typeOf(urn));
            const { resource, inputs: names, outputs: outputNames } = entry;
            const sessions = this.#sessions(speaker);
            if (!isRecorded) {
                const state = await resource.read(sessions, id);
                const recorded = await withoutDefaults(pick(state, names), async (given) => {
                    return (await resource.check(given, {}, [])).inputs;
                });
                return {
                    outputs: { ...outputs, values: { ...state } },
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
                outputs: { ...outputs, values: { ...after } },
                inputs: { ...inputs, values: recorded as Bag },
            };
        };
        return this.#speaking(urn, step, advice);
    }

    /** Removes the resource by its own policy. */
    delete({ urn, id }: Subject, olds: Properties): Promise<void> {
        const step = async (speaker: Speaker): Promise<void> => {
            const { resource, ownsOrder } = entryOf(typeOf(urn));
            // A state that cannot be understood can be forgotten all the same.
            if (!ownsOrder || olds.values.deletionPolicy === "forget") return;
            const state = resource.readState(olds.values);
            if (resource.changesDigiCertOnRemoval(state) && this.#claims.isClaimed(id, this.#address)) {
                const text = `order ${id}: nothing is revoked or cancelled, another resource of this run uses the order`;
                speaker.tell(info(text));
                return;
            }
            await resource.remove(this.#sessions(speaker), state);
        };
        return this.#speaking(urn, step, savedSettingsAdvice);
    }

    /** Carries out a function of the package. */
    invoke(token: string, args: Properties): Promise<object> {
        return this.#speaking("", (speaker) => functionOf(token)(this.#sessions(speaker), args.values));
    }

    /** Ends all waiting; a POST under way goes on. Prints nothing, because the engine calls this at the end of each run too. */
    cancel(): void {
        this.#stop.abort();
    }

    /** Runs a call about a resource; its messages have reached the engine when it ends. */
    async #speaking<T>(
        urn: string,
        step: (speaker: Speaker) => T | Promise<T>,
        advice?: (error: unknown) => string,
    ): Promise<T> {
        const speaker = this.#around.engine?.speaker(urn) ?? SILENT;
        try {
            return await failing(() => step(speaker), advice);
        } finally {
            await speaker.flush();
        }
    }

    /** The session of this provider, for one call. */
    #sessions({ tell }: Speaker, timeoutSeconds = 0): Sessions {
        const waitLimit =
            timeoutSeconds > 0 ? { ms: timeoutSeconds * 1000, name: "customTimeouts" } : undefined;
        return {
            now: () => this.#around.now(),
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
        return openSession(this.#around, readSettings(this.#sources), {
            tell: SILENT.tell,
            signal: this.#stop.signal,
            confirmedRevocations: readConfirmedRevocations(this.#around),
        });
    }

    /** The outputs of an update as a preview knows them. */
    #foreseen(entry: Entry, olds: Bag, inputs: OnOrder): Bag {
        const { resource } = entry;
        if (containsUnknown(inputs)) return withUnknownOutputs(entry, inputs);
        const state = resource.readState(olds);
        const plan = resource.plan(state, inputs, this.#around.now());
        if (!resource.keepsOutputs(plan)) return withUnknownOutputs(entry, inputs);
        return { ...inputs, ...pick(resource.recorded(state, inputs), entry.outputs) };
    }

    /** DigiCert's address; order ids of two regions are unrelated. */
    get #address(): string {
        return addressOf(this.#sources);
    }

    /** Two resources of one program on the same order would replace each other's certificate for ever. */
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

function tellPlan(plan: Plan | undefined, { tell }: Speaker): void {
    if (plan === undefined) return;
    const { kind, reasons, warnings } = plan;
    if (kind !== "refuse") for (const reason of reasons) tell(info(reason));
    for (const text of warnings) tell({ severity: "warning", text, isStatus: false });
}

/** The inputs that `check` validated, or left unknown in a preview. */
function inputsIn({ values }: Properties, { inputs }: Entry): OnOrder {
    return pick(values, inputs) as unknown as OnOrder;
}

/** Recorded inputs, with the defaults that a state has. */
function withDefaults({ resource, inputs }: Entry, recorded: OnOrder, { status }: Bag): OnOrder {
    return pick(resource.readState({ ...recorded, status }), inputs) as unknown as OnOrder;
}

function withUnknownOutputs({ outputs }: Entry, inputs: object): Bag {
    return { ...inputs, ...Object.fromEntries(outputs.map((name) => [name, UNKNOWN])) };
}

/** Runs a step; any error that it throws becomes one sentence. */
async function failing<T>(
    step: () => T | Promise<T>,
    advice: (error: unknown) => string = () => "",
): Promise<T> {
    try {
        return await step();
    } catch (error) {
        throw failureOf(error, advice(error));
    }
}

/** What was accepted is handed to the engine with the failure. */
async function savingPartly<T>(id: string, inputs: Properties, step: () => Promise<T>): Promise<T> {
    try {
        return await step();
    } catch (error) {
        if (error instanceof PartialFailure)
            throw resourceFailure(id, error as PartialFailure<object>, inputs);
        throw error;
    }
}
