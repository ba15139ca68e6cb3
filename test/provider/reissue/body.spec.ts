import assert from "node:assert/strict";
import fc from "fast-check";
import { overriddenPaths, makeReissueBody } from "../../../provider/core/reissue/body.js";
import { isObject } from "../../../provider/core/json.js";
import { UNKNOWN } from "../../../provider/core/unknown.js";
import type { Json } from "../../../provider/core/json.js";
import { jsonObject } from "../../fixtures/arbitraries.js";
import { inputs, type InputsOptions } from "../../fixtures/inputs.js";

const MARKER = "7f3a9c211b2c3d4e";
const { csr } = inputs().certificate;
const body = (options: InputsOptions = {}) => makeReissueBody(inputs(options), MARKER);

describe("makeReissueBody", () => {
    it("says everything that is always said", () => {
        assert.deepEqual(body(), {
            certificate: {
                common_name: "shop.example",
                dns_names: [],
                csr,
                server_platform: { id: -1 },
                signature_hash: "sha256",
            },
            comments: `[pulumi-digicert ${MARKER}]`,
            skip_approval: false,
        });
    });

    it("says everything that an input asks for", () => {
        const certificate = {
            commonName: "shop.example",
            dnsNames: ["z.example", "a.example"],
            serverPlatform: { id: 45 },
            signatureHash: "sha512" as const,
            caCertId: "A1",
        };
        const additionalParameters = {
            dcv_method: "email",
            certificate: { cert_validity: { days: 90 }, server_platform: { name: "nginx" } },
        };
        assert.deepEqual(
            body({ certificate, comments: "by hand", skipApproval: true, additionalParameters }),
            {
                certificate: {
                    common_name: "shop.example",
                    dns_names: ["z.example", "a.example"],
                    csr,
                    server_platform: { id: 45, name: "nginx" },
                    signature_hash: "sha512",
                    ca_cert_id: "A1",
                    cert_validity: { days: 90 },
                },
                comments: `by hand [pulumi-digicert ${MARKER}]`,
                skip_approval: true,
                dcv_method: "email",
            },
        );
    });

    it("takes null for the parameter dcv_method as absent", () => {
        const additionalParameters = { dcv_method: null };
        assert.equal(body({ dcvMethod: "email", additionalParameters }).dcv_method, "email");
        assert.ok(!("dcv_method" in body({ additionalParameters })));
    });

    it("says nothing of names for a product without", () => {
        const { certificate } = body({ certificate: { commonName: undefined } });
        assert.deepEqual(Object.keys(certificate as object), ["csr", "server_platform", "signature_hash"]);
    });

    it("has nothing in it that is not for DigiCert", () => {
        const text = JSON.stringify(body({ triggers: { a: "trigger" }, allowNameRemoval: ["x.example"] }));
        assert.doesNotMatch(text, /112233|project|trigger|x\.example|identity/);
    });

    it("replaces lists and leaves of additional parameters whole, and null is a value", () => {
        assert.deepEqual(body({ additionalParameters: { a: [1, 2], b: null, c: { d: [{}] } } }), {
            ...body(),
            a: [1, 2],
            b: null,
            c: { d: [{}] },
        });
    });

    it("changes nothing of what it is given, and keeps every modelled member", () => {
        fc.assert(
            fc.property(jsonObject(), jsonObject(), (outer, certificate) => {
                const additional = { ...outer, certificate } as Record<string, Json>;
                fc.pre(overriddenPaths(additional).length === 0);
                const given = inputs({ additionalParameters: additional });
                const before = structuredClone(given);
                const result = makeReissueBody(given, MARKER);
                assert.deepEqual(given, before);
                const { certificate: plain, ...rest } = body();
                for (const [member, value] of Object.entries(rest)) assert.deepEqual(result[member], value);
                for (const [member, value] of Object.entries(plain as object)) {
                    assert.deepEqual((result.certificate as Record<string, Json>)[member], value);
                }
                for (const [member, value] of Object.entries(certificate)) {
                    assert.deepEqual((result.certificate as Record<string, Json>)[member], value);
                }
            }),
        );
    });
});

describe("overriddenPaths", () => {
    const rows: [Record<string, Json>, string[]][] = [
        [{}, []],
        [{ dcv_method: "email", organization: { id: 5 } }, []],
        [{ certificate: {} }, []],
        [{ certificate: { cert_validity: { years: 1 } } }, []],
        [{ certificate: { server_platform: { name: "x" } } }, []],
        [{ comments: "x" }, ["comments"]],
        [{ skip_approval: false }, ["skip_approval"]],
        [{ certificate: null }, ["certificate"]],
        [{ certificate: [] }, ["certificate"]],
        [{ certificate: "x" }, ["certificate"]],
        [
            { certificate: { csr: "x", common_name: "y", other: 1 } },
            ["certificate.csr", "certificate.common_name"],
        ],
        [
            { certificate: { dns_names: [], signature_hash: null } },
            ["certificate.dns_names", "certificate.signature_hash"],
        ],
        [{ certificate: { ca_cert_id: "x" } }, ["certificate.ca_cert_id"]],
        [{ certificate: { server_platform: 2 } }, ["certificate.server_platform"]],
        [{ certificate: { server_platform: { id: 2 } } }, ["certificate.server_platform.id"]],
        [{ comments: UNKNOWN, certificate: { csr: UNKNOWN } }, ["comments", "certificate.csr"]],
        [{ certificate: UNKNOWN }, []],
        [{ certificate: { server_platform: UNKNOWN } }, []],
        [{ toString: "x", constructor: "y" }, []],
    ];
    for (const [additional, paths] of rows) {
        it(`finds ${paths.join(", ") || "nothing"} in ${JSON.stringify(additional).slice(0, 70)}`, () => {
            assert.deepEqual(overriddenPaths(additional), paths);
        });
    }
});

describe("isObject", () => {
    it("tells objects from lists and null", () => {
        assert.deepEqual([{}, [], null, "x", 1].map(isObject), [true, false, false, false, false]);
    });
});
