import assert from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { parseInputs } from "../../../provider/core/reissue/inputs.js";
import { UNKNOWN } from "../../../provider/core/unknown.js";
import type { ReissueInputs } from "../../../provider/core/reissue/state.js";
import { caseChanged, dnsNameList } from "../../fixtures/arbitraries.js";
import { given, givenAt, properties } from "../../fixtures/inputs.js";

function accepted(bag: Record<string, unknown>): ReissueInputs {
    const { inputs, failures } = parseInputs(bag);
    assert.deepEqual(failures, []);
    assert.ok(inputs);
    return inputs;
}

describe("parseInputs", () => {
    it("fills in the documented defaults, and nothing else", () => {
        const bag = given();
        assert.deepEqual(accepted(bag), {
            orderId: "112233",
            certificate: {
                ...(bag.certificate as object),
                dnsNames: [],
                serverPlatform: { id: -1 },
                signatureHash: "sha256",
            },
            skipApproval: false,
            waitForApproval: false,
            issuanceTimeoutSeconds: 900,
            allowPendingOutputs: false,
            adoptExisting: false,
            deletionPolicy: "forget",
        });
    });

    it("keeps everything that is given", () => {
        const bag = given({
            certificate: {
                dnsNames: ["shop.example", "www.shop.example"],
                serverPlatform: { id: 45 },
                signatureHash: "sha512",
                caCertId: "A1",
            },
            orderId: "112233",
            comments: "line one\n\tline two",
            skipApproval: true,
            dcvMethod: "dns-txt-token",
            additionalParameters: {
                cs_provisioning_method: "email",
                certificate: { cert_validity: { days: 90 } },
            },
            triggers: { rotation: "2" },
            minDaysRemaining: -1,
            failDaysRemaining: 0.5,
            waitForApproval: true,
            issuanceTimeoutSeconds: 0,
            allowPendingOutputs: true,
            allowNameRemoval: ["old.example"],
            adoptExisting: true,
            deletionPolicy: "revoke",
        });
        assert.deepEqual(accepted(bag), bag);
    });

    it("takes a product without a common name", () => {
        assert.equal(
            accepted(given({ certificate: { commonName: undefined } })).certificate.commonName,
            undefined,
        );
    });

    it("takes null for every optional member of certificate as absent", () => {
        const { csr } = given().certificate as { csr: string };
        const names = ["commonName", "dnsNames", "serverPlatform", "signatureHash", "caCertId"];
        const nulls = Object.fromEntries(names.map((name) => [name, null]));
        assert.deepEqual(
            accepted({ ...given(), certificate: { ...nulls, csr } }),
            accepted({ ...given(), certificate: { csr } }),
        );
    });

    const orderIds: [unknown, string][] = [
        [112233, "112233"],
        ["112233", "112233"],
        ["000112233", "112233"],
        ["9007199254740993", "9007199254740993"],
        [Number.MAX_SAFE_INTEGER, "9007199254740991"],
        [1, "1"],
    ];
    for (const [orderId, normal] of orderIds) {
        it(`writes the order id ${JSON.stringify(orderId)} as "${normal}"`, () => {
            assert.equal(accepted(given({ orderId })).orderId, normal);
        });
    }

    const badOrderIds: unknown[] = [
        0,
        -5,
        1.5,
        NaN,
        Infinity,
        2 ** 53,
        1e21,
        "",
        "0",
        "000",
        "-5",
        "+5",
        "1.5",
        "1e3",
        " 112233",
        "112233\n",
        "0x1b",
        "１１２",
        "order-1",
        "1".repeat(20),
        undefined,
        null,
        true,
        {},
        [112233],
    ];
    for (const orderId of badOrderIds) {
        it(`refuses the order id ${inspect(orderId)}`, () => {
            const { inputs, failures } = parseInputs(given({ orderId }));
            assert.equal(inputs, undefined);
            assert.deepEqual(properties(failures), ["orderId"]);
            assert.match(failures[0]?.reason ?? "", /order|CertCentral/);
        });
    }

    describe("names", () => {
        it("are written as certificates have them, in the order of the program, each once", () => {
            const { certificate, allowNameRemoval } = accepted(
                given({
                    certificate: {
                        commonName: "SHOP.example",
                        dnsNames: [
                            "z.example",
                            "*.Bücher.example",
                            "A.example",
                            "Z.EXAMPLE",
                            "192.0.2.1",
                            "2001:DB8:0::1",
                        ],
                    },
                    allowNameRemoval: ["Old.example", "old.EXAMPLE"],
                }),
            );
            assert.equal(certificate.commonName, "shop.example");
            assert.deepEqual(certificate.dnsNames, [
                "z.example",
                "*.xn--bcher-kva.example",
                "a.example",
                "192.0.2.1",
                "2001:db8::1",
            ]);
            assert.deepEqual(allowNameRemoval, ["old.example"]);
        });

        it("are normal once they were normalised, whatever the case", () => {
            fc.assert(
                fc.property(
                    dnsNameList().chain((names) => fc.tuple(...names.map(caseChanged))),
                    (pairs) => {
                        const parse = (dnsNames: string[]) =>
                            accepted(given({ certificate: { dnsNames } })).certificate.dnsNames;
                        const once = parse(pairs.map(([, loud]) => loud));
                        assert.deepEqual(once, parse(pairs.map(([name]) => name)));
                        assert.deepEqual(parse(once), once);
                    },
                ),
            );
        });
    });

    describe("what is not known in a preview", () => {
        const paths = [
            "orderId",
            "certificate",
            "certificate.commonName",
            "certificate.dnsNames",
            "certificate.dnsNames.[]",
            "certificate.csr",
            "certificate.serverPlatform",
            "certificate.serverPlatform.id",
            "certificate.signatureHash",
            "certificate.caCertId",
            "comments",
            "skipApproval",
            "additionalParameters",
            "dcvMethod",
            "additionalParameters.dcv_method",
            "additionalParameters.certificate",
            "additionalParameters.certificate.server_platform",
            "additionalParameters.certificate.cert_validity.days",
            "additionalParameters.list.[]",
            "triggers",
            "triggers.rotation",
            "minDaysRemaining",
            "failDaysRemaining",
            "waitForApproval",
            "issuanceTimeoutSeconds",
            "allowPendingOutputs",
            "allowNameRemoval",
            "allowNameRemoval.[]",
            "adoptExisting",
            "deletionPolicy",
        ].map((path) => path.split("."));
        for (const path of paths) {
            it(`passes at ${path.join(".")} as it is`, () => {
                const inputs = accepted(givenAt(path, UNKNOWN));
                const at = path.reduce<unknown>(
                    (value, name) => (value as Record<string, unknown>)[name === "[]" ? "0" : name],
                    inputs,
                );
                assert.equal(at, UNKNOWN);
            });
        }

        it("passes at any number of places at once", () => {
            fc.assert(
                fc.property(fc.uniqueArray(fc.constantFrom(...paths.map(([top = ""]) => top))), (names) => {
                    accepted({ ...given(), ...Object.fromEntries(names.map((name) => [name, UNKNOWN])) });
                }),
            );
        });

        it("does not hide what is wrong beside it", () => {
            const { failures } = parseInputs(
                given({
                    orderId: UNKNOWN,
                    certificate: { dnsNames: [UNKNOWN, "-", "ok.example"] },
                    comments: 5,
                }),
            );
            assert.deepEqual(properties(failures), ["certificate.dnsNames[1]", "comments"]);
        });

        it("is never a name that may not disappear", () => {
            accepted(
                given({
                    certificate: { commonName: UNKNOWN, dnsNames: [UNKNOWN] },
                    allowNameRemoval: [UNKNOWN],
                }),
            );
        });
    });
});
