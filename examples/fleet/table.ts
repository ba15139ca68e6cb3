import { existsSync, readFileSync } from "node:fs";
import { RunError } from "@pulumi/pulumi";
import { z } from "zod";

/** What `defaults` may say for all rows, and each row for itself. */
const settings = z.strictObject({
    signatureHash: z.enum(["sha256", "sha384", "sha512"]).optional(),
    skipApproval: z.boolean().optional(),
    adoptExisting: z.boolean().optional(),
    /** A change of any of them is a reissue; a removal is a change. Those of a row are added to those of `defaults`. */
    triggers: z.record(z.string(), z.string()).optional(),
    minDaysRemaining: z.number().optional(),
    failDaysRemaining: z.number().optional(),
    dcvMethod: z.enum(["dns-txt-token", "dns-cname-token", "http-token", "email"]).optional(),
    waitForApproval: z.boolean().optional(),
    issuanceTimeoutSeconds: z.number().optional(),
});

const row = settings
    .extend({
        /** Name of the resource: it stays, while rows may move. Another name is another resource. */
        name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "lower-case letters, digits and dashes are allowed"),
        orderId: z.int().positive(),
        commonName: z.string().min(1),
        dnsNames: z.array(z.string()).optional(),
        serverPlatform: z.strictObject({ id: z.int() }).optional(),
        /** Default: `csr/NAME.pem`. */
        csrFile: z.string().optional(),
    })
    .transform(({ csrFile, ...one }) => ({ ...one, csrFile: csrFile ?? `csr/${one.name}.pem` }))
    .superRefine(({ csrFile }, context) => {
        if (existsSync(csrFile)) return;
        context.addIssue({ code: "custom", path: ["csrFile"], message: `${csrFile} is not there` });
    });

const table = z
    .strictObject({ defaults: settings.default({}), certificates: z.array(row) })
    .superRefine(({ certificates }, context) => {
        for (const member of ["name", "orderId"] as const) {
            const rows = new Map<string | number, number>();
            certificates.forEach((one, index) => {
                const first = rows.get(one[member]);
                if (first === undefined) return void rows.set(one[member], index);
                const message = `${one[member]} is in row ${first + 1} already`;
                context.addIssue({ code: "custom", path: ["certificates", index, member], message });
            });
        }
    });

/** Reads the table: one entry for each row, with the defaults. Mistakes are told by row and member. */
export function readTable(file: string) {
    const { data, error } = table.safeParse(parse(file));
    if (error !== undefined) {
        const mistakes = error.issues.map(({ path, message }) => `  ${place(path)}: ${message}`);
        throw new RunError(`${file} has mistakes, and nothing was done:\n${mistakes.join("\n")}`);
    }
    const { defaults, certificates } = data;
    return certificates.map((one) => ({
        ...defaults,
        ...one,
        triggers: (defaults.triggers ?? one.triggers) && { ...defaults.triggers, ...one.triggers },
    }));
}

/**
 * The rows of a part of the fleet. It goes by the order id, so a row stays in its part wherever it is in the table, as long as
 * the number of parts is the same.
 *
 * @param shard - such as `2/5`: the second of five parts
 */
export function rowsOf<Row extends { orderId: number }>(rows: readonly Row[], shard: string): Row[] {
    const [, part = 0, parts = 0] = /^(\d+)\/(\d+)$/.exec(shard)?.map(Number) ?? [];
    if (part < 1 || part > parts)
        throw new RunError(`shard ${shard} is not a part of the fleet, such as 2/5`);
    return rows.filter(({ orderId }) => orderId % parts === part - 1);
}

function parse(file: string): unknown {
    try {
        return JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
        throw new RunError(
            `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
        );
    }
}

/** `row 3, orderId`, counted as people do. */
function place(path: readonly PropertyKey[]): string {
    const [list, index, ...member] = path;
    const parts =
        list === "certificates" && typeof index === "number" ? [`row ${index + 1}`, ...member] : path;
    return parts.length === 0 ? "the file" : parts.map(String).join(", ");
}
