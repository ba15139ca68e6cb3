import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { DigiCertReissue } from "pulumi-digicert";
import { readTable, rowsOf } from "./table";

const config = new pulumi.Config();
const rows = rowsOf(readTable(config.require("table")), config.require("shard"));

const states = pulumi.all(
    rows.map(({ name, commonName, dnsNames, csrFile, signatureHash, serverPlatform, ...settings }) => {
        const csr = readFileSync(csrFile, "utf8");
        const certificate = new DigiCertReissue(name, {
            ...settings,
            certificate: { commonName, dnsNames, csr, signatureHash, serverPlatform },
        });
        const { orderId, status, validTill } = certificate;
        return pulumi.output({ name, orderId, status, validTill });
    }),
);

/** By order id, so that the outputs stay the same when rows move. */
export const orders = states.apply((all) =>
    Object.fromEntries(
        all.map(({ orderId, name, status, validTill = "no certificate yet" }) => [
            orderId,
            { name, status, validTill },
        ]),
    ),
);

/** Orders without an issued certificate: the reissue waits for a person, was rejected, or is unknown. */
export const needsAttention = states.apply((all) =>
    all
        .filter(({ status }) => status !== "issued")
        .map(({ name, orderId, status }) => `${name} (order ${orderId}): ${status}`)
        .sort(),
);
