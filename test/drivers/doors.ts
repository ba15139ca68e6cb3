/**
 * The doors of the package, and what differs between them by contract (the contract). Everything else is the same through both, so
 * a scenario asks its stack's door for these, and for nothing else.
 */
export interface Door {
    /** The type of a reissue. */
    readonly type: string;
    /** Whether the preview of a create tells its reason. */
    readonly tellsCreateInPreview: boolean;
    /** Whether a message names the resource that it is about. */
    readonly namesResourceInMessages: boolean;
    /** Whether a read without a state, as in an import, gives the inputs with all defaults. */
    readonly readsDefaults: boolean;
}

export const DYNAMIC: Door = {
    type: "pulumi-nodejs:dynamic/digicert:Reissue",
    tellsCreateInPreview: false,
    namesResourceInMessages: false,
    readsDefaults: true,
};

export const PLUGIN: Door = {
    type: "digicert:index:Reissue",
    tellsCreateInPreview: true,
    namesResourceInMessages: true,
    readsDefaults: false,
};
