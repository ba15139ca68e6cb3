import assert from "node:assert/strict";
import fc from "fast-check";
import {
    canonicalName,
    covers,
    disappearingNames,
    NameProblem,
    nameSet,
    reportedName,
    sameNames,
} from "../../../provider/core/x509/names.js";
import { caseChanged, dnsName, dnsNameList, shuffled } from "../../fixtures/arbitraries.js";

const set = (...names: string[]) => new Set(names);

describe("canonicalName", () => {
    const spellings: [string, string][] = [
        ["shop.example", "shop.example"],
        ["SHOP.Example", "shop.example"],
        ["*.Shop.example", "*.shop.example"],
        ["bücher.example", "xn--bcher-kva.example"],
        ["BÜCHER.example", "xn--bcher-kva.example"],
        ["*.bücher.example", "*.xn--bcher-kva.example"],
        ["XN--BCHER-KVA.example", "xn--bcher-kva.example"],
        ["straße.example", "xn--strae-oqa.example"],
        ["例え.テスト", "xn--r8jz45g.xn--zckzah"],
        ["例え。テスト", "xn--r8jz45g.xn--zckzah"],
        ["ｓｈｏｐ.example", "shop.example"],
        ["localhost", "localhost"],
        ["my_Shop.example", "my_shop.example"],
        ["_tls.bücher.example", "_tls.xn--bcher-kva.example"],
        ["0x7f.example", "0x7f.example"],
        ["1.2.3.example", "1.2.3.example"],
        ["192.0.2.1", "192.0.2.1"],
        ["2001:DB8::1", "2001:db8::1"],
        ["2001:0db8:0:0:0:0:0:1", "2001:db8::1"],
        ["::ffff:192.0.2.1", "::ffff:c000:201"],
        [`${"a".repeat(63)}.example`, `${"a".repeat(63)}.example`],
    ];
    for (const [given, wanted] of spellings) {
        it(`writes ${given} as ${wanted}`, () => {
            assert.equal(canonicalName(given), wanted);
        });
    }

    const refused: [string, string, RegExp][] = [
        ["nothing", "", /is empty/],
        ["a URL", "https://shop.example/", /is a URL/],
        ["an e-mail address", "admin@shop.example", /e-mail address/],
        ["a dot at the end", "shop.example.", /ends with a dot/],
        ["an empty label", "shop..example", /is not a DNS name/],
        ["a dot at the start", ".shop.example", /is not a DNS name/],
        ["white space around it", " shop.example", /character that DNS names do not have/],
        ["white space in it", "shop .example", /character that DNS names do not have/],
        ["a line end", "shop.example\n", /character that DNS names do not have/],
        ["white space in an IDN", "bücher .example", /character that DNS names do not have/],
        ["a port", "shop.example:443", /character that DNS names do not have/],
        ["a path in an IDN", "bücher.example/x", /character that DNS names do not have/],
        ["an escape", "%61.example", /character that DNS names do not have/],
        ["an underscore in a name of one label", "my_shop", /is not a DNS name/],
        ["a comma list", "a.example,b.example", /character that DNS names do not have/],
        ["a hyphen at the start of a label", "-shop.example", /is not a DNS name/],
        ["a hyphen at the end of a label", "shop-.example", /is not a DNS name/],
        ["a label of 64 characters", `${"a".repeat(64)}.example`, /is not a DNS name/],
        ["more than 253 characters", `${"a.".repeat(124)}example`, /253 characters/],
        ["a text without end", "a".repeat(100_000), /253 characters/],
        ["a lone wildcard", "*", /is not a DNS name/],
        ["a wildcard inside", "www.*.example", /\* that is not alone in the first label/],
        ["two wildcards", "*.*.example", /\* that is not alone in the first label/],
        ["a partial wildcard", "w*.shop.example", /\* that is not alone in the first label/],
        ["a number too large for an address", "192.0.2.256", /ends in a number/],
        ["an address with leading zeros", "192.0.02.1", /ends in a number/],
        ["a short address", "127.1", /ends in a number/],
        ["a network", "192.0.2.0/24", /character that DNS names do not have/],
        ["an address in brackets", "[2001:db8::1]", /character that DNS names do not have/],
        ["an address with a zone", "fe80::1%eth0", /zone/],
        ["an address in full-width digits", "１９２.０.２.１", /ends in a number/],
    ];
    for (const [what, given, sentence] of refused) {
        it(`refuses ${what}`, () => {
            assert.throws(
                () => canonicalName(given),
                (error: Error) => error instanceof NameProblem && sentence.test(error.message),
            );
        });
    }

    it("writes what it has written the same way again", () => {
        fc.assert(
            fc.property(fc.oneof(dnsName(), fc.ipV4(), fc.ipV6()), (name) => {
                const once = canonicalName(name);
                assert.equal(canonicalName(once), once);
            }),
        );
    });

    it("either writes a text in ASCII and lower case, or refuses it without an echo", () => {
        fc.assert(
            fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
                let name: string;
                try {
                    name = canonicalName(text);
                } catch (error) {
                    assert.ok(error instanceof NameProblem);
                    assert.ok(text.length < 4 || !error.message.includes(text));
                    return;
                }
                assert.match(name, /^[a-z0-9_.:*-]+$/);
                assert.equal(canonicalName(name), name);
            }),
            { numRuns: 500 },
        );
    });

    it("takes no notice of case", () => {
        fc.assert(
            fc.property(dnsName().chain(caseChanged), ([name, other]) => {
                assert.equal(canonicalName(other), canonicalName(name));
            }),
        );
    });
});

