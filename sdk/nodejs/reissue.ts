/**
 * The resource.
 *
 * @module
 */
import {
    all,
    type CustomResourceOptions,
    dynamic,
    getProject,
    getStack,
    type ID,
    type Input,
    mergeOptions,
    output,
    type Output,
    type Resource,
} from "@pulumi/pulumi";
import type { Json } from "../../provider/core/json.js";
import {
    INPUT_NAMES,
    OUTPUT_NAMES,
    type CertificateMemberName,
    type InputName,
    type OutputName,
} from "../../provider/core/reissue/declaration.js";
import type {
    DcvMethod,
    DeletionPolicy,
    SignatureHash,
    Status,
} from "../../provider/core/reissue/enumerations.js";
import type { AllTrue, Same } from "../../provider/core/same.js";
import { makeRecordable } from "./recordedProvider.js";
import { announceOutputs, noteArguments } from "./reissueArguments.js";
import { pauseTraces } from "./stackTraces.js";
import { refuseUnsupported } from "./unsupported.js";

/** A JSON value, of which every part may be a Pulumi input. */
export type JsonInput = Input<string | number | boolean | null | JsonInput[] | JsonInputObject>;

/** A JSON object, of which every part may be a Pulumi input. */
export interface JsonInputObject {
    [member: string]: JsonInput;
}

/** The certificate to request; mirrors `certificate` of DigiCert's reissue request. */
export interface CertificateArgs {
    /**
     * Domain to secure. Required for TLS orders; left out for product types that take none (code signing, VMC).
     * Sent as `common_name`, in lower case and punycode.
     */
    commonName?: Input<string | undefined> | undefined;
    /**
     * The complete set of names wanted; a name left out is removed from the certificate. Default: only the common
     * name. Order, case and a repeated common name make no difference. Sent as `dns_names`.
     */
    dnsNames?: Input<Input<string>[]> | undefined;
    /**
     * Certificate signing request (RFC 2986) as PEM or bare base64, signed by its own key: RSA of at least 2048
     * bits, or P-256, P-384, P-521. The private key is never an input. Sent as `csr`.
     */
    csr: Input<string>;
    /** DigiCert's server platform. Default `{ id: -1 }` (Other); always sent as `server_platform`. */
    serverPlatform?:
        | Input<{
              /** DigiCert's number of it, such as 2 (Apache) or 45 (nginx). */
              id: Input<number>;
          }>
        | undefined;
    /** Hash that DigiCert signs with. Default `sha256`; always sent as `signature_hash`. */
    signatureHash?: Input<SignatureHash> | undefined;
    /** Id of the issuing CA, where the account may choose it. Default: not sent. Sent as `ca_cert_id`. */
    caCertId?: Input<string> | undefined;
}

/** Arguments of {@link DigiCertReissue}. */
export interface DigiCertReissueArgs {
    /** The CertCentral order. A change of it is a replacement. */
    orderId: Input<number | string>;
    /** The certificate to request. A change of it causes a reissue, in place. */
    certificate: Input<CertificateArgs>;
    /** Comments on the reissue; a marker is appended, by which the reissue is recognised later. A change is recorded only. */
    comments?: Input<string> | undefined;
    /** Skip the approval step; needs a key whose user may approve. Default `false`. A change is recorded only. */
    skipApproval?: Input<boolean> | undefined;
    /**
     * How DigiCert validates control over the domains. Default: not sent. A change is recorded, and used by the next reissue; while
     * a reissue waits for validation, it is used at once. Sent as `dcv_method`; `additionalParameters.dcv_method` counts as the same.
     */
    dcvMethod?: Input<DcvMethod> | undefined;
    /**
     * Further members of the request body, merged deeply (`cs_provisioning_method`, `certificate.cert_validity`, …). Members
     * that have an input of their own are refused. A change is a reissue.
     */
    additionalParameters?: Input<Record<string, JsonInput>> | undefined;
    /** Any change of these is a reissue. */
    triggers?: Input<Record<string, Input<string>>> | undefined;
    /**
     * Reissue when fewer days than this are left and the plan outlives the certificate. Default: 30, or a third
     * of the certificate's lifetime if that is less; never more than half of it. Negative: never.
     */
    minDaysRemaining?: Input<number> | undefined;
    /**
     * Fail when the certificate in use has fewer days than this left and its successor is not issued. Default: 7,
     * or a tenth of the lifetime if that is less. Negative: never.
     */
    failDaysRemaining?: Input<number> | undefined;
    /** Wait for any person: an approver, or the person who publishes `dcvRandomValue`. Default `false`. */
    waitForApproval?: Input<boolean> | undefined;
    /** How long to wait for DigiCert to issue, in seconds. Default 900; 0 = do not wait. */
    issuanceTimeoutSeconds?: Input<number> | undefined;
    /**
     * Whether an update to another key may succeed while its certificate is pending, with the certificate outputs
     * absent. Default `false`: it fails, so that dependents keep the old key and certificate.
     */
    allowPendingOutputs?: Input<boolean> | undefined;
    /**
     * Exactly these names may disappear from the certificate. DigiCert then revokes the original and every reissue
     * and duplicate within 72 hours. Default: none.
     */
    allowNameRemoval?: Input<Input<string>[]> | undefined;
    /**
     * A create never requests a reissue: the order's current certificate is taken over if it has this key and
     * these names; otherwise the create fails and lists each difference. Default `false`.
     */
    adoptExisting?: Input<boolean> | undefined;
    /** The effect of deleting the resource at DigiCert. Default `forget`: no request. */
    deletionPolicy?: Input<DeletionPolicy> | undefined;
}

