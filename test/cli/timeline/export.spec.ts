import assert from "node:assert/strict";
import { readExport, SECRET, type ExportedResource } from "../../../cli/timeline/export.js";
import { readRecordedState } from "../../../cli/timeline/recordedState.js";
import { exported, resource, withDaysLeft } from "./fleet.js";

const SIGNATURE = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const encrypted = { ...SIGNATURE, ciphertext: "v1:AAAA" };
const inClear = { ...SIGNATURE, plaintext: '"hunter2"' };

/** The only resource of an export. */
function only(...resources: object[]): ExportedResource {
    const found = readExport(exported(...resources), "a test");
    assert.equal(found.length, 1);
    const [one] = found;
    assert.ok(one);
    return one;
}

describe("readExport (timeline)", () => {
    it("reads the DigiCertReissue resources with their names and stacks, and no others", () => {
        const found = readExport(
            exported(
                { urn: "urn:pulumi:prod::shop::aws:s3:Bucket::b", type: "aws:s3:Bucket", outputs: null },
                resource("a", withDaysLeft(10)),
                resource("b::c", withDaysLeft(10), { external: true }, "test", "bank"),
                resource("gone", withDaysLeft(10), { delete: true }),
                resource("failed", withDaysLeft(10), { initErrors: ["not issued"] }),
            ),
            "a test",
        );
        assert.deepEqual(
            found.map(({ name, stack, isManaged, initErrors }) => [name, stack, isManaged, initErrors]),
            [
                ["a", "shop/prod", true, []],
                ["b::c", "bank/test", false, []],
                ["failed", "shop/prod", true, ["not issued"]],
            ],
        );
    });

    it("reads the reissues of the provider plugin as well", () => {
        const ofPlugin = { ...resource("a", withDaysLeft(10)), type: "digicert:index:Reissue" };
        const [found] = readExport(exported(ofPlugin), "a test");
        assert.equal(found?.name, "a");
    });

    it("accepts an empty stack and a byte order mark", () => {
        assert.deepEqual(readExport('\uFEFF{"version":3,"deployment":{}}', "a test"), []);
    });

    const WRONG: readonly [string, RegExp][] = [
        ["", /^Reading x\.json: .*it is empty\. Make one with `pulumi stack export/],
        ["{", /it is not JSON/],
        ["[]", /it has no deployment/],
        ['{"version":3,"checkpoint":{"latest":{}}}', /it has no deployment/],
        [exported({ type: "pulumi-nodejs:dynamic/digicert:Reissue" }), /has no URN/],
    ];
    for (const [text, message] of WRONG) {
        it(`refuses ${text === "" ? "an empty file" : `a file that begins with ${text.slice(0, 30)}`}`, () => {
            assert.throws(() => readExport(text, "x.json"), { message });
        });
    }

    it("replaces secrets at any depth, encrypted or in clear", () => {
        const { outputs } = only(
            resource("a", {
                orderId: inClear,
                certificate: { csr: encrypted, dnsNames: [encrypted, "b.example"] },
            }),
        );
        assert.deepEqual(outputs, {
            orderId: SECRET,
            certificate: { csr: SECRET, dnsNames: [SECRET, "b.example"] },
        });
        assert.doesNotMatch(JSON.stringify(outputs), /hunter2|AAAA/);
    });
});

describe("readRecordedState (timeline)", () => {
    const read = (outputs: object) => readRecordedState(only(resource("a", outputs)));
    const state = withDaysLeft(100);

    it("returns every name once, the common name first", () => {
        const recorded = read({
            ...state,
            certificate: { ...state.certificate, dnsNames: ["b.example", "shop.example"] },
        });
        assert.ok("names" in recorded);
        assert.deepEqual(recorded.names, ["shop.example", "b.example"]);
    });

    const SECRETS: readonly [string, object, string][] = [
        ["the CSR", { ...state.certificate, csr: encrypted }, "shop.example"],
        ["every name", { ...state.certificate, commonName: encrypted, dnsNames: encrypted }, SECRET],
        ["the whole certificate", encrypted, SECRET],
    ];
    for (const [what, certificate, commonName] of SECRETS) {
        it(`reads a state in which ${what} is secret`, () => {
            const recorded = read({ ...state, certificate });
            assert.ok("names" in recorded);
            assert.equal(recorded.commonName, commonName);
        });
    }

    const UNREADABLE: readonly [string, object, string][] = [
        [
            "a limit is secret",
            { minDaysRemaining: encrypted },
            "has a secret in minDaysRemaining, which the timeline needs in clear",
        ],
        [
            "a date is secret",
            { issued: { ...state.issued, validTill: encrypted } },
            "has a secret in issued.validTill, which the timeline needs in clear",
        ],
        [
            "the record is secret",
            { issued: encrypted },
            "has a secret in issued, which the timeline needs in clear",
        ],
        [
            "a status is new",
            { status: "suspended" },
            'has a value that this version does not know in status "suspended"',
        ],
        [
            "a date is not a date",
            { orderValidTill: "soon" },
            'has a value that this version does not know in orderValidTill "soon"',
        ],
        ["there is no order", { orderId: undefined }, "lacks orderId"],
    ];
    for (const [what, more, unreadable] of UNREADABLE) {
        it(`names the member where ${what}`, () => {
            assert.deepEqual(read({ ...state, ...more }), { unreadable });
        });
    }
});
