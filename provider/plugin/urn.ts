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

/** Makes the identity of a resource, as the SDK of the dynamic resource makes it, so that the markers of both are the same. */
export function identityOf(urn: string): Identity {
    const [prefix = "", project] = urn.split("::");
    const stack = prefix.replace(/^urn:pulumi:/, "");
    const name = nameOf(urn);
    const components = typesOf(urn).slice(0, -1).join("$");
    return components === "" ? `${project}/${stack}/${name}` : `${project}/${stack}/${components}::${name}`;
}

/** The name of a resource. */
export function nameOf(urn: string): string {
    return urn.split("::").slice(3).join("::");
}

function typesOf(urn: string): string[] {
    return (urn.split("::")[2] ?? "").split("$");
}
