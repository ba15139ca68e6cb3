/** Writes the files of a Pulumi program. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse, stringify } from "yaml";

/** Files by their path. */
export type Files = Readonly<Record<string, string>>;

/** A folder with `Pulumi.yaml` (it is copied), or the files themselves. */
export type Program = string | { files: Files };

/** Settings of the compiler for a program in TypeScript. */
const compilerOptions = {
    strict: true,
    target: "ES2022",
    module: "node16",
    moduleResolution: "node16",
    skipLibCheck: true,
};

/** The project of a program for Node.js: in TypeScript if it is in `index.ts`; `more` goes into `Pulumi.yaml`. */
export function nodeProject(program: Files, name = "test", more: object = {}): Files {
    const typescript = "index.ts" in program;
    return {
        "Pulumi.yaml": stringify({ name, runtime: { name: "nodejs", options: { typescript } }, ...more }),
        "package.json": JSON.stringify({ name, private: true }),
        ...(typescript && { "tsconfig.json": JSON.stringify({ compilerOptions }) }),
        ...program,
    };
}

/**
 * Writes a program into its folder. Where there is no `Pulumi.yaml`, the program is for Node.js.
 *
 * @returns the project's name
 */
export function writeProgram(folder: string, program: Program, projectName?: string): string {
    const project = join(folder, "Pulumi.yaml");
    if (typeof program === "string") {
        cpSync(program, folder, { recursive: true, filter: belongsToProgram });
    } else {
        const isWhole = "Pulumi.yaml" in program.files || existsSync(project);
        const manifest = join(folder, "package.json");
        const installed = existsSync(manifest) && { "package.json": readFileSync(manifest, "utf8") };
        const files = { ...installed, ...program.files };
        writeFiles(folder, isWhole ? program.files : nodeProject(files, projectName));
    }
    return (parse(readFileSync(project, "utf8")) as { name: string }).name;
}

/** Writes files, and the folders they are in. */
export function writeFiles(folder: string, files: Files): void {
    for (const [path, text] of Object.entries(files)) {
        const file = join(folder, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
    }
}

/** A developer's own packages and stack settings are not part of a program. */
function belongsToProgram(path: string): boolean {
    const name = basename(path);
    return name !== "node_modules" && !/^Pulumi\..+\.yaml$/.test(name);
}
