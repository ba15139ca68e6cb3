import assert from "node:assert/strict";
import fc from "fast-check";
import { checkInputs } from "../../../provider/core/reissue/check.js";
import { plan } from "../../../provider/core/reissue/plan/plan.js";
import type { ReissueInputs, ReissueState } from "../../../provider/core/reissue/state.js";
import { caseChanged, reordered, shuffled } from "../../fixtures/arbitraries.js";
import { csrPem } from "../../fixtures/csr.js";
import { keysOf, situation } from "../../fixtures/states.js";
import { withCrLf } from "../../../simulator/pem.js";

/** Ways to write a PEM that mean the same. */
const frame = fc.constantFrom(
    (pem: string) => pem,
    withCrLf,
    (pem: string) => `\t ${pem}\n\n `,
    (pem: string) => pem.replace(/-----[^-]+-----|\n/g, ""),
    (pem: string) => pem.replace(/-----[^-]+-----/g, "").replaceAll("\n", " \n"),
    (pem: string) => pem.replaceAll("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
    (pem: string) => `openssl says:\n${pem}`,
);

/** The CSR of the same key, signed afresh and framed in another way. */
function resigned(csr: string): fc.Arbitrary<string> {
    const pair = keysOf(csr);
    return frame.map((reframe) => reframe(csrPem(pair)));
}

/** A program, and the same as somebody else would write it. */
function respelt(wanted: ReissueInputs): fc.Arbitrary<Record<string, unknown>> {
    const { commonName = "", dnsNames, csr } = wanted.certificate;
    const names = fc
        .boolean()
        .chain((isRepeated) => shuffled([...new Set(isRepeated ? [...dnsNames, commonName] : dnsNames)]))
        .chain(([, other]) => fc.tuple(...other.map((name) => caseChanged(name).map(([, loud]) => loud))));
    return fc
        .record({
            names,
            commonName: caseChanged(commonName).map(([, loud]) => loud),
            csr: resigned(csr),
            orderId: fc.constantFrom(wanted.orderId, `00${wanted.orderId}`, Number(wanted.orderId)),
        })
        .map(({ names: dnsNames, commonName, csr, orderId }) => ({
            ...(reordered(wanted) as ReissueInputs),
            orderId,
            allowNameRemoval: wanted.allowNameRemoval?.toReversed().map((name) => name.toUpperCase()),
            certificate: { ...wanted.certificate, commonName, dnsNames, csr },
        }));
}

describe("the spelling of a program", () => {
    it("never makes a difference to the plan, whatever the state", () => {
        const both = situation().chain(([old, wanted, now]) =>
            fc.tuple(fc.constant(old), fc.constant(wanted), respelt(wanted), fc.constant(now)),
        );
        fc.assert(
            fc.property(both, ([old, wanted, other, now]) => {
                const { inputs: plain, failures } = checkInputs({ ...wanted });
                const { inputs: normal, failures: more } = checkInputs(other);
                assert.deepEqual([failures, more], [[], []]);
                assert.ok(plain && normal);
                assert.deepEqual(plan(old, normal, now), plan(old, plain, now));
            }),
            { numRuns: 200 },
        );
    });

    it("never makes a difference when the state has it", () => {
        const both = situation().chain(([old, wanted, now]) =>
            fc.tuple(
                fc.constant({ old, wanted, now }),
                resigned(old.certificate.csr),
                shuffled(old.certificate.dnsNames),
                shuffled(old.allowNameRemoval ?? []),
            ),
        );
        fc.assert(
            fc.property(both, ([{ old, wanted, now }, csr, [, dnsNames], [, allowNameRemoval]]) => {
                const other: ReissueState = {
                    ...(reordered(old) as ReissueState),
                    certificate: { ...old.certificate, csr, dnsNames },
                    ...(old.allowNameRemoval ? { allowNameRemoval } : {}),
                };
                assert.deepEqual(plan(other, wanted, now), plan(old, wanted, now));
            }),
            { numRuns: 200 },
        );
    });
});
