import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
    dcvFile,
    dcvRecords,
    DigiCertProvider,
    DigiCertReissue,
    DigiCertValidation,
    type DigiCertReissueArgs,
} from "../../sdk/nodejs/index.js";
import { makeRecordable } from "../../sdk/nodejs/recordedProvider.js";
import * as stub from "../../sdk/nodejs/validationStub.js";
import { mockEngine, valueOf, type MockEngine } from "../fixtures/engine.js";

const ARGS: DigiCertReissueArgs = {
    orderId: 112233,
    certificate: { commonName: "shop.example", csr: "CSR" },
};
const OUTPUTS = { reissueId: "r1", certificateId: 7, requestIds: [7001], dcvRandomValue: "token" };

describe("DigiCertValidation", () => {
    let engine: MockEngine;
    beforeEach(async () => {
        engine = await mockEngine();
        engine.outputs = OUTPUTS;
    });

    async function registered(resource: DigiCertValidation) {
        await valueOf(resource.urn);
        const one = engine.registered.find(({ type }) => type.endsWith("Validation"));
        assert.ok(one);
        const { __provider, ...inputs } = one.inputs;
        return { ...one, inputs, recorded: String(__provider) };
    }

    it("registers under the type that URNs hold, with the outputs of the reissue as plain inputs", async () => {
        const reissue = new DigiCertReissue("shop", { ...ARGS, dcvMethod: "dns-cname-token" });
        const validation = new DigiCertValidation("shop", { reissue, issuanceTimeoutSeconds: 60 });
        const { type, inputs, recorded } = await registered(validation);
        assert.equal(type, "pulumi-nodejs:dynamic/digicert:Validation");
        assert.deepEqual(inputs, {
            orderId: 112233,
            certificate: ARGS.certificate,
            ...OUTPUTS,
            dcvMethod: "dns-cname-token",
            issuanceTimeoutSeconds: 60,
        });
        assert.match(recorded, /pulumi-digicert\/provider/);
        assert.doesNotMatch(recorded, /\d+\.\d+\.\d+|node_modules|dist/);
    });

    it("takes the plain outputs as well", async () => {
        const { inputs } = await registered(
            new DigiCertValidation("shop", { ...ARGS, reissueId: pulumi.output("r1"), requestIds: [7001] }),
        );
        assert.deepEqual(inputs, { ...ARGS, reissueId: "r1", requestIds: [7001] });
    });

    it("knows the method of additionalParameters, and leaves out methods that it does not know", async () => {
        for (const [method, expected] of [
            ["email", "email"],
            ["http-token-dynamic", undefined],
        ] as const) {
            engine.registered.length = 0;
            const reissue = new DigiCertReissue(method, {
                ...ARGS,
                additionalParameters: { dcv_method: method },
            });
            const { inputs } = await registered(new DigiCertValidation(method, { reissue }));
            assert.equal(inputs.dcvMethod, expected);
        }
    });

    it("has the provider of its reissue, unless it is told another", async () => {
        const eu = new DigiCertProvider("eu", { apiKey: "key" });
        const us = new DigiCertProvider("us", { apiKey: "key" });
        const reissue = new DigiCertReissue("shop", ARGS, { provider: eu });
        assert.match((await registered(new DigiCertValidation("a", { reissue }))).provider ?? "", /::eu::/);
        engine.registered.length = 0;
        const none = { provider: undefined } as unknown as pulumi.CustomResourceOptions;
        const untold = new DigiCertValidation("u", { reissue }, none);
        assert.match((await registered(untold)).provider ?? "", /::eu::/, "undefined is no other provider");
        engine.registered.length = 0;
        const other = new DigiCertValidation("b", { reissue }, { provider: us });
        assert.match((await registered(other)).provider ?? "", /::us::/);
        engine.registered.length = 0;
        const parent = new pulumi.ComponentResource("test:index:Site", "site", {}, { providers: [us] });
        const inherits = new DigiCertReissue("inherits", ARGS, { parent });
        const last = new DigiCertValidation("c", { reissue: inherits });
        assert.match((await registered(last)).provider ?? "", /::us::/, "the provider of a component");
    });

    it("joins leaf and chain, and has nothing while there is no certificate", async () => {
        const reissue = new DigiCertReissue("shop", ARGS);
        await valueOf(reissue.urn);
        engine.outputs = { certificatePem: "LEAF\n", chainPem: "CHAIN\n" };
        assert.equal(await valueOf(new DigiCertValidation("a", { reissue }).fullChainPem), "LEAF\nCHAIN\n");
        engine.outputs = { status: "pending_approval" };
        assert.equal(await valueOf(new DigiCertValidation("b", { reissue }).fullChainPem), undefined);
    });

    it("cannot be imported, and has no timeouts of the engine's", () => {
        const reissue = new DigiCertReissue("shop", ARGS);
        assert.throws(
            () => new DigiCertValidation("a", { reissue }, { import: "112233" }),
            /Making the DigiCertValidation "a".*import/,
        );
    });

    it("is recorded by a stub of its own, with the methods that states of all versions call", async () => {
        const recorded = await pulumi.runtime.serializeFunction(() => stub, {});
        const calls = [
            ...recorded.text.matchAll(/require\("pulumi-digicert\/provider"\)\.validation\.(\w+)\(/g),
        ];
        const names = ["configure", "check", "diff", "create", "update", "read", "delete"];
        assert.deepEqual(
            calls.map(([, name]) => name),
            names,
        );
        const at = (directory: string) => makeRecordable(directory, stub);
        assert.equal(at("/s/node_modules/pulumi-digicert/dist"), stub);
        const copy = at("/pulumi-digicert-x/node_modules/pulumi-digicert/dist");
        assert.notEqual(copy, stub);
        assert.deepEqual({ ...copy }, { ...stub });
        assert.notEqual(copy, makeRecordable("/pulumi-digicert-x/node_modules/pulumi-digicert/dist"));
    });
});

describe("dcvRecords", () => {
    let engine: MockEngine;
    beforeEach(async () => {
        engine = await mockEngine();
        engine.outputs = OUTPUTS;
    });

    const shown = (names: readonly string[], method?: string) =>
        dcvRecords(names, { dcvRandomValue: "token" }, method).map(({ domain, name, type }) => [
            domain,
            name,
            type,
        ]);

    it("has one entry per domain: the name, the name below a wildcard or www., none for an IP address", () => {
        assert.deepEqual(
            shown([
                "shop.example",
                "www.shop.example",
                "*.shop.example",
                "*.www.lab.example",
                "192.0.2.1",
                "2001:db8::1",
            ]),
            [
                ["shop.example", "_dnsauth.shop.example", "TXT"],
                ["www.lab.example", "_dnsauth.www.lab.example", "TXT"],
            ],
        );
        assert.deepEqual(shown(["Bücher.Example"]), [
            ["xn--bcher-kva.example", "_dnsauth.xn--bcher-kva.example", "TXT"],
        ]);
        assert.deepEqual(shown([]), []);
    });

    it("holds the token, or for CNAME a name of DigiCert's with it", async () => {
        const value = async (token: string | undefined, method?: string) => {
            const [record] = dcvRecords(["a.example"], { dcvRandomValue: token }, method);
            assert.ok(record);
            return [record.type, await valueOf(record.value)];
        };
        assert.deepEqual(await value("token"), ["TXT", "token"]);
        assert.deepEqual(await value("token", "dns-cname-token"), ["CNAME", "token.dcv.digicert.com"]);
        assert.deepEqual(await value(undefined), ["TXT", "unused"]);
        assert.deepEqual(await value(undefined, "dns-cname-token"), ["CNAME", "unused.dcv.digicert.com"]);
    });

    it("takes the method of the reissue where it is plain, also from additionalParameters, else TXT", () => {
        const type = (args: Partial<DigiCertReissueArgs>) =>
            dcvRecords(["a.example"], new DigiCertReissue("shop", { ...ARGS, ...args }))[0]?.type;
        assert.equal(type({ dcvMethod: "dns-cname-token" }), "CNAME");
        assert.equal(type({ additionalParameters: { dcv_method: "dns-cname-token" } }), "CNAME");
        assert.equal(type({ dcvMethod: pulumi.output("dns-cname-token" as const) }), "TXT");
        assert.equal(type({}), "TXT");
    });

    it("is known in preview but for the value, so that records are planned", async () => {
        engine = await mockEngine(true);
        const [record] = dcvRecords(["shop.example"], new DigiCertReissue("shop", ARGS));
        assert.deepEqual(
            [typeof record?.domain, typeof record?.name, typeof record?.type],
            Array(3).fill("string"),
        );
    });

    it("refuses methods without records, and says what to use", () => {
        const reissue = new DigiCertReissue("shop", { ...ARGS, dcvMethod: "http-token" });
        assert.throws(() => dcvRecords(["a.example"], reissue), /"http-token".*dcvFile/);
        assert.throws(() => shown(["a.example"], "email"), /"email".*"dns-txt-token" or "dns-cname-token"/);
        assert.throws(() => shown(["a.example"], "dns"), /"dns".*methods with records/);
        assert.throws(() => shown(["a.example", "no name"]), /names\[1\] has a character/);
    });
});

describe("dcvFile", () => {
    it("is the file of http-token, with a harmless text before there is a token", async () => {
        const { path, content } = dcvFile({ dcvRandomValue: "token" });
        assert.deepEqual(
            [path, await valueOf(content)],
            [".well-known/pki-validation/fileauth.txt", "token"],
        );
        assert.equal(await valueOf(dcvFile({ dcvRandomValue: undefined }).content), "unused");
    });
});
