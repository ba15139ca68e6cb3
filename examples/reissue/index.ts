import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { DigiCertReissue } from "pulumi-digicert";

const config = new pulumi.Config();

const reissue = new DigiCertReissue("certificate", {
    orderId: config.require("orderId"),
    certificate: {
        commonName: config.require("commonName"),
        dnsNames: config.requireObject<string[]>("dnsNames"),
        csr: readFileSync(config.require("csrFile"), "utf8"),
    },
    triggers: { rotation: config.require("rotation") },
});

export const { status, certificateId, requestIds, serialNumber, validTill, fullChainPem } = reissue;