describe("reportedName", () => {
    it("keeps what is not a DNS name, in lower case", () => {
        assert.equal(reportedName("Example Shop Ltd"), "example shop ltd");
        assert.equal(reportedName("my_shop.example"), "my_shop.example");
        assert.equal(reportedName("fe80::1%eth0"), "fe80::1%eth0");
        assert.equal(reportedName("BÜCHER.example"), "xn--bcher-kva.example");
    });
});

describe("nameSet", () => {
    it("makes no difference between a common name that is repeated and one that is not", () => {
        const alone = nameSet({ commonName: "shop.example", dnsNames: ["www.shop.example"] });
        const repeated = nameSet({
            commonName: "shop.example",
            dnsNames: ["WWW.shop.example", "shop.example", "www.shop.example"],
        });
        assert.ok(sameNames(alone, repeated));
        assert.deepEqual(alone, set("shop.example", "www.shop.example"));
    });

    it("is empty where no name is wanted", () => {
        assert.deepEqual(nameSet({ dnsNames: [] }), set());
    });

    it("does not depend on order or case", () => {
        fc.assert(
            fc.property(dnsNameList().chain(shuffled), ([names, other]) => {
                const loud = other.map((name) => name.toUpperCase());
                assert.ok(sameNames(nameSet({ dnsNames: names }), nameSet({ dnsNames: loud })));
            }),
        );
    });
});

describe("covers and sameNames", () => {
    it("compare as sets", () => {
        assert.ok(covers(set("a", "b"), set("b")));
        assert.ok(covers(set("a"), set()));
        assert.ok(!covers(set("a"), set("a", "b")));
        assert.ok(sameNames(set("a", "b"), set("b", "a")));
        assert.ok(!sameNames(set("a", "b"), set("a")));
        assert.ok(!sameNames(set("a"), set("b")));
    });
});

describe("disappearingNames", () => {
    const rows: [string, Set<string>, Set<string>, Set<string>, string[]][] = [
        ["nothing where all stay", set("a.example"), set("a.example", "b.example"), set(), []],
        ["a name that is gone", set("a.example", "b.example"), set("a.example"), set(), ["b.example"]],
        [
            "the www. twin of a name that stays",
            set("a.example", "www.a.example"),
            set("a.example"),
            set(),
            ["www.a.example"],
        ],
        ["the name whose www. twin is wanted", set("a.example"), set("www.a.example"), set(), ["a.example"]],
        [
            "the base of a wildcard that stays",
            set("*.a.example", "a.example"),
            set("*.a.example"),
            set(),
            ["a.example"],
        ],
        [
            "the common name, where its wildcard is wanted",
            set("a.example"),
            set("*.a.example"),
            set(),
            ["a.example"],
        ],
        [
            "no name that DigiCert was seen to add",
            set("a.example", "www.a.example"),
            set("a.example"),
            set("www.a.example"),
            [],
        ],
        [
            "a private name with an underscore",
            set("a.example", "my_db.example"),
            set("a.example"),
            set(),
            ["my_db.example"],
        ],
        ["no organization where no names are wanted", set("example shop ltd", "acme"), set(), set(), []],
        [
            "hosts where no names are wanted any more",
            set("a.example", "example ltd"),
            set(),
            set(),
            ["a.example"],
        ],
    ];
    for (const [what, live, wanted, added, gone] of rows) {
        it(`tells ${what}`, () => {
            assert.deepEqual(disappearingNames(live, wanted, added), gone);
        });
    }

    it("tells every live name that is neither wanted nor added, and no other", () => {
        const names = dnsNameList().map((list) => new Set(list));
        fc.assert(
            fc.property(names, names, names, dnsName(), (live, more, added, one) => {
                const wanted = new Set([...more, one]);
                const gone = new Set(disappearingNames(live, wanted, added));
                for (const name of [...live, ...wanted, ...added]) {
                    assert.equal(gone.has(name), live.has(name) && !wanted.has(name) && !added.has(name));
                }
            }),
        );
    });
});
