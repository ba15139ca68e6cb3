/** Builds the CLI and its language host from Go modules, at the versions that the go.mod files here pin. */
import { chmodSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Child, run } from "../../test/engine/child.js";
import { atExit } from "../../test/engine/cleanup.js";
import { cliVersion, repositoryRoot } from "../../test/engine/paths.js";

/** Folder of the go.mod files, which are not copied to `dist`. */
const modules = join(repositoryRoot, "tools", "pulumi-cli");

/** The Go version in go.mod, which is Pulumi's minimum. */
const neededGo = "1.25.11";

const progressEveryMs = 15_000;

interface Recipe {
    /** Folder of go.mod and go.sum. */
    module: string;
    package: string;
    flags: readonly string[];
}

const sdk = "github.com/pulumi/pulumi/sdk/v3";

/** Generates code for the tests of the plugin: SDKs, and the programs that `pulumi import` prints. */
export const CODE_GENERATOR = "digicert-code-generator";

/** What can be built. */
export type Binary =
    | "pulumi"
    | "pulumi-language-nodejs"
    | "pulumi-language-yaml"
    | "pulumi-language-java"
    | "pulumi-language-dotnet"
    | typeof CODE_GENERATOR;

const recipes: Readonly<Record<Binary, Recipe>> = {
    pulumi: {
        module: join(modules, "cli"),
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        // Pulumi's releases set the version in the same way; without it the CLI calls itself "dev".
        flags: [
            "-tags=osusergo,grpcnotrace",
            `-ldflags=-s -w -X ${sdk}/go/common/version.Version=v${cliVersion}`,
        ],
    },
    "pulumi-language-nodejs": {
        // Later versions of the language host are not available as a Go module; this version works with newer engines too.
        module: join(modules, "language-host"),
        package: `${sdk}/nodejs/cmd/pulumi-language-nodejs`,
        flags: ["-ldflags=-s -w"],
    },
    "pulumi-language-yaml": {
        module: join(modules, "yaml-host"),
        package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
        flags: ["-ldflags=-s -w"],
    },
    "pulumi-language-java": {
        module: join(modules, "java-host"),
        package: "github.com/pulumi/pulumi-java/pkg/cmd/pulumi-language-java",
        flags: ["-ldflags=-s -w"],
    },
    "pulumi-language-dotnet": {
        module: join(modules, "dotnet-host"),
        package: "github.com/pulumi/pulumi-dotnet/pulumi-language-dotnet/v3",
        flags: ["-tags=osusergo,grpcnotrace", "-ldflags=-s -w"],
    },
    [CODE_GENERATOR]: {
        module: join(repositoryRoot, "tools", "plugin", "sdk"),
        package: ".",
        // The flags of the CLI, so that Go compiles what both use once.
        flags: ["-tags=osusergo,grpcnotrace", "-ldflags=-s -w"],
    },
};

/** Returns why the installed Go cannot build; undefined if it can. Go may download a newer toolchain here. */
export async function goProblem(): Promise<string | undefined> {
    let text: string;
    try {
        const { exitCode, output } = await run("go", ["version"], {
            cwd: recipes.pulumi.module,
            env: goEnvironment(),
            timeoutMs: 300_000,
        });
        if (exitCode !== 0) return `"go version" says: ${output.trim().split("\n").at(-1) ?? ""}`;
        text = output;
    } catch {
        return "Go is not installed";
    }
    const version = /go(\d+(?:\.\d+)+)/.exec(text)?.[1];
    if (version === undefined) return `"go version" printed ${text.trim()}`;
    return atLeast(version, neededGo) ? undefined : `Go is ${version}, but ${neededGo} is needed`;
}

/** Whether a dotted version is equal to another or later. */
function atLeast(version: string, wanted: string): boolean {
    const have = version.split(".").map(Number);
    for (const [index, part] of wanted.split(".").map(Number).entries()) {
        const mine = have[index] ?? 0;
        if (mine !== part) return mine > part;
    }
    return true;
}

/** Builds a binary into a folder, and prints its progress. */
export async function goBuild(name: Binary, folder: string, say: (line: string) => void): Promise<void> {
    const recipe = recipes[name];
    mkdirSync(folder, { recursive: true });
    // The binary gets its name when it is complete, so that an interrupted build leaves no broken CLI.
    const half = join(folder, `.${name}.${process.pid}`);
    const remove = (): void => {
        rmSync(half, { force: true });
    };
    const forget = atExit(remove);
    try {
        await compile(name, recipe, half, say);
        chmodSync(half, 0o755);
        renameSync(half, join(folder, name));
    } finally {
        forget();
        remove();
    }
}

async function compile(
    name: string,
    recipe: Recipe,
    target: string,
    say: (line: string) => void,
): Promise<void> {
    const started = Date.now();
    const elapsed = (): string => `${Math.round((Date.now() - started) / 1000)} s`;
    const progress = new Progress();
    const { flags, module: cwd } = recipe;
    const args = ["build", "-v", "-mod=readonly", "-trimpath", "-buildvcs=false", ...flags, "-o", target];
    const child = new Child("go", [...args, recipe.package], {
        cwd,
        env: goEnvironment(),
        onLine: (line) => {
            progress.take(line);
        },
    });
    const timer = setInterval(() => {
        say(`  ${name}: ${elapsed()}, ${progress.toString()}`);
    }, progressEveryMs);
    try {
        const { exitCode, signal } = await child.done;
        if (exitCode !== 0) {
            const how = signal === null ? `failed with code ${String(exitCode)}` : `was ended by ${signal}`;
            const words = progress.problems.slice(-15).join("\n") || "nothing";
            throw new Error(
                `Building ${name} from ${recipe.package} ${how} after ${elapsed()}. Go says:\n${words}`,
            );
        }
        say(`  ${name}: built in ${elapsed()}`);
    } finally {
        clearInterval(timer);
    }
}

/** Reads the output of `go build -v`: a line for each module that it downloads and each package that it compiles, and errors. */
class Progress {
    readonly problems: string[] = [];
    #modules = 0;
    #packages = 0;
    #latest = "";

    take(line: string): void {
        const module = /^go: downloading (\S+)/.exec(line)?.[1];
        const isPackage = /^[^\s#:]+$/.test(line);
        if (module !== undefined) this.#modules += 1;
        else if (isPackage) this.#packages += 1;
        else this.problems.push(line);
        this.#latest = module ?? (isPackage ? line : this.#latest);
    }

    toString(): string {
        return `${this.#modules} modules fetched, ${this.#packages} packages compiled, at ${this.#latest}`;
    }
}

function goEnvironment(): NodeJS.ProcessEnv {
    // Without this setting, a workspace file in a parent folder would replace go.mod.
    return { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
}
