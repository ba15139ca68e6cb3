/** TypeScript's opinion of a program that the command wrote. */
import { basename, join } from "node:path";
import ts from "typescript";
import { repositoryRoot as root } from "../engine/paths.js";

/** The programs, as they lie beside an installed package, that TypeScript complains about, with its last complaint. */
export function complaints(programs: Readonly<Record<string, string>>): Record<string, string> {
    const files = new Map(Object.entries(programs).map(([name, text]) => [join(root, name), text]));
    const options: ts.CompilerOptions = {
        strict: true,
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.Node16,
        moduleResolution: ts.ModuleResolutionKind.Node16,
        allowJs: true,
        checkJs: true,
        skipLibCheck: true,
        noEmit: true,
        types: ["node"],
        typeRoots: [join(root, "node_modules", "@types")],
    };
    const host = ts.createCompilerHost(options);
    host.fileExists = (name) => files.has(name) || ts.sys.fileExists(name);
    host.readFile = (name) => files.get(name) ?? ts.sys.readFile(name);
    const program = ts.createProgram([...files.keys()], options, host);
    return Object.fromEntries(
        ts
            .getPreEmitDiagnostics(program)
            .map(({ file, messageText }) => [
                basename(file?.fileName ?? ""),
                ts.flattenDiagnosticMessageText(messageText, "\n"),
            ]),
    );
}
