import * as pulumi from "@pulumi/pulumi";
import { DigiCertReissue, getOrderOutput } from "pulumi-digicert";

const config = new pulumi.Config();
const order = getOrderOutput({ orderId: config.requireNumber("orderId") });

const shop = new DigiCertReissue("shop", {
    orderId: order.orderId,
    certificate: {
        commonName: order.commonName,
        dnsNames: order.dnsNames,
        csr: config.require("csr"),
    },
});

export const { status, requestIds, certificatePem } = shop;
