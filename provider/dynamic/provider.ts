/**
 * Maps Pulumi's host of dynamic providers onto the core: bags of properties onto inputs and state, a plan onto a diff result,
 * messages onto printed lines, a partial failure onto Pulumi's "initialization failed".
 *
 * @module
 */
import type { dynamic } from "@pulumi/pulumi";
import { compact } from "../core/json.js";
import type { Message } from "../core/message.js";
import { quote } from "../core/quote.js";
import { reissueResource } from "../core/reissue/resource.js";
import { inputsOf, type ReissueInputs, type ReissueState } from "../core/reissue/state.js";
import { PartialFailure, type CheckFailure } from "../core/resource.js";
import {
    openSession,
    type Session,
    type Sessions,
    type Surroundings as CoreSurroundings,
} from "../core/session.js";
import { givenKeys, readConfirmedRevocations, readSettings, type Sources } from "../core/settings.js";
import { containsUnknown } from "../core/unknown.js";
import { explain } from "../core/errors.js";
import { failInOneSentence, HostPartialFailure, savedSettingsAdvice } from "./hostErrors.js";
import { OrderClaims } from "./orderClaims.js";
import { pathWithoutEcho } from "./propertyPaths.js";
import { REMEDIES } from "./remedies.js";

/** The services of the process that the provider uses; tests replace them. */
export interface Surroundings extends CoreSurroundings {
    readonly env: Readonly<Record<string, string | undefined>>;
    /** Address of the engine that started this process; absent if it is unknown. */
    readonly engine?: string | undefined;
    /** Prints one line. */
    log(line: string): void;
}

type Bag = Record<string, unknown>;
type Config = dynamic.ConfigureRequest["config"];

/** The provider of one process: its configuration, its session, and the orders that the program has claimed. */
export class DynamicProvider {
    readonly #around: Surroundings;
    #config: Config | undefined;
    #session: Promise<Session> | undefined;
    readonly #claims: OrderClaims;

    constructor(around: Surroundings) {
        this.#around = around;
        this.#claims = new OrderClaims(around.engine);
    }

    /**
     * Stores the configuration. It does nothing else: the host does not wait for it before other calls, and after an error here
     * they would have no configuration.
     */
    configure({ config }: dynamic.ConfigureRequest): Promise<void> {
        this.#config = config;
        this.#session = undefined;
        return Promise.resolve();
    }

    /** Validates the inputs, adds defaults and normalises; reports all failures together. */
    check(olds: Bag, news: Bag): Promise<dynamic.CheckResult> {
        return failInOneSentence("the inputs could not be checked", async () => {
            const { given, identity } = fromBag(news);
            const { inputs, failures } = await reissueResource.check(
                given,
                fromBag(olds).given,
                givenKeys(this.#sources()),
            );
            if (!inputs)
                return { inputs: news, failures: failures.map((failure) => withoutEcho(failure, given)) };
            const twin = this.#claimOrder(inputs, identity);
            const checked = compact({ ...inputs, ...(identity === undefined ? {} : { identity }) });
            return { inputs: checked, failures: twin === undefined ? [] : [twin] };
        });
    }

    /** Shows in a preview what an update will do, and why; makes no request. */
    diff(_id: string, olds: Bag, news: Bag): Promise<dynamic.DiffResult> {
        return failInOneSentence("the change could not be planned", (): dynamic.DiffResult => {
            if (containsUnknown(news)) return { changes: true };
            const inputs = inputsOf(news as unknown as ReissueInputs);
            const decided = reissueResource.plan(reissueResource.readState(olds), inputs, this.#around.now());
            if (decided.kind !== "refuse") for (const reason of decided.reasons) this.#around.log(reason);
            for (const text of decided.warnings) this.#around.log(`warning: ${text}`);
            // Pulumi calls diff in a refresh too, and a refresh must not fail because an `up` would be refused. Only a run of the
            // program claims orders, so the claim distinguishes the two.
            if (
                decided.error &&
                decided.kind === "refuse" &&
                this.#claims.isClaimedHere(inputs.orderId, this.#address)
            ) {
                throw decided.error;
            }
            return {
                changes: decided.kind !== "nothing",
                replaces: decided.kind === "replace" ? ["orderId"] : [],
            };
        });
    }

    /** Requests the certificate, once; a matching certificate that exists already is used instead. */
    async create(news: Bag): Promise<dynamic.CreateResult> {
        const { inputs, identity } = checkedBag(news);
        const outs = await this.#saving(inputs.orderId, news, identity, async () => {
            await this.#sessions.open();
            for (const reason of reissueResource.planCreate(inputs).reasons) this.#around.log(reason);
            return reissueResource.create(this.#sessions, inputs, identity);
        });
        return { id: inputs.orderId, outs };
    }

    /** Carries out the plan that diff showed. */
    async update(id: string, olds: Bag, news: Bag): Promise<dynamic.UpdateResult> {
        const { inputs, identity } = checkedBag(news);
        const outs = await this.#saving(id, news, identity, () =>
            reissueResource.update(this.#sessions, reissueResource.readState(olds), inputs, identity),
        );
        return { outs };
    }

    /** Reads the order, for `refresh` and `get`. */
    read(id: string, props: Bag): Promise<dynamic.ReadResult> {
        const step = async (): Promise<dynamic.ReadResult> => {
            const { identity } = fromBag(props);
            const isRecorded = props.certificate !== undefined;
            const state = isRecorded
                ? await reissueResource.refresh(this.#sessions, reissueResource.readState(props))
                : await reissueResource.read(this.#sessions, id);
            return {
                id,
                props: withIdentity(state, identity),
                inputs: withIdentity(inputsOf(state), identity),
            };
        };
        return failInOneSentence(`order ${quote(id)} could not be read`, step, savedSettingsAdvice);
    }

    /** Follows `deletionPolicy`; `forget` makes no request. */
    delete(id: string, props: Bag): Promise<void> {
        const step = async (): Promise<void> => {
            if (props.deletionPolicy === "forget") return;
            const state = reissueResource.readState(props);
            if (
                reissueResource.changesDigiCertOnRemoval(state) &&
                this.#claims.isClaimed(id, this.#address)
            ) {
                this.#around.log(
                    `order ${id}: nothing is revoked or cancelled, another resource of this run uses the order`,
                );
                return;
            }
            await reissueResource.remove(this.#sessions, state);
        };
        return failInOneSentence(
            `order ${quote(id)} could not be deleted from the stack`,
            step,
            savedSettingsAdvice,
        );
    }

    get #sessions(): Sessions {
        return {
            now: () => this.#around.now(),
            open: () => {
                this.#session ??= this.#openSession().catch((error: unknown) => {
                    this.#session = undefined;
                    throw error;
                });
                return this.#session;
            },
        };
    }

