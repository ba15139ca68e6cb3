/**
 * Property values as Pulumi's protocol sends them: secrets, unknowns, outputs and references are marked by signatures.
 *
 * @module
 */
import type { Struct as StructMessage } from "google-protobuf/google/protobuf/struct_pb.js";
import { compact, isObject } from "../core/json.js";
import { UNKNOWN } from "../core/unknown.js";
import { Struct } from "./grpc.js";

/** The member that says what a marked object is (Pulumi's `SpecialSigKey`). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

/** The texts that the engine sends in place of an unknown value: one for each type. */
const UNKNOWNS = new Set([
    UNKNOWN,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Plain values by name. */
export type Bag = Record<string, unknown>;

/** Properties without marks, and which of them hold a secret. */
export interface Properties {
    /** Every unknown value is {@link UNKNOWN}. */
    readonly values: Bag;
    /** Names of the properties that are, or hold, a secret. */
    readonly secrets: ReadonlySet<string>;
}

/** Reads properties that the engine sent. */
export function readProperties(struct: StructMessage | undefined): Properties {
    const secrets = new Set<string>();
    const marked = Object.entries(struct?.toJavaScript() ?? {});
    const values = marked.map(([name, value]): [string, unknown] => [
        name,
        withoutMarks(value, () => secrets.add(name)),
    ]);
    return { values: Object.fromEntries(values), secrets };
}

/**
 * Writes properties for the engine.
 *
 * @param secrets - names of the properties to mark as secrets
 */
export function writeProperties(values: object, secrets: ReadonlySet<string> = new Set()): StructMessage {
    const marked = Object.entries(compact(values)).map(([name, value]: [string, unknown]) => [
        name,
        secrets.has(name) ? { [SIGNATURE]: SECRET, value } : value,
    ]);
    return Struct.fromJavaScript(Object.fromEntries(marked) as Parameters<typeof Struct.fromJavaScript>[0]);
}

function withoutMarks(value: unknown, isSecret: () => void): unknown {
    if (typeof value === "string") return UNKNOWNS.has(value) ? UNKNOWN : value;
    if (Array.isArray(value)) return value.map((item) => withoutMarks(item, isSecret));
    if (!isObject(value)) return value;
    const signature = value[SIGNATURE];
    if (signature === RESOURCE) return value.id ?? value.urn;
    if (signature === SECRET || (signature === OUTPUT && value.secret === true)) isSecret();
    if (signature === SECRET || signature === OUTPUT) {
        return "value" in value ? withoutMarks(value.value, isSecret) : UNKNOWN;
    }
    const members = Object.entries(value).map(([name, member]): [string, unknown] => [
        name,
        withoutMarks(member, isSecret),
    ]);
    return Object.fromEntries(members);
}
