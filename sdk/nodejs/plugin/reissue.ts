/**
 * The resource of the plugin.
 *
 * @module
 */
import {
    CustomResource,
    type CustomResourceOptions,
    type dynamic,
    type ID,
    type Input,
    mergeOptions,
    output,
    type Output,
} from "@pulumi/pulumi";
import { INPUT_NAMES, OUTPUT_NAMES } from "../../../provider/core/reissue/declaration.js";
import { fullChain, turnNullUndefined, type DigiCertReissue, type DigiCertReissueArgs } from "../reissue.js";
import { announceOutputs, noteArguments } from "../reissueArguments.js";
import { pauseTraces } from "../stackTraces.js";
import { refuseDynamicProvider } from "./provider.js";

/** Arguments of {@link Reissue}; the same as those of the dynamic resource. */
export type ReissueArgs = DigiCertReissueArgs;

/** The outputs of a {@link Reissue}; the same as those of the dynamic resource. */
export type ReissueState = Omit<DigiCertReissue, keyof dynamic.Resource | "fullChainPem">;

// The outputs exist at run time because they are announced; here they get their types.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type
export interface Reissue extends ReissueState {}

/**
 * Reissues the certificate of a DigiCert CertCentral order when the program's inputs change, and before it expires while the
 * order's plan goes on: exactly once each time. The same as `DigiCertReissue`, through the provider plugin: `pulumi import`
 * works, previews of a create say why, and Ctrl-C ends a wait.
 *
 * Its id is the order id. A stack of `DigiCertReissue` moves over by itself, without a request for what is issued.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { Reissue } from "pulumi-digicert/plugin";
 *
 * const shop = new Reissue("shop", {
 *     orderId: 112233,
 *     certificate: {
 *         commonName: "shop.example",
 *         dnsNames: ["shop.example", "www.shop.example"],
 *         csr: readFileSync("shop.csr", "utf8"),
 *     },
 * });
 *
 * export const fullChain = shop.fullChainPem;
 * ```
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class Reissue extends CustomResource {
    /**
     * @param name - name of the resource in the stack
     * @param args - order, certificate and settings
     * @param opts - Pulumi's resource options; `provider` takes a {@link Provider}
     */
    constructor(name: string, args: ReissueArgs, opts: CustomResourceOptions = {}) {
        refuseDynamicProvider(`Reissue "${name}"`, opts);
        const resumeTraces = pauseTraces();
        try {
            super(TOKEN, name, { ...NO_OUTPUTS_YET, ...args }, mergeOptions(opts, ALIASES));
        } catch (error) {
            resumeTraces(error);
            throw error;
        }
        resumeTraces();
        noteArguments(this, args);
        if (args.dcvMethod !== undefined) turnNullUndefined(this);
    }

    /**
     * Reads an existing order without managing it. Makes GETs only.
     *
     * @param name - name of the resource in the stack
     * @param orderId - the CertCentral order
     */
    static get(name: string, orderId: Input<ID | number>, opts?: CustomResourceOptions): Reissue {
        const id = output(orderId).apply(String);
        return new Reissue(name, {} as ReissueArgs, { ...opts, id });
    }

    /** Leaf and intermediates in one PEM, as servers read it; not stored in the state. */
    get fullChainPem(): Output<string | undefined> {
        return fullChain(this);
    }
}

const TOKEN = "digicert:index:Reissue";

/** Stacks of the dynamic resource move over by this alias. */
const ALIASES: CustomResourceOptions = {
    aliases: [{ type: "pulumi-nodejs:dynamic/digicert:Reissue" }],
};

const NO_OUTPUTS_YET = announceOutputs([...INPUT_NAMES, ...OUTPUT_NAMES]);