    #openSession(): Promise<Session> {
        return Promise.resolve().then(() =>
            openSession(this.#around, readSettings(this.#sources()), {
                tell: (message) => {
                    this.#around.log(lineOf(message));
                },
                // Pulumi cancels a dynamic host by killing it, so this signal is never aborted.
                signal: new AbortController().signal,
                confirmedRevocations: readConfirmedRevocations(this.#around),
            }),
        );
    }

    /** The address or the region in the settings; it only distinguishes the regions, and is not validated. */
    get #address(): string {
        const { config, env } = this.#sources();
        return (
            config("digicert:baseUrl") ??
            config("digicert:region") ??
            env.DIGICERT_BASE_URL ??
            env.DIGICERT_REGION ??
            "us"
        );
    }

    #sources(): Sources {
        return { config: (key) => this.#config?.get(key), env: this.#around.env };
    }

    /** Claims the order for a resource. Two resources on one order would replace each other's certificate in every `up`. */
    #claimOrder({ orderId }: ReissueInputs, identity = ""): dynamic.CheckFailure | undefined {
        if (containsUnknown(orderId)) return undefined;
        const holder = this.#claims.claim(orderId, identity, this.#address);
        if (holder === undefined) return undefined;
        return {
            property: "orderId",
            reason: `orderId is used by another resource of this program (${resourceOf(holder)}); one order has one DigiCertReissue`,
        };
    }

    /** Runs a step; turns a partial failure into the error with which Pulumi saves the state. */
    async #saving(id: string, news: Bag, identity: string, step: () => Promise<ReissueState>): Promise<Bag> {
        try {
            return withIdentity(await step(), identity);
        } catch (error) {
            if (error instanceof PartialFailure) {
                const properties = withIdentity(error.state as ReissueState, identity);
                const reasons = error.reasons.map((reason) => explain(reason, REMEDIES));
                throw new HostPartialFailure(id, reasons, { ...properties, __provider: news.__provider });
            }
            throw new Error(explain(error, REMEDIES));
        }
    }
}

/** Writes a message as one line. */
function lineOf({ severity, text, remedy }: Message): string {
    const advice = remedy === undefined ? "" : ` ${REMEDIES[remedy]}`;
    return `${severity === "warning" ? "warning: " : ""}${text}${advice}`;
}

/** Separates the inputs in a bag from `__provider`, which the host adds, and from `identity`, which the SDK adds. */
function fromBag(bag: Bag): { given: Bag; identity: string | undefined } {
    const { identity, ...given } = bag;
    delete given.__provider;
    return { given, identity: typeof identity === "string" ? identity : undefined };
}

/** Reads the inputs in a bag that `check` has validated. */
function checkedBag(news: Bag): { inputs: ReissueInputs; identity: string } {
    return { inputs: inputsOf(news as unknown as ReissueInputs), identity: fromBag(news).identity ?? "" };
}

/** Adds the identity to a state, and removes absent members. */
function withIdentity(state: object, identity: string | undefined): Bag {
    return compact({ ...state, ...(identity === undefined || identity === "" ? {} : { identity }) });
}

function withoutEcho({ property, reason }: CheckFailure, given: Bag): CheckFailure {
    return { property: pathWithoutEcho(property, given), reason };
}

/** Describes the resource of an identity: its name, and the types of the components around it. */
function resourceOf(identity: string): string {
    return quote(identity.split("/").slice(2).join("/") || identity);
}
