import assert from "node:assert/strict";
import { inspect } from "node:util";
import { propertyPath } from "../../../provider/core/inputs/paths.js";
import { pathWithoutEcho } from "../../../provider/pulumi/propertyPaths.js";
import { freshKey, privateKeyPem } from "../../fixtures/csr.js";
import { given } from "../../fixtures/inputs.js";
import { newProvider } from "../../../tools/stress/inputs/judge.js";

describe("propertyPath", () => {
    it("writes paths as Pulumi does", () => {
        assert.equal(propertyPath(["certificate", "dnsNames", 1]), "certificate.dnsNames[1]");
        assert.equal(propertyPath(["triggers", "a.b", "c"]), 'triggers["a.b"].c');
        assert.equal(propertyPath(["x-y", "_z"]), "x-y._z");
    });
});

describe("pathWithoutEcho", () => {
    const rows: [string, unknown, string][] = [
        ["orderId", "order-1", '["orderId"]'],
        ["orderId", -5, "orderId"],
        ["orderId", undefined, "orderId"],
        ["skipApproval", "yes", '["skipApproval"]'],
        ["skipApproval", 1, "skipApproval"],
        ["comments", ["a"], '["comments"]'],
        ["triggers", { a: "b" }, '["triggers"]'],
        ["apiKey", "short", '["apiKey"]'],
        ["other", undefined, "other"],
    ];
    for (const [property, value, path] of rows) {
        it(`reports ${inspect(value)} in ${property} at ${path}`, () => {
            assert.equal(pathWithoutEcho(property, { [property]: value }), path);
        });
    }

    it("is how failures name top-level properties whose value the engine must not print", async () => {
        const { failures = [] } = await newProvider().check(
            {},
            given({ comments: "x".repeat(5000), apiKey: "s3cr3t" }),
        );
        assert.deepEqual(failures.map(({ property }) => property).sort(), ['["apiKey"]', '["comments"]']);
    });
});

describe("propertyPath of names that are unfit for a line", () => {
    it("leaves out what is not seen, and what has no end", () => {
        assert.equal(propertyPath(["a\u009b31m\u202eb\n"]), '["a b"]');
        assert.ok(propertyPath(["x".repeat(1_000_000)]).length < 400);
    });

    it("names no private key", () => {
        assert.equal(propertyPath(["triggers", privateKeyPem(freshKey())]), 'triggers["(a private key)"]');
    });
});