/** `certificate` as it is recorded: normalised, with the defaults filled in. */
export interface CertificateOutput {
    /** Lower case, punycode; absent for products that take none. */
    commonName?: string;
    /** As written by the program, in lower case and punycode, without repetitions. */
    dnsNames: string[];
    /** PEM. */
    csr: string;
    /** The requested server platform. */
    serverPlatform: {
        /** DigiCert's number of it; -1 is "Other". */
        id: number;
    };
    /** The requested hash of the signature. */
    signatureHash: SignatureHash;
    /** Id of the requested issuing CA; absent if DigiCert chooses. */
    caCertId?: string;
}

/**
 * Reissues the certificate of a DigiCert CertCentral order when the program's inputs change, and before it expires while the
 * order's plan goes on: exactly once each time.
 *
 * Its id is the order id. The private key is never an input or an output; certificate outputs are present only
 * if their key is the key of `certificate.csr`.
 *
 * Errors during `pulumi up` are sentences that say what was being done, to which order, what DigiCert said and
 * what to do; see `DigiCertError` for the kinds. `pulumi import` cannot work for dynamic resources: use
 * `adoptExisting`, or {@link DigiCertReissue.get}.
 *
 * Source: DigiCert Services API, "Reissue certificate", `POST /order/certificate/{order_id}/reissue`.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { DigiCertReissue } from "pulumi-digicert";
 *
 * const shop = new DigiCertReissue("shop", {
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
export class DigiCertReissue extends dynamic.Resource {
    /** The CertCentral order, as a decimal string; the same as the id. */
    declare readonly orderId: Output<string>;
    /** The certificate to request, normalised. */
    declare readonly certificate: Output<CertificateOutput>;
    /** Message about the reissue, without the marker. */
    declare readonly comments: Output<string | undefined>;
    /** Whether the approval step is skipped. */
    declare readonly skipApproval: Output<boolean>;
    /** How DigiCert validates control over the domains, if set. */
    declare readonly dcvMethod: Output<DcvMethod | undefined>;
    /** Further members of the request body. */
    declare readonly additionalParameters: Output<Record<string, Json> | undefined>;
    /** Texts whose change causes a reissue. */
    declare readonly triggers: Output<Record<string, string> | undefined>;
    /** Days below which a reissue is due, if set. */
    declare readonly minDaysRemaining: Output<number | undefined>;
    /** Days below which `up` fails without a successor, if set. */
    declare readonly failDaysRemaining: Output<number | undefined>;
    /** Whether `up` waits for a person. */
    declare readonly waitForApproval: Output<boolean>;
    /** How long `up` waits for DigiCert to issue, in seconds. */
    declare readonly issuanceTimeoutSeconds: Output<number>;
    /** Whether an update to another key may succeed while pending. */
    declare readonly allowPendingOutputs: Output<boolean>;
    /** Names that may disappear. */
    declare readonly allowNameRemoval: Output<string[] | undefined>;
    /** Whether a create takes over the order's current certificate instead of requesting a reissue. */
    declare readonly adoptExisting: Output<boolean>;
    /** The effect of deleting the resource at DigiCert. */
    declare readonly deletionPolicy: Output<DeletionPolicy>;

    /** Ids of the approval requests returned by the latest reissue; `[]` if none came. */
    declare readonly requestIds: Output<number[]>;
    /** Id of the latest reissued certificate, as soon as DigiCert gives one. */
    declare readonly certificateId: Output<number | undefined>;
    /** Id of the certificate in `certificatePem`; differs from `certificateId` while a successor is pending. */
    declare readonly issuedCertificateId: Output<number | undefined>;
    /** Status of the latest reissue. */
    declare readonly status: Output<Status>;
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
    /** Last day of the order's plan, `yyyy-MM-dd`. */
    declare readonly orderValidTill: Output<string | undefined>;
    /**
     * Names the reissue that this resource follows, in one opaque text. It changes with each accepted reissue and with each
     * certificate that is adopted, taken over, restored or followed by refresh, and with nothing else.
     */
    declare readonly reissueId: Output<string>;
    /** Token of the latest reissue that needed domain control validation; it stays after issuance. */
    declare readonly dcvRandomValue: Output<string | undefined>;

    /**
     * @param name - name of the resource in the stack
     * @param args - order, certificate and settings
     * @param opts - Pulumi's resource options; `provider` takes a `DigiCertProvider`
     * @throws pulumi.RunError under Bun, with the options `import` and `customTimeouts`, and beside TypeScript 7
     */
    constructor(name: string, args: DigiCertReissueArgs, opts?: CustomResourceOptions) {
        refuseUnsupported(name, opts);
        const props = { ...NO_OUTPUTS_YET, ...args, identity: identityOf(name, opts?.parent) };
        const resumeTraces = pauseTraces();
        try {
            super(makeRecordable(), name, props, mergeOptions(opts, ALIASES), "digicert", "Reissue");
        } catch (error) {
            resumeTraces(error);
            throw error;
        }
        resumeTraces();
        noteArguments(this, args);
        if (args.dcvMethod !== undefined) turnNullUndefined(this);
    }

    /**
     * Reads an existing order without managing it: names, key and current certificate as outputs. Makes no POST,
     * not even in preview.
     *
     * @param name - name of the resource in the stack
     * @param orderId - the CertCentral order
     */
    static get(name: string, orderId: Input<ID | number>, opts?: CustomResourceOptions): DigiCertReissue {
        const id = output(orderId).apply(String);
        // With an id the engine reads the resource instead of checking inputs, so there are none to give.
        return new DigiCertReissue(name, {} as DigiCertReissueArgs, { ...opts, id });
    }

    /** Leaf and intermediates in one PEM, as servers read it; not stored in the state. */
    get fullChainPem(): Output<string | undefined> {
        return fullChain(this);
    }
}

