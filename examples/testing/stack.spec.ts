import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, type OutputMap, type Stack } from "@pulumi/pulumi/automation";
import { after, before, describe, it } from "mocha";
import { makeKeyAndCsr, startSimulator, type Simulator } from "pulumi-digicert/simulator";

const DAY = 86_400_000;
const NAMES = ["shop.example", "www.shop.example"];

describe("the stack", function () {
    this.timeout(300_000);
    let simulator: Simulator;
    let state: string;
    let stack: Stack;
    let orderId: number;

    before(async () => {
        // The stack goes by real time, so what takes months begins in the past.
        simulator = await startSimulator({ clock: () => new Date(Date.now() - 180 * DAY) });
        ({ orderId } = await simulator.seedOrder({ commonName: "shop.example", dnsNames: NAMES }));
        const { csrPem } = await makeKeyAndCsr({ commonName: "shop.example" });

        state = mkdtempSync(join(tmpdir(), "state-"));
        stack = await LocalWorkspace.createStack(
            { stackName: "test", workDir: process.cwd() },
            {
                envVars: {
                    ...simulator.env,
                    PULUMI_BACKEND_URL: `file://${state}`,
                    PULUMI_CONFIG_PASSPHRASE: "test",
                },
            },
        );
        await stack.setAllConfig({ orderId: { value: String(orderId) }, csr: { value: csrPem } });
    });
    after(async () => {
        await stack.workspace.removeStack(stack.name, { force: true });
        rmSync(state, { recursive: true });
        await simulator.close();
    });

    async function up(): Promise<OutputMap> {
        return (await stack.up()).outputs;
    }

    it("asks once, although the answer is lost, and waits for an approver", async () => {
        simulator.fault({ kind: "lost-answer", method: "POST" });
        assert.equal((await up()).status.value, "pending_approval");
        assert.equal(simulator.reissuePosts(orderId), 1);
    });

    it("takes the certificate once it is approved, with all the names of the order", async () => {
        const [request] = simulator.order(orderId).requests.filter(({ status }) => status === "pending");
        assert.ok(request);
        await simulator.approve(request.requestId, "looks right");

        const { status, certificatePem } = await up();
        assert.equal(status.value, "issued");
        const { subjectAltName } = new X509Certificate(String(certificatePem.value));
        assert.equal(subjectAltName, NAMES.map((name) => `DNS:${name}`).join(", "));
        assert.equal(simulator.reissuePosts(orderId), 1);
    });

    it("reissues when the certificate is about to expire", async () => {
        simulator.advance(180 * DAY); // 19 of its 199 days are left
        simulator.policy(orderId, { approval: "auto" });
        assert.equal((await up()).status.value, "issued");
        assert.equal(simulator.reissuePosts(orderId), 2);
    });
});
