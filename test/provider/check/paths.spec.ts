import assert from "node:assert/strict";
import { inspect } from "node:util";
import { checkInputs } from "../../../provider/check/check.js";
import { parseInputs } from "../../../provider/check/inputs.js";
import { pathWithoutEcho, propertyPath } from "../../../provider/check/paths.js";
import { csrPem, freshKey, keyPair, privateKeyPem } from "../../fixtures/csr.js";
import { given, givenAt, properties } from "../../fixtures/given.js";
import { withCrLf } from "../../simulator/pem.js";

describe("propertyPath", () => {
    it("writes paths as Pulumi does", () => {
        assert.equal(propertyPath(["certificate", "dnsNames", 1]), "certificate.dnsNames[1]");
        assert.equal(propertyPath(["triggers", "a.b", "c"]), 'triggers["a.b"].c');
        assert.equal(propertyPath(["x-y", "_z"]), "x-y._z");
    });
});

describe("pathWithoutEcho", () => {
    const rows: [string, unknown, string][] = [
        ["orderId", "order-1", "orderId"],
        ["orderId", -5, "orderId"],
        ["orderId", undefined, "orderId"],
        ["skipApproval", "yes", "skipApproval"],
        ["orderId", "0123456789abcdef01234", '["orderId"]'],
        ["comments", ["a"], '["comments"]'],
        ["triggers", { a: "b" }, '["triggers"]'],
        ["apiKey", "short", '["apiKey"]'],
        ["other", undefined, "other"],
    ];
    for (const [property, value, path] of rows) {
        it(`reports ${inspect(value)} in ${property} at ${path}`, () => {
            assert.equal(
                pathWithoutEcho(property, { [property]: value }, ["orderId", "comments", "skipApproval"]),
                path,
            );
        });
    }

    it("is how failures name top-level properties whose value the engine must not print", () => {
        const { failures } = parseInputs(given({ comments: "x".repeat(5000), apiKey: "s3cr3t" }));
        assert.deepEqual(failures.map(({ property }) => property).sort(), ['["apiKey"]', '["comments"]']);
    });
});

describe("a private key pasted by mistake", () => {
    const pem = privateKeyPem(freshKey());
    const secrets = pem.split("\n").filter((line) => line !== "" && !line.startsWith("-"));
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
        "certificate.unheardOf",
        "comments",
        "skipApproval",
        "additionalParameters",
        "additionalParameters.dcv_method",
        "additionalParameters.certificate.csr",
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
        "identity",
        "unheardOf",
    ];
    for (const path of paths) {
        it(`is refused at ${path}, and echoed nowhere`, async () => {
            for (const text of [pem, withCrLf(`see:\n${csrPem(keyPair("P-256"))}${pem}`)]) {
                const { inputs, failures } = await checkInputs(givenAt(path.split("."), text));
                assert.equal(inputs, undefined);
                assert.deepEqual(properties(failures), [path.replace(".[]", "[0]")]);
                assert.ok(
                    path.includes(".") || failures[0]?.property.startsWith("["),
                    "the engine prints the value",
                );
                assert.match(
                    failures[0]?.reason ?? "",
                    /holds a private key.*give the certificate signing request/,
                );
                assert.ok(secrets.every((secret) => !JSON.stringify(failures).includes(secret.slice(0, 12))));
            }
        });
    }

    it("is refused in all places at once", async () => {
        const { failures } = await checkInputs({ orderId: pem, certificate: { csr: pem }, comments: pem });
        assert.deepEqual(properties(failures), ["certificate.csr", "comments", "orderId"]);
    });

    it("is not echoed either when it comes without its frame", async () => {
        const bare = secrets.join("");
        for (const path of paths) {
            const { failures } = await checkInputs(givenAt(path.split("."), bare));
            assert.ok(!JSON.stringify(failures).includes(bare.slice(0, 24)), path);
        }
    });
});
