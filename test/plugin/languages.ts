/** The languages in which the plugin is driven with the real engine. */
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { execute, type ChildResult } from "../engine/child.js";
import { temporaryFolder } from "../engine/folders.js";
import { PYTHON } from "../engine/paths.js";
import type { Files } from "../engine/program.js";
import type { RunOptions, Stack } from "../engine/stack.js";
import { packageVersion } from "../../tools/plugin/folder.js";
import { generateByHost, generateSdks } from "../../tools/plugin/sdks.js";
import {
    inputsOf,
    pageOf,
    PLUGINS_OF_PAGES,
    PROGRAMS,
    typescriptFiles,
    typescriptProgram,
    yamlFiles,
    yamlProgram,
    type Wanted,
} from "./programs.js";

/** A language. */
export interface Language {
    readonly name: string;
    /** Makes what its programs need; rejects with the reason where they cannot run. */
    prepare?(): Promise<unknown>;
    /** Files of a program with the one resource. */
    files(wanted: Wanted): Files;
    /** `pulumi up` or `pulumi destroy`. */
    play(stack: Stack, verb: "up" | "destroy", options?: RunOptions): Promise<ChildResult>;
    /** The same language, with a program that `pulumi import` printed; undefined where its text is only looked at. */
    pasted?(printed: string): Language;
}

/** For one command: programs in some languages are compiled first. */
const TIME_LIMIT_MS = 300_000;

const playByCli: Language["play"] = (stack, verb, options) =>
    stack[verb]({ timeoutMs: TIME_LIMIT_MS, ...options });

export const yaml: Language = {
    name: "YAML",
    files: yamlProgram,
    play: playByCli,
    pasted: (printed) => ({ ...yaml, files: () => yamlFiles(parse(printed) as object) }),
};

const typescript: Language = {
    name: "TypeScript",
    files: typescriptProgram,
    play: playByCli,
    pasted: (printed) => ({ ...typescript, files: () => pastedTypescript(printed) }),
};

/** The TypeScript program that `pulumi import` printed. */
export function pastedTypescript(printed: string): Files {
    // The name of the generated SDK, in place of which this package has classes that are written by hand.
    return typescriptFiles(printed.replace("@pulumi-digicert/digicert", "pulumi-digicert/plugin"));
}

/** An inline program of the Automation API: it needs no language host. The program reads what is wanted from a file. */
function inline(
    name: "Python" | "Go",
    prepare: (printed?: string) => Promise<Prepared>,
    printed?: string,
): Language {
    let prepared: Promise<Prepared> | undefined;
    const ready = () => (prepared ??= prepare(printed));
    return {
        name,
        prepare: ready,
        files: (wanted) => ({
            "Pulumi.yaml": stringify({
                name: "test",
                runtime: name.toLowerCase(),
                plugins: PLUGINS_OF_PAGES,
            }),
            "wanted.json": wantedFile(wanted),
            ...(wanted.page === undefined ? {} : { "page.py": pageOf(name)[wanted.page] }),
            ...(printed === undefined ? {} : { "printed.py": printed }),
        }),
        play: async (stack, verb, { env = {} } = {}) => {
            const { command, env: own } = await ready();
            const [executable = "", ...args] = command;
            return execute(executable, [...args, verb, stack.name], {
                cwd: stack.program,
                env: { ...stack.env, ...own, ...env },
                timeoutMs: TIME_LIMIT_MS,
            });
        },
        pasted: (text) => inline(name, prepare, text),
    };
}

const ENGINE = '"npm run engine" says more';

/** What a program in a language is run with. */
interface Prepared {
    readonly command: readonly string[];
    readonly env?: Record<string, string>;
}

/** The file that inline programs and Java read. */
function wantedFile(wanted: Wanted): string {
    const { name = "shop", page } = wanted;
    return JSON.stringify({ name, page, ...inputsOf(wanted), orderId: String(wanted.orderId) });
}

