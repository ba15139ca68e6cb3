/** A resource per order that does nothing, with the size of a `DigiCertReissue`: measures the time of the engine alone. */
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { type Row } from "../rows.js";

// eslint-disable-next-line @typescript-eslint/no-require-imports
const provider = require("trivial-provider") as pulumi.dynamic.ResourceProvider;

const { inputs } = JSON.parse(readFileSync("sample.json", "utf8")) as { inputs: Record<string, unknown> };
class Trivial extends pulumi.dynamic.Resource {}

for (const { name, orderId, commonName, dnsNames, csr } of JSON.parse(
    readFileSync("rows.json", "utf8"),
) as Row[]) {
    const certificate = { ...(inputs.certificate as object), commonName, dnsNames, csr };
    const props = {
        ...inputs,
        orderId: String(orderId),
        certificate,
        identity: `bench/dev/${name}`,
    };
    new Trivial(provider, name, props, {}, "digicert", "Trivial");
}
