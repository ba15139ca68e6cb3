/** Everything else: types, sizes, control characters, CSRs, the body, names that JavaScript reserves. */
import { csrDer, csrPem, keyPair } from "../../../test/fixtures/csr.js";
import { given } from "../../../test/fixtures/inputs.js";
import { element, sequence } from "../../../simulator/der.js";
import { toPem } from "../../../simulator/pem.js";
import { accepted, cert, extra, json, nested, refused, type Row } from "./row.js";

const MEGABYTE = 1_000_000;
const CSR = "certificate.csr";
const NO_INPUT = /is not an input/;
const RESERVED = /is a name that JavaScript reserves/;
const JSON_ONLY = /must be JSON/;
const DEEP = /is nested too deeply/;
const pem = (der: Uint8Array) => toPem("CERTIFICATE REQUEST", der);
const p256 = () => csrDer(keyPair("P-256"));

/** Sequences in each other: a parser that calls itself would run out of stack. */
function hollow(levels: number): Buffer {
    let der: Buffer = Buffer.alloc(0);
    for (let level = 0; level < levels; level += 1) der = sequence(der);
    return der;
}

const types: Row[] = [
    refused("nothing at all", () => ({}), ["certificate", "orderId"], /must be/),
    refused(
        "a certificate of null",
        given({ orderId: 1, certificate: undefined, ...(json('{"x":1}') as object) }),
        "x",
        NO_INPUT,
    ),
    ...["certificate", "triggers", "additionalParameters"].flatMap((name) => [
        refused(`${name} as text`, () => ({ ...given(), [name]: "x" }), name, /must be a/),
        refused(`${name} as a list`, () => ({ ...given(), [name]: [] }), name, /must be a/),
        refused(`${name} as true`, () => ({ ...given(), [name]: true }), name, /must be a/),
    ]),
    refused(
        "certificate as null",
        () => ({ ...given(), certificate: null }),
        "certificate",
        /must be an object/,
    ),
    ...["skipApproval", "waitForApproval", "allowPendingOutputs", "adoptExisting"].flatMap((name) => [
        refused(`${name} as text`, given({ [name]: "false" }), name, /must be true or false/),
        refused(`${name} as 0`, given({ [name]: 0 }), name, /must be true or false/),
        refused(`${name} as a list`, given({ [name]: [true] }), name, /must be true or false/),
    ]),
    ...["minDaysRemaining", "failDaysRemaining", "issuanceTimeoutSeconds"].flatMap((name) => [
        refused(`${name} as text`, given({ [name]: "30" }), name, /must be a number/),
        refused(`${name} as NaN`, given({ [name]: NaN }), name, /must be a number/),
        refused(`${name} as infinity`, given({ [name]: Infinity }), name, /must be/),
    ]),
    accepted(
        "endless minDaysRemaining",
        given({ minDaysRemaining: 1e308 }),
        "clamped to half the lifetime, with a warning",
    ),
    accepted(
        "minDaysRemaining near zero",
        given({ minDaysRemaining: 5e-324 }),
        "fewer than no days are never left",
    ),
    accepted("minus zero", given({ minDaysRemaining: -0 }), "JSON has no minus zero; 0 is recorded"),
    accepted(
        "endless failDaysRemaining",
        given({ failDaysRemaining: 1e308 }),
        "says to fail until a successor is issued",
    ),
    refused(
        "a timeout of 1e308",
        given({ issuanceTimeoutSeconds: 1e308 }),
        "issuanceTimeoutSeconds",
        /a week/,
    ),
    refused(
        "a negative timeout",
        given({ issuanceTimeoutSeconds: -1e-9 }),
        "issuanceTimeoutSeconds",
        /negative/,
    ),
    refused(
        "a policy in capitals",
        given({ deletionPolicy: "REVOKE" }),
        "deletionPolicy",
        /must be "forget"/,
    ),
    refused(
        "a policy with a blank",
        given({ deletionPolicy: "revoke " }),
        "deletionPolicy",
        /must be "forget"/,
    ),
    refused(
        "a policy that every object has",
        given({ deletionPolicy: "toString" }),
        "deletionPolicy",
        /must be "forget"/,
    ),
    refused(
        "a list of policies",
        given({ deletionPolicy: ["revoke"] }),
        "deletionPolicy",
        /must be "forget"/,
    ),
    refused(
        "a hash that every object has",
        cert({ signatureHash: "constructor" }),
        "certificate.signatureHash",
        /must be/,
    ),
    refused(
        "a hash with a NUL",
        cert({ signatureHash: "sha256\u0000" }),
        "certificate.signatureHash",
        /must be/,
    ),
    refused(
        "a platform below -1",
        cert({ serverPlatform: { id: -2 } }),
        "certificate.serverPlatform.id",
        /must be an integer/,
    ),
    refused(
        "a platform without digits",
        cert({ serverPlatform: { id: 2 ** 53 } }),
        "certificate.serverPlatform.id",
        /integer/,
    ),
    refused(
        "a platform with more",
        cert({ serverPlatform: { id: 2, name: "x" } }),
        "certificate.serverPlatform.name",
        NO_INPUT,
    ),
    refused(
        "a CA id that is a path",
        cert({ caCertId: "../1" }),
        "certificate.caCertId",
        /letters and digits/,
    ),
    refused(
        "a CA id with a line end",
        cert({ caCertId: "A1\r\n" }),
        "certificate.caCertId",
        /letters and digits/,
    ),
    refused(
        "a CA id of a megabyte",
        () => cert({ caCertId: "A".repeat(MEGABYTE) }),
        "certificate.caCertId",
        /at most 64/,
    ),
];

