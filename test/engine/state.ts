/** A stack's state, as `pulumi stack export` prints it. */

/** The members of one resource that tests look at. */
export interface StateResource {
    urn: string;
    type: string;
    custom: boolean;
    id?: string;
    inputs: Readonly<Record<string, unknown>>;
    outputs: Readonly<Record<string, unknown>>;
    /** Why the resource is not as it should be, after a partial failure. */
    initErrors?: readonly string[];
    provider?: string;
    additionalSecretOutputs?: readonly string[];
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
 * Finds one resource.
 *
 * @param wanted - its name, or the end of its type such as `:Reissue`
 */
export function findResource(state: ExportedState, wanted: string): StateResource {
    const resources = (state.deployment.resources ?? []).map(withDefaults);
    const found = resources.filter(({ urn, type }) => urn.endsWith(`::${wanted}`) || type.endsWith(wanted));
    const [first] = found;
    if (first === undefined || found.length > 1) {
        const all = resources.map(({ urn }) => `  ${urn}`).join("\n");
        throw new Error(
            `Looking for the resource "${wanted}" in the state: ${found.length} match. There are:\n${all}`,
        );
    }
    return first;
}

/** The export leaves out what is empty. */
function withDefaults(resource: Partial<StateResource> & Pick<StateResource, "urn" | "type">): StateResource {
    return { custom: false, inputs: {}, outputs: {}, ...resource };
}
