import assert from "node:assert/strict";
import fc from "fast-check";
import { inspect } from "node:util";
import {
    acceptedAnswer,
    apiErrorsIn,
    dcvCheckAnswer,
    dcvTokenAnswer,
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

    const end = (order_valid_till: unknown) =>
        orderAnswer.parse({ ...plain, order_valid_till }).order_valid_till;

    for (const date of [
        "2029-03-01",
        "2029-03-01T23:59:59+00:00",
        "2029-03-01T23:59:59Z",
        "2029-03-01 23:59:59",
        "2029-03-01 23:59",
    ]) {
        it(`reads ${date} as the end of the plan`, () => {
            assert.equal(end(date), "2029-03-01");
        });
    }

    it("keeps an end of the plan only if it is a date", () => {
        for (const bad of [
            "soon",
            5,
            "01.03.2029",
            {},
            "2029-02-30",
            "2029-03-01 \u001b[2J",
            "2029-03-01T",
        ]) {
            assert.equal(end(bad), undefined);
        }
    });

    const created = (date_created: unknown) =>
        orderAnswer.parse({ ...plain, certificate: { date_created } }).certificate.date_created;

    for (const [told, read] of [
        ["2026-03-01T10:00:00+00:00", "2026-03-01T10:00:00+00:00"],
        ["2026-03-01T10:00:00.123Z", "2026-03-01T10:00:00.123Z"],
        ["2026-03-01T10:00:00-0700", "2026-03-01T10:00:00-07:00"],
        ["2026-03-01 10:00:00", "2026-03-01T10:00:00Z"],
        ["2026-03-01T10:00", "2026-03-01T10:00Z"],
        ["2026-03-01", "2026-03-01T00:00:00Z"],
    ] as const) {
        it(`reads the moment ${told}`, () => {
            assert.equal(created(told), read);
            assert.ok(!Number.isNaN(Date.parse(read)));
        });
    }

    it("drops a date that is none, so that no text of a server is printed as one", () => {
        const odd = [
            "\u001b[2J all is well",
            "2026-03-01T10:00:00+00:00 (x)",
            "2026-13-01",
            "2026-03-01T99:00:00Z",
        ];
        for (const text of [...odd, 5, null, {}, "", "1"]) assert.equal(created(text), undefined);
        const anything = fc.oneof(
            fc.string(),
            fc.string({ unit: "binary" }).map((tail) => `2026-03-01${tail}`),
        );
        fc.assert(
            fc.property(anything, (text) => {
                const read = created(text);
                assert.ok(read === undefined || /^[\d-]+T[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(read), read);
            }),
        );
    });

    it("takes the ways of saying that there is no certificate for absent", () => {
        for (const id of [0, "0", "", null]) {
            assert.equal(orderAnswer.parse({ ...plain, certificate: { id } }).certificate.id, undefined);
        }
        assert.equal(orderAnswer.parse({ ...plain, certificate: [] }).certificate.id, undefined);
    });

    const undecidable: [string, unknown, string][] = [
        ["no status", { certificate: {} }, "status"],
        ["a status that is no text", { ...plain, status: 1 }, "status"],
        ["a blank status", { ...plain, status: " " }, "status"],
        ["no certificate", { status: "issued" }, "certificate"],
        ["a certificate that is a list", { ...plain, certificate: [{}] }, "certificate"],
        ["an id that cannot be read", { ...plain, id: "x" }, "id"],
        ["a certificate whose id cannot be read", { ...plain, certificate: { id: "x" } }, "certificate.id"],
        ["a certificate whose id is too large", { ...plain, certificate: { id: 2 ** 53 } }, "certificate.id"],
    ];
    for (const [what, body, member] of undecidable) {
        it(`refuses an order with ${what}, because a POST depends on it, and names the member`, () => {
            const { error } = orderAnswer.safeParse(body);
            assert.deepEqual(
                error?.issues.map(({ path }) => path.join(".")),
                [member],
            );
        });
    }

    it("has no id where it is too large to be compared", () => {
        for (const id of [2 ** 53, "9007199254740993"]) {
            assert.equal(orderAnswer.parse({ ...plain, id }).id, undefined);
        }
    });

    const names = (dns_names: unknown) =>
        orderAnswer.parse({ ...plain, certificate: { dns_names } }).certificate.dns_names;

    it("drops odd entries among the names", () => {
        assert.deepEqual(names(["a.example", " ", 5, null, {}, " b.example "]), ["a.example", "b.example"]);
    });

    it("does not know the names where none is told or none can be read", () => {
        for (const odd of [[], "a.example", {}, 5, null, [" "], [5, null], Array(2001).fill("a.example")]) {
            assert.equal(names(odd), undefined);
        }
    });

    it("tells what it needs of renewal and of DigiCert's own reissues", () => {
        const { is_renewed, renewed_order_id, auto_renew, auto_reissue } = orderAnswer.parse({
            ...plain,
            is_renewed: true,
            renewed_order_id: "112234",
            auto_renew: 0,
            auto_reissue: "1",
        });
        assert.deepEqual(
            [is_renewed, renewed_order_id, auto_renew, auto_reissue],
            [true, 112234, false, true],
        );
        const odd = orderAnswer.parse({ ...plain, is_renewed: "maybe", renewed_order_id: 0, auto_renew: 5 });
        assert.deepEqual(
            [odd.is_renewed, odd.renewed_order_id, odd.auto_renew],
            [undefined, undefined, undefined],
        );
    });

    it("writes a serial number in upper-case hex, and drops what is none", () => {
        const read = (serial: unknown) =>
            orderAnswer.parse({ ...plain, certificate: { serial_number: serial } }).certificate.serial_number;
        assert.equal(read("0a:1B:2c"), "0A1B2C");
        for (const odd of ["", "xyz", "\u001b[2J", 5, "a".repeat(300)]) assert.equal(read(odd), undefined);
    });

    it("tolerates wrong types in what is only shown", () => {
        const { certificate } = orderAnswer.parse({
            ...plain,
            certificate: {
                id: 5,
                valid_till: 7,
                serial_number: null,
                signature_hash: {},
                csr: 1,
                status: [],
            },
            product: [],
            has_pending_request: "no",
            requests: "none",
        });
        assert.equal(certificate.id, 5);
        assert.equal(certificate.valid_till, undefined);
    });
});