const texts: Row[] = [
    refused("a NUL in comments", given({ comments: "a\u0000b" }), "comments", /control characters/),
    refused(
        "a terminal escape in comments",
        given({ comments: "\u001b]0;x\u0007" }),
        "comments",
        /control characters/,
    ),
    refused("a C1 escape in comments", given({ comments: "\u009b31m" }), "comments", /control characters/),
    refused("a lone surrogate in comments", given({ comments: "a\udc00" }), "comments", /half a character/),
    refused(
        "a megabyte of comments",
        () => given({ comments: "x".repeat(MEGABYTE) }),
        "comments",
        /at most 4096/,
    ),
    accepted(
        "header injection in comments",
        given({ comments: "a\r\nX-DC-DEVKEY: 1" }),
        "they are sent inside JSON",
    ),
    accepted(
        "JSON in comments",
        given({ comments: '","skip_approval":true,"x":"' }),
        "they are sent escaped, inside JSON",
    ),
    accepted(
        "HTML in comments",
        given({ comments: "<script>alert(1)</script>" }),
        "CertCentral shows it; nothing here does",
    ),
    accepted(
        "a right-to-left override in comments",
        given({ comments: "\u202etxt" }),
        "texts in some scripts need such marks",
    ),
    accepted(
        "a marker in comments",
        given({ comments: "[pulumi-digicert 7f3a9c211b2c3d4e]" }),
        "the last marker counts, and that is ours",
    ),
    accepted(
        "4096 characters of comments",
        given({ comments: "\u{1f600}".repeat(2048) }),
        "the limit itself",
    ),
    refused("a trigger that is a number", given({ triggers: { a: 1 } }), "triggers.a", /must be a string/),
    refused("a trigger that is null", given({ triggers: { a: null } }), "triggers.a", /must be a string/),
    refused(
        "a trigger that is an object",
        given({ triggers: { a: { b: "c" } } }),
        "triggers.a",
        /must be a string/,
    ),
    refused(
        "a trigger named __proto__",
        () => given({ triggers: json('{"__proto__":"1"}') }),
        "triggers.__proto__",
        RESERVED,
    ),
    refused(
        "a bad trigger with an odd name",
        given({ triggers: { "a\u001b[31m\n\u202eb": 1 } }),
        'triggers["a b"]',
        /must be a string/,
    ),
    accepted(
        "a trigger named constructor",
        given({ triggers: { constructor: "1", toString: "2" } }),
        "own members are read only",
    ),
    accepted("a trigger without a name", given({ triggers: { "": "" } }), "only its change counts"),
    accepted(
        "a trigger of a megabyte",
        () => given({ triggers: { a: "x".repeat(MEGABYTE) } }),
        "only its digest is used; it is never sent",
    ),
    accepted(
        "control characters in a trigger",
        given({ triggers: { "a\n": "\u0000\u001b" } }),
        "it is neither sent nor printed",
    ),
    accepted(
        "a lone surrogate in a trigger",
        given({ triggers: { a: "\ud800" } }),
        "it is never sent; JSON escapes it",
    ),
    accepted(
        "10,000 triggers",
        () =>
            given({
                triggers: Object.fromEntries(
                    Array.from({ length: 10_000 }, (_, index) => [`t${index}`, "1"]),
                ),
            }),
        "one digest stands for all",
    ),
];

