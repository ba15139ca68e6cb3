/**
 * Entry point `pulumi-digicert/provider`: the lifecycle that the stub in a stack's state loads. The names
 * exported here are frozen, because states of all versions call them.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { Lifecycle } from "./lifecycle.js";

/** Pulumi's own types, so that the package needs no declarations of what is behind them. */
type Provider = Required<dynamic.ResourceProvider>;

const lifecycle = new Lifecycle({
    now: () => new Date(),
    elapsed: () => performance.now(),
    sleep: (ms) => sleep(ms),
    env: process.env,
    log: (line) => {
        console.log(line);
    },
    connect: async (settings) => {
        const { CertCentral } = await import("../core/certcentral/client.js");
        return new CertCentral(settings);
    },
});

/** Takes the stack's configuration; see `ResourceProvider.configure` of Pulumi. */
export const configure: Provider["configure"] = lifecycle.configure.bind(lifecycle);
/** Validates and normalises the inputs. */
export const check: Provider["check"] = lifecycle.check.bind(lifecycle);
/** Plans without a network call. */
export const diff: Provider["diff"] = lifecycle.diff.bind(lifecycle);
/** Reissues, once. */
export const create: Provider["create"] = lifecycle.create.bind(lifecycle);
/** Carries out the plan. */
export const update: Provider["update"] = lifecycle.update.bind(lifecycle);
/** Reads the live order. */
export const read: Provider["read"] = lifecycle.read.bind(lifecycle);
const remove: Provider["delete"] = lifecycle.delete.bind(lifecycle);
export { remove as delete };
