/** Imitates Pulumi's engine: the calls that it makes, and the state that it keeps. */

import type { PartialFailure } from "./grpc.js";

/** Inputs or outputs of a resource. */
export type Props = Record<string, unknown>;

/** The calls to one provider process; a process serves one run. */
export interface ProviderCalls {
    /** Whether creates and updates can be previewed; the host of dynamic providers cannot preview them. */
    readonly supportsPreview?: boolean;
    check(
        olds: Props,
        news: Props,
    ): Promise<{ inputs?: Props; failures?: readonly { property: string; reason: string }[] }>;
    diff(
        id: string,
        olds: Props,
        news: Props,
    ): Promise<{ changes?: boolean | undefined; replaces?: readonly string[] }>;
    create(inputs: Props, isPreview?: boolean): Promise<{ id: string; outs?: Props }>;
    update(id: string, olds: Props, news: Props, isPreview?: boolean): Promise<{ outs?: Props }>;
    read(id: string, props: Props, inputs?: Props): Promise<{ props?: Props; inputs?: Props }>;
    delete(id: string, props: Props): Promise<void>;
}

/** A resource in the state. */
export interface Recorded {
    readonly id: string;
    readonly inputs: Props;
    readonly outputs: Props;
    /** Reasons of a partial failure; the engine updates such a resource even if diff finds no change. */
    readonly initErrors: readonly string[];
}

/** The plan of a run for one resource. */
export interface Step {
    readonly name: string;
    readonly did: "create" | "update" | "replace" | "nothing" | "delete" | "refused";
    /** The inputs that `check` returned. */
    readonly inputs: Props;
    /** Why the resource is refused, or the error. */
    readonly failure?: string;
}

/** The state of a stack, and the runs that change it. */
export class ImitatedEngine {
    readonly resources = new Map<string, Recorded>();
    /** Replaced, and not deleted yet. */
    readonly #condemned: Recorded[] = [];

    /** A preview: the plan, and each create and update as far as the provider can preview it. */
    async preview(provider: ProviderCalls, program: Readonly<Record<string, Props>>): Promise<Step[]> {
        const plan = await this.plan(provider, program);
        if (provider.supportsPreview !== true) return plan;
        const shown: Step[] = [];
        for (const step of plan) shown.push(await this.#previewOne(provider, step));
        return shown;
    }

    /** Calls `check` and `diff`, as each run does before its steps. */
    async plan(provider: ProviderCalls, program: Readonly<Record<string, Props>>): Promise<Step[]> {
        const steps: Step[] = [];
        for (const [name, args] of Object.entries(program)) {
            steps.push(await this.#planOne(provider, name, args));
        }
        for (const [name, { inputs }] of this.resources) {
            if (!(name in program)) steps.push({ name, did: "delete", inputs });
        }
        return steps;
    }

    /** Carries out a plan. Deletions come last, and only if everything before succeeded. */
    async carryOut(provider: ProviderCalls, plan: readonly Step[]): Promise<Step[]> {
        const done: Step[] = [];
        for (const step of plan) {
            if (step.did !== "delete") done.push(await this.#carryOutOne(provider, step));
        }
        if (done.some(({ failure }) => failure !== undefined)) return done;
        while (this.#condemned[0]) {
            await provider.delete(this.#condemned[0].id, this.#condemned[0].outputs);
            this.#condemned.shift();
        }
        for (const step of plan) {
            if (step.did === "delete") done.push(await this.#delete(provider, step));
        }
        return done;
    }

    /** `pulumi refresh`: saves the result of `read` as the state. Returns the names of the resources whose inputs differ. */
    async refresh(provider: ProviderCalls): Promise<string[]> {
        const drifted: string[] = [];
        for (const [name, { id, inputs, outputs }] of this.resources) {
            const read = await provider.read(id, outputs, inputs);
            this.#keep(name, id, read.inputs ?? inputs, read.props);
            // The engine compares with the inputs in the state.
            const { changes } = await provider.diff(id, this.#recorded(name).outputs, inputs);
            if (changes !== false) drifted.push(name);
        }
        return drifted;
    }

    /** `pulumi destroy`. */
    async destroy(provider: ProviderCalls): Promise<Step[]> {
        return this.carryOut(
            provider,
            [...this.resources].map(([name, { inputs }]) => ({ name, did: "delete", inputs })),
        );
    }

    #recorded(name: string): Recorded {
        const recorded = this.resources.get(name);
        if (!recorded) throw new Error(`the stack has no resource ${name}`);
        return recorded;
    }

    async #planOne(provider: ProviderCalls, name: string, args: Props): Promise<Step> {
        const old = this.resources.get(name);
        const { inputs = {}, failures = [] } = await provider.check(old?.inputs ?? {}, args);
        const reasons = failures.map(({ property, reason }) => `${property}: ${reason}`);
        if (reasons.length > 0) return { name, did: "refused", inputs, failure: reasons.join("\n") };
        if (!old) return { name, did: "create", inputs };
        try {
            const { changes, replaces = [] } = await provider.diff(old.id, old.outputs, inputs);
            const isReplaced = changes !== false && replaces.length > 0;
            if (isReplaced) await provider.check({}, args);
            const isSame = changes === false && old.initErrors.length === 0;
            return { name, did: isReplaced ? "replace" : isSame ? "nothing" : "update", inputs };
        } catch (error) {
            return { name, did: "refused", inputs, failure: (error as Error).message };
        }
    }

    async #previewOne(provider: ProviderCalls, step: Step): Promise<Step> {
        const { name, did, inputs } = step;
        const old = this.resources.get(name);
        try {
            if (did === "update" && old) await provider.update(old.id, old.outputs, inputs, true);
            if (did === "create" || did === "replace") await provider.create(inputs, true);
            return step;
        } catch (error) {
            return { name, did: "refused", inputs, failure: (error as Error).message };
        }
    }

    async #carryOutOne(provider: ProviderCalls, step: Step): Promise<Step> {
        const { name, did, inputs } = step;
        const old = this.resources.get(name);
        try {
            if (did === "nothing" && old) this.resources.set(name, { ...old, inputs });
            if (did === "update" && old) {
                const { outs } = await provider.update(old.id, old.outputs, inputs);
                this.#keep(name, old.id, inputs, outs);
            }
            if (did === "create" || did === "replace") {
                const { id, outs } = await provider.create(inputs);
                this.#keep(name, id, inputs, outs);
                if (old) this.#condemned.push(old);
            }
            return step;
        } catch (error) {
            const { message, id, properties, reasons } = error as Error & Partial<PartialFailure>;
            if (id === undefined || reasons === undefined) return { ...step, failure: message };
            // After a partial failure of an update the engine keeps the old inputs and the new outputs.
            this.#keep(name, id, did === "update" && old ? old.inputs : inputs, properties, reasons);
            if (did === "replace" && old) this.#condemned.push(old);
            return { ...step, failure: reasons.join("\n") };
        }
    }

    async #delete(provider: ProviderCalls, step: Step): Promise<Step> {
        const { id, outputs } = this.#recorded(step.name);
        try {
            await provider.delete(id, outputs);
            this.resources.delete(step.name);
            return step;
        } catch (error) {
            return { ...step, failure: (error as Error).message };
        }
    }

    /** Copies a value as a state file would: through JSON. */
    #keep(
        name: string,
        id: string,
        inputs: Props,
        outputs: Props = {},
        initErrors: readonly string[] = [],
    ): void {
        const stored = JSON.stringify({ id, inputs, outputs, initErrors });
        this.resources.set(name, JSON.parse(stored) as Recorded);
    }
}
