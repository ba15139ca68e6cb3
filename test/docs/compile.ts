/** Type-checks code that lies in no file, as a program in the repository's folder would be. */
import { join, resolve } from "node:path";
import ts from "typescript";
import { repositoryRoot } from "../engine/paths.js";

const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    moduleDetection: ts.ModuleDetectionKind.Force,
    types: ["node", "mocha"],
    typeRoots: [join(repositoryRoot, "node_modules", "@types")],
    skipLibCheck: true,
    allowJs: true,
    // Of JavaScript, only the programs that are given are checked.
    checkJs: false,
};

/** A compiler error. */
export interface Complaint {
    readonly file: string;
    /** From 0. */
    readonly line: number;
    readonly message: string;
}

/** The files of the libraries, parsed once per process. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/**
 * Compiles files with Pulumi's usual settings.
 *
 * @param files - code by path, relative to the repository
 */
export function compile(files: ReadonlyMap<string, string>): Complaint[] {
    const checked = (path: string, code: string) => (path.endsWith(".js") ? `// @ts-check\n${code}` : code);
    const virtual = new Map(
        [...files].map(([path, code]) => [resolve(repositoryRoot, path), checked(path, code)]),
    );
    const host = ts.createCompilerHost(options);
    host.fileExists = (path) => virtual.has(resolve(path)) || ts.sys.fileExists(path);
    delete host.directoryExists; // the folders of the given files are in no file system
    host.readFile = (path) => virtual.get(resolve(path)) ?? ts.sys.readFile(path);
    const parse = host.getSourceFile.bind(host);
    host.getSourceFile = (path, ...rest) => {
        if (virtual.has(resolve(path))) return parse(path, ...rest);
        if (!parsed.has(path)) parsed.set(path, parse(path, ...rest));
        return parsed.get(path);
    };
    const roots = [...virtual.keys(), join(repositoryRoot, "test", "docs", "clouds.d.ts")];
    const program = ts.createProgram(roots, options, host);
    return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => ({
        file: file?.fileName ?? "",
        line: file?.getLineAndCharacterOfPosition(start).line ?? 0,
        message: ts.flattenDiagnosticMessageText(messageText, "\n"),
    }));
}
