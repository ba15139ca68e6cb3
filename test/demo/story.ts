/** What happens in the demo, step by step; each step asserts what it says. */
import { strict as assert } from "node:assert";
import { createPrivateKey } from "node:crypto";
import { verifyChain } from "./chain.js";
import { type Outputs, say, type Stage } from "./stage.js";

export async function firstUp(stage: Stage): Promise<void> {
    say("1. The first up: the order is read, and reissued with one POST.");
    const { posts, others, outputs } = await stage.play("first up", "up");
    assert.equal(outputs.status, "issued");
    assert.equal(posts, 1);
    assert(others <= 2, `a create that is issued at once made ${posts + others} requests`);

    const names = verified(stage, outputs);
    say(
        `  order ${stage.cast.orderId}, request ${outputs.requestIds.join(", ")}, certificate ${String(outputs.certificateId)}`,
        `  serial number ${String(outputs.serialNumber)}, valid until ${String(outputs.validTill)}, for ${names.join(", ")}`,
        "  verified: leaf, issuing CA and the simulator's root are a chain, and the leaf has the CSR's key",
    );
}

export async function nothingChanged(stage: Stage): Promise<void> {
    say("2. The same again: nothing changed, so DigiCert is not even asked.");
    const { run, posts, others } = await stage.play("up again", "up", "--suppress-outputs");
    assert.equal(run.summary?.changes, 0);
    assert.equal(posts + others, 0);
}

export async function nameAdded(stage: Stage): Promise<void> {
    say("3. A name is added: preview says that there will be a reissue and why, up makes one POST.");
    const before = await stage.stack.outputs();
    await stage.set("--path", "dnsNames[0]", "shop.example");
    await stage.set("--path", "dnsNames[1]", "www.shop.example");
    const preview = await stage.play("a name added: preview", "preview", "--suppress-outputs");
    assert.match(preview.run.output, /reissue, certificate\.dnsNames changed/);
    assert.equal(preview.run.summary?.update, 1);
    assert.equal(preview.posts + preview.others, 0);

    const { posts, outputs } = await stage.play("a name added: up", "up", "--suppress-outputs");
    assert.equal(posts, 1);
    assert.equal(outputs.status, "issued");
    assert.notEqual(outputs.certificateId, before.certificateId);
    assert.deepEqual(verified(stage, outputs), ["shop.example", "www.shop.example"]);
}

export async function approvalNeeded(stage: Stage): Promise<void> {
    const { simulator, orderId } = stage.cast;
    say(
        "4. From now on reissues need approval: up asks, ends with the request pending, and nothing is lost.",
    );
    simulator.policy(orderId, { approval: "required" });
    await stage.set("rotation", "second");
    const asked = await stage.play("approval needed: up", "up", "--suppress-outputs");
    assert.equal(asked.posts, 1);
    assert.equal(asked.outputs.status, "pending_approval");
    const [requestId, ...more] = asked.outputs.requestIds;
    assert(requestId !== undefined && more.length === 0, "there is one request to approve");

    await simulator.approve(requestId);
    say(
        `Request ${requestId} has been approved in CertCentral; the next up picks the certificate up, without a POST.`,
    );
    const { posts, others, outputs } = await stage.play("approved: up", "up", "--suppress-outputs");
    assert.equal(posts, 0);
    assert(simulator.requests.every(({ method }) => method === "GET"));
    assert(others > 0);
    assert.equal(outputs.status, "issued");
    verified(stage, outputs);
    assert.equal(simulator.committedReissues(orderId), 3, "three reissues were made in all");
}

/** The names in the certificate, after its chain and key were verified. */
function verified({ cast }: Stage, { fullChainPem }: Outputs): string[] {
    return verifyChain(fullChainPem, cast.simulator.rootPem, createPrivateKey(cast.keyPem));
}
