/**
 * The marker in `comments`, by which a reissue of this resource is found again.
 *
 * @module
 */
import { sha256, wantedDigest } from "./digest.js";
import type { ReissueInputs } from "./state.js";

/**
 * The marker appended to `comments`: one half stands for the resource's identity and the order, the other for
 * what is wanted and, in an update, the certificate that is replaced. A repeated run makes the same marker.
 *
 * @param replaces - id of the certificate that an update replaces; none in a create
 */
export function markerOf(inputs: ReissueInputs, replaces?: number): string {
    const half = sha256(`${wantedDigest(inputs)}/${replaces ?? ""}`).slice(0, 8);
    return `${identityMark(inputs)}${half}`;
}

/** The first half of a marker. */
export function identityMark({ identity, orderId }: Pick<ReissueInputs, "identity" | "orderId">): string {
    return sha256(`${identity ?? ""}/${orderId}`).slice(0, 8);
}

/** The text that carries a marker in `comments`. */
export function markerText(marker: string): string {
    return `[pulumi-digicert ${marker}]`;
}

/** The marker in a comment, if there is one; the last, because ours is appended. */
export function markerIn(comments: string | undefined): string | undefined {
    return [...(comments ?? "").matchAll(/\[pulumi-digicert ([0-9a-f]{16})\]/g)].at(-1)?.[1];
}
