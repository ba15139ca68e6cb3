import assert from "node:assert/strict";
import { judgeRemoval } from "../../../provider/core/reissue/plan/nameRemoval.js";
import { given } from "../../fixtures/given.js";
import { inputs } from "../../fixtures/inputs.js";
import { newProvider } from "../../../tools/stress/inputs/judge.js";

describe("two resources on one order", () => {
    it("are refused inside components of other types too, by a name that is fit for a terminal", async () => {
        const one = newProvider();
        await one.check({}, given({ identity: "project/stack/pkg:index:Shop::ce\u001b[31mrt" }));
        const { failures = [] } = await one.check(
            {},
            given({ identity: "project/stack/pkg:index:Blog::cert" }),
        );
        assert.deepEqual(
            failures.map(({ property }) => property),
            ["orderId"],
        );
        assert.match(failures[0]?.reason ?? "", /\(pkg:index:Shop::ce rt\)/);
    });
});

describe("names that DigiCert reports", () => {
    it("are printed without what could upset a terminal", () => {
        for (const allowNameRemoval of [[], ["a\u001b[2J\u202e.example"]]) {
            const certificate = { commonName: "shop.example", dnsNames: [] };
            const present = new Set(["shop.example", "a\u001b[2J\u202e.example"]);
            const removal = judgeRemoval(present, [], inputs({ certificate, allowNameRemoval }), "order 1");
            assert.match(JSON.stringify(removal), /a \.example/);
            assert.doesNotMatch(JSON.stringify(removal), /\\u001b|\u202e/);
        }
    });
});