const requests: Row[] = [
    refused("no CSR", cert({ csr: undefined }), CSR, /must be a string/),
    refused("a CSR of null", cert({ csr: null }), CSR, /must be a string/),
    refused("an empty CSR", cert({ csr: "" }), CSR, /is empty/),
    refused("a CSR of a megabyte", () => cert({ csr: "A".repeat(MEGABYTE) }), CSR, /too large/),
    refused(
        "a megabyte of frames",
        () => cert({ csr: "-----BEGIN CERTIFICATE REQUEST-----".repeat(30_000) }),
        CSR,
        /too large/,
    ),
    refused("a file name", cert({ csr: "/etc/passwd" }), CSR, /neither|cannot be read/),
    refused("two CSRs", () => cert({ csr: pem(p256()) + pem(p256()) }), CSR, /exactly one PEM block/),
    refused("a certificate", () => cert({ csr: toPem("CERTIFICATE", p256()) }), CSR, /is a certificate/),
    refused("a public key", () => cert({ csr: toPem("PUBLIC KEY", p256()) }), CSR, /of another kind/),
    refused(
        "a CSR with bytes behind it",
        () => cert({ csr: pem(Buffer.concat([p256(), Buffer.alloc(9)])) }),
        CSR,
        /cannot be read/,
    ),
    refused("a CSR cut off", () => cert({ csr: pem(p256().subarray(0, 60)) }), CSR, /cannot be read/),
    refused("one byte", () => cert({ csr: pem(Buffer.from([0x30])) }), CSR, /cannot be read/),
    refused(
        "a length without end",
        () => cert({ csr: pem(Buffer.from("308affffffffffffffffffff", "hex")) }),
        CSR,
        /cannot be read/,
    ),
    refused("sequences in each other", () => cert({ csr: pem(hollow(10_000)) }), CSR, /cannot be read/),
    refused(
        "indefinite lengths in each other",
        () => cert({ csr: pem(Buffer.from("3080".repeat(20_000), "hex")) }),
        CSR,
        /cannot be read/,
    ),
    refused(
        "integers instead of a CSR",
        () => cert({ csr: pem(sequence(element(0x02, Buffer.alloc(20_000, 1)))) }),
        CSR,
        /cannot be read/,
    ),
    refused(
        "random bytes",
        cert({ csr: Buffer.from("0123456789abcdef").toString("base64") }),
        CSR,
        /cannot be read/,
    ),
    refused("a small RSA key", () => cert({ csr: csrPem(keyPair("RSA 1024")) }), CSR, /at least 2048/),
    refused("a CSR of DSA", () => cert({ csr: csrPem(keyPair("DSA")) }), CSR, /type dsa/),
    accepted(
        "a CSR for other names",
        () => cert({ csr: csrPem(keyPair("P-256"), { commonName: "evil.example" }) }),
        "its key is what counts; the names that are sent decide (DigiCert)",
    ),
    accepted(
        "a CSR with control characters in its subject",
        () => cert({ csr: csrPem(keyPair("P-256"), { commonName: "\u0000\u001b[31m\r\n" }) }),
        "its subject is neither used nor printed",
    ),
];

