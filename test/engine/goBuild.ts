/** Builds the CLI and its language host from Go modules, at the versions that the go.mod files here pin. */
import { chmodSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Child, run } from "./child.js";
import { atExit } from "./cleanup.js";
import { cliVersion, engineSource } from "./paths.js";

/** What go.mod asks for: Pulumi's own minimum. */
const neededGo = "1.25.11";

const progressEveryMs = 15_000;

interface Recipe {
    /** Folder of go.mod and go.sum. */
    module: string;
    package: string;
    flags: readonly string[];
}

const sdk = "github.com/pulumi/pulumi/sdk/v3";

const recipes: Readonly<Record<"pulumi" | "pulumi-language-nodejs", Recipe>> = {
    pulumi: {
        module: join(engineSource, "cli"),
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        // As Pulumi builds its releases; without the version the CLI calls itself "dev".
        flags: [
            "-tags=osusergo,grpcnotrace",
            `-ldflags=-s -w -X ${sdk}/go/common/version.Version=v${cliVersion}`,
        ],
    },
    "pulumi-language-nodejs": {
        // Later versions of it are not available as a Go module; this one serves newer engines too.
        module: join(engineSource, "language-host"),
        package: `${sdk}/nodejs/cmd/pulumi-language-nodejs`,
        flags: ["-ldflags=-s -w"],
    },
};

/** Says why the installed Go cannot build, if so. A Go that may fetch a newer toolchain does that here. */
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

/** Whether a dotted version is the same as another or later. */
export function atLeast(version: string, wanted: string): boolean {
    const have = version.split(".").map(Number);
    for (const [index, part] of wanted.split(".").map(Number).entries()) {
        const mine = have[index] ?? 0;
        if (mine !== part) return mine > part;
    }
    return true;
}

/** Builds one binary into a folder, telling now and then how far it is. */
export async function goBuild(
    name: "pulumi" | "pulumi-language-nodejs",
    folder: string,
    say: (line: string) => void,
): Promise<void> {
    const recipe = recipes[name];
    mkdirSync(folder, { recursive: true });
    // Renamed when it is whole, so that an interrupted build leaves nothing that looks like a CLI.
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
    let modules = 0;
    let packages = 0;
    let latest = "";
    const child = new Child(
        "go",
        [
            "build",
            "-v",
            "-mod=readonly",
            "-trimpath",
            "-buildvcs=false",
            ...recipe.flags,
            "-o",
            target,
            recipe.package,
        ],
        {
            cwd: recipe.module,
            env: goEnvironment(),
            onLine: (line) => {
                if (line.startsWith("go: downloading ")) modules += 1;
                else packages += 1;
                latest = line.replace("go: downloading ", "");
            },
        },
    );
    const tell = (): void => {
        say(
            `  ${name}: ${elapsed()}, ${modules} modules fetched, ${packages} packages compiled, at ${latest}`,
        );
    };
    const timer = setInterval(tell, progressEveryMs);
    try {
        const { exitCode, output } = await child.done;
        if (exitCode !== 0) {
            const end = output.trim().split("\n").slice(-15).join("\n");
            throw new Error(
                `Building ${name} from ${recipe.package} failed after ${elapsed()}. Go says:\n${end}`,
            );
        }
        say(
            `  ${name}: built in ${elapsed()} (${packages} packages compiled, the others were in Go's cache)`,
        );
    } finally {
        clearInterval(timer);
    }
}

function goEnvironment(): NodeJS.ProcessEnv {
    // A workspace file of a folder further up would replace our go.mod.
    return { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
}