describe("reissuesAnswer", () => {
    it("is a list, also where DigiCert sends none", () => {
        assert.deepEqual(reissuesAnswer.parse({}).certificates, []);
        assert.deepEqual(reissuesAnswer.parse({ certificates: null }).certificates, []);
        assert.deepEqual(reissuesAnswer.parse([]).certificates, []);
        assert.ok(!reissuesAnswer.safeParse([{ id: 1 }]).success);
        assert.ok(!reissuesAnswer.safeParse({ certificates: {} }).success);
    });

    it("keeps the entries that can be read", () => {
        const { certificates } = reissuesAnswer.parse({
            certificates: [{ id: 1, status: "issued" }, 7, { id: 3, csr: null, valid_till: 1, dns_names: 5 }],
        });
        assert.deepEqual(
            certificates.map(({ id }) => id),
            [1, 3],
        );
    });

    it("is refused where hardly anything in it can be read", () => {
        const certificates = Array(101).fill(7);
        assert.ok(!reissuesAnswer.safeParse({ certificates }).success);
        assert.ok(reissuesAnswer.safeParse({ certificates: certificates.slice(1) }).success);
    });

    it("is refused where it is so long that reading it would take long", () => {
        assert.ok(!reissuesAnswer.safeParse({ certificates: Array(1001).fill({}) }).success);
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

describe("dcvTokenAnswer and dcvCheckAnswer", () => {
    it("read DigiCert's samples", () => {
        const token = { dcv_random_value: "abc", expiration_date: "2026-04-01T00:00:00+00:00" };
        assert.deepEqual(dcvTokenAnswer.parse(token), token);
        const check = {
            order_status: "pending",
            certificate_id: 5,
            dcv_status: "valid",
            dns_name_validations: [{ dns_name: "shop.example", status: "approved" }],
        };
        assert.deepEqual(dcvCheckAnswer.parse(check), check);
    });

    it("read answers that say little", () => {
        assert.deepEqual(JSON.parse(JSON.stringify(dcvTokenAnswer.parse({ dcv_random_value: " " }))), {});
        assert.deepEqual(JSON.parse(JSON.stringify(dcvCheckAnswer.parse({ dns_name_validations: {} }))), {});
    });
});

describe("apiErrorsIn", () => {
    const rows: [string, unknown, [string, string][], boolean][] = [
        [
            "DigiCert's list",
            { errors: [{ code: "a", message: "b" }, { code: "c" }] },
            [
                ["a", "b"],
                ["c", ""],
            ],
            true,
        ],
        ["a list with odd entries", { errors: [{}, 5, { code: 1, message: "b" }] }, [["unknown", "b"]], true],
        ["an object in place of the list", { errors: { code: "a", message: "b" } }, [["a", "b"]], false],
        ["error", { error: { code: "a", message: "b" } }, [["a", "b"]], false],
        ["error as a text", { error: "no" }, [["unknown", "no"]], false],
        [
            "texts",
            { errors: ["no", "never"] },
            [
                ["unknown", "no"],
                ["unknown", "never"],
            ],
            false,
        ],
        ["description", { errors: [{ code: "a", description: "b" }] }, [["a", "b"]], true],
        ["an empty list", { errors: [] }, [], false],
        ["a list without a word", { errors: [{}, null] }, [], false],
        ["another member", { message: "Endpoint request timed out" }, [], false],
        ["a text", "no", [], false],
        ["nothing", undefined, [], false],
    ];
    for (const [what, json, expected, areDigiCerts] of rows) {
        it(`reads ${what}`, () => {
            const found = apiErrorsIn(json);
            assert.deepEqual(
                found.errors.map(({ code, message }) => [code, message]),
                expected,
            );
            assert.equal(found.areDigiCerts, areDigiCerts);
        });
    }

    it("keeps all", () => {
        const { errors } = apiErrorsIn({ errors: Array(5000).fill({ code: "a", message: "b" }) });
        assert.equal(errors.length, 5000);
    });
});
