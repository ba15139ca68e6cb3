/**
 * Declares the inputs of `getOrder`. The schema of the plugin is made from it; the rules (`read.ts`) and the
 * arguments in the Node SDK do not compile unless they have every name.
 *
 * This file imports nothing, so that a program that imports `pulumi-digicert` loads no schema library.
 *
 * @module
 */

interface InputDeclaration {
    /** The type, as documents show it. */
    readonly type: string;
    /** The default, as documents show it. */
    readonly default: string;
    /** One or two sentences that fit every programming language. */
    readonly about: string;
}

/** Every input, in the order in which documents show them. */
export const ORDER_INPUTS = {
    orderId: { type: "number, or string of digits", default: "required", about: "The CertCentral order." },
    followRenewals: {
        type: "boolean",
        default: "false",
        about: "Follow the renewals of the order, ten at most, and read the last order of the chain that ever had a certificate.",
    },
} as const satisfies Readonly<Record<string, InputDeclaration>>;

/** The name of an input. */
export type OrderInputName = keyof typeof ORDER_INPUTS;
