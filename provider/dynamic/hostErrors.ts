/**
 * How failures reach the person at the terminal: one sentence, no stack trace.
 *
 * @module
 */
import { AuthenticationError, NotFoundError, PermissionError } from "../core/errors.js";
import type { Incomplete } from "../core/reissue/outcome.js";
import { type ReissueState } from "../core/reissue/state.js";
import { compact } from "../core/json.js";

/**
 * Pulumi's "initialization failed" for create and update: the resource is saved with these properties, and the
 * reasons are printed. The host does not add `__provider` here, and without it a later refresh or delete fails.
 */
export class PartialFailure extends Error {
    readonly properties: ReissueState & { __provider: unknown };
    readonly reasons: string[];

    constructor(
        readonly id: string,
        { message, state, reasons }: Incomplete,
        provider: unknown,
    ) {
        super(message);
        this.properties = { ...compact(state), __provider: provider };
        this.reasons = [...reasons];
    }
}

/**
 * For check, diff, read and delete. The host prints `${error}: ${error.stack}` for these before it passes the
 * message on, so both are made one short line: the sentence itself is shown once, by the engine.
 */
class SurfacedError extends Error {
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
        throw new SurfacedError(`${(error as Error).message}${advice(error)}`, what, error);
    }
}

/** What a person has to know when refresh or destroy fails: the program did not run. */
export function savedSettingsAdvice(error: unknown): string {
    if (error instanceof AuthenticationError || error instanceof PermissionError) {
        return " Refresh and destroy use the settings saved by the last up: run pulumi up first, or add --run-program.";
    }
    if (error instanceof NotFoundError) {
        return " The state is kept; to drop the resource from it all the same, use pulumi state delete.";
    }
    return "";
}
