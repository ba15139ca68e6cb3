import assert from "node:assert/strict";
import type { Domain } from "../../../provider/core/certcentral/answers.js";
import { judgeDomains } from "../../../cli/doctor/domains.js";

const NOW = new Date("2026-11-24T12:00:00Z");

describe("doctor: the validation of domains", () => {
    function judge(names: readonly string[], list: readonly Domain[], type: string | undefined = "ov") {
        return judgeDomains(new Set(names), { list }, type, NOW);
    }
    const domain = (name: string, ov?: string, more: Partial<Domain> = {}): Domain => ({
        name,
        is_active: true,
        ...(ov !== undefined && { dcv_expiration: { ov, ev: ov } }),
        ...more,
    });

    const cases: Record<
        string,
        { names?: string[]; list: Domain[]; type?: string; needsDcv: boolean | undefined; says: RegExp }
    > = {
        "the domain itself": {
            list: [domain("shop.example", "2027-01-01")],
            needsDcv: false,
            says: /the first until 2027-01-01$/,
        },
        "the last day": {
            list: [domain("shop.example", "2026-11-24")],
            needsDcv: false,
            says: /until 2026-11-24/,
        },
        "the day after": {
            list: [domain("shop.example", "2026-11-23")],
            needsDcv: true,
            says: /shop\.example \(it ended on 2026-11-23\)/,
        },
        "a time instead of a day": {
            list: [domain("shop.example", "2027-01-01T23:59:59+00:00")],
            needsDcv: false,
            says: /until 2027-01-01$/,
        },
        "never validated": {
            list: [domain("shop.example")],
            needsDcv: true,
            says: /shop\.example \(none told\)/,
        },
        "what is not a date": { list: [domain("shop.example", "soon")], needsDcv: true, says: /none told/ },
        "a domain above": {
            names: ["a.b.shop.example", "*.shop.example"],
            list: [domain("SHOP.example", "2027-01-01")],
            needsDcv: false,
            says: /2027/,
        },
        "a name that only ends alike": {
            names: ["myshop.example"],
            list: [domain("shop.example", "2027-01-01")],
            needsDcv: undefined,
            says: /no domain for myshop\.example/,
        },
        "the one that is valid longest": {
            names: ["a.shop.example"],
            list: [
                domain("a.shop.example"),
                domain("shop.example", "2027-02-02"),
                domain("shop.example", "2027-01-01"),
            ],
            needsDcv: false,
            says: /2027-02-02/,
        },
        "one that is not active": {
            list: [domain("shop.example", "2027-01-01", { is_active: false })],
            needsDcv: undefined,
            says: /lists no domain/,
        },
        "the first of several": {
            names: ["a.example", "b.example"],
            list: [domain("b.example", "2027-01-01"), domain("a.example", "2027-05-05")],
            needsDcv: false,
            says: /first until 2027-01-01/,
        },
        "one that lapsed among unlisted ones": {
            names: ["a.example", "b.example"],
            list: [domain("a.example")],
            needsDcv: true,
            says: /^no current validation of a\.example/,
        },
        "an EV order by its own date": {
            type: "ev",
            list: [
                domain("shop.example", "2027-01-01", {
                    dcv_expiration: { ov: "2027-01-01", ev: "2026-01-01" },
                }),
            ],
            needsDcv: true,
            says: /2026-01-01/,
        },
        "an OV order by its own date": {
            list: [
                domain("shop.example", undefined, { dcv_expiration: { ov: "2027-01-01", ev: "2026-01-01" } }),
            ],
            needsDcv: false,
            says: /2027-01-01/,
        },
        "an address": {
            names: ["192.0.2.1"],
            list: [domain("1", "2027-01-01")],
            needsDcv: undefined,
            says: /192\.0\.2\.1/,
        },
        "a DV order": {
            type: "DV",
            list: [domain("shop.example", "2027-01-01")],
            needsDcv: undefined,
            says: /DV order/,
        },
    };
    for (const [what, { names = ["shop.example"], list, type, needsDcv, says }] of Object.entries(cases)) {
        it(`judges ${what}`, () => {
            const { needsDcv: judged, finding } = judge(names, list, type);
            assert.equal(judged, needsDcv);
            assert.match(finding.text, says);
            const level = { true: "attention", false: "ok", undefined: "unknown" } as const;
            assert.equal(finding.level, level[String(needsDcv) as keyof typeof level]);
        });
    }
});
