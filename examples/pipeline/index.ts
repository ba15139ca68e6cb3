import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { DigiCertReissue } from "pulumi-digicert";

const config = new pulumi.Config();

const certificate = new DigiCertReissue("certificate", {
    orderId: config.require("orderId"),
    certificate: {
        commonName: config.require("commonName"),
        dnsNames: config.requireObject<string[]>("dnsNames"),
        csr: readFileSync("csr.pem", "utf8"),
    },
    issuanceTimeoutSeconds: 900, // the workflow's timeout-minutes are more
});

export const { status, validTill, requestIds, fullChainPem } = certificate;
