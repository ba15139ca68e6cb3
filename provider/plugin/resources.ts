/**
 * The resources of the plugin. A further resource is added here, and has a row in `tools/plugin/schema.ts`.
 *
 * A resource is loaded when a call needs it: a language host starts a plugin of its own only to read the schema.
 *
 * @module
 */
import { once } from "../core/once.js";
import { INPUT_NAMES, OUTPUT_NAMES } from "../core/reissue/declaration.js";
import type { Resource } from "../core/resource.js";
import {
    INPUT_NAMES as VALIDATION_INPUTS,
    OUTPUT_NAMES as VALIDATION_OUTPUTS,
} from "../core/validation/declaration.js";

/** The input that every resource of the plugin has. */
export interface OnOrder {
    /** The CertCentral order; its id is the id of the resource. */
    readonly orderId: string;
}

/** A resource that the plugin serves. */
export interface ServedResource {
    readonly resource: Resource<OnOrder, OnOrder>;
    readonly inputs: readonly string[];
    /** Where an output has the name of an input, the state holds the output. */
    readonly outputs: readonly string[];
    /** Whether an order can have only one such resource; the removal of any other changes nothing at DigiCert. */
    readonly ownsOrder: boolean;
}

/** By type token. The tokens never change, because states and programs hold them. */
const RESOURCES: Readonly<Record<string, () => Promise<ServedResource>>> = {
    "digicert:index:Reissue": once(async () => ({
        resource: (await import("../core/reissue/resource.js")).reissueResource,
        inputs: INPUT_NAMES,
        outputs: OUTPUT_NAMES,
        ownsOrder: true,
    })),
    "digicert:index:Validation": once(async () => ({
        resource: (await import("../core/validation/resource.js")).validationResource,
        inputs: VALIDATION_INPUTS,
        outputs: VALIDATION_OUTPUTS,
        ownsOrder: false,
    })),
};

/**
 * Finds the resource of a type token, and loads it.
 *
 * @throws Error naming the token if there is none.
 */
export async function findResource(token: string): Promise<ServedResource> {
    const load = RESOURCES[token];
    if (!load) throw new Error(`The plugin digicert has no resource ${token}.`);
    return load();
}
