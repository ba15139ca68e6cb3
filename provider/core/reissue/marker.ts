/**
 * The marker in the `comments` of a reissue request, by which the reissue is recognised later. It has 16 hex digits: 8 are a
 * digest of the resource and the order, 8 of the request and the certificate that it replaces. The same resource makes the same
 * marker for the same request. The marker holds nothing secret.
 *
 * Nothing depends on a marker alone, because DigiCert may show comments whole, cut off, escaped, empty or not at all.
 *
 * @module
 */
import { requestDigest, sha256 } from "./digest.js";
import type { ReissueInputs } from "./state.js";

/** Longest escape of a character, in characters: `&#x1f512;`. */
const LONGEST_ESCAPE = 9;

/**
 * Makes the marker of a request.
 *
 * @param identity - project, stack and name of the resource: `project/stack/name`, or `project/stack/types::name` inside components
 * @param replaces - id of the certificate that was last issued on a request of the resource; none in a create
 */
export function makeMarker(inputs: ReissueInputs, identity: string, replaces?: number): string {
    const request = sha256(`${requestDigest(inputs)}/${replaces ?? ""}`).slice(0, 8);
    return `${identityHalf(identity, inputs.orderId)}${request}`;
}

/** Whether a marker was made by this resource for this order, for any request. */
export function isMarkerOf(marker: string, identity: string, orderId: string): boolean {
    return marker.startsWith(identityHalf(identity, orderId));
}

function identityHalf(identity: string, orderId: string): string {
    return sha256(`${identity}/${orderId}`).slice(0, 8);
}

/** Makes the comments to send: the program's comments, and the marker at the end. */
export function commentsWith(marker: string, comments: string | undefined): string {
    return [comments, `[pulumi-digicert ${marker}]`].filter(Boolean).join(" ");
}

/** Finds the marker in comments. Of several the last counts, because the marker is appended. Brackets may be escaped. */
export function markerIn(comments: string | undefined): string | undefined {
    return [...(comments ?? "").matchAll(/pulumi-digicert ([0-9a-f]{16})(?![0-9a-f])/g)].at(-1)?.[1];
}

/**
 * Compares the comments of a request with a marker. `same`: the request has this marker. `other`: it is another request.
 * `nothing`: the comments are absent, blank, or cut off before the marker.
 */
export function readComments(
    comments: string | undefined,
    marker: string,
    sent: string | undefined,
): "same" | "other" | "nothing" {
    const found = markerIn(comments);
    if (found !== undefined) return found === marker ? "same" : "other";
    const whole = commentsWith(marker, sent);
    const text = comments?.trim() ?? "";
    // Longer comments than those that were sent are other comments, even where each character is escaped.
    if (text.length > whole.length * LONGEST_ESCAPE) return "other";
    return plain(whole).startsWith(plain(text)) ? "nothing" : "other";
}

/** Removes the characters that escaping for HTML or JSON, or folding of white space, may change. */
function plain(text: string): string {
    return text
        .replace(/&(?:#x?[0-9a-f]{1,6}|[a-z]{1,8});/gi, "")
        .replace(/[^\p{L}\p{N}]+/gu, " ")
        .trim()
        .toLowerCase();
}
