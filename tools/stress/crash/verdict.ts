/** The conditions at the end of every point. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { csrHasKey, readCsr } from "../../../provider/core/x509/csr.js";
import { type CertificateView } from "../../../simulator/index.js";
import { type Scene } from "./scene.js";

/** The expected number of reissues, and whether an engine could save the answer to the last POST. */
export interface Expected {
    /** Number of `up`s after the interruption until one succeeds with the certificate. */
    readonly ups: number;
    readonly posts: number;
    readonly reissues: number;
    readonly answerSaved: boolean;
}

/** Throws if a condition is violated. */
export async function judge(scene: Scene, { ups, posts, reissues, answerSaved }: Expected): Promise<void> {
    assert.equal(scene.reissues().length, reissues, "reissues committed");
    assert.equal(scene.posts(), posts, "POSTs seen");
    assert.equal(scene.ups, ups, "ups needed");
    judgeState(scene, answerSaved);
    assert.equal(scene.pendingOperations(), 0, "pending operations");
    assert.deepEqual(scene.stack.locks(), [], "locks");

    scene.simulator.clearRequests();
    const { summary, output } = await scene.stack.up();
    assert.equal(summary?.changes, 0, output);
    const asked = scene.simulator.requests.filter(({ path }) => /order|request|certificate/.test(path));
    assert.deepEqual(
        asked.map(({ method, path }) => `${method} ${path}`),
        [],
        "requests of a further up",
    );
}

function judgeState(scene: Scene, answerSaved: boolean): void {
    const { inputs, outputs = {}, initErrors = [] } = scene.resource() ?? {};
    assert.ok(inputs, "the resource is in the state");
    assert.deepEqual(initErrors, []);
    assert.equal(outputs.status, "issued");
    const leaf = new X509Certificate(String(outputs.certificatePem));
    assert.ok(leaf.publicKey.equals(readCsr(scene.csrPem).key), "the key is the CSR's");
    const ours = certificateOf(scene);
    assert.ok(ours, `certificate ${String(outputs.certificateId)} is one that was made for us`);
    assert.ok(csrHasKey(ours.csr, readCsr(scene.csrPem).key));
    assert.equal(outputs.issuedCertificateId, outputs.certificateId);
    assert.equal(outputs.serialNumber, ours.serialNumber);
    const given = scene.reissues().map(({ requestId }) => requestId);
    const saved = outputs.requestIds as number[];
    assert.ok(
        saved.every((id) => given.includes(id)) && saved.length <= 1,
        `requestIds: ${saved.join(", ")}`,
    );
    if (answerSaved) assert.deepEqual(saved, [ours.requestId], "requestIds");
}

/** Certificates that the stack's POSTs made and that are not in the state. */
export function lostIds(scene: Scene): number[] {
    const known = certificateOf(scene)?.certificateId;
    return scene
        .reissues()
        .map(({ certificateId }) => certificateId)
        .filter((id) => id !== known);
}

function certificateOf(scene: Scene): CertificateView | undefined {
    const id = scene.resource()?.outputs.certificateId;
    return scene.reissues().find(({ certificateId }) => certificateId === id);
}
