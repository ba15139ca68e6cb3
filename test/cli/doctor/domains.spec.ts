import assert from "node:assert/strict";
import type { Domain } from "../../../provider/core/certcentral/answers.js";
import { checkDomains } from "../../../cli/doctor/domains.js";

const NOW = new Date("2026-11-24T12:00:00Z");

describe("checkDomains (doctor)", () => {
    function judge(names: readonly string[], list: readonly Domain[], type: string | undefined = "ov") {
        return checkDomains(new Set(names), { list }, type, NOW);
    }
    const domain = (name: string, ov?: string, more: Partial<Domain> = {}): Domain => ({
        name,
        is_active: true,
        ...(ov !== undefined && { dcv_expiration: { ov, ev: ov } }),
        ...more,
    });

    const cases: Record<
        string,
        {
            names?: string[];
            list: Domain[];
            type?: string;
            needsValidation: boolean | undefined;
            level?: string;
            says: RegExp;
        }
    > = {
        "a validated domain": {
            list: [domain("shop.example", "2027-01-01")],
            needsValidation: false,
            says: /the first validation ends on 2027-01-01$/,
        },
        "the last day of a validation": {
            list: [domain("shop.example", "2026-11-24")],
            needsValidation: false,
            says: /ends on 2026-11-24/,
        },
        "the day after a validation ended": {
            list: [domain("shop.example", "2026-11-23")],
            needsValidation: true,
            says: /^not validated: shop\.example \(ended on 2026-11-23\)\. Validate in CertCentral/,
        },
        "a validation that ends at a time of day": {
            list: [domain("shop.example", "2027-01-01T23:59:59+00:00")],
            needsValidation: false,
            says: /ends on 2027-01-01$/,
        },
        "a name that could upset a terminal": {
            names: ["a\u001b[31m\nb"],
            list: [],
            needsValidation: undefined,
            says: /^the account lists no domain for a b$/,
        },
        "a domain that was never validated": {
            list: [domain("shop.example")],
            needsValidation: true,
            says: /^not validated: shop\.example\. /,
        },
        "a date that is not a date": {
            list: [domain("shop.example", "soon")],
            needsValidation: true,
            says: /^not validated: shop\.example\. /,
        },
        "a name below a validated domain": {
            names: ["a.b.shop.example", "*.shop.example"],
            list: [domain("SHOP.example", "2027-01-01")],
            needsValidation: false,
            says: /2027/,
        },
        "a name that ends like a domain but is not below it": {
            names: ["myshop.example"],
            list: [domain("shop.example", "2027-01-01")],
            needsValidation: undefined,
            says: /lists no domain for myshop\.example/,
        },
        "the longest validation of several domains": {
            names: ["a.shop.example"],
            list: [
                domain("a.shop.example"),
                domain("shop.example", "2027-02-02"),
                domain("shop.example", "2027-01-01"),
            ],
            needsValidation: false,
            says: /2027-02-02/,
        },
        "a domain that is not active": {
            list: [domain("shop.example", "2027-01-01", { is_active: false })],
            needsValidation: undefined,
            says: /lists no domain/,
        },
        "the first validation to end": {
            names: ["a.example", "b.example"],
            list: [domain("b.example", "2027-01-01"), domain("a.example", "2027-05-05")],
            needsValidation: false,
            says: /first validation ends on 2027-01-01/,
        },
        "an ended validation beside a name without a domain": {
            names: ["a.example", "b.example"],
            list: [domain("a.example")],
            needsValidation: true,
            says: /^not validated: a\.example\. /,
        },
        "an EV order by its EV date": {
            type: "ev",
            list: [
                domain("shop.example", "2027-01-01", {
                    dcv_expiration: { ov: "2027-01-01", ev: "2026-01-01" },
                }),
            ],
            needsValidation: true,
            says: /2026-01-01/,
        },
        "an OV order by its OV date": {
            list: [
                domain("shop.example", undefined, { dcv_expiration: { ov: "2027-01-01", ev: "2026-01-01" } }),
            ],
            needsValidation: false,
            says: /2027-01-01/,
        },
        "an IP address": {
            names: ["192.0.2.1"],
            list: [domain("1", "2027-01-01")],
            needsValidation: undefined,
            says: /192\.0\.2\.1/,
        },
        "a DV order, whose validation DigiCert never reuses": {
            type: "DV",
            list: [domain("shop.example", "2027-01-01")],
            needsValidation: true,
            level: "info",
            says: /^DV order: .* every reissue needs a new one$/,
        },
    };
    for (const [
        what,
        { names = ["shop.example"], list, type, needsValidation, level, says },
    ] of Object.entries(cases)) {
        it(`judges ${what}`, () => {
            const { needsValidation: judged, finding } = judge(names, list, type);
            assert.equal(judged, needsValidation);
            assert.match(finding.text, says);
            const byNeed = { true: "attention", false: "ok", undefined: "unknown" } as const;
            assert.equal(finding.level, level ?? byNeed[String(needsValidation) as keyof typeof byNeed]);
        });
    }
});
