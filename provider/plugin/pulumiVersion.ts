/**
 * Checks the version of `@pulumi/pulumi` that is installed beside the npm package. A release archive holds its own copy.
 *
 * @module
 */
import { readFileSync } from "node:fs";

/** The first version whose messages hold what the plugin reads: in 3.154 the configuration of a provider got a URN. */
const [MAJOR, MINOR] = [3, 154];

/** Ends the process with a sentence where `@pulumi/pulumi` is missing, or older than the plugin can use. */
export function requirePulumi(): void {
    const version = installedVersion();
    const [major = 0, minor = 0] = version?.split(".").map(Number) ?? [];
    if (major > MAJOR || (major === MAJOR && minor >= MINOR)) return;
    const found = version === undefined ? "which is not installed" : `and ${version} is installed`;
    const needed = `${MAJOR}.${MINOR}`;
    process.stderr.write(
        `The plugin digicert needs @pulumi/pulumi ${needed} or later, ${found}: ` +
            `run "npm install @pulumi/pulumi@^${needed}" where pulumi-digicert is installed, or install the plugin from its release archive.\n`,
    );
    process.exit(1);
}

function installedVersion(): string | undefined {
    try {
        const manifest = readFileSync(require.resolve("@pulumi/pulumi/package.json"), "utf8");
        return (JSON.parse(manifest) as { version: string }).version;
    } catch {
        return undefined;
    }
}
