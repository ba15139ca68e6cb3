import * as pulumi from "@pulumi/pulumi";
import { DigiCertReissue } from "pulumi-digicert";
import { KeyFolder } from "./keyFolder";

const config = new pulumi.Config();
const commonName = config.require("commonName");
const rotation = config.require("rotation");
const keys = new KeyFolder(config.require("folder"));

const certificate = new DigiCertReissue("certificate", {
    orderId: config.require("orderId"),
    certificate: {
        commonName,
        dnsNames: config.requireObject<string[]>("dnsNames"),
        csr: keys.csr(rotation, commonName),
    },
});

// Runs once the certificate of this key is issued, and not at all while it is not: until then the old pair stays.
certificate.fullChainPem.apply((fullChainPem) => {
    if (fullChainPem !== undefined && !pulumi.runtime.isDryRun()) keys.publish(rotation, fullChainPem);
});

export const { status, validTill, requestIds } = certificate;