async function preparePython(): Promise<Prepared> {
    const { executable, folder } = PYTHON;
    if (!existsSync(executable))
        throw new Error(`there is no Python with Pulumi's SDK in ${folder}. ${ENGINE}`);
    const generated = await generateSdks("python");
    if (generated === undefined) throw new Error(`the generator of SDKs is missing. ${ENGINE}`);
    // Generated SDKs look for their version in what pip records.
    const installed = temporaryFolder("python");
    const options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--target", installed];
    await execute(PYTHON.pip, ["install", ...options, join(generated, "python")]);
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

/** The module of pulumi-aws that the documents import, and what stands for it. */
const GO_ROUTE53 = [
    "github.com/pulumi/pulumi-aws/sdk/v7/go/aws/",
    "pulumi-digicert/test/plugin/programs/go/",
] as const;

/** The programs of the page, and a printed one, are compiled with main.go, which runs them inline. */
async function prepareGo(printed?: string): Promise<Prepared> {
    const folder = temporaryFolder("go");
    const program = join(PROGRAMS, "go");
    const target = join(folder, "program");
    const overlay: Record<string, string> = {};
    const add = (name: string, text: string, call: string): void => {
        overlay[join(program, name)] = join(folder, name);
        const inlined = text.replace("func main()", "func init()").replace("pulumi.Run(", call);
        writeFileSync(join(folder, name), inlined.replace(...GO_ROUTE53));
    };
    pageOf("Go").forEach((text, page) => {
        add(`page${page}.go`, text, `addPage(${page}, `);
    });
    if (printed !== undefined) add("printed.go", printed, "use(");
    writeFileSync(join(folder, "overlay.json"), JSON.stringify({ Replace: overlay }));
    const args = ["-overlay", join(folder, "overlay.json"), "-o", target, "."];
    await execute("go", ["build", ...GO_FLAGS, ...args], {
        cwd: program,
        env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off" },
    });
    return { command: [target] };
}

/**
 * Java with its language host and Maven. Slow, so it is played by `npm run test:all`, not by `npm test`: `ALL_LANGUAGES` says so.
 * Pulumi's generator names the package of nested types wrongly in a printed program, so the text is only looked at.
 */
const java: Language = {
    name: "Java",
    prepare: prepareJava,
    files: (wanted) => ({
        "Pulumi.yaml": stringify({
            name: "test",
            runtime: { name: "java", options: { binary: join(javaFolder, "target", "program.jar") } },
            plugins: PLUGINS_OF_PAGES,
        }),
        "wanted.json": wantedFile(wanted),
    }),
    play: playByCli,
};

const javaFolder = temporaryFolder("java");

async function prepareJava(): Promise<void> {
    if (process.env.ALL_LANGUAGES === undefined)
        throw new Error('"npm run test:all" does that, and ALL_LANGUAGES=1');
    const generated = await generateByHost("java");
    if (generated === undefined)
        throw new Error('its language host is missing, which "npm run engine -- --all" builds');
    cpSync(join(PROGRAMS, "java"), javaFolder, { recursive: true });
    cpSync(join(generated, "src"), join(javaFolder, "src"), { recursive: true });
    pageOf("Java").forEach((text, page) => {
        const folder = join(javaFolder, "src", "main", "java", `page${page}`);
        mkdirSync(folder);
        writeFileSync(join(folder, "App.java"), text.replace("package myproject;", `package page${page};`));
    });
    // The SDK's own build, by Gradle, writes these two.
    const resources = join(javaFolder, "src/main/resources/io/github/pulumidigicert/digicert");
    mkdirSync(resources, { recursive: true });
    const version = packageVersion();
    writeFileSync(join(resources, "version.txt"), version);
    writeFileSync(
        join(resources, "plugin.json"),
        JSON.stringify({ resource: true, name: "digicert", version }),
    );
    await execute("mvn", ["--batch-mode", "--quiet", "package"], { cwd: javaFolder });
}

/** All of them. */
export const LANGUAGES: readonly Language[] = [
    yaml,
    typescript,
    inline("Python", preparePython),
    inline("Go", prepareGo),
    java,
];
