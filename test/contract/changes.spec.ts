/** The contract: what a change of the program does. */
import assert from "node:assert/strict";
import { POST } from "../drivers/requests.js";
import type { Props } from "../drivers/driver.js";
import { UNKNOWN } from "../../provider/core/unknown.js";
import { about, scenario } from "../drivers/scenario.js";
import type { Stage } from "../drivers/stage.js";
import { makeKeyAndCsr } from "../../simulator/index.js";

const SECTION = "contract: changes of the program";

about(SECTION, "A change of the program that asks for another certificate", () => {
    const changes: Record<string, [path: RegExp, change: (stage: Stage) => Props]> = {
        "a further name": [/dnsNames/, () => ({ certificate: { dnsNames: ["api.shop.example"] } })],
        "another common name": [
            /commonName/,
            () => ({ certificate: { commonName: "new.shop.example", dnsNames: ["shop.example"] } }),
        ],
        "another key": [/csr/, ({ otherCsr }) => ({ certificate: { csr: otherCsr } })],
        "another platform": [/serverPlatform/, () => ({ certificate: { serverPlatform: { id: 45 } } })],
        "another hash": [/signatureHash/, () => ({ certificate: { signatureHash: "sha384" } })],
        "another issuing CA": [/caCertId/, () => ({ certificate: { caCertId: "ABC" } })],
        "other triggers": [/triggers/, () => ({ triggers: { quarter: "2" } })],
        "other additionalParameters": [
            /additionalParameters/,
            () => ({ additionalParameters: { certificate: { cert_validity: { days: 90 } } } }),
        ],
    };
    for (const [what, [path, change]] of Object.entries(changes)) {
        const tag = what === "another key" ? "host" : /name|triggers/.test(what) ? "plugin" : undefined;
        scenario(
            `is an update in place with one POST and the reason in its preview: ${what}`,
            { tags: tag ? [tag] : [] },
            async (stage) => {
                const old = await stage.issued();
                const args = stage.shop(change(stage));
                const run = await stage.stack.up(args);
                assert.deepEqual([run.did, run.failure, run.changing], ["update", undefined, [POST]]);
                assert.match(
                    run.preview.join("\n"),
                    new RegExp(`order ${stage.orderId}: reissue, .*${path.source}`),
                );
                assert.equal(stage.recorded.id, String(stage.orderId));
                assert.deepEqual([stage.state.status, stage.reissues.length], ["issued", 2]);
                assert.equal(stage.state.certificateId, stage.latest.certificateId);
                assert.notEqual(stage.state.serialNumber, old.serialNumber);
                const again = await stage.stack.up(args);
                assert.deepEqual([again.did, again.requests], ["nothing", []]);
            },
        );
    }

    scenario("is a reissue, not a removal, when common name and another name are swapped", async (stage) => {
        await stage.issued(stage.shop({ certificate: { dnsNames: ["api.shop.example"] } }));
        const swapped = { commonName: "api.shop.example", dnsNames: ["shop.example"] };
        const run = await stage.stack.up(stage.shop({ certificate: swapped }));
        assert.deepEqual([run.did, run.posts, run.failure], ["update", 1, undefined]);
        assert.doesNotMatch(run.text, /72 hours|warning/);
        assert.equal(stage.latest.commonName, "api.shop.example");
        assert.deepEqual(stage.live.scheduledRevocations, []);
    });

    scenario("has its reason printed in the update of a create", async (stage) => {
        const run = await stage.stack.up(stage.shop());
        assert.match(run.lines.join("\n"), new RegExp(`order ${stage.orderId}: reissue`));
    });

    scenario(
        "is previewed without a request, also with unknown values, and with what is refused",
        async (stage) => {
            await stage.issued();
            const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
            for (const args of [
                stage.shop(),
                stage.shop({ triggers: { v: "2" } }),
                stage.rotated(),
                stage.shop({ certificate: { csr: unknown } }),
                stage.shop({ certificate: unknown }),
                stage.shop({ certificate: { dnsNames: [unknown] } }),
                stage.shop({ orderId: stage.orderId + 1 }),
                stage.shop({ comments: unknown, minDaysRemaining: 10 }),
                stage.shop({ certificate: { commonName: "a b" } }),
            ]) {
                if (args.certificate === unknown) args.certificate = unknown;
                assert.deepEqual((await stage.stack.preview(args)).requests, []);
            }
            assert.equal(stage.reissues.length, 1);
        },
    );
});

