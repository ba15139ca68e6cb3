import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { DigiCertReissue, type DigiCertReissueArgs } from "../../sdk/nodejs/index.js";
import { mockEngine, valueOf, type MockEngine } from "../fixtures/engine.js";

const ARGS: DigiCertReissueArgs = {
    orderId: 112233,
    certificate: { commonName: "shop.example", csr: "CSR" },
};

describe("DigiCertReissue", () => {
    let engine: MockEngine;
    beforeEach(async () => {
        engine = await mockEngine();
    });

    async function registered(resource: DigiCertReissue) {
        await valueOf(resource.urn);
        const [one] = engine.registered;
        assert.ok(one);
        const { __provider, ...inputs } = one.inputs;
        return { ...one, inputs, recorded: __provider };
    }

    it("registers under the type that URNs hold, with the arguments and its identity", async () => {
        const { type, name, inputs, recorded } = await registered(new DigiCertReissue("shop", ARGS));
        assert.equal(type, "pulumi-nodejs:dynamic/digicert:Reissue");
        assert.equal(name, "shop");
        assert.deepEqual(inputs, { ...ARGS, identity: "project/stack/shop" });
        assert.equal(typeof recorded, "string");
    });

    it("tells children of components apart as Pulumi does, by the types around them", async () => {
        const identities: unknown[] = [];
        for (const type of ["pkg:index:Shop", "pkg:index:Blog"]) {
            const parent = new pulumi.ComponentResource(type, "site");
            const inner = new pulumi.ComponentResource("pkg:index:Tls", "tls", {}, { parent });
            for (const above of [parent, inner]) {
                engine.registered.length = 0;
                await valueOf(new DigiCertReissue("cert", ARGS, { parent: above }).urn);
                identities.push(
                    engine.registered.find(({ type: kind }) => kind.endsWith("Reissue"))?.inputs.identity,
                );
            }
        }
        assert.deepEqual(identities, [
            "project/stack/pkg:index:Shop::cert",
            "project/stack/pkg:index:Shop$pkg:index:Tls::cert",
            "project/stack/pkg:index:Blog::cert",
            "project/stack/pkg:index:Blog$pkg:index:Tls::cert",
        ]);
    });

    it("registers children of a component that wait for each other's component only once it is there", async () => {
        const parent = new pulumi.ComponentResource("pkg:index:Shop", "site");
        const two = ["a", "b"].map((name) => new DigiCertReissue(name, ARGS, { parent }));
        assert.equal((await Promise.all(two.map(({ urn }) => valueOf(urn)))).length, 2);
    });

    it("has the order id for its id and its URN from the name", async () => {
        const resource = new DigiCertReissue("shop", ARGS);
        assert.equal(await valueOf(resource.id), "112233");
        assert.match(await valueOf(resource.urn), /pulumi-nodejs:dynamic\/digicert:Reissue::shop$/);
    });

    it("takes every argument as a Pulumi input", async () => {
        const later = <T>(value: T) => pulumi.output(Promise.resolve(value));
        const args: DigiCertReissueArgs = {
            orderId: later("112233"),
            certificate: later({
                commonName: "shop.example",
                dnsNames: ["a.example"],
                csr: "CSR",
                serverPlatform: { id: 2 },
                signatureHash: "sha384" as const,
                caCertId: "A1",
            }),
            comments: later("x"),
            skipApproval: later(true),
            additionalParameters: {
                a: later({ b: [1] }),
                certificate: { cert_validity: { days: later(90), list: [later("x"), { y: later(null) }] } },
            },
            triggers: { t: later("1") },
            minDaysRemaining: later(5),
            failDaysRemaining: later(1),
            waitForApproval: later(true),
            issuanceTimeoutSeconds: later(0),
            allowPendingOutputs: later(true),
            allowNameRemoval: [later("old.example")],
            adoptExisting: later(true),
            deletionPolicy: later("revoke" as const),
        };
        const { inputs } = await registered(new DigiCertReissue("shop", args));
        const plain = await valueOf(pulumi.output(args));
        assert.deepEqual(inputs, { ...plain, identity: "project/stack/shop" });
    });

    it("keeps what is secret in an argument secret", async () => {
        const resource = new DigiCertReissue("shop", { ...ARGS, comments: pulumi.secret("hush") });
        await registered(resource);
        assert.ok(await pulumi.isSecret(resource.comments));
        assert.ok(!(await pulumi.isSecret(resource.orderId)));
    });

    const outputs = {
        requestIds: [7001],
        certificateId: 5,
        issuedCertificateId: 5,
        status: "issued",
        certificatePem: "LEAF\n",
        chainPem: "CHAIN\n",
        serialNumber: "0A",
        thumbprint: "0B",
        validFrom: "2026-03-01T12:00:00Z",
        validTill: "2026-09-16T12:00:00Z",
        orderValidTill: "2029-03-01",
        dcvRandomValue: "token",
    };

    it("has every output that the provider returns", async () => {
        engine.outputs = outputs;
        const resource = new DigiCertReissue("shop", ARGS);
        for (const [name, value] of Object.entries(outputs)) {
            const output = (resource as unknown as Record<string, pulumi.Output<unknown>>)[name];
            assert.ok(output, name);
            assert.deepEqual(await valueOf(output), value, name);
        }
        assert.equal((await valueOf(resource.certificate)).commonName, "shop.example");
    });

    it("joins leaf and chain, without storing them", async () => {
        engine.outputs = outputs;
        const resource = new DigiCertReissue("shop", ARGS);
        assert.equal(await valueOf(resource.fullChainPem), "LEAF\nCHAIN\n");
        assert.ok(!Object.keys(resource).includes("fullChainPem"));
    });

    it("joins a leaf without chain, and has nothing while there is no certificate", async () => {
        engine.outputs = { certificatePem: "LEAF\n" };
        assert.equal(await valueOf(new DigiCertReissue("a", ARGS).fullChainPem), "LEAF\n");
        engine.outputs = { status: "pending_approval" };
        const pending = new DigiCertReissue("b", ARGS);
        assert.equal(await valueOf(pending.fullChainPem), undefined);
        assert.equal(await valueOf(pending.certificatePem), undefined);
    });

    it("reads an order that it does not manage, by number or text", async () => {
        engine.outputs = outputs;
        for (const orderId of [112233, "112233", pulumi.output(112233)]) {
            engine.registered.length = 0;
            const resource = DigiCertReissue.get("shop", orderId);
            const { type, id, inputs } = await registered(resource);
            assert.deepEqual([type, id], ["pulumi-nodejs:dynamic/digicert:Reissue", "112233"]);
            assert.equal(inputs.orderId, undefined, "it has no inputs of its own");
            assert.equal(await valueOf(resource.fullChainPem), "LEAF\nCHAIN\n");
        }
    });
});
