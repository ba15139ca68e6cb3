import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { dcvRecords, DigiCertReissue, DigiCertValidation } from "pulumi-digicert";
import { DnsRecord } from "./dnsRecord";

const config = new pulumi.Config();
const dnsNames = config.requireObject<string[]>("dnsNames");

const shop = new DigiCertReissue("shop", {
    orderId: config.require("orderId"),
    certificate: {
        commonName: dnsNames[0],
        dnsNames,
        csr: readFileSync(`keys/${config.require("rotation")}.csr`, "utf8"),
    },
    dcvMethod: "dns-txt-token",
    skipApproval: true,
    allowPendingOutputs: true,
});

const [zone, server] = [config.require("zone"), config.require("dnsServer")];
const records = dcvRecords(dnsNames, shop).map(
    ({ domain, name, type, value }) => new DnsRecord(`dcv-${domain}`, { server, zone, name, type, value }),
);

const issued = new DigiCertValidation("shop", { reissue: shop }, { dependsOn: records });

export const { status, validTill, serialNumber, fullChainPem } = issued;
