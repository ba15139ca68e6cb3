import assert from "node:assert/strict";
import { checkTokens, queryDnsAt, type QueryDns } from "../../../cli/doctor/tokens.js";

const TOKEN = "5ck9vnbv1yhqlmg0f3p4";

describe("checkTokens (doctor --dns)", () => {
    function dns(records: Readonly<Record<string, readonly string[]>>): QueryDns {
        return (name, type) => Promise.resolve(records[`${type} ${name}`] ?? []);
    }
    const judge = async (records: Readonly<Record<string, readonly string[]>>, token?: string) =>
        (await checkTokens(["shop.example", "*.shop.example"], dns(records), token)).map(
            ({ level, text }) => `${level} ${text}`,
        );

    it("says that a token is visible: as TXT, or as the target of a CNAME", async () => {
        const visible = ["ok _dnsauth.shop.example: the token is visible"];
        assert.deepEqual(await judge({ "TXT _dnsauth.shop.example": ["old", TOKEN] }, TOKEN), visible);
        const target = `${TOKEN}.dcv.digicert.com`;
        assert.deepEqual(await judge({ "CNAME _dnsauth.shop.example": [target] }, TOKEN), visible);
    });

    it("says that a token is not visible, and what is there", async () => {
        assert.deepEqual(await judge({ "TXT _dnsauth.shop.example": ["old"] }, TOKEN), [
            "attention _dnsauth.shop.example: the token is not visible (TXT old)",
        ]);
        assert.deepEqual(await judge({}, TOKEN), [
            "attention _dnsauth.shop.example: the token is not visible (no record)",
        ]);
    });

    it("shows what is there without a token, on one line", async () => {
        const [line] = await judge({ "TXT _dnsauth.shop.example": ["a\nb"] });
        assert.match(line ?? "", /^info _dnsauth\.shop\.example: TXT a.b$/);
    });

    it("leaves out what DigiCert reports for a name and is none", async () => {
        const names = ["shop example", "shop.example", "192.0.2.1"];
        const findings = await checkTokens(names, dns({}), undefined);
        assert.deepEqual(
            findings.map(({ text }) => text),
            ["_dnsauth.shop.example: no record"],
        );
    });

    it("fails where DNS cannot be asked", async () => {
        const query: QueryDns = () => Promise.reject(Object.assign(new Error("no"), { code: "ETIMEOUT" }));
        const [finding] = await checkTokens(["shop.example"], query, TOKEN);
        assert.deepEqual(
            [finding?.level, finding?.text],
            ["failed", "_dnsauth.shop.example: DNS could not be asked (ETIMEOUT)"],
        );
    });

    it("asks a real server: the one at the address", async function () {
        this.timeout(20_000);
        // Nobody listens there.
        await assert.rejects(queryDnsAt("127.0.0.1:9")("shop.example", "TXT"));
    });
});
