/** For suites that need the real CLI. */
import { type Context } from "mocha";
import { type Cli, findCli } from "./lookup.js";

let found: Promise<Cli | undefined> | undefined;

/**
 * In a `before` hook (a `function`, not an arrow): skips the suite loudly where there is no CLI, and fails it in CI,
 * where a skipped suite would go unnoticed. `npm test` knows by this call which specs have to wait for the CLI.
 */
export async function requireCli(context: Context): Promise<Cli> {
    context.timeout(60_000);
    found ??= findCli();
    const cli = await found;
    if (cli !== undefined) return cli;
    const title = context.test?.parent?.fullTitle() ?? "A suite";
    const why = `"${title}" needs the Pulumi CLI, and there is none. Run "npm run engine" first.`;
    if (process.env.CI !== undefined && process.env.CI !== "") throw new Error(why);
    process.stderr.write(`\n  SKIPPED: ${why}\n`);
    return context.skip();
}
