/**
 * The resource that stands for "this reissue is issued".
 *
 * @module
 */
import { dirname } from "node:path";
import {
    all,
    type CustomResourceOptions,
    dynamic,
    type Input,
    mergeOptions,
    type Output,
} from "@pulumi/pulumi";
import type { AllTrue, Same } from "../../provider/core/same.js";
import { DCV_METHODS } from "../../provider/core/reissue/enumerations.js";
import type { DcvMethod, Status } from "../../provider/core/reissue/enumerations.js";
import {
    INPUT_NAMES,
    OUTPUT_NAMES,
    type InputName,
    type OutputName,
} from "../../provider/core/validation/declaration.js";
import { makeRecordable } from "./recordedProvider.js";
import { fullChain, type CertificateArgs, type CertificateOutput } from "./reissue.js";
import { announceOutputs, withProviderOf } from "./reissueArguments.js";
import { pauseTraces } from "./stackTraces.js";
import { refuseUnsupported } from "./unsupported.js";
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the module itself is recorded
import stub = require("./validationStub.js");

/** The outputs of a reissue that a validation needs; a `DigiCertReissue` has them. */
export interface ReissueOutputs {
    /** The CertCentral order. A change of it is a replacement. */
    orderId: Input<number | string>;
    /** The certificate that the reissue was requested for. */
    certificate: Input<CertificateArgs>;
    /** Output `reissueId`: the reissue that is waited for. */
    reissueId: Input<string>;
    /** Output `certificateId`; undefined before DigiCert gives the id. */
    certificateId?: Input<number | undefined> | undefined;
    /** Output `requestIds`. */
    requestIds?: Input<Input<number>[] | undefined> | undefined;
    /** Output `dcvRandomValue`. */
    dcvRandomValue?: Input<string | undefined> | undefined;
    /** How DigiCert validates the domains. With `email`, DigiCert is not asked to check. */
    dcvMethod?: Input<DcvMethod | undefined> | undefined;
}

/** Settings of a {@link DigiCertValidation}. */
export interface DigiCertValidationSettings {
    /** How long to wait for DigiCert to validate and to issue, in seconds. Default 1800; 0: one check. */
    issuanceTimeoutSeconds?: Input<number> | undefined;
    /** Wait for an approver. Default `false`. */
    waitForApproval?: Input<boolean> | undefined;
    /**
     * Whether the validation may succeed without a certificate while the reissue waits for an approver and no earlier certificate
     * has this key. Default `false`.
     */
    allowPendingOutputs?: Input<boolean> | undefined;
    /**
     * Fail when the certificate that is handed on has fewer days left than this and its successor is not issued. Default: 7, or
     * a tenth of the lifetime if that is less. Negative: never.
     */
    failDaysRemaining?: Input<number> | undefined;
}

/** Arguments of {@link DigiCertValidation}: a reissue, or the outputs of a reissue. */
export type DigiCertValidationArgs = DigiCertValidationSettings &
    (
        | {
              /** The reissue, such as a `DigiCertReissue`. */
              reissue: ReissueOutputs;
          }
        | ReissueOutputs
    );

/**
 * Stands for "this reissue is issued": has DigiCert check the domains, waits, and hands on the certificate. It never requests a
 * reissue, and deleting it makes no request. What depends on the certificate takes it from here, so that a reissue, its
 * validation and its roll-out are one `pulumi up`.
 *
 * A record that DigiCert does not see yet is not an error: `up` names it, and waits for it. While an approver is needed, the
 * earlier certificate stays, and `up` succeeds with `status: pending_approval`.
 *
 * Source: DigiCert Services API, "Check DCV", `PUT /order/certificate/{order_id}/check-dcv`.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { dcvRecords, DigiCertReissue, DigiCertValidation } from "pulumi-digicert";
 *
 * const shop = new DigiCertReissue("shop", {
 *     orderId: 112233,
 *     certificate: { commonName: "shop.example", csr: readFileSync("shop.csr", "utf8") },
 *     dcvMethod: "dns-txt-token",
 *     skipApproval: true,
 *     allowPendingOutputs: true,
 * });
 * export const records = dcvRecords(["shop.example"], shop); // make a record of your DNS provider from each
 * const issued = new DigiCertValidation("shop", { reissue: shop }, { dependsOn: [] }); // depends on those records
 * export const chain = issued.fullChainPem;
 * ```
 */
