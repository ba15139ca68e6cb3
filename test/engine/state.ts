/** The output of `pulumi stack export`. */

/** The members of a resource that tests read. */
export interface StateResource {
    urn: string;
    type: string;
    id?: string;
    inputs: Readonly<Record<string, unknown>>;
    outputs: Readonly<Record<string, unknown>>;
    /** The reasons of a partial failure. */
    initErrors?: readonly string[];
    delete?: boolean;
}

/** An exported stack. */
export interface ExportedState {
    version: number;
    deployment: {
        resources?: StateResource[];
        pending_operations?: { resource: StateResource; type: string }[];
    };
}

/**
 * Finds a resource.
 *
 * @param wanted - the name of the resource, or the end of its type, such as `:Reissue`
 */
export function findResource(state: ExportedState, wanted: string): StateResource {
    const resources = (state.deployment.resources ?? []).map(withDefaults);
    const found = resources.filter(({ urn, type }) => urn.endsWith(`::${wanted}`) || type.endsWith(wanted));
    const [first] = found;
    if (first === undefined || found.length > 1) {
        const all = resources.map(({ urn }) => `  ${urn}`).join("\n");
        throw new Error(`"${wanted}" matches ${found.length} resources of the state:\n${all}`);
    }
    return first;
}

/** Adds the members that the export leaves out when they are empty. */
function withDefaults(resource: Partial<StateResource> & Pick<StateResource, "urn" | "type">): StateResource {
    return { inputs: {}, outputs: {}, ...resource };
}

/** The name in a URN. */
export function nameOf(urn: string): string {
    return urn.slice(urn.lastIndexOf("::") + 2);
}
