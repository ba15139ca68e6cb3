/**
 * Turns stack traces off while a resource is constructed, to save time in the program.
 *
 * @module
 */

/**
 * Turns stack traces off while a resource is constructed. For every announced output Pulumi's SDK attaches a stack trace to each
 * of four promises, formatted through source maps; this takes over nine tenths of the time of a constructor. The SDK shows these
 * traces only if `PULUMI_DEBUG_PROMISE_LEAKS` is set, and then they stay on. The place of the resource in the program, which the
 * state records, is still found, because the SDK sets a limit of its own for it.
 *
 * @returns a function that turns stack traces on again, and gives a trace to the error that ended the constructor, if there is one
 */
export function pauseTraces(): (error?: unknown) => void {
    const { stackTraceLimit } = Error;
    if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) Error.stackTraceLimit = 0;
    return function resume(error) {
        Error.stackTraceLimit = stackTraceLimit;
        if (error instanceof Error) Error.captureStackTrace(error, resume);
    };
}
