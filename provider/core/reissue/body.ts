/**
 * The body of `POST /order/certificate/{order_id}/reissue`.
 *
 * @module
 */
import { isObject, mergeDeep, type JsonObject } from "../json.js";
import { UNKNOWN } from "../unknown.js";
import { dcvMethodOf } from "./digest.js";
import { commentsWith } from "./marker.js";
import type { ReissueInputs } from "./state.js";

/** Members that have an input of their own; `additionalParameters` may not override them. `true` is a leaf. */
interface ModelledMembers {
    readonly [member: string]: true | ModelledMembers;
}
const MODELLED: ModelledMembers = {
    certificate: {
        common_name: true,
        dns_names: true,
        csr: true,
        server_platform: { id: true },
        signature_hash: true,
        ca_cert_id: true,
    },
    comments: true,
    skip_approval: true,
};

/** Makes the request body of the inputs, the marker, and the additional parameters. */
export function makeReissueBody(inputs: ReissueInputs, marker: string): JsonObject {
    const { commonName, dnsNames, csr, serverPlatform, signatureHash, caCertId } = inputs.certificate;
    const dcvMethod = dcvMethodOf(inputs);
    const certificate: JsonObject = {
        ...(commonName === undefined ? {} : { common_name: commonName }),
        // An empty list means "no further names"; without the member, DigiCert would choose the names.
        ...(commonName === undefined && dnsNames.length === 0 ? {} : { dns_names: dnsNames }),
        csr,
        server_platform: { id: serverPlatform.id },
        signature_hash: signatureHash,
        ...(caCertId === undefined ? {} : { ca_cert_id: caCertId }),
    };
    const body: JsonObject = {
        certificate,
        comments: commentsWith(marker, inputs.comments),
        skip_approval: inputs.skipApproval,
        ...(dcvMethod === undefined ? {} : { dcv_method: dcvMethod }),
    };
    const { dcv_method: parameter, ...further } = inputs.additionalParameters ?? {};
    // For `dcv_method` null means absent, as for the input that it counts as.
    const additional = parameter === undefined || parameter === null ? {} : { dcv_method: parameter };
    return mergeDeep(body, { ...further, ...additional });
}

/** Lists the paths in `additionalParameters` that would override a member that has an input of its own. */
export function overriddenPaths(
    additional: JsonObject,
    modelled: ModelledMembers = MODELLED,
    prefix = "",
): string[] {
    return Object.entries(additional).flatMap(([member, value]) => {
        const model = Object.hasOwn(modelled, member) ? modelled[member] : undefined;
        // An unknown value of a preview is accepted; it is checked in the update.
        if (model === undefined || (model !== true && value === UNKNOWN)) return [];
        if (model === true || !isObject(value)) return [`${prefix}${member}`];
        return overriddenPaths(value, model, `${prefix}${member}.`);
    });
}