const parameters: Row[] = [
    refused(
        "__proto__ in the body",
        () => extra(json('{"__proto__":{"polluted":true}}')),
        "additionalParameters.__proto__",
        RESERVED,
    ),
    refused(
        "__proto__ deep in the body",
        () => extra(json('{"a":[{"__proto__":{"x":1}}]}')),
        "additionalParameters.a[0].__proto__",
        RESERVED,
    ),
    refused(
        "__proto__ in the certificate of the body",
        () => extra(json('{"certificate":{"__proto__":{"csr":"x"}}}')),
        "additionalParameters.certificate.__proto__",
        RESERVED,
    ),
    refused(
        "constructor.prototype in the body",
        extra(json('{"constructor":{"prototype":{"x":1}}}')),
        "additionalParameters.constructor",
        RESERVED,
    ),
    refused(
        "prototype in the body",
        extra({ a: { prototype: 1 } }),
        "additionalParameters.a.prototype",
        RESERVED,
    ),
    refused(
        "__proto__ beside the inputs",
        () => Object.assign(json('{"__proto__":{"x":1}}') as object, given()),
        "__proto__",
        RESERVED,
    ),
    refused(
        "__proto__ in the certificate",
        () => ({
            ...given(),
            certificate: Object.assign(json('{"__proto__":1}') as object, given().certificate),
        }),
        "certificate.__proto__",
        RESERVED,
    ),
    accepted(
        "toString and toJSON in the body",
        extra({ toString: "x", toJSON: "y", valueOf: 1 }),
        "own members that are no functions; JSON writes them",
    ),
    accepted(
        "hasOwnProperty in the body",
        extra({ hasOwnProperty: 1, certificate: { hasOwnProperty: 1 } }),
        "the same",
    ),
    refused(
        "an overridden CSR",
        extra({ certificate: { csr: "x" } }),
        "additionalParameters.certificate.csr",
        /input of its own/,
    ),
    refused(
        "overridden names",
        extra({ certificate: { dns_names: [] } }),
        "additionalParameters.certificate.dns_names",
        /of its own/,
    ),
    refused(
        "an overridden body",
        extra({ certificate: [] }),
        "additionalParameters.certificate",
        /input of its own/,
    ),
    refused(
        "an overridden platform",
        extra({ certificate: { server_platform: null } }),
        "additionalParameters.certificate.server_platform",
        /its own/,
    ),
    refused(
        "the marker overridden",
        extra({ comments: "" }),
        "additionalParameters.comments",
        /input of its own/,
    ),
    accepted(
        "a modelled name in capitals",
        extra({ Comments: "x", "comments ": "y" }),
        "another member; DigiCert ignores what it does not know",
    ),
    accepted(
        "a modelled name with a dot",
        extra({ "certificate.csr": "x" }),
        "another member: no path is read from it",
    ),
    refused("33 levels", () => extra({ a: nested(32) }), `additionalParameters.a${path(32)}`, DEEP),
    refused("20,000 levels", () => extra({ a: nested(20_000) }), `additionalParameters.a${path(32)}`, DEEP),
    refused(
        "20,000 levels in a trigger",
        () => given({ triggers: { a: nested(20_000) } }),
        [`triggers.a`, `triggers.a${path(32)}`],
        /nested too deeply|must be a string/,
    ),
    accepted("30 levels", () => extra({ a: nested(30) }), "deeper than any body, and harmless"),
    refused("NaN in the body", extra({ a: [NaN] }), "additionalParameters.a[0]", JSON_ONLY),
    refused("infinity in the body", extra({ a: { b: -Infinity } }), "additionalParameters.a.b", JSON_ONLY),
    refused("a bigint in the body", extra({ a: 1n }), "additionalParameters.a", JSON_ONLY),
    refused("a function in the body", extra({ a: () => 1 }), "additionalParameters.a", JSON_ONLY),
    refused("a symbol in the body", extra({ a: Symbol("x") }), "additionalParameters.a", JSON_ONLY),
    refused(
        "an asset in the body",
        extra({
            a: {
                "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
                path: "/etc/passwd",
            },
        }),
        "additionalParameters.a",
        JSON_ONLY,
    ),
    accepted("null in the body", extra({ a: null }), "JSON has it; DigiCert may want it"),
    accepted(
        "a lone surrogate in the body",
        extra({ a: "\ud800" }),
        "JSON escapes it; DigiCert refuses what it does not take",
    ),
    accepted("control characters in the body", extra({ "a\r\n": "\u0000\r\nX: 1" }), "JSON escapes them"),
    accepted(
        "a megabyte in the body",
        () => extra({ a: "x".repeat(MEGABYTE) }),
        "DigiCert says what is too large for it",
    ),
    accepted(
        "10,000 members",
        () => extra(Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`m${index}`, index]))),
        "the same",
    ),
    refused("a name in DigiCert's spelling", given({ order_id: 5 }), "order_id", /did you mean orderId\?/),
    refused(
        "a name of the state",
        given({ certificatePem: "x", asked: {}, issued: {} }),
        ["asked", "certificatePem", "issued"],
        NO_INPUT,
    ),
    refused("a private key input", given({ privateKey: "hush-hush" }), "privateKey", NO_INPUT),
    refused("a setting as input", given({ baseUrl: "https://evil.example" }), "baseUrl", NO_INPUT),
    refused("an id", given({ id: "445566", urn: "urn:pulumi:x" }), ["id", "urn"], NO_INPUT),
    refused(
        "a name of a megabyte",
        () => given({ ["x".repeat(MEGABYTE)]: 1 }),
        `["${"x".repeat(300)}\u2026"]`,
        NO_INPUT,
    ),
    refused("a name that rewrites the terminal", given({ "\u001b[2K\u202eok": 1 }), "ok", NO_INPUT),
    refused(
        "10,000 names that are none",
        () => ({
            ...given(),
            ...Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`x${index}`, index])),
        }),
        Array.from({ length: 10_000 }, (_, index) => `x${index}`),
        NO_INPUT,
    ),
];

/** Where {@link nested} is so deep. */
function path(depth: number): string {
    return Array.from({ length: depth - 1 }, (_, index) => (index % 2 === 0 ? "[0]" : ".a")).join("");
}

/** All rows of this kind. */
export const shapeRows: Row[] = [...types, ...texts, ...requests, ...parameters];