/**
 * Makes `dcvRandomValue` undefined where there is no token. The state has null there, because Pulumi takes an absent output for
 * unknown in every preview.
 *
 * @internal
 */
export function turnNullUndefined(reissue: Pick<DigiCertReissue, "dcvRandomValue">): void {
    const dcvRandomValue = reissue.dcvRandomValue.apply((token) => token ?? undefined);
    Object.assign(reissue, { dcvRandomValue });
}

/**
 * Leaf and intermediates in one PEM.
 *
 * @internal
 */
export function fullChain({
    certificatePem,
    chainPem,
}: Pick<DigiCertReissue, "certificatePem" | "chainPem">): Output<string | undefined> {
    return all([certificatePem, chainPem]).apply(([leaf, chain]) =>
        leaf === undefined ? undefined : leaf + (chain ?? ""),
    );
}

/** Stacks of the plugin's resource move over by this alias. */
const ALIASES: CustomResourceOptions = { aliases: [{ type: "digicert:index:Reissue" }] };

/**
 * Project, stack and name, because Pulumi tells a dynamic provider no URN; inside components also their types, by which Pulumi tells
 * children of the same name apart.
 */
function identityOf(name: string, parent: Resource | undefined): Input<string> {
    const stack = `${getProject()}/${getStack()}`;
    if (parent === undefined) return `${stack}/${name}`;
    // A promise, because an output of a component would make its children wait for each other.
    return new Promise((resolve) => {
        parent.urn.apply((urn) => {
            const [, , types = ""] = urn.split("::");
            resolve(types === "pulumi:pulumi:Stack" ? `${stack}/${name}` : `${stack}/${types}::${name}`);
        });
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
        Same<keyof DigiCertReissueArgs, InputName>,
        Same<keyof CertificateArgs, CertificateMemberName>,
        Same<keyof CertificateOutput, CertificateMemberName>,
        Same<Exclude<keyof DigiCertReissue, keyof dynamic.Resource | "fullChainPem">, InputName | OutputName>,
    ]
>;
