import assert from "node:assert/strict";
import { judgeRemoval } from "../../../provider/core/reissue/plan/nameRemoval.js";
import { makeProviders } from "../../../provider/dynamic/provider.js";
import { given } from "../../fixtures/inputs.js";
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

    type Config = Record<string, string>;
    const US = "https://www.digicert.com/services/v2";
    const providers: [what: string, one: Config, other: Config, isRefused: boolean][] = [
        ["an address that ends with a slash", { baseUrl: US }, { baseUrl: `${US}/` }, true],
        ["the region and its address", { region: "US" }, { baseUrl: US }, true],
        ["an explicit provider without a region, which is us", { explicit: "true" }, { region: "us" }, true],
        ["an explicit provider, and the region of the environment", { explicit: "true" }, {}, false],
        ["two regions", { region: "us" }, { region: "eu" }, false],
    ];
    for (const [what, one, other, isRefused] of providers) {
        it(`are ${isRefused ? "refused" : "accepted"} by what their settings come to: ${what}`, async () => {
            const { reissue } = makeProviders({
                now: () => new Date(0),
                elapsed: () => 0,
                sleep: () => Promise.resolve(),
                env: { DIGICERT_REGION: "eu" },
                log: () => undefined,
                connect: () => Promise.reject(new Error("no request is made")),
            });
            const check = async (config: Config, identity: string) => {
                const get = (key: string) => config[key.replace(/^digicert:/, "")];
                await reissue.configure({ config: { get, require: (key) => get(key) ?? "" } });
                return (await reissue.check({}, given({ identity }))).failures ?? [];
            };
            assert.deepEqual(await check(one, "project/stack/one"), []);
            assert.equal((await check(other, "project/stack/other")).length, isRefused ? 1 : 0);
        });
    }
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
