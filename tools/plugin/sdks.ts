/**
 * `npm run sdk`: writes the Go SDK, which is committed because Go reads modules from git, and those of Python, Node.js, Java and
 * .NET into `build/sdk`.
 *
 * @module
 */
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { run } from "../../test/engine/child.js";
import { temporaryFolder } from "../../test/engine/folders.js";
import { findCli } from "../../test/engine/lookup.js";
import { binFolder, repositoryRoot } from "../../test/engine/paths.js";
import { CODE_GENERATOR, goBuild } from "../pulumi-cli/goBuild.js";

/** The folder of the committed SDK, beside its go.mod. */
export const GO_SDK = join(repositoryRoot, "sdk", "go");

/** What is generated there. */
export const GO_FILES = [".gitattributes", "digicert"] as const;

const SCHEMA = join(repositoryRoot, "dist", "plugin", "schema.json");

/**
 * Generates SDKs from the schema of the build, with Pulumi's generators.
 *
 * @returns a folder with one for each language; undefined where the generator is missing, which `npm run engine` builds
 */
export async function generateSdks(
    ...languages: ("go" | "python" | "nodejs")[]
): Promise<string | undefined> {
    const generator = join(binFolder(), CODE_GENERATOR);
    if (!existsSync(generator)) return undefined;
    const out = temporaryFolder("sdk");
    const { exitCode, output } = await run(generator, [SCHEMA, out, ...languages]);
    if (exitCode !== 0) throw new Error(`Generating SDKs: ${output}`);
    return out;
}

/**
 * A folder of language hosts for the CLI that generate code and run no program: Pulumi's own hosts for these languages are not
 * available as Go modules, or, for Node.js, not in a version that generates code.
 *
 * @returns undefined where the generator is missing
 */
export function generatingHosts(): string | undefined {
    const generator = join(binFolder(), CODE_GENERATOR);
    if (!existsSync(generator)) return undefined;
    const folder = temporaryFolder("hosts");
    for (const language of ["go", "python", "nodejs"])
        symlinkSync(generator, join(folder, `pulumi-language-${language}`));
    return folder;
}

/**
 * Generates the SDK for Java or .NET with the CLI and the language host, into a folder of that name.
 *
 * @returns undefined where the CLI or the host is missing
 */
export async function generateByHost(language: "java" | "dotnet"): Promise<string | undefined> {
    const cli = await findCli();
    if (cli === undefined || !existsSync(join(binFolder(), `pulumi-language-${language}`))) return undefined;
    const out = temporaryFolder("sdk");
    const { schema, close } = await withLogo(out);
    try {
        const args = ["package", "gen-sdk", schema, "--language", language, "--out", out];
        const PATH = [binFolder(), process.env.PATH ?? ""].join(delimiter);
        const env = { ...process.env, PATH, PULUMI_SKIP_UPDATE_CHECK: "true" };
        const { exitCode, output } = await run(cli.bin, args, { env });
        if (exitCode !== 0) throw new Error(`Generating the SDK for ${language}: ${output}`);
        return join(out, language);
    } finally {
        close();
    }
}

/** A transparent point, in the place of the logo that the generator for .NET downloads. */
export const LOGO = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
    "base64",
);

/** The generator for .NET downloads a logo: Pulumi's, if the schema names none. */
async function withLogo(folder: string): Promise<{ schema: string; close: () => void }> {
    const server = createServer((_, response) => response.end(LOGO));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const schema = join(folder, "schema.json");
    const content = JSON.parse(readFileSync(SCHEMA, "utf8")) as object;
    writeFileSync(schema, JSON.stringify({ ...content, logoUrl: `http://127.0.0.1:${port}/logo.png` }));
    return { schema, close: () => server.close() };
}

async function main(): Promise<void> {
    const out = await generateSdks("go", "python", "nodejs");
    if (out === undefined) throw new Error('The generator of SDKs is missing. Run "npm run engine" first.');
    for (const name of GO_FILES) {
        rmSync(join(GO_SDK, name), { recursive: true, force: true });
        cpSync(join(out, "go", name), join(GO_SDK, name), { recursive: true });
    }
    const build = join(repositoryRoot, "build", "sdk");
    const write = (language: string, from: string): void => {
        rmSync(join(build, language), { recursive: true, force: true });
        cpSync(from, join(build, language), { recursive: true });
    };
    for (const language of ["python", "nodejs"]) write(language, join(out, language));
    for (const language of ["java", "dotnet"] as const) {
        const host = `pulumi-language-${language}` as const;
        if (!existsSync(join(binFolder(), host))) await goBuild(host, binFolder(), console.log);
        const generated = await generateByHost(language);
        if (generated === undefined) throw new Error('There is no Pulumi CLI. Run "npm run engine" first.');
        write(language, generated);
    }
}

if (require.main === module) void main();