export class DigiCertValidation extends dynamic.Resource {
    /** The CertCentral order, as a decimal string; the same as the id. */
    declare readonly orderId: Output<string>;
    /** The certificate that the reissue was requested for, normalised. */
    declare readonly certificate: Output<CertificateOutput>;
    /** The reissue whose certificate is handed on, or waited for. */
    declare readonly reissueId: Output<string>;
    /** Ids of the approval requests of the reissue. */
    declare readonly requestIds: Output<number[] | undefined>;
    /** Token of the reissue. */
    declare readonly dcvRandomValue: Output<string | undefined>;
    /** How DigiCert validates the domains, if set. */
    declare readonly dcvMethod: Output<DcvMethod | undefined>;
    /** How long `up` waits, in seconds. */
    declare readonly issuanceTimeoutSeconds: Output<number>;
    /** Whether `up` waits for an approver. */
    declare readonly waitForApproval: Output<boolean>;
    /** Whether the validation may succeed without a certificate. */
    declare readonly allowPendingOutputs: Output<boolean>;
    /** Days below which `up` fails without a successor, if set. */
    declare readonly failDaysRemaining: Output<number | undefined>;

    /** Status of the reissue. */
    declare readonly status: Output<Status>;
    /** Id of the certificate that is handed on. */
    declare readonly certificateId: Output<number | undefined>;
    /** The leaf certificate, PEM. */
    declare readonly certificatePem: Output<string | undefined>;
    /** The intermediates, leaf's issuer first, without the root, PEM. */
    declare readonly chainPem: Output<string | undefined>;
    /** Serial number, upper-case hex. */
    declare readonly serialNumber: Output<string | undefined>;
    /** SHA-1 of the certificate, upper-case hex, as DigiCert's API uses it. */
    declare readonly thumbprint: Output<string | undefined>;
    /** Start of validity, from the certificate: ISO 8601, UTC, to the second. */
    declare readonly validFrom: Output<string | undefined>;
    /** End of validity, from the certificate: ISO 8601, UTC, to the second. */
    declare readonly validTill: Output<string | undefined>;

    /**
     * @param name - name of the resource in the stack
     * @param args - the reissue
     * @param opts - Pulumi's resource options: `dependsOn` takes the records; the provider is that of the reissue, unless
     * `provider` says otherwise
     * @throws pulumi.RunError under Bun, with the options `import` and `customTimeouts`, and beside TypeScript 7
     */
    constructor(name: string, args: DigiCertValidationArgs, opts?: CustomResourceOptions) {
        refuseUnsupported(name, opts, "DigiCertValidation");
        const props = { ...NO_OUTPUTS_YET, ...expandReissue(args) };
        const resumeTraces = pauseTraces();
        try {
            super(
                makeRecordable(dirname(dirname(__dirname)), stub),
                name,
                props,
                mergeOptions(withProviderOf(args, opts, TYPE), ALIASES),
                "digicert",
                "Validation",
            );
        } catch (error) {
            resumeTraces(error);
            throw error;
        }
        resumeTraces();
    }

    /** Leaf and intermediates in one PEM, as servers read it; not stored in the state. */
    get fullChainPem(): Output<string | undefined> {
        return fullChain(this);
    }
}

const TYPE = "pulumi-nodejs:dynamic/digicert:Validation";

/** Stacks of the plugin's resource move over by this alias. */
const ALIASES: CustomResourceOptions = { aliases: [{ type: "digicert:index:Validation" }] };

/**
 * Makes the plain inputs. A resource among the inputs would be recorded as a reference.
 *
 * @internal
 */
export function expandReissue(args: DigiCertValidationArgs): Partial<Record<InputName, unknown>> {
    if (!("reissue" in args)) return args;
    const { reissue, ...settings } = args;
    const { orderId, certificate, reissueId, certificateId, requestIds, dcvRandomValue } = reissue;
    const outputs = { orderId, certificate, reissueId, certificateId, requestIds, dcvRandomValue };
    return { ...outputs, dcvMethod: dcvMethodOf(reissue), ...settings };
}

/** `dcvMethod` and `additionalParameters.dcv_method` count as the same. */
function dcvMethodOf(reissue: ReissueOutputs): Output<DcvMethod | undefined> {
    const { additionalParameters } = reissue as {
        additionalParameters?: Input<Record<string, unknown> | undefined>;
    };
    return all([reissue.dcvMethod, additionalParameters]).apply(([method, parameters]) => {
        const given: unknown = method ?? parameters?.dcv_method;
        return DCV_METHODS.find((one) => one === given);
    });
}

const NO_OUTPUTS_YET = announceOutputs([...INPUT_NAMES, ...OUTPUT_NAMES]);

/**
 * Fails to compile unless the class declares, and the arguments name, exactly what is declared in the core.
 *
 * @internal
 */
export type DeclaredMembers = AllTrue<
    [
        Same<keyof ReissueOutputs | keyof DigiCertValidationSettings, InputName>,
        Same<
            Exclude<keyof DigiCertValidation, keyof dynamic.Resource | "fullChainPem">,
            InputName | OutputName
        >,
    ]
>;
