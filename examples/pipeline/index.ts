import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { dcvRecords, DigiCertReissue, DigiCertValidation } from "pulumi-digicert";
import { DnsRecord } from "./dnsRecord";

const config = new pulumi.Config();
const commonName = config.require("commonName");
const dnsNames = config.requireObject<string[]>("dnsNames");

const issuanceTimeoutSeconds = 900; // for each of the two; the workflow's timeout-minutes are more than both

const reissue = new DigiCertReissue("certificate", {
    orderId: config.require("orderId"),
    certificate: { commonName, dnsNames, csr: readFileSync("csr.pem", "utf8") },
    dcvMethod: "dns-txt-token",
    allowPendingOutputs: true, // records are made before there is a certificate for a new key
    issuanceTimeoutSeconds,
});

// Here goes the record of your DNS provider.
const [zone, server] = [config.require("zone"), config.require("dnsServer")];
const records = dcvRecords([commonName, ...dnsNames], reissue).map(
    ({ domain, name, type, value }) => new DnsRecord(`dcv-${domain}`, { server, zone, name, type, value }),
);

const certificate = new DigiCertValidation(
    "certificate",
    { reissue, issuanceTimeoutSeconds },
    { dependsOn: records },
);

// What serves the certificate takes it from here, when it is issued and not before.
export const { status, validTill, fullChainPem } = certificate;
