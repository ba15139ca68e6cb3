import assert from "node:assert/strict";
import { webcrypto, X509Certificate } from "node:crypto";
import type { ExtendedKeyUsageType } from "@peculiar/x509";
import { checkClientAuthentication } from "../../../cli/doctor/usage.js";
import { startSimulator, type Simulator } from "../../../simulator/index.js";
import { x509 } from "../../../simulator/x509.js";
import { cli, environmentOf } from "../harness.js";

const { ExtendedKeyUsage } = x509;

/** A certificate with an extended key usage, or without one. */
async function certificateFor(...usages: ExtendedKeyUsageType[]): Promise<string> {
    const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.create({
        subject: "CN=shop.example",
        issuer: "CN=Example CA",
        publicKey: keys.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        extensions: usages.length > 0 ? [new x509.ExtendedKeyUsageExtension(usages)] : [],
    });
    return certificate.toString("pem");
}

describe("checkClientAuthentication (doctor)", () => {
    it("finds a certificate that may authenticate clients", async () => {
        const pem = await certificateFor(ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth);
        const [finding, ...others] = checkClientAuthentication(new X509Certificate(pem));
        assert.deepEqual([finding?.level, others], ["attention", []]);
        assert.match(finding?.text ?? "", /may authenticate clients .* a reissue has serverAuth only/);
    });

    it("finds nothing in a certificate for servers, in one without an extended key usage, and without a certificate", async () => {
        for (const pem of [await certificateFor(ExtendedKeyUsage.serverAuth), await certificateFor()]) {
            assert.deepEqual(checkClientAuthentication(new X509Certificate(pem)), []);
        }
        assert.deepEqual(checkClientAuthentication(undefined), []);
    });
});

describe("pulumi-digicert doctor, about client authentication", () => {
    let simulator: Simulator;
    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.close());

    it("needs a person where a reissue would lose it", async () => {
        const { orderId } = await simulator.seedOrder();
        const pem = await certificateFor(ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth);
        simulator.fault({
            method: "GET",
            path: "/certificate/:id/download/format/:format",
            kind: "respond",
            status: 200,
            body: pem,
        });
        const { code, out } = await cli(["doctor", String(orderId)], { env: environmentOf(simulator) });
        assert.equal(code, 1);
        assert.match(
            out,
            /ATTENTION usage {4}the certificate may authenticate clients \(clientAuth\); a\n {21}reissue has serverAuth/,
        );
    });
});
