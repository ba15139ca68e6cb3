/**
 * The body of `POST /order/certificate/{order_id}/reissue`.
 *
 * @module
 */
import { UNKNOWN } from "../unknown.js";
import { isObject, mergeDeep, type JsonObject } from "../json.js";
import type { ReissueInputs } from "./state.js";
import { markerText } from "./marker.js";

/** Members that inputs of their own set; `additionalParameters` may not override them. `true` is a leaf. */
interface Modelled {
    readonly [member: string]: true | Modelled;
}
const MODELLED: Modelled = {
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

/** The request body: every modelled member that is always sent, the marker, and the additional parameters. */
export function reissueBody(inputs: ReissueInputs, marker: string): JsonObject {
    const { commonName, dnsNames, csr, serverPlatform, signatureHash, caCertId } = inputs.certificate;
    const certificate: JsonObject = {
        ...(commonName === undefined ? {} : { common_name: commonName }),
        // An empty list says "no further names"; leaving the member out would leave that to DigiCert.
        ...(commonName === undefined && dnsNames.length === 0 ? {} : { dns_names: dnsNames }),
        csr,
        server_platform: { id: serverPlatform.id },
        signature_hash: signatureHash,
        ...(caCertId === undefined ? {} : { ca_cert_id: caCertId }),
    };
    const body: JsonObject = {
        certificate,
        comments: [inputs.comments, markerText(marker)].filter(Boolean).join(" "),
        skip_approval: inputs.skipApproval,
    };
    return mergeDeep(body, inputs.additionalParameters ?? {});
}

/** Paths in `additionalParameters` that would override a member that has an input of its own. */
export function overriddenPaths(
    additional: JsonObject,
    modelled: Modelled = MODELLED,
    prefix = "",
): string[] {
    return Object.entries(additional).flatMap(([member, value]) => {
        const model = Object.hasOwn(modelled, member) ? modelled[member] : undefined;
        // What a preview does not know yet may hold further members only.
        if (model === undefined || (model !== true && value === UNKNOWN)) return [];
        if (model === true || !isObject(value)) return [`${prefix}${member}`];
        return overriddenPaths(value, model, `${prefix}${member}.`);
    });
}
