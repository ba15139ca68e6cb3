/**
 * Maps Pulumi's host of dynamic providers onto the core: bags of properties onto inputs and state, a plan onto a diff result,
 * messages onto printed lines, a partial failure onto Pulumi's "initialization failed".
 *
 * @module
 */
import type { dynamic } from "@pulumi/pulumi";
import { compact } from "../core/json.js";
import { quote } from "../core/quote.js";
import { reissueResource } from "../core/reissue/resource.js";
import { inputsOf as reissueInputsOf, type ReissueInputs, type ReissueState } from "../core/reissue/state.js";
import { PartialFailure, type CheckFailure, type Resource } from "../core/resource.js";
import { givenKeys } from "../core/settings.js";
import { containsUnknown } from "../core/unknown.js";
import { explain } from "../core/errors.js";
import { validationResource } from "../core/validation/resource.js";
import {
    inputsOf as validationInputsOf,
    type ValidationInputs,
    type ValidationState,
} from "../core/validation/state.js";
import { savedSettingsAdvice } from "../pulumi/advice.js";
import { OrderClaims } from "../pulumi/orderClaims.js";
import { pathWithoutEcho } from "../pulumi/propertyPaths.js";
import { REMEDIES } from "../pulumi/remedies.js";
import { failInOneSentence, HostPartialFailure } from "./hostErrors.js";
import { HostSession, type Surroundings } from "./hostSession.js";

export type { Surroundings } from "./hostSession.js";

type Bag = Record<string, unknown>;

/** A resource of the core, with the properties that this adapter needs. */
interface Hosted<Inputs extends { readonly orderId: string }, State extends object> {
    readonly resource: Resource<Inputs, State>;
    /** Reads the inputs in a bag. */
    inputsOf(bag: object): Inputs;
    /** Whether a second resource on the same order is refused. */
    readonly claimsOrder: boolean;
    /** Whether removing the resource makes no request; the state need not be valid for this decision. */
    isForgotten(stored: Bag): boolean;
}

const REISSUE: Hosted<ReissueInputs, ReissueState> = {
    resource: reissueResource,
    inputsOf: (bag) => reissueInputsOf(bag as ReissueInputs),
    claimsOrder: true,
    isForgotten: ({ deletionPolicy }) => deletionPolicy === "forget",
};

const VALIDATION: Hosted<ValidationInputs, ValidationState> = {
    resource: validationResource,
    inputsOf: validationInputsOf,
    claimsOrder: false,
    isForgotten: () => true,
};

/** The providers of one process, by resource. */
export interface Providers {
    readonly reissue: DynamicProvider<ReissueInputs, ReissueState>;
    readonly validation: DynamicProvider<ValidationInputs, ValidationState>;
}

/** Makes the providers of a process, which share its session. */
export function makeProviders(surroundings: Surroundings): Providers {
    const session = new HostSession(surroundings);
    return {
        reissue: new DynamicProvider(session, REISSUE, surroundings.engine),
        validation: new DynamicProvider(session, VALIDATION, surroundings.engine),
    };
}

/** The provider of one resource in a process, and the orders that the program has claimed. */
export class DynamicProvider<Inputs extends { readonly orderId: string }, State extends object> {
    readonly #session: HostSession;
    readonly #hosted: Hosted<Inputs, State>;
    readonly #claims: OrderClaims;

    constructor(session: HostSession, hosted: Hosted<Inputs, State>, engine: string | undefined) {
        this.#session = session;
        this.#hosted = hosted;
        this.#claims = new OrderClaims(engine);
    }

    /** Stores the configuration; see {@link HostSession.configure}. */
    configure({ config }: dynamic.ConfigureRequest): Promise<void> {
        this.#session.configure(config);
        return Promise.resolve();
    }

    /** Validates the inputs, adds defaults and normalises; reports all failures together. */
    check(olds: Bag, news: Bag): Promise<dynamic.CheckResult> {
        return failInOneSentence("the inputs could not be checked", async () => {
            const { given, identity } = fromBag(news);
            const { inputs, failures } = await this.#resource.check(
                given,
                fromBag(olds).given,
                givenKeys(this.#session.sources),
            );
            const orderId =
                inputs?.orderId ?? (await import("../core/reissue/inputs.js")).readOrderId(given.orderId);
            const conflict = this.#claimOrder(orderId, identity);
            const found = [
                ...failures.map((failure) => withoutEcho(failure, given)),
                ...(conflict ? [conflict] : []),
            ];
            if (!inputs) return { inputs: news, failures: found };
            const checked = compact({ ...inputs, ...(identity === undefined ? {} : { identity }) });
            return { inputs: checked, failures: found };
        });
    }

