/**
 * The resources of the plugin. A further resource is added here, and has a row in `tools/plugin/schema.ts`.
 *
 * @module
 */
import { INPUT_NAMES, OUTPUT_NAMES } from "../core/reissue/declaration.js";
import { reissueResource } from "../core/reissue/resource.js";
import type { Resource } from "../core/resource.js";
import {
    INPUT_NAMES as VALIDATION_INPUTS,
    OUTPUT_NAMES as VALIDATION_OUTPUTS,
} from "../core/validation/declaration.js";
import { validationResource } from "../core/validation/resource.js";

/** The input that every resource of the plugin has. */
export interface OnOrder {
    /** The CertCentral order; its id is the id of the resource. */
    readonly orderId: string;
}

/** A resource that the plugin serves. */
export interface ServedResource {
    /** The type token. It never changes, because states and programs hold it. */
    readonly token: string;
    readonly resource: Resource<OnOrder, OnOrder>;
    readonly inputs: readonly string[];
    /** Where an output has the name of an input, the state holds the output. */
    readonly outputs: readonly string[];
    /** Whether an order can have only one such resource; the removal of any other changes nothing at DigiCert. */
    readonly ownsOrder: boolean;
}

const RESOURCES: readonly ServedResource[] = [
    {
        token: "digicert:index:Reissue",
        resource: reissueResource,
        inputs: INPUT_NAMES,
        outputs: OUTPUT_NAMES,
        ownsOrder: true,
    },
    {
        token: "digicert:index:Validation",
        resource: validationResource,
        inputs: VALIDATION_INPUTS,
        outputs: VALIDATION_OUTPUTS,
        ownsOrder: false,
    },
];

/**
 * Finds the resource of a type token.
 *
 * @throws Error naming the token if there is none.
 */
export function findResource(token: string): ServedResource {
    const found = RESOURCES.find((candidate) => candidate.token === token);
    if (!found) throw new Error(`The plugin digicert has no resource ${token}.`);
    return found;
}
