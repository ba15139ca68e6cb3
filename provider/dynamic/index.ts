/**
 * Entry point `pulumi-digicert/provider`: the providers that the stubs in a stack's state load. The names exported here are
 * frozen, because states of all versions call them.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { makeProviders } from "./provider.js";

/** Pulumi's own types, so that the package needs no declarations of what is behind them. */
type Provider = Required<dynamic.ResourceProvider>;

const { reissue: provider, validation: validationProvider } = makeProviders({
    now: () => new Date(),
    elapsed: () => performance.now(),
    sleep: (ms) => sleep(ms),
    env: process.env,
    // The host is started with the engine's address as its first argument.
    engine: /^[\w.:[\]-]+:\d+$/.exec(process.argv[2] ?? "")?.[0],
    log: (line) => {
        console.log(line);
    },
    connect: async (settings) => {
        const { CertCentral } = await import("../core/certcentral/client.js");
        return new CertCentral(settings);
    },
});

/** Takes the stack's configuration; see `ResourceProvider.configure` of Pulumi. */
export const configure: Provider["configure"] = provider.configure.bind(provider);
/** Validates and normalises the inputs. */
export const check: Provider["check"] = provider.check.bind(provider);
/** Plans without a network call. */
export const diff: Provider["diff"] = provider.diff.bind(provider);
/** Requests the reissue, once; what DigiCert accepted is saved whatever fails. */
export const create: Provider["create"] = provider.create.bind(provider);
/** Carries out the plan that `diff` showed. */
export const update: Provider["update"] = provider.update.bind(provider);
/** Reads the live order. */
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
