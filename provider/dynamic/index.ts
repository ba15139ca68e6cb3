/**
 * Entry point `pulumi-digicert/provider`: the providers, which the stubs in a stack's state load. The exported names never
 * change, because the states of all versions use them.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { makeProviders } from "./provider.js";

/** The exports have Pulumi's types, so that the declarations of this entry point need no further file. */
type Provider = Required<dynamic.ResourceProvider>;

// Pulumi passes the engine's address to the host as the first argument.
const engine = /^[\w.:[\]-]+:\d+$/.exec(process.argv[2] ?? "")?.[0];

// A failure to print is ignored: after the engine was killed nobody reads what the host prints. Pulumi's host would print the
// failure, which fails again, and so on without an end.
if (engine !== undefined) {
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}

const { reissue: provider, validation: validationProvider } = makeProviders({
    now: () => new Date(),
    elapsed: () => performance.now(),
    sleep: (ms) => sleep(ms),
    env: process.env,
    engine,
    log: (line) => {
        console.log(line);
    },
    connect: async (settings) => {
        const { CertCentral } = await import("../core/certcentral/client.js");
        return new CertCentral(settings);
    },
});

/** Stores the stack's configuration; see `ResourceProvider.configure` of Pulumi. */
export const configure: Provider["configure"] = provider.configure.bind(provider);
/** Validates and normalises the inputs. */
export const check: Provider["check"] = provider.check.bind(provider);
/** Plans the change, without a request. */
export const diff: Provider["diff"] = provider.diff.bind(provider);
/** Requests the reissue, once; if a later step fails, an accepted reissue is saved. */
export const create: Provider["create"] = provider.create.bind(provider);
/** Carries out the plan that `diff` showed. */
export const update: Provider["update"] = provider.update.bind(provider);
/** Reads the order. */
export const read: Provider["read"] = provider.read.bind(provider);
const remove: Provider["delete"] = provider.delete.bind(provider);
export { remove as delete };

/** The same functions for a validation; `pulumi-digicert/stub/validation` calls them. */
export const validation: Provider = {
    configure: validationProvider.configure.bind(validationProvider),
    check: validationProvider.check.bind(validationProvider),
    diff: validationProvider.diff.bind(validationProvider),
    create: validationProvider.create.bind(validationProvider),
    update: validationProvider.update.bind(validationProvider),
    read: validationProvider.read.bind(validationProvider),
    delete: validationProvider.delete.bind(validationProvider),
};
