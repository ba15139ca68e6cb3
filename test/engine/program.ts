/** Writes the files of a Pulumi program. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A folder with `Pulumi.yaml` (it is copied), or the files themselves by their path. */
export type Program = string | { files: Readonly<Record<string, string>> };

/** Settings of the compiler for a program in TypeScript. */
export const typescriptSettings = {
    compilerOptions: {
        strict: true,
        target: "ES2022",
        module: "node16",
        moduleResolution: "node16",
        skipLibCheck: true,
    },
};

/**
 * Writes a program into its folder. Without a `Pulumi.yaml` among the files one is made: Node.js, with TypeScript
 * if there is an `index.ts`.
 *
 * @returns the project's name
 */
export function writeProgram(folder: string, program: Program, projectName: string | undefined): string {
    if (typeof program === "string") {
        cpSync(program, folder, { recursive: true, filter: belongsToProgram });
    } else {
        writeFiles(folder, program.files);
    }
    const project = join(folder, "Pulumi.yaml");
    if (!existsSync(project)) addProjectFiles(folder, projectName ?? "test");
    const yaml = readFileSync(project, "utf8");
    if (projectName !== undefined) {
        writeFileSync(project, yaml.replace(/^name:.*$/m, `name: ${projectName}`));
        return projectName;
    }
    const name = /^name:\s*["']?([^\s"']+)/m.exec(yaml)?.[1];
    if (name === undefined) throw new Error(`Reading ${project}: it has no "name". Add one.`);
    return name;
}

/** Writes files, and the folders they are in. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
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

function addProjectFiles(folder: string, name: string): void {
    const typescript = existsSync(join(folder, "index.ts"));
    writeFileSync(
        join(folder, "Pulumi.yaml"),
        `name: ${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: ${String(typescript)}\n`,
    );
    const manifest = join(folder, "package.json");
    if (!existsSync(manifest)) writeFileSync(manifest, JSON.stringify({ name, private: true }));
    const settings = join(folder, "tsconfig.json");
    if (typescript && !existsSync(settings)) writeFileSync(settings, JSON.stringify(typescriptSettings));
}
