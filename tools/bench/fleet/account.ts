/** An account with many orders, and the table of them as the example's user has it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeKeyAndCsr } from "../../../simulator/index.js";
import { type Server } from "../server.js";

const FIRST_ORDER = 1_000_001;
/** A key for so many orders: making 5,000 of them measures nothing. */
const ORDERS_PER_KEY = 100;
const SEEDED_AT_ONCE = 8;

/** A row of `certificates.json`. */
export interface FleetRow {
    readonly name: string;
    readonly orderId: number;
    readonly commonName: string;
    readonly dnsNames: readonly string[];
    readonly csrFile: string;
}

/** Makes the orders, and the CSR files that the rows name. */
export async function makeAccount(server: Server, folder: string, count: number): Promise<FleetRow[]> {
    mkdirSync(join(folder, "csr"), { recursive: true });
    const csrs = new Map<string, string>();
    for (let key = 0; key * ORDERS_PER_KEY < count; key++) {
        const file = `csr/key-${key}.pem`;
        csrs.set(file, (await makeKeyAndCsr({ commonName: "fleet.example" })).csrPem);
        writeFileSync(join(folder, file), csrs.get(file) ?? "");
    }
    const rows = Array.from({ length: count }, (_, index): FleetRow => {
        const name = `site-${String(index).padStart(4, "0")}`;
        const commonName = `${name}.example`;
        return {
            name,
            orderId: FIRST_ORDER + index,
            commonName,
            dnsNames: [commonName, `www.${commonName}`],
            csrFile: `csr/key-${Math.floor(index / ORDERS_PER_KEY)}.pem`,
        };
    });
    const left = rows.values();
    const worker = async (): Promise<void> => {
        for (const { orderId: id, commonName, dnsNames, csrFile } of left) {
            const policy = { approval: "auto" };
            await server.admin("POST", "orders", {
                id,
                commonName,
                dnsNames,
                csr: csrs.get(csrFile),
                policy,
            });
        }
    };
    await Promise.all(Array.from({ length: SEEDED_AT_ONCE }, worker));
    await server.forget();
    return rows;
}

/** Writes the table; every row is adopted, and reissued when the trigger changes. */
export function writeTable(
    folder: string,
    certificates: readonly FleetRow[],
    triggers?: Record<string, string>,
): void {
    const defaults = { adoptExisting: true, ...(triggers && { triggers }) };
    writeFileSync(join(folder, "certificates.json"), JSON.stringify({ defaults, certificates }));
}
