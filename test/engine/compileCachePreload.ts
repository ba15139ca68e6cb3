/**
 * Loaded by `node --require` before Node 22.1, whose `NODE_COMPILE_CACHE` does the same: it keeps what V8 has compiled of CommonJS
 * modules in the folder that `TEST_COMPILE_CACHE` names. The code that runs is the same; a process only compiles less of it.
 */
import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import Module from "node:module";
import { dirname, join } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";

type Wrapped = (
    this: unknown,
    exports: unknown,
    require: unknown,
    module: unknown,
    file: string,
    folder: string,
) => unknown;

/** The members of Node's `Module` that its types leave out. */
interface Internals {
    _resolveFilename(request: string, parent: unknown, isMain: boolean, options: unknown): string;
    _resolveLookupPaths(request: string, parent: unknown): string[] | null;
    _extensions: unknown;
    _cache: unknown;
    prototype: { _compile: (this: NodeJS.Module, content: string, file: string) => unknown };
}

const folder = process.env.TEST_COMPILE_CACHE ?? "";
const internals = Module as unknown as Internals;
const { _compile: compileAsUsual } = internals.prototype;
const [head = "", tail = ""] = Module.wrap("|").split("|");
/** Scripts whose compiled form is not in the folder yet. */
const fresh = new Map<string, Script>();

if (folder !== "") {
    internals.prototype._compile = compileAndRun;
    process.on("exit", saveFresh);
    // The engine ends a provider's process with a signal, before which there is no event.
    setTimeout(saveFresh, 3000).unref();
}

function compileAndRun(this: NodeJS.Module, content: string, file: string): unknown {
    // V8 forgets who answers the `import()` of a script. TypeScript, the longest one, has the word only in texts.
    if (!isTypeScript(file) && /\bimport\s*\(/.test(content)) return compileAsUsual.call(this, content, file);
    const entry = join(folder, keyOf(content, file));
    const script = compile(content.replace(/^#!/, "//"), file, readEntry(entry));
    if (script.cachedDataRejected !== false) fresh.set(entry, script);
    const run = script.runInThisContext() as Wrapped;
    return run.call(this.exports, this.exports, requireOf(this), this, file, dirname(file));
}

function isTypeScript(file: string): boolean {
    return file.endsWith(join("node_modules", "typescript", "lib", "typescript.js"));
}

function compile(content: string, filename: string, cachedData: Buffer | undefined): Script {
    return new Script(`${head}${content}${tail}`, {
        filename,
        columnOffset: -head.length,
        cachedData,
    });
}

/** V8 takes the path from the compiled form, and refuses that of other versions and flags. */
function keyOf(content: string, file: string): string {
    return createHash("sha256").update([cachedDataVersionTag(), file, content].join("\0")).digest("hex");
}

function readEntry(entry: string): Buffer | undefined {
    try {
        return readFileSync(entry);
    } catch {
        return undefined; // this process is the first one that compiles the module
    }
}

/** The function `require` of a module, as Node makes it. */
function requireOf(module: NodeJS.Module): unknown {
    const resolve = Object.assign(
        (request: string, options?: unknown) => internals._resolveFilename(request, module, false, options),
        { paths: (request: string) => internals._resolveLookupPaths(request, module) },
    );
    return Object.assign((request: string) => module.require(request) as unknown, {
        resolve,
        main: process.mainModule, // eslint-disable-line @typescript-eslint/no-deprecated -- require.main of this file is another
        extensions: internals._extensions,
        cache: internals._cache,
    });
}

/** Functions are compiled when they are first called, so an entry made later holds more. */
function saveFresh(): void {
    for (const [entry, script] of fresh) {
        const part = `${entry}.${process.pid}`;
        try {
            writeFileSync(part, script.createCachedData());
            renameSync(part, entry); // other processes read and write the same entry
        } catch {
            break; // the folder was removed: the test run has ended
        }
    }
    fresh.clear();
}
