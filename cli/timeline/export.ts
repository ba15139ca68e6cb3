/**
 * Reads the output of `pulumi stack export`: the `DigiCertReissue` resources of a stack, without secrets.
 *
 * @module
 */
import { z } from "zod";
import { UsageError } from "../command.js";

/** The type tokens of a reissue in a state: of the dynamic resource, and of the provider plugin. */
const TYPES: ReadonlySet<unknown> = new Set([
    "pulumi-nodejs:dynamic/digicert:Reissue",
    "digicert:index:Reissue",
]);

/** Replaces a secret value, whether the export holds it encrypted or, with `--show-secrets`, in clear. */
export const SECRET = "(secret)";

/** The member that marks an object in a state as a special value, and its content for a secret (Pulumi: `sig`). */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

const resourceSchema = z.object({
    urn: z.string(),
    type: z.string(),
    outputs: z.record(z.string(), z.unknown()).default({}),
    initErrors: z.array(z.string()).default([]),
    /** Whether `DigiCertReissue.get` reads the resource, so that the stack does not manage it. */
    external: z.boolean().default(false),
    /** Whether the resource was replaced and waits for its deletion. */
    delete: z.boolean().default(false),
});

const exportSchema = z.object({
    deployment: z.object({ resources: z.array(z.unknown()).default([]) }),
});

/** One `DigiCertReissue` in an export. */
export interface ExportedResource {
    /** Name of the resource in the stack. */
    readonly name: string;
    /** `project/stack`. */
    readonly stack: string;
    /** Whether the stack manages it; `false` for `DigiCertReissue.get`. */
    readonly isManaged: boolean;
    /** The state; each secret is replaced by {@link SECRET}. */
    readonly outputs: Readonly<Record<string, unknown>>;
    /** The errors of the last `pulumi up` for the resource. */
    readonly initErrors: readonly string[];
}

/**
 * Reads the `DigiCertReissue` resources in the text of a stack export.
 *
 * @param text - the output of `pulumi stack export`
 * @param source - the file, for the error
 * @throws UsageError if the text is not a stack export.
 */
export function readExport(text: string, source: string): ExportedResource[] {
    const { deployment } = parseExport(text, source);
    return deployment.resources.flatMap((value) => {
        if (!TYPES.has((value as { type?: unknown } | null)?.type)) return [];
        const { success, data: resource } = resourceSchema.safeParse(value);
        if (!success) throw notAnExport(source, "a resource in it has no URN or no outputs");
        if (resource.delete) return [];
        const [stack = "", project = "", , ...name] = resource.urn.replace(/^urn:pulumi:/, "").split("::");
        return [
            {
                name: name.join("::"),
                stack: `${project}/${stack}`,
                isManaged: !resource.external,
                outputs: removeSecrets(resource.outputs) as Record<string, unknown>,
                initErrors: resource.initErrors,
            },
        ];
    });
}

function parseExport(text: string, source: string): z.infer<typeof exportSchema> {
    let json: unknown;
    try {
        json = JSON.parse(text.replace(/^\uFEFF/, ""));
    } catch (cause) {
        throw notAnExport(source, text.trim() === "" ? "it is empty" : "it is not JSON", cause);
    }
    const { success, data } = exportSchema.safeParse(json);
    if (!success) throw notAnExport(source, "it has no deployment");
    return data;
}

function notAnExport(source: string, problem: string, cause?: unknown): UsageError {
    return new UsageError(
        `Reading ${source}: this is not a stack export, because ${problem}. ` +
            "Make one with `pulumi stack export --stack STACK --file FILE`.",
        { cause },
    );
}

function removeSecrets(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(removeSecrets);
    const members = value as Record<string, unknown>;
    if (members[SIGNATURE_KEY] === SECRET_SIGNATURE) return SECRET;
    return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, removeSecrets(member)]));
}
