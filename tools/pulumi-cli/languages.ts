/**
 * What the tests of the plugin need for other languages than Node.js. Without a language its tests are skipped, so nothing here
 * fails: it says what is missing, and why.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../test/engine/child.js";
import { PYTHON } from "../../test/engine/paths.js";
import { goBuild, goProblem, CODE_GENERATOR } from "./goBuild.js";

/** Pulumi's SDK, at the release of the one for Node.js, and what generated SDKs need beside it. */
const PYTHON_PACKAGES = ["pulumi==3.248.0", "parver==1.0.1.post0", "semver==3.1.2", "setuptools", "wheel"];

/** What the quick tests need. */
const QUICK = ["pulumi-language-yaml", CODE_GENERATOR] as const;
/** What the others need beside it. */
const SLOW = ["pulumi-language-java", "pulumi-language-dotnet"] as const;

/**
 * Builds, or installs, what is missing in the folder of the CLI.
 *
 * @param isAll - also for Java, whose test is slow, and the generator for .NET
 */
export async function ensureLanguages(
    folder: string,
    isAll: boolean,
    say: (line: string) => void,
): Promise<void> {
    const needed = isAll ? ([...QUICK, ...SLOW] as const) : QUICK;
    const binaries = needed.filter((name) => !existsSync(join(folder, name)));
    const problem = binaries.length > 0 ? await goProblem() : undefined;
    for (const name of binaries) {
        await telling(name, say, async () => {
            if (problem !== undefined) throw new Error(problem);
            say(`Building ${name} from Go modules …`);
            await goBuild(name, folder, say);
        });
    }
    if (existsSync(PYTHON.executable)) return;
    await telling("Pulumi's SDK for Python", say, async () => {
        say("Installing Pulumi's SDK for Python …");
        await ended("python3", ["-m", "venv", PYTHON.folder]);
        await ended(PYTHON.pip, ["install", "--quiet", ...PYTHON_PACKAGES]);
        await ended(PYTHON.python, ["-c", "import pulumi"]);
        await ended("ln", ["-s", PYTHON.python, PYTHON.executable]);
    });
}

async function telling(what: string, say: (line: string) => void, step: () => Promise<void>): Promise<void> {
    try {
        await step();
    } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        say(`${what} cannot be had, and the tests that need it are skipped: ${why}`);
    }
}

async function ended(command: string, args: readonly string[]): Promise<void> {
    const { exitCode, output } = await run(command, args, { timeoutMs: 600_000 });
    if (exitCode !== 0) throw new Error(output.trim().split("\n").at(-1) ?? `${command} failed`);
}
