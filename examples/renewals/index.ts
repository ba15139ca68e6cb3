import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { DigiCertReissue, getOrderOutput } from "pulumi-digicert";

const config = new pulumi.Config();

// The configured order, or the last order that renewed it and has a certificate.
const order = getOrderOutput({ orderId: config.require("orderId"), followRenewals: true });

const certificate = new DigiCertReissue("certificate", {
    orderId: order.orderId,
    certificate: {
        commonName: config.require("commonName"),
        dnsNames: config.requireObject<string[]>("dnsNames"),
        csr: readFileSync("csr.pem", "utf8"),
    },
});

export const { orderId, status, serialNumber, validTill, fullChainPem } = certificate;
export const renewedFrom = order.renewedFrom;
