/**
 * Reads what `pulumi stack export` prints: the `DigiCertReissue` resources of a stack, secrets left out.
 *
 * @module
 */
import { z } from "zod";

/** The type token of `DigiCertReissue` in a state. */
const TYPE = "pulumi-nodejs:dynamic/digicert:Reissue";

/** Stands for a secret value, whether the export holds it encrypted or, with `--show-secrets`, in clear. */
export const SECRET = "(secret)";

/** Marks an object in a state that is no plain value, and says what it is instead. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

const resourceSchema = z.object({
    urn: z.string(),
    type: z.string(),
    outputs: z.record(z.string(), z.unknown()).default({}),
    initErrors: z.array(z.string()).default([]),
    /** Read by `DigiCertReissue.get`, not managed by the stack. */
    external: z.boolean().default(false),
    /** Replaced, and waiting to be deleted. */
    delete: z.boolean().default(false),
});

const exportSchema = z.object({
    deployment: z.object({ resources: z.array(z.unknown()).default([]) }),
});

/** One `DigiCertReissue` in an export, as it was found. */
export interface Recorded {
    /** Name of the resource in the stack. */
    readonly name: string;
    /** `project/stack`. */
    readonly stack: string;
    /** Whether the stack manages it; `false` for `DigiCertReissue.get`. */
    readonly isManaged: boolean;
    /** The state; each secret is replaced by {@link SECRET}. */
    readonly outputs: Readonly<Record<string, unknown>>;
    /** Why the last `up` did not get to its end with it. */
    readonly initErrors: readonly string[];
}

/**
 * The `DigiCertReissue` resources in the text of a stack export.
 *
 * @param text - what `pulumi stack export` printed
 * @param source - where it comes from, for the error
 * @throws Error when it is not a stack export.
 */
export function readExport(text: string, source: string): Recorded[] {
    const { deployment } = parse(text, source);
    return deployment.resources.flatMap((value) => {
        if ((value as { type?: unknown } | null)?.type !== TYPE) return [];
        const { success, data: resource } = resourceSchema.safeParse(value);
        if (!success) throw notAnExport(source, "a resource in it has no URN or no outputs");
        if (resource.delete) return [];
        const [stack = "", project = "", , ...name] = resource.urn.replace(/^urn:pulumi:/, "").split("::");
        return [
            {
                name: name.join("::"),
                stack: `${project}/${stack}`,
                isManaged: !resource.external,
                outputs: withoutSecrets(resource.outputs) as Record<string, unknown>,
                initErrors: resource.initErrors,
            },
        ];
    });
}

function parse(text: string, source: string): z.infer<typeof exportSchema> {
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

function notAnExport(source: string, why: string, cause?: unknown): Error {
    return new Error(
        `Reading ${source}: this is not what "pulumi stack export" prints, ${why}. ` +
            `Make it with: pulumi stack export --stack STACK --file FILE`,
        { cause },
    );
}

function withoutSecrets(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(withoutSecrets);
    const members = value as Record<string, unknown>;
    if (members[SIGNATURE_KEY] === SECRET_SIGNATURE) return SECRET;
    return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, withoutSecrets(member)]));
}
