/**
 * URNs: `urn:pulumi:<stack>::<project>::<types>::<name>`.
 *
 * @module
 */
import type { Identity } from "../core/resource.js";

/** The type of a resource: the last of the types in its URN, after those of the components around it. */
export function typeOf(urn: string): string {
    return typesOf(urn).at(-1) ?? "";
}

/** Who asks, as the SDK of the dynamic resource names it: markers are the same through both doors. */
export function identityOf(urn: string): Identity {
    const [prefix = "", project] = urn.split("::");
    const stack = prefix.replace(/^urn:pulumi:/, "");
    const name = nameOf(urn);
    const around = typesOf(urn).slice(0, -1).join("$");
    return around === "" ? `${project}/${stack}/${name}` : `${project}/${stack}/${around}::${name}`;
}

/** The name of a resource. */
export function nameOf(urn: string): string {
    return urn.split("::").slice(3).join("::");
}

function typesOf(urn: string): string[] {
    return (urn.split("::")[2] ?? "").split("$");
}
