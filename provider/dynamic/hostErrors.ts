/**
 * Errors in the form in which Pulumi's dynamic host prints them as one sentence, without a stack trace.
 *
 * @module
 */
import { explain } from "../core/errors.js";
import { REMEDIES } from "../pulumi/remedies.js";

/**
 * Pulumi's "initialization failed" error for create and update: the resource is saved with these properties, and the reasons
 * are printed. The properties must contain `__provider`: the host does not add it here, and a later refresh or delete needs it.
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
 * The error of check, diff, read and delete. The host prints `${error}: ${error.stack}`, and then the engine prints the message.
 * Text and stack of this error are therefore one short line, so that the sentence is shown only once.
 */
class HostError extends Error {
    readonly #operation: string;

    constructor(message: string, operation: string, cause: unknown) {
        super(message, { cause });
        this.#operation = operation;
        this.stack = "see the error";
    }

    override toString(): string {
        return this.#operation;
    }
}

/**
 * Runs a step; an error of the step is shown as one sentence.
 *
 * @param operation - the failed operation, as a short sentence
 * @param advice - a further sentence for the error
 */
export async function failInOneSentence<T>(
    operation: string,
    step: () => T | Promise<T>,
    advice: (error: unknown) => string = () => "",
): Promise<T> {
    try {
        return await step();
    } catch (error) {
        throw new HostError(explain(error, REMEDIES, advice(error)), operation, error);
    }
}
