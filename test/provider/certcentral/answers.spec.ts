import assert from "node:assert/strict";
import fc from "fast-check";
import { inspect } from "node:util";
import {
    acceptedAnswer,
    errorAnswer,
    orderAnswer,
    reissuesAnswer,
    requestAnswer,
} from "../../../provider/core/certcentral/answers.js";

describe("acceptedAnswer", () => {
    const rows: [string, unknown, unknown][] = [
        ["nothing but an id", { id: 112233 }, { id: 112233 }],
        ["nothing", {}, {}],
        [
            "requests",
            { id: 1, requests: [{ id: 5, status: "pending" }] },
            { id: 1, requests: [{ id: 5, status: "pending" }] },
        ],
        [
            "ids as text",
            { id: "1", certificate_id: "2", requests: [{ id: "3" }] },
            { id: 1, certificate_id: 2, requests: [{ id: 3 }] },
        ],
        [
            "a chain",
            { certificate_id: 2, certificate_chain: [{ subject_common_name: "a", pem: "P" }, { pem: "Q" }] },
            { certificate_id: 2, certificate_chain: [{ subject_common_name: "a", pem: "P" }, { pem: "Q" }] },
        ],
        ["a token", { dcv_random_value: "abc" }, { dcv_random_value: "abc" }],
        ["members it does not know", { id: 1, new_thing: { a: 1 } }, { id: 1 }],
        [
            "one bad request among good ones",
            { requests: [{ id: null }, { id: 7 }, 5] },
            { requests: [{ id: 7 }] },
        ],
        [
            "one bad entry in the chain",
            { certificate_chain: [{ pem: 1 }, { pem: "P" }] },
            { certificate_chain: [{ pem: "P" }] },
        ],
        [
            "wrong types beside good ones",
            { id: {}, certificate_id: 2, requests: 7, dcv_random_value: 1 },
            { certificate_id: 2 },
        ],
    ];
    for (const [what, body, parsed] of rows) {
        it(`keeps what is readable of ${what}`, () => {
            assert.deepEqual(JSON.parse(JSON.stringify(acceptedAnswer.parse(body))), parsed);
        });
    }

    for (const bad of [
        0,
        -1,
        1.5,
        "0",
        "01",
        "1e3",
        "",
        null,
        true,
        "12345678901234567",
        2 ** 53,
        1e300,
        "9007199254740992",
        "9999999999999999",
    ]) {
        it(`takes ${inspect(bad)} for no id`, () => {
            assert.equal(acceptedAnswer.parse({ certificate_id: bad }).certificate_id, undefined);
        });
    }

    it("never loses a request id, whatever else is in the answer", () => {
        const junk = fc.oneof(fc.jsonValue(), fc.constant({ id: "x" }));
        fc.assert(
            fc.property(
                fc.dictionary(fc.string(), fc.jsonValue()),
                fc.array(junk),
                fc.integer({ min: 1 }),
                (more, others, id) => {
                    const { requests } = acceptedAnswer.parse({ ...more, requests: [...others, { id }] });
                    assert.equal(requests?.at(-1)?.id, id);
                },
            ),
        );
    });

    it("refuses what is no object", () => {
        for (const body of [null, [], "", 5]) assert.ok(!acceptedAnswer.safeParse(body).success);
    });
});

describe("orderAnswer", () => {
    const plain = { status: "issued", certificate: {} };

    it("takes null for absent", () => {
        const nothing = { id: null, common_name: null, dns_names: null, csr: null, status: null };
        const { certificate, order_valid_till, requests } = orderAnswer.parse({
            ...plain,
            certificate: nothing,
            order_valid_till: null,
            requests: null,
        });
        assert.deepEqual(JSON.parse(JSON.stringify({ certificate, order_valid_till, requests })), {
            certificate: {},
        });
    });

    it("keeps requests that can be read, and their comments", () => {
        const { requests } = orderAnswer.parse({
            ...plain,
            requests: [{ id: 1, comments: null }, { id: 2, comments: "x", status: 5 }, "junk", { id: -1 }],
        });
        assert.deepEqual(JSON.parse(JSON.stringify(requests)), [{ id: 1 }, { id: 2, comments: "x" }]);
    });

    it("keeps an end of the plan only if it is a date", () => {
        const end = (order_valid_till: unknown) =>
            orderAnswer.parse({ ...plain, order_valid_till }).order_valid_till;
        assert.equal(end("2029-03-01"), "2029-03-01");
        for (const bad of ["soon", 5, "01.03.2029", {}]) assert.equal(end(bad), undefined);
    });

    it("takes the ways of saying that there is no certificate for absent", () => {
        for (const id of [0, "0", "", null]) {
            assert.equal(orderAnswer.parse({ ...plain, certificate: { id } }).certificate.id, undefined);
        }
    });

    const undecidable: [string, unknown][] = [
        ["no status", { certificate: {} }],
        ["a status that is no text", { ...plain, status: 1 }],
        ["no certificate", { status: "issued" }],
        ["names of a wrong type", { ...plain, certificate: { dns_names: "a.example" } }],
        ["a CSR of a wrong type", { ...plain, certificate: { csr: 1 } }],
        ["a certificate whose id cannot be read", { ...plain, certificate: { id: "x" } }],
        ["a certificate whose id is too large", { ...plain, certificate: { id: 2 ** 53 } }],
        ["requests of a wrong type", { ...plain, requests: "none" }],
    ];
    for (const [what, body] of undecidable) {
        it(`refuses an order with ${what}, because a POST depends on it`, () => {
            assert.ok(!orderAnswer.safeParse(body).success);
        });
    }

    it("tolerates wrong types in what is only shown", () => {
        const { certificate } = orderAnswer.parse({
            ...plain,
            certificate: { id: 5, valid_till: 7, serial_number: null, signature_hash: {} },
            product: 5,
            has_pending_request: "no",
        });
        assert.equal(certificate.id, 5);
        assert.equal(certificate.valid_till, undefined);
    });
});

describe("reissuesAnswer", () => {
    it("is a list, also where DigiCert sends none", () => {
        assert.deepEqual(reissuesAnswer.parse({}).certificates, []);
        assert.deepEqual(reissuesAnswer.parse({ certificates: null }).certificates, []);
        assert.ok(!reissuesAnswer.safeParse({ certificates: {} }).success);
    });

    it("keeps the entries that can be read", () => {
        const { certificates } = reissuesAnswer.parse({
            certificates: [
                { id: 1, status: "issued" },
                { id: 2, dns_names: 5 },
                7,
                { id: 3, csr: null, valid_till: 1 },
            ],
        });
        assert.deepEqual(
            certificates.map(({ id }) => id),
            [1, 3],
        );
    });
});

describe("requestAnswer", () => {
    it("keeps who processed it and why, if that can be read", () => {
        const full = {
            id: 7,
            status: "rejected",
            processor_comment: "no",
            processor: { first_name: "Jo", last_name: "Ba" },
        };
        assert.deepEqual(JSON.parse(JSON.stringify(requestAnswer.parse(full))), full);
        const odd = requestAnswer.parse({ id: 7, status: "rejected", processor_comment: 5, processor: "Jo" });
        assert.deepEqual([odd.processor_comment, odd.processor], [undefined, undefined]);
    });
});

describe("errorAnswer", () => {
    it("keeps every entry that is an object", () => {
        const { errors } = errorAnswer.parse({
            errors: [{ code: "a", message: "b" }, {}, 5, { code: 1, message: null }],
        });
        const nothing = { code: "unknown", message: "" };
        assert.deepEqual(errors, [{ code: "a", message: "b" }, nothing, nothing]);
    });
});