about(SECTION, "A change of the program that asks for nothing", () => {
    const settings: Record<string, Props> = {
        comments: { comments: "for the auditors" },
        skipApproval: { skipApproval: true },
        minDaysRemaining: { minDaysRemaining: 20 },
        failDaysRemaining: { failDaysRemaining: 3 },
        waitForApproval: { waitForApproval: true },
        issuanceTimeoutSeconds: { issuanceTimeoutSeconds: 60 },
        allowPendingOutputs: { allowPendingOutputs: true },
        allowNameRemoval: { allowNameRemoval: ["gone.example"] },
        adoptExisting: { adoptExisting: true },
        deletionPolicy: { deletionPolicy: "revoke" },
        dcvMethod: { dcvMethod: "dns-txt-token" },
    };
    for (const [name, setting] of Object.entries(settings)) {
        scenario(
            `is recorded without a request: ${name}`,
            { tags: name === "comments" ? ["host"] : [] },
            async (stage) => {
                const before = await stage.issued();
                const run = await stage.stack.up(stage.shop(setting));
                assert.deepEqual([run.did, run.requests, run.failure], ["update", [], undefined]);
                // With a validation method it is recorded that there is no token.
                const token = name === "dcvMethod" ? { dcvRandomValue: null } : {};
                assert.deepEqual(stage.state, { ...before, ...setting, ...token });
                assert.doesNotMatch(run.text, /reissue/);
                const back = await stage.stack.up(stage.shop());
                assert.deepEqual([back.did, back.requests], ["update", []]);
                assert.deepEqual(stage.state, before);
            },
        );
    }

    scenario("is recorded without an API key", async (stage) => {
        await stage.issued();
        const config = { "digicert:apiKey": "" };
        const run = await stage.stack.up(stage.shop({ comments: "no key needed" }), { config });
        assert.deepEqual([run.did, run.failure, run.requests], ["update", undefined, []]);
        assert.equal(stage.state.comments, "no key needed");
    });

    scenario("is no reissue when dcv_method moves from additionalParameters to dcvMethod", async (stage) => {
        await stage.issued(stage.shop({ additionalParameters: { dcv_method: "email" } }));
        const run = await stage.stack.up(stage.shop({ dcvMethod: "email" }));
        assert.deepEqual([run.failure, run.requests, stage.reissues.length], [undefined, [], 1]);
    });

    const wanted = { commonName: "shop.example", dnsNames: ["bücher.example", "api.shop.example"] };
    const spellings: Record<string, (csr: string) => Props> = {
        "white space around and in the PEM": (csr) => ({ csr: `\n\n  ${csr.replaceAll("\n", " \n")}\n\n` }),
        "line ends of the PEM": (csr) => ({ csr: csr.replaceAll("\n", "\r\n") }),
        "the PEM's label": (csr) => ({
            csr: csr.replaceAll("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
        }),
        "bare base64 instead of PEM": (csr) => ({ csr: csr.replace(/-----[^-]+-----/g, "").trim() }),
        "the order of names": () => ({ dnsNames: ["api.shop.example", "bücher.example"] }),
        "the case of names": () => ({
            commonName: "SHOP.example",
            dnsNames: ["BÜCHER.example", "api.Shop.Example"],
        }),
        "punycode instead of letters": () => ({ dnsNames: ["xn--bcher-kva.example", "api.shop.example"] }),
        "the common name repeated in dnsNames": () => ({ dnsNames: ["shop.example", ...wanted.dnsNames] }),
        "defaults written out": () => ({ serverPlatform: { id: -1 }, signatureHash: "sha256" }),
        "null for optional members": () => ({ serverPlatform: null, signatureHash: null, caCertId: null }),
        "null for the id of the platform": () => ({ serverPlatform: { id: null } }),
        "a platform without an id": () => ({ serverPlatform: {} }),
    };
    for (const [what, spelling] of Object.entries(spellings)) {
        scenario(`is nothing at all: ${what}`, async (stage) => {
            const before = await stage.issued(stage.shop({ certificate: wanted }));
            const run = await stage.stack.up(
                stage.shop({ certificate: { ...wanted, ...spelling(stage.csr) } }),
            );
            assert.deepEqual([run.did, run.requests, run.text], ["nothing", [], ""]);
            assert.deepEqual(stage.state, before);
        });
    }

    scenario("is nothing at all: null for dnsNames that are not given", async (stage) => {
        const before = await stage.issued();
        const run = await stage.stack.up(stage.shop({ certificate: { dnsNames: null } }));
        assert.deepEqual([run.did, run.failure, run.requests], ["nothing", undefined, []]);
        assert.deepEqual(stage.state, before);
    });

    scenario("is nothing at all: null for every optional input", { tags: ["host"] }, async (stage) => {
        const before = await stage.issued();
        const optional = [...Object.keys(settings), "additionalParameters", "triggers"];
        const nulls = Object.fromEntries(optional.map((name) => [name, null]));
        const run = await stage.stack.up(stage.shop(nulls));
        assert.deepEqual([run.did, run.failure, run.requests], ["nothing", undefined, []]);
        assert.deepEqual(stage.state, before);
    });

    scenario("is nothing at all: a fresh ECDSA signature over the same CSR", async (stage) => {
        const first = await makeKeyAndCsr({ commonName: "shop.example" });
        const second = await makeKeyAndCsr({ commonName: "shop.example", keyPem: first.keyPem });
        assert.notEqual(first.csrPem, second.csrPem);
        await stage.issued(stage.shop({ certificate: { csr: first.csrPem } }));
        const run = await stage.stack.up(stage.shop({ certificate: { csr: second.csrPem } }));
        assert.deepEqual([run.did, run.requests], ["nothing", []]);
    });

    scenario("is nothing at all: the order id as a string", async (stage) => {
        await stage.issued();
        const run = await stage.stack.up(stage.shop({ orderId: String(stage.orderId) }));
        assert.deepEqual([run.did, run.requests], ["nothing", []]);
    });

    scenario(
        "is nothing at all: the resource was renamed, moved or aliased",
        { tags: ["plugin"] },
        async (stage) => {
            const before = await stage.issued();
            const run = await stage.stack.up(stage.shop({ identity: "project/dev/renamed" }));
            assert.deepEqual([run.did, run.requests, run.text], ["nothing", [], ""]);
            const recorded = await stage.stack.up(
                stage.shop({ identity: "project/dev/renamed", comments: "x" }),
            );
            assert.deepEqual([recorded.did, recorded.requests], ["update", []]);
            assert.deepEqual(stage.state, { ...before, comments: "x", identity: "project/dev/renamed" });
        },
    );

    scenario(
        "is nothing at all: an earlier version of the package had Pulumi record its provider",
        async (stage) => {
            await stage.issued();
            const { inputs, outputs, ...rest } = stage.recorded;
            const earlier = { __provider: 'exports.handler = () => require("earlier");' };
            await stage.stack.restore({
                ...rest,
                inputs: { ...inputs, ...earlier },
                outputs: { ...outputs, ...earlier },
            });
            for (let ups = 0; ups < 2; ups++) {
                const run = await stage.stack.up(stage.shop());
                assert.deepEqual([run.did, run.requests, run.text], ["nothing", [], ""]);
            }
        },
    );
});

about(SECTION, "A change of orderId", () => {
    /** A stack with a reissue of this resource that waits for an approver on one order, and a second order. */
    const moved = async (
        stage: Stage,
        more: Props,
    ): Promise<{ from: number; to: number; old: Stage["latest"] }> => {
        stage.policy({ approval: "required" });
        await stage.stack.up(stage.shop(more));
        return { from: stage.orderId, to: await stage.order(), old: stage.latest };
    };

    scenario(
        "creates the new one first, then cancels by deletionPolicy what is pending on the old one",
        { tags: ["host", "cli"] },
        async (stage) => {
            const more = { deletionPolicy: "cancelPending" };
            const { from, to } = await moved(stage, more);
            const run = await stage.stack.up(stage.shop({ orderId: to, ...more }));
            assert.deepEqual([run.did, run.failure, run.posts], ["replace", undefined, 1]);
            const changing = run.recorded
                .filter(({ method }) => method !== "GET")
                .map(({ pathname }) => pathname);
            assert.equal(changing.length, 2);
            assert.match(changing[0] ?? "", new RegExp(`/${to}/reissue$`));
            assert.match(changing[1] ?? "", new RegExp(`/${from}/status$`));
            assert.deepEqual([stage.latest.status, stage.recorded.id], ["rejected", String(to)]);
        },
    );

    scenario("leaves the old one alone when the new one cannot be created", async (stage) => {
        const { from } = await moved(stage, { deletionPolicy: "cancelPending" });
        const run = await stage.stack.up(stage.shop({ orderId: 999, deletionPolicy: "cancelPending" }));
        assert.match(run.failure ?? "", /order 999.*404/);
        assert.deepEqual([run.posts, stage.recorded.id, stage.latest.status], [0, String(from), "pending"]);
    });

    scenario(
        "is refused in preview while the state says deletionPolicy revoke, and names the way out",
        async (stage) => {
            const to = await stage.order();
            await stage.issued(stage.shop({ deletionPolicy: "revoke" }));
            const before = stage.recorded;
            for (const deletionPolicy of ["revoke", "forget"]) {
                const run = await stage.stack.up(stage.shop({ orderId: to, deletionPolicy }));
                assert.deepEqual([run.did, run.requests], ["refused", []], "what counts is the state");
                assert.match(run.failure ?? "", /revoke.*forget/);
            }
            assert.deepEqual(stage.recorded, before);
            await stage.stack.up(stage.shop({ deletionPolicy: "forget" }));
            const run = await stage.stack.up(stage.shop({ orderId: to, deletionPolicy: "revoke" }));
            assert.deepEqual([run.did, run.failure], ["replace", undefined]);
            assert.ok(stage.reissues.every(({ status }) => status === "issued"));
        },
    );
});

about(SECTION, "A preview that does not know the CSR yet", () => {
    const PLUGIN = { tags: ["plugin"] } as const;
    const previewWithoutCsr = (stage: Stage, more: Props = {}, names: Props = {}) =>
        stage.stack.preview(stage.shop({ ...more, certificate: { ...names, csr: UNKNOWN } }));

    scenario("shows the replacement by another order", PLUGIN, async (stage) => {
        const to = await stage.order();
        await stage.issued();
        const run = await previewWithoutCsr(stage, { orderId: to });
        assert.deepEqual([run.did, run.failure, run.requests], ["replace", undefined, []]);
    });

    scenario("refuses another order while the state says deletionPolicy revoke", PLUGIN, async (stage) => {
        const to = await stage.order();
        await stage.issued(stage.shop({ deletionPolicy: "revoke" }));
        const run = await previewWithoutCsr(stage, { orderId: to });
        assert.deepEqual([run.did, run.requests], ["refused", []]);
        assert.match(run.failure ?? "", /revoke.*forget/);
    });

    scenario("refuses the removal of a name that allowNameRemoval does not list", PLUGIN, async (stage) => {
        const dnsNames = ["a.shop.example"];
        await stage.issued(stage.shop({ certificate: { dnsNames } }));
        const run = await previewWithoutCsr(stage);
        assert.deepEqual([run.did, run.requests], ["refused", []]);
        assert.match(run.failure ?? "", /a\.shop\.example would disappear/);
        for (const permitted of [
            await previewWithoutCsr(stage, {}, { dnsNames }),
            await previewWithoutCsr(stage, { allowNameRemoval: dnsNames }),
        ])
            assert.deepEqual([permitted.did, permitted.failure], ["update", undefined]);
    });

    scenario("shows an update where the order or the names are unknown too", PLUGIN, async (stage) => {
        await stage.issued(stage.shop({ certificate: { dnsNames: ["a.shop.example"] } }));
        for (const [more, names] of [
            [{ orderId: UNKNOWN }, {}],
            [{}, { dnsNames: UNKNOWN }],
            [{}, { dnsNames: [UNKNOWN] }],
            [{ allowNameRemoval: UNKNOWN }, {}],
        ] as const) {
            const run = await previewWithoutCsr(stage, more, names);
            assert.deepEqual([run.did, run.failure], ["update", undefined]);
        }
    });
});
