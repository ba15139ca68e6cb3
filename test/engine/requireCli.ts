/** For suites that need the real CLI. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Context } from "mocha";
import { type Cli, findCli } from "./lookup.js";
import { binFolder } from "./paths.js";

let found: Promise<Cli | undefined> | undefined;

/**
 * Skips the suite with a message if there is no CLI; in CI the suite fails, because nobody would notice that it is skipped. It is
 * called in a `before` hook, which must be a `function`. `npm test` searches for this call to find the specs that need the CLI.
 */
export async function requireCli(context: Context): Promise<Cli> {
    context.timeout(60_000);
    found ??= findCli();
    const cli = await found;
    if (cli !== undefined) return cli;
    return skipSuite(
        context,
        'the Pulumi CLI, and there is none. Run "npm run engine" first',
        process.env.CI,
    );
}

/** Does the same where there is no language host of YAML. */
export function requireYaml(context: Context): void {
    if (existsSync(join(binFolder(), "pulumi-language-yaml"))) return;
    skipSuite(context, 'the language host of YAML. Run "npm run engine" first', process.env.CI);
}

/** Skips a suite with a message, or fails it where an environment variable demands what it needs. */
export function skipSuite(context: Context, needed: string, isRequired = ""): never {
    const title = context.test?.parent?.fullTitle() ?? "A suite";
    const why = `"${title}" needs ${needed}.`;
    if (isRequired !== "") throw new Error(why);
    process.stderr.write(`\n  SKIPPED: ${why}\n`);
    return context.skip();
}
