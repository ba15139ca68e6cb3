/** The program of a user of the plugin's Node classes, for any number of orders. */
import { readFileSync } from "node:fs";
import { type Row } from "../rows.js";

// Loaded by its name, because this file is copied into a project in which the package is installed.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { Reissue } = require("pulumi-digicert/plugin") as typeof import("../../../sdk/nodejs/plugin/index.js");

for (const { name, orderId, commonName, dnsNames, csr } of JSON.parse(
    readFileSync("rows.json", "utf8"),
) as Row[]) {
    new Reissue(name, { orderId, certificate: { commonName, dnsNames, csr }, skipApproval: true });
}
