/**
 * The resources of the plugin. A further one is one more entry here, and its row in `tools/plugin/schema.ts`.
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

/** The input that every resource has. */
export interface OnOrder {
    /** The CertCentral order; its id is the id of the resource. */
    readonly orderId: string;
}

/** A resource as the plugin serves it. */
export interface Entry {
    /** The type token; it is in states and programs for ever. */
    readonly token: string;
    readonly resource: Resource<OnOrder, OnOrder>;
    readonly inputs: readonly string[];
    /** Where an output has the name of an input, the state holds the output. */
    readonly outputs: readonly string[];
    /** Whether an order can have only one such resource; the removal of any other changes nothing at DigiCert. */
    readonly ownsOrder: boolean;
}

const ENTRIES: readonly Entry[] = [
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

/** The resource of a type token. */
export function entryOf(token: string): Entry {
    const entry = ENTRIES.find((candidate) => candidate.token === token);
    if (!entry) throw new Error(`The plugin digicert has no resource ${token}.`);
    return entry;
}