    /** Shows in a preview what an update will do, and why; makes no request. */
    diff(_id: string, olds: Bag, news: Bag): Promise<dynamic.DiffResult> {
        return failInOneSentence("the change could not be planned", (): dynamic.DiffResult => {
            const inputs = this.#hosted.inputsOf(news);
            const state = this.#resource.readState(olds);
            const decided = containsUnknown(news)
                ? this.#resource.planUnknown(state, inputs, this.#session.now())
                : this.#resource.plan(state, inputs, this.#session.now());
            if (!decided) return { changes: true };
            if (decided.kind !== "refuse") for (const reason of decided.reasons) this.#session.log(reason);
            for (const text of decided.warnings) this.#session.log(`warning: ${text}`);
            // A refusal is thrown only in a run of the program, which has claimed the order. Pulumi calls diff in a refresh too, and a
            // refresh must not fail because an `up` would be refused.
            if (
                decided.error &&
                decided.kind === "refuse" &&
                this.#claims.isClaimedHere(inputs.orderId, this.#session.address)
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
        const { inputs, identity } = this.#checked(news);
        const outs = await this.#saving(inputs.orderId, news, identity, async () => {
            await this.#session.open();
            for (const reason of this.#resource.planCreate(inputs)?.reasons ?? []) this.#session.log(reason);
            return this.#resource.create(this.#session, inputs, identity);
        });
        return { id: inputs.orderId, outs };
    }

    /** Carries out the plan that diff showed. */
    async update(id: string, olds: Bag, news: Bag): Promise<dynamic.UpdateResult> {
        const { inputs, identity } = this.#checked(news);
        const outs = await this.#saving(id, news, identity, () =>
            this.#resource.update(this.#session, this.#resource.readState(olds), inputs, identity),
        );
        return { outs };
    }

    /** Reads the order, for `refresh` and `get`. */
    read(id: string, props: Bag): Promise<dynamic.ReadResult> {
        const isRecorded = props.certificate !== undefined;
        const step = async (): Promise<dynamic.ReadResult> => {
            const { identity } = fromBag(props);
            const state = isRecorded
                ? await this.#resource.refresh(this.#session, this.#resource.readState(props))
                : await this.#resource.read(this.#session, id);
            return {
                id,
                props: withIdentity(this.#resource.toRecord(state), identity),
                inputs: withIdentity(this.#hosted.inputsOf(state), identity),
            };
        };
        // `get` uses the settings of the program that calls it.
        const advice = isRecorded ? savedSettingsAdvice : undefined;
        return failInOneSentence(`order ${quote(id)} could not be read`, step, advice);
    }

    /** Follows `deletionPolicy`; `forget` makes no request. */
    delete(id: string, props: Bag): Promise<void> {
        const step = async (): Promise<void> => {
            if (this.#hosted.isForgotten(props)) return;
            const state = this.#resource.readState(props);
            if (
                this.#resource.changesDigiCertOnRemoval(state) &&
                this.#claims.isClaimed(id, this.#session.address)
            ) {
                this.#session.log(
                    `order ${id}: nothing is revoked or cancelled, another resource of this run uses the order`,
                );
                return;
            }
            await this.#resource.remove(this.#session, state);
        };
        return failInOneSentence(
            `order ${quote(id)} could not be deleted from the stack`,
            step,
            savedSettingsAdvice,
        );
    }

    get #resource(): Resource<Inputs, State> {
        return this.#hosted.resource;
    }

    /** Reads the inputs in a bag that `check` has validated. */
    #checked(news: Bag): { inputs: Inputs; identity: string } {
        return { inputs: this.#hosted.inputsOf(news), identity: fromBag(news).identity ?? "" };
    }

    /** Claims the order for a resource. Two resources on one order would replace each other's certificate in every `up`. */
    #claimOrder(orderId: string | undefined, identity = ""): dynamic.CheckFailure | undefined {
        if (!this.#hosted.claimsOrder || orderId === undefined || containsUnknown(orderId)) return undefined;
        const holder = this.#claims.claim(orderId, identity, this.#session.address);
        if (holder === undefined) return undefined;
        return {
            property: "orderId",
            reason: `orderId is used by another resource of this program (${resourceOf(holder)}); one order has one DigiCertReissue`,
        };
    }

    /** Runs a step; turns a partial failure into the error with which Pulumi saves the state. */
    async #saving(id: string, news: Bag, identity: string, step: () => Promise<State>): Promise<Bag> {
        try {
            return withIdentity(this.#resource.toRecord(await step()), identity);
        } catch (error) {
            if (error instanceof PartialFailure) {
                const properties = withIdentity(this.#resource.toRecord(error.state as State), identity);
                const reasons = error.reasons.map((reason) => explain(reason, REMEDIES));
                throw new HostPartialFailure(id, reasons, { ...properties, __provider: news.__provider });
            }
            throw new Error(explain(error, REMEDIES));
        }
    }
}

/** Separates the inputs in a bag from `__provider`, which the host adds, and from `identity`, which the SDK adds. */
function fromBag(bag: Bag): { given: Bag; identity: string | undefined } {
    const { identity, ...given } = bag;
    delete given.__provider;
    return { given, identity: typeof identity === "string" ? identity : undefined };
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
