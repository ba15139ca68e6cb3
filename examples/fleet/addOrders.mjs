// Adds orders that exist to certificates.json, each with the CSR of its certificate, so that the next run adopts them.
//
//     npx pulumi-digicert init --all --no-follow-renewals --json > orders.json
//     node addOrders.mjs orders.json [affected.txt]
//
// With the second file, only orders whose ids it has. Orders that are in the table already stay as they are.
//
// @ts-check
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const TABLE = "certificates.json";

/**
 * An order, as `init --all --json` prints it.
 *
 * @typedef {object} Order
 * @property {string} orderId
 * @property {string} [commonName]
 * @property {string[]} dnsNames
 * @property {string} signatureHash
 * @property {number} [serverPlatformId] - -1: other
 * @property {string} [csr]
 * @property {string} [csrFile] - in place of `csr`, with --csr-dir
 */

const [ordersFile, idsFile] = process.argv.slice(2);
if (ordersFile === undefined) {
    process.stderr.write("Usage: node addOrders.mjs <orders.json> [<file with order ids>]\n");
    process.exit(2);
}
/** @type {{ orders?: Order[], leftOut?: { orderId: string, reason: string }[], error?: { message: string } }} */
const { orders, leftOut = [], error } = JSON.parse(readFileSync(ordersFile, "utf8"));
if (orders === undefined) {
    process.stderr.write(`${ordersFile} has no orders. ${error?.message ?? ""}\n`);
    process.exit(2);
}
const table = JSON.parse(readFileSync(TABLE, "utf8"));
const inTable = new Set(
    table.certificates.map((/** @type {{ orderId: number }} */ row) => String(row.orderId)),
);
const reasons = new Map(leftOut.map(({ orderId, reason }) => [orderId, reason]));
const all = [...orders, ...leftOut].map(({ orderId }) => orderId);
const ids = new Set(idsFile === undefined ? all : readFileSync(idsFile, "utf8").match(/\d+/g));

mkdirSync("csr", { recursive: true });
let added = 0;
for (const order of orders) {
    const { orderId, commonName, dnsNames, signatureHash, serverPlatformId = -1, csr, csrFile } = order;
    if (!ids.has(orderId) || inTable.has(orderId)) continue;
    if (commonName === undefined) {
        reasons.set(orderId, "it has no common name");
        continue;
    }
    // A name of the table begins with a letter or a digit.
    const name = `${commonName.replace("*", "wildcard")}-${orderId}`
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-/, "");
    if (csr !== undefined) writeFileSync(`csr/${name}.pem`, csr);
    table.certificates.push({
        name,
        orderId: Number(orderId),
        commonName,
        dnsNames,
        signatureHash,
        ...(serverPlatformId === -1 ? {} : { serverPlatform: { id: serverPlatformId } }),
        csrFile,
        adoptExisting: true,
    });
    inTable.add(orderId);
    added += 1;
}
writeFileSync(TABLE, `${JSON.stringify(table, undefined, 4)}\n`);

const missing = [...ids].filter((id) => !inTable.has(id));
for (const id of missing)
    process.stdout.write(
        `not in the table: order ${id}: ${reasons.get(id) ?? "the account does not list it"}\n`,
    );
process.stdout.write(`${added} orders were added to ${TABLE}, which has ${table.certificates.length} now.\n`);
process.exitCode = missing.length === 0 ? 0 : 1;
