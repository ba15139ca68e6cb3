/** The languages in which the plugin is driven with the real engine. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { run, type ChildResult } from "../engine/child.js";
import { temporaryFolder } from "../engine/folders.js";
import { binFolder, repositoryRoot } from "../engine/paths.js";
import type { RunOptions, Stack } from "../engine/stack.js";
import { generateSdks } from "../../tools/plugin/sdks.js";
import { PYTHON } from "./python.js";
import { inputsOf, nodeProgram, PLUGINS, yamlProgram, type Files, type Wanted } from "./programs.js";

/** What a run of a program did. */
export interface Played extends ChildResult {
    /** Whether the engine says that no resource changed. */
    readonly isUnchanged: boolean;
}

/** A language. */
export interface Language {
    readonly name: string;
    /** Why programs in it cannot run here. */
    problem(): Promise<string | undefined>;
    /** Files of a program with the one resource. */
    files(wanted: Wanted): Files;
    /** `pulumi up`, its preview included, or `pulumi destroy`. */
    play(stack: Stack, verb: "up" | "destroy", options?: RunOptions): Promise<Played>;
    /** Whether `pulumi import` prints a program in it here. */
    readonly isImported: boolean;
}

const UNCHANGED = /Resources:\n\s+2 unchanged/;

async function playByCli(stack: Stack, verb: "up" | "destroy", options: RunOptions = {}): Promise<Played> {
    const result = await (verb === "up" ? stack.up(options) : stack.destroy(options));
    return { ...result, isUnchanged: UNCHANGED.test(result.output) };
}

const yaml: Language = {
    name: "YAML",
    problem: () => missingHost("pulumi-language-yaml"),
    files: yamlProgram,
    play: playByCli,
    isImported: true,
};

const node: Language = {
    name: "Node.js",
    problem: () => Promise.resolve(undefined),
    files: nodeProgram,
    play: playByCli,
    isImported: false,
};

/** An inline program of the Automation API: it needs no language host. The program reads what is wanted from a file. */
function inline(name: string, runtime: string, prepare: () => Promise<Prepared>): Language {
    let prepared: Promise<Prepared> | undefined;
    const ready = () => (prepared ??= prepare());
    return {
        name,
        problem: async () => {
            const it = await ready();
            return "problem" in it ? it.problem : undefined;
        },
        files: (wanted) => ({
            "Pulumi.yaml": stringify({ name: "test", runtime, plugins: PLUGINS }),
            "wanted.json": JSON.stringify({ ...inputsOf(wanted), orderId: String(wanted.orderId) }),
        }),
        play: async (stack, verb, { expectFailure = false, env = {} } = {}) => {
            const it = await ready();
            if ("problem" in it) throw new Error(it.problem);
            const [command = "", ...args] = it.command;
            const result = await run(command, [...args, verb, stack.name], {
                cwd: stack.program,
                env: { ...stack.env, ...it.env, ...env },
                timeoutMs: 300_000,
            });
            if ((result.exitCode !== 0) !== expectFailure) throw new Error(result.output);
            return { ...result, isUnchanged: UNCHANGED.test(result.output) };
        },
        isImported: false,
    };
}

/** What a language needs, or why it is not there. */
type Prepared =
    | { readonly problem: string }
    | { readonly command: readonly string[]; readonly env?: Record<string, string> };

/** Folder of the programs, which are not copied to `dist`. */
const PROGRAMS = join(repositoryRoot, "test", "plugin", "programs");

async function preparePython(): Promise<Prepared> {
    const { executable, folder } = PYTHON;
    if (!existsSync(executable)) return { problem: `there is no Python with Pulumi's SDK in ${folder}` };
    const generated = await generateSdks("python");
    if (generated === undefined) return { problem: "the generator of SDKs is not there" };
    // Generated SDKs look for their version in what pip records.
    const installed = temporaryFolder("python");
    const options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--target", installed];
    const { exitCode, output } = await run(PYTHON.pip, ["install", ...options, join(generated, "python")], {
        timeoutMs: 300_000,
    });
    if (exitCode !== 0) return { problem: `the generated SDK cannot be installed: ${output}` };
    return {
        command: [executable, join(PROGRAMS, "main.py")],
        env: { PYTHONPATH: installed, PYTHONDONTWRITEBYTECODE: "1" },
    };
}

/** The flags of the CLI, so that what both use is compiled once. */
const GO_FLAGS = [
    "-mod=readonly",
    "-trimpath",
    "-buildvcs=false",
    "-tags=osusergo,grpcnotrace",
    "-ldflags=-s -w",
];

async function prepareGo(): Promise<Prepared> {
    const target = join(temporaryFolder("go"), "program");
    try {
        const { exitCode, output } = await run("go", ["build", ...GO_FLAGS, "-o", target, "."], {
            cwd: join(PROGRAMS, "go"),
            env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off" },
            timeoutMs: 600_000,
        });
        if (exitCode !== 0) return { problem: `the program does not build: ${output.trim()}` };
        return { command: [target] };
    } catch {
        return { problem: "Go is not installed" };
    }
}

function missingHost(name: string): Promise<string | undefined> {
    const isThere = existsSync(join(binFolder(), name));
    return Promise.resolve(isThere ? undefined : `there is no ${name} in ${binFolder()}`);
}

/** All of them. */
export const LANGUAGES: readonly Language[] = [
    yaml,
    node,
    inline("Python", "python", preparePython),
    inline("Go", "go", prepareGo),
];
