/** Conditions that hold after each command of every scenario. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readCsr } from "../../provider/core/x509/csr.js";
import type { Method } from "../fixtures/methods.js";
import { STACK_TRACE } from "../journeys/program.js";
import type { Props, Recorded, Run } from "./driver.js";

/** Checks the output: it holds no API key and no stack trace. */
export function checkRun(run: Run, apiKey: string): Run {
    const text = [...run.preview, run.text].join("\n");
    assert.ok(!text.includes(apiKey), "the API key is never printed");
    assert.doesNotMatch(text, STACK_TRACE);
    return run;
}

/** Checks the state (the contract): all certificate outputs are present, or none, and they have the program's key. */
export function checkState(resources: Iterable<Recorded>, apiKey: string): void {
    for (const { outputs } of resources) {
        assert.ok(!JSON.stringify(outputs).includes(apiKey), "the API key in the state");
        const { certificatePem, chainPem, serialNumber, thumbprint, validFrom, validTill } = outputs;
        if (certificatePem === undefined) {
            const present = [chainPem, serialNumber, thumbprint, validFrom, validTill].filter(Boolean);
            assert.deepEqual(present, [], "outputs of no certificate");
            continue;
        }
        const leaf = new X509Certificate(certificatePem);
        assert.ok(
            readCsr(outputs.certificate.csr).key.equals(leaf.publicKey),
            "a certificate with another key",
        );
        assert.equal(serialNumber, leaf.serialNumber, "serialNumber is the leaf's");
    }
}

/** Around each call: the properties of a partial failure hold the provider's text, because the engine saves them as they are. */
export function keepsProvider(provider: string): (call: Method) => Method {
    return withFailureOf(({ __provider, ...kept }) => {
        assert.equal(__provider, provider, "a partial failure without the provider's text");
        return kept;
    });
}

/** Around each call: changes the properties of a partial failure. */
export function withFailureOf(change: (properties: Props, args: readonly unknown[]) => Props) {
    return (call: Method): Method =>
        async (...args) => {
            try {
                return await call(...args);
            } catch (error) {
                const { properties } = error as { properties?: Props };
                throw Object.assign(error as Error, properties && { properties: change(properties, args) });
            }
        };
}
