#!/usr/bin/env node
/**
 * The bin `pulumi-digicert`.
 *
 * @module
 */
import { once } from "node:events";
import { run } from "./run.js";

/** The reader of a pipe has gone, as `head` does: nobody is left to tell anything. */
function leaveQuietly(error: NodeJS.ErrnoException): void {
    if (error.code !== "EPIPE") throw error;
    process.exit();
}

process.stdout.on("error", leaveQuietly);
process.stderr.on("error", leaveQuietly);

void run(process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    now: () => new Date(),
    stopped: async () => {
        await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    },
}).then((code) => {
    process.exitCode = code;
});
