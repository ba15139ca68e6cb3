/**
 * Turns stack traces off while a resource is constructed, to save time in the program.
 *
 * @module
 */

/**
 * Turns stack traces off while a resource is made. Pulumi's SDK attaches one to each of four promises for every output
 * that is announced, formatted through source maps: over nine tenths of the time that a resource takes. It shows them
 * only where `PULUMI_DEBUG_PROMISE_LEAKS` is set, and there they are kept. The place of the resource in the program,
 * which the state records, is found all the same, because the SDK sets a limit of its own for it.
 *
 * @returns turns them on again, and gives the error that ended the making, if any, a trace
 */
export function pauseTraces(): (error?: unknown) => void {
    const { stackTraceLimit } = Error;
    if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) Error.stackTraceLimit = 0;
    return function resume(error) {
        Error.stackTraceLimit = stackTraceLimit;
        if (error instanceof Error) Error.captureStackTrace(error, resume);
    };
}
