#!/usr/bin/env node
/**
 * The bin `pulumi-digicert`.
 *
 * @module
 */
import { once } from "node:events";
import { run } from "./run.js";

/** Ends the process without a message when the reader of a pipe has gone, as `head` does. */
function endOnClosedPipe(error: NodeJS.ErrnoException): void {
    if (error.code !== "EPIPE") throw error;
    process.exit();
}

process.stdout.on("error", endOnClosedPipe);
process.stderr.on("error", endOnClosedPipe);

void run(process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    now: () => new Date(),
    waitForStop: async () => {
        await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    },
}).then((code) => {
    process.exitCode = code;
});
