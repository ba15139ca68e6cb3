/**
 * Refuses in one sentence what does not work with a dynamic resource. Pulumi would fail too, but later, and without saying what
 * to do.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type CustomResourceOptions, RunError } from "@pulumi/pulumi";

/**
 * Throws where the resource cannot be made: under Bun, with the options `import` or `customTimeouts`, or beside a TypeScript without the
 * compiler that Pulumi records providers with.
 *
 * @throws pulumi.RunError, which ends a program without a stack trace.
 */
export function refuseUnsupported(
    name: string,
    opts: CustomResourceOptions | undefined,
    kind = "DigiCertReissue",
): void {
    const reason =
        bunProblem() ??
        importProblem(opts) ??
        timeoutsProblem(opts) ??
        bundleProblem() ??
        installedTypescriptProblem();
    if (reason !== undefined) throw new RunError(`Making the ${kind} "${name}": ${reason}`);
}

function bunProblem(): string | undefined {
    if (process.versions.bun === undefined) return undefined;
    return (
        "Pulumi's dynamic resources do not work under Bun, which runs this program. Run it with Node.js 20.18.1 or " +
        'later: "runtime: nodejs" in Pulumi.yaml, or "node" in place of "bun". Bun may still install the packages.'
    );
}

function importProblem(opts: CustomResourceOptions | undefined): string | undefined {
    if (opts?.import === undefined) return undefined;
    return (
        'Pulumi cannot import a dynamic resource, so the option "import" does not work. Leave it out and set ' +
        "adoptExisting: true: then the order's present certificate is taken over, without a reissue."
    );
}

function timeoutsProblem(opts: CustomResourceOptions | undefined): string | undefined {
    if (opts?.customTimeouts === undefined) return undefined;
    return (
        'Pulumi does not tell a dynamic resource its timeouts, so the option "customTimeouts" does not work. Leave it out and ' +
        "set issuanceTimeoutSeconds, which limits how long DigiCert is waited for."
    );
}

/** Refuses a bundle: the package has to lie in `node_modules` as it was published, because Pulumi records it by its name. */
function bundleProblem(): string | undefined {
    if (existsSync(join(__dirname, "stub.js"))) return undefined;
    return (
        "the program was bundled together with pulumi-digicert, so Pulumi cannot record where the resource's provider is. " +
        "Leave the package out of the bundle (esbuild: --external:pulumi-digicert), and install it beside the program."
    );
}

let typescriptReason: { readonly found: string | undefined } | undefined;

/** Checks the TypeScript that Pulumi's SDK will find from its own folder; the result is remembered. */
function installedTypescriptProblem(): string | undefined {
    typescriptReason ??= { found: typescriptProblem(createRequire(require.resolve("@pulumi/pulumi"))) };
    return typescriptReason.found;
}

/**
 * Says why Pulumi's SDK cannot use the installed TypeScript; undefined if it can. TypeScript 7 has no compiler API; the peer
 * dependency of an SDK shows whether the SDK needs that API.
 *
 * @param sdk - resolves packages as Pulumi's SDK does
 */
export function typescriptProblem(sdk: NodeJS.Require): string | undefined {
    const version = manifest(sdk, "typescript")?.version;
    const allowed = manifest(sdk, "@pulumi/pulumi")?.peerDependencies?.typescript;
    const below = Number(/<\s*(\d+)/.exec(allowed ?? "")?.[1]);
    if (version === undefined || parseInt(version) < 7 || !(parseInt(version) >= below)) return undefined;
    return (
        `the program's TypeScript is ${version}, and Pulumi's SDK needs one below ${below}, for its compiler API. ` +
        "Install an older one beside the program, such as typescript@5."
    );
}

interface Manifest {
    readonly version?: string;
    readonly peerDependencies?: Readonly<Record<string, string>>;
}

function manifest(sdk: NodeJS.Require, name: string): Manifest | undefined {
    try {
        return JSON.parse(readFileSync(sdk.resolve(`${name}/package.json`), "utf8")) as Manifest;
    } catch {
        return undefined; // not installed, and Pulumi's SDK brings a compiler of its own
    }
}
