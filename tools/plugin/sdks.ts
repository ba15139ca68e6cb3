/**
 * `npm run sdk`: writes the Go SDK, which is committed because Go reads modules from git, and those of Python and Node.js into
 * `build/sdk`.
 *
 * @module
 */
import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../test/engine/child.js";
import { binFolder, repositoryRoot } from "../../test/engine/paths.js";
import { SDK_GENERATOR } from "../pulumi-cli/goBuild.js";
import { temporaryFolder } from "../../test/engine/folders.js";

/** The folder of the committed SDK. */
export const GO_SDK = join(repositoryRoot, "sdk", "go", "digicert");

/**
 * Generates SDKs from the schema of the build.
 *
 * @returns a folder with one for each language; undefined where the generator is missing, which `npm run engine` builds
 */
export async function generateSdks(...languages: string[]): Promise<string | undefined> {
    const generator = join(binFolder(), SDK_GENERATOR);
    if (!existsSync(generator)) return undefined;
    const out = temporaryFolder("sdk");
    const schema = join(repositoryRoot, "dist", "plugin", "schema.json");
    const { exitCode, output } = await run(generator, [schema, out, ...languages]);
    if (exitCode !== 0) throw new Error(`Generating SDKs: ${output}`);
    return out;
}

async function main(): Promise<void> {
    const out = await generateSdks("go", "python", "nodejs");
    if (out === undefined) throw new Error('The generator of SDKs is missing. Run "npm run engine" first.');
    rmSync(GO_SDK, { recursive: true, force: true });
    cpSync(join(out, "go"), GO_SDK, { recursive: true });
    for (const language of ["python", "nodejs"]) {
        const target = join(repositoryRoot, "build", "sdk", language);
        rmSync(target, { recursive: true, force: true });
        cpSync(join(out, language), target, { recursive: true });
    }
}

if (require.main === module) void main();
