/**
 * How failures reach the person at the terminal through Pulumi's dynamic host: sentences, no stack trace.
 *
 * @module
 */
import { explain } from "../core/errors.js";
import { REMEDIES } from "../pulumi/remedies.js";

/**
 * Pulumi's "initialization failed" for create and update: the resource is saved with these properties, and the reasons are
 * printed. The host does not add `__provider` here, and without it a later refresh or delete fails.
 */
export class HostPartialFailure extends Error {
    constructor(
        readonly id: string,
        readonly reasons: readonly string[],
        readonly properties: Readonly<Record<string, unknown>>,
    ) {
        super(reasons.join("; "));
    }
}

/**
 * For check, diff, read and delete. The host prints `${error}: ${error.stack}` for these before it passes the message on, so
 * both are made one short line: the sentence itself is shown once, by the engine.
 */
class HostError extends Error {
    readonly #what: string;

    constructor(message: string, what: string, cause: unknown) {
        super(message, { cause });
        this.#what = what;
        this.stack = "see the error";
    }

    override toString(): string {
        return this.#what;
    }
}

/** Runs a step; whatever it throws is shown as one sentence. */
export async function failInOneSentence<T>(
    what: string,
    step: () => T | Promise<T>,
    advice: (error: unknown) => string = () => "",
): Promise<T> {
    try {
        return await step();
    } catch (error) {
        throw new HostError(explain(error, REMEDIES, advice(error)), what, error);
    }
}
