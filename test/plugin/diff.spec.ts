import assert from "node:assert/strict";
import { UNKNOWN } from "../../provider/core/unknown.js";
import { diffOfPlan, diffOfUnknown } from "../../provider/plugin/diff.js";
import type { Bag } from "../../provider/plugin/values.js";

/** Inputs as check leaves them. */
function inputs(more: Bag = {}, certificate: Bag = {}): Bag {
    return {
        orderId: "1",
        certificate: {
            commonName: "shop.example",
            dnsNames: ["a.shop.example", "b.shop.example"],
            csr: "old",
            serverPlatform: { id: -1 },
            ...certificate,
        },
        ...more,
    };
}

describe("the paths that a preview shows", () => {
    const changes: readonly (readonly [
        what: string,
        changed: readonly string[],
        olds: Bag,
        news: Bag,
        shown: readonly string[],
    ])[] = [
        [
            "a name that is added",
            ["certificate.dnsNames"],
            inputs(),
            inputs({}, { dnsNames: ["a.shop.example", "b.shop.example", "c.shop.example"] }),
            ["add certificate.dnsNames[2]"],
        ],
        [
            "a name that is removed",
            ["certificate.dnsNames"],
            inputs(),
            inputs({}, { dnsNames: ["b.shop.example"] }),
            ["delete certificate.dnsNames[0]"],
        ],
        [
            "a name in the place of another",
            ["certificate.dnsNames"],
            inputs(),
            inputs({}, { dnsNames: ["a.shop.example", "c.shop.example"] }),
            ["update certificate.dnsNames[1]"],
        ],
        [
            "a name that is added where the others have moved",
            ["certificate.dnsNames"],
            inputs(),
            inputs({}, { dnsNames: ["b.shop.example", "c.shop.example", "a.shop.example"] }),
            ["add certificate.dnsNames[1]"],
        ],
        [
            "a name that is added, but not the common name that is repeated now",
            ["certificate.dnsNames"],
            inputs(),
            inputs({}, { dnsNames: ["shop.example", "a.shop.example", "b.shop.example", "c.shop.example"] }),
            ["add certificate.dnsNames[3]"],
        ],
        [
            "a name that is removed, but not the common name that is repeated no more",
            ["certificate.dnsNames"],
            inputs({}, { dnsNames: ["shop.example", "a.shop.example", "b.shop.example"] }),
            inputs({}, { dnsNames: ["a.shop.example"] }),
            ["delete certificate.dnsNames[2]"],
        ],
        [
            "another CSR",
            ["certificate.csr"],
            inputs(),
            inputs({}, { csr: "new" }),
            ["update certificate.csr"],
        ],
        [
            "another server platform",
            ["certificate.serverPlatform"],
            inputs(),
            inputs({}, { serverPlatform: { id: 45 } }),
            ["update certificate.serverPlatform.id"],
        ],
        [
            "triggers, by keys that may have dots",
            ["triggers"],
            inputs({ triggers: { "key.id": "1", gone: "1" } }),
            inputs({ triggers: { "key.id": "2", come: "1" } }),
            ['update triggers["key.id"]', "delete triggers.gone", "add triggers.come"],
        ],
        [
            "a method of validation that is an additional parameter",
            ["dcvMethod"],
            inputs({ additionalParameters: { dcv_method: "email" } }),
            inputs({ additionalParameters: { dcv_method: "dns-txt-token" } }),
            ["update additionalParameters.dcv_method"],
        ],
        [
            "an input that is left out",
            ["comments"],
            inputs({ comments: "ours" }),
            inputs(),
            ["delete comments"],
        ],
    ];
    for (const [what, changed, olds, news, shown] of changes) {
        it(`are those of ${what}`, () => {
            const paths = diffOfPlan(changed, olds, news, "reissue");
            assert.deepEqual(
                paths.map(({ kind, path }) => `${kind} ${path}`),
                shown,
            );
            assert.ok(paths.every(({ isInput }) => isInput));
        });
    }

    it("are an output where nothing in the program changed", () => {
        const expected = { kind: "update", isInput: false };
        assert.deepEqual(diffOfPlan([], inputs(), inputs(), "reissue"), [
            { ...expected, path: "certificateId" },
        ]);
        assert.deepEqual(diffOfPlan([], inputs(), inputs(), "resume"), [{ ...expected, path: "status" }]);
        assert.deepEqual(diffOfPlan([], inputs(), inputs(), "nothing"), []);
    });

    it("are the members that are unknown, and none beside them", () => {
        const before = inputs({ triggers: { key: "1", quarter: "1" } });
        const after = inputs(
            { triggers: { key: UNKNOWN, quarter: "1", year: UNKNOWN } },
            { csr: UNKNOWN, dnsNames: ["a.shop.example", UNKNOWN] },
        );
        assert.deepEqual(
            diffOfUnknown(before, after).map(({ kind, path }) => `${kind} ${path}`),
            [
                "update certificate.dnsNames[1]",
                "update certificate.csr",
                "update triggers.key",
                "add triggers.year",
            ],
        );
        assert.deepEqual(
            diffOfUnknown(before, { ...before, certificate: UNKNOWN }).map(({ path }) => path),
            ["certificate"],
        );
    });

    it("are the inputs that are unknown and those that differ, not names in another order or a repeated common name", () => {
        const respelt = { dnsNames: ["b.shop.example", "shop.example", "a.shop.example"] };
        const paths = diffOfUnknown(
            inputs({ comments: "ours", skipApproval: false }),
            inputs({ comments: UNKNOWN, skipApproval: true }, respelt),
        );
        assert.deepEqual(
            paths.map(({ path }) => path),
            ["comments", "skipApproval"],
        );
    });
});
