/** The contract: a name would disappear from the certificate. */
import assert from "node:assert/strict";
import { DOWNLOAD, POST, to } from "../drivers/requests.js";
import type { Run } from "../drivers/driver.js";
import { about, scenario } from "../drivers/scenario.js";
import type { Stage } from "../drivers/stage.js";

const SECTION = "contract: names";

/** Refused for the sake of these names, with the consequence and both ways out. */
function assertRefused(run: Run, ...names: string[]): void {
    const failure = run.failure ?? "";
    for (const name of names)
        assert.match(failure, new RegExp(`(^|[ ,"])${name.replaceAll(".", "\\.").replace("*", "\\*")}`));
    assert.match(failure, /72 hours/);
    assert.match(failure, /allowNameRemoval/);
    assert.equal(run.posts, 0);
}
const names = (stage: Stage, dnsNames: readonly string[], more = {}) =>
    stage.shop({ certificate: { dnsNames }, ...more });

about(SECTION, "A name that would disappear from the certificate", () => {
    scenario(
        "is refused in preview against what was last issued for the stack",
        { tags: ["host", "longCli"] },
        async (stage) => {
            await stage.issued(names(stage, ["a.shop.example", "b.shop.example", "c.shop.example"]));
            const before = stage.recorded;
            const run = await stage.stack.up(names(stage, ["c.shop.example"]));
            assert.deepEqual([run.did, run.requests], ["refused", []]);
            assertRefused(run, "a.shop.example", "b.shop.example");
            assert.doesNotMatch(run.failure ?? "", /c\.shop\.example/);
            assert.deepEqual(stage.recorded, before);
        },
    );

    scenario("is refused in preview also when it is the common name", async (stage) => {
        await stage.issued(names(stage, ["a.shop.example"]));
        const run = await stage.stack.up(stage.shop({ certificate: { commonName: "a.shop.example" } }));
        assert.deepEqual([run.did, run.requests], ["refused", []]);
        assertRefused(run, "shop.example");
    });

    scenario(
        "is refused in preview against what was issued, although a reissue without it is pending",
        async (stage) => {
            await stage.pending(
                names(stage, ["a.shop.example"], { triggers: { v: "2" } }),
                names(stage, ["a.shop.example"]),
            );
            const run = await stage.stack.up(names(stage, [], { triggers: { v: "3" } }));
            assert.deepEqual([run.did, run.requests, stage.latest.status], ["refused", [], "pending"]);
        },
    );

    scenario(
        "is refused before the POST of an update against the order's live certificate",
        async (stage) => {
            const before = await stage.issued();
            const dnsNames = ["new.shop.example"];
            await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, dnsNames });
            const run = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
            assertRefused(run, "new.shop.example");
            assert.deepEqual([run.did, stage.state], ["update", before]);
        },
    );

    scenario("is refused before a pending reissue is cancelled", async (stage) => {
        await stage.issued();
        const dnsNames = ["new.shop.example"];
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, dnsNames });
        stage.policy({ approval: "required" });
        await stage.stack.up(stage.shop({ triggers: { v: "2" }, allowNameRemoval: dnsNames }));
        assert.equal(stage.state.status, "pending_approval");
        const run = await stage.stack.up(stage.shop({ triggers: { v: "3" } }));
        assertRefused(run, "new.shop.example");
        assert.deepEqual([run.changing, stage.latest.status], [[], "pending"]);
    });

    scenario("is refused before the POST also of a reissue that only the time asks for", async (stage) => {
        await stage.issued();
        stage.advanceDays(170);
        await stage.simulator.reissueInConsole(stage.orderId, { dnsNames: ["new.shop.example"] });
        assertRefused(await stage.stack.up(stage.shop()), "new.shop.example");
    });

    scenario("is read from the certificate where the order does not list its names", async (stage) => {
        await stage.useOrder({ dnsNames: ["shop.example", "api.shop.example"] });
        const certificate = { id: stage.live.current.certificateId, common_name: "shop.example" };
        await stage.rewriteOrder((order) => ({ ...order, certificate }));
        assertRefused(await stage.stack.up(stage.shop()), "api.shop.example");
    });

    scenario(
        "is read from the certificate where the order says that it has no further names",
        async (stage) => {
            await stage.useOrder({ dnsNames: ["shop.example", "api.shop.example"] });
            await stage.rewriteOrder((order) => ({
                ...order,
                certificate: { ...(order.certificate as object), dns_names: [] },
            }));
            assertRefused(await stage.stack.up(stage.shop()), "api.shop.example");
        },
    );

    scenario("is refused in preview also after a refresh has shown that it is gone", async (stage) => {
        await stage.issued(names(stage, ["api.shop.example"]));
        const { csr } = stage;
        await stage.simulator.reissueInConsole(stage.orderId, { csr, dnsNames: ["shop.example"] });
        assert.equal((await stage.stack.refresh()).did, "update");
        const run = await stage.stack.up(names(stage, ["new.shop.example"]));
        assert.deepEqual([run.did, run.requests], ["refused", []]);
        assertRefused(run, "api.shop.example");
    });

    scenario("prevents a POST where neither the order nor a download shows the names", async (stage) => {
        const certificate = { id: stage.live.current.certificateId, common_name: "shop.example" };
        await stage.rewriteOrder((order) => ({ ...order, certificate }));
        const page = { kind: "respond", status: 200, body: "no certificate" } as const;
        stage.simulator.fault({ ...to(DOWNLOAD), times: Infinity, ...page });
        const run = await stage.stack.up(stage.shop());
        assert.match(run.failure ?? "", /the names of its certificate \d+ cannot be read/);
        assert.deepEqual([run.posts, stage.isEmpty], [0, true]);
    });

    scenario(
        "may go if allowNameRemoval lists it: one POST, with a warning in preview and update",
        { tags: ["plugin"] },
        async (stage) => {
            await stage.issued(names(stage, ["a.shop.example", "b.shop.example"]));
            const permitted = (name: string) =>
                names(stage, ["b.shop.example"], { allowNameRemoval: [name] });
            const run = await stage.stack.up(permitted("A.shop.example"));
            assert.deepEqual([run.did, run.failure, run.changing], ["update", undefined, [POST]]);
            for (const lines of [run.preview, run.lines]) {
                assert.match(lines.join("\n"), /warning: .*a\.shop\.example.*72 hours/);
            }
            assert.deepEqual(stage.latest.dnsNames, ["b.shop.example"]);
            const again = await stage.stack.up(permitted("a.shop.example"));
            assert.deepEqual([again.did, again.requests, again.text], ["nothing", [], ""]);
        },
    );

    for (const [what, isDue] of [
        ["a change", false],
        ["the time", true],
    ] as const) {
        scenario(
            `may go if allowNameRemoval lists it, with a warning, also where only the live certificate has it and ${what} asks for a reissue`,
            async (stage) => {
                const args = (value: string) =>
                    stage.shop({ triggers: { value }, allowNameRemoval: ["old.shop.example"] });
                await stage.issued(args("1"));
                const dnsNames = ["old.shop.example"];
                await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.otherCsr, dnsNames });
                if (isDue) stage.advanceDays(175);
                const run = await stage.stack.up(args(isDue ? "1" : "2"));
                assert.deepEqual([run.failure, run.posts], [undefined, 1]);
                assert.match(run.lines.join("\n"), /warning: .*old\.shop\.example.*72 hours/);
            },
        );
    }

    scenario(
        "is refused in preview, and warned of if it is permitted, also where the reissue requested before was not accepted",
        async (stage) => {
            await stage.issued(names(stage, ["a.shop.example"]));
            const permitted = names(stage, [], { allowNameRemoval: ["a.shop.example"] });
            stage.loseNextPost();
            await stage.stack.up(permitted);
            stage.simulator.clearFaults();
            assert.match((await stage.stack.up(permitted)).failure ?? "", /knows no reissue/);
            const refused = await stage.stack.up(names(stage, []));
            assert.deepEqual([refused.did, refused.requests], ["refused", []]);
            assertRefused(refused, "a.shop.example");
            const run = await stage.stack.up(permitted);
            assert.deepEqual([run.failure, run.posts], [undefined, 1]);
            for (const lines of [run.preview, run.lines])
                assert.match(lines.join("\n"), /warning: .*a\.shop\.example.*72 hours/);
        },
    );

    scenario("may not go if allowNameRemoval lists another one: exactly these names", async (stage) => {
        await stage.issued(names(stage, ["a.shop.example", "b.shop.example"]));
        const run = await stage.stack.up(names(stage, [], { allowNameRemoval: ["a.shop.example"] }));
        assert.deepEqual([run.did, run.requests], ["refused", []]);
        assertRefused(run, "b.shop.example");
    });

    scenario("is refused in allowNameRemoval while the program still lists it", async (stage) => {
        const run = await stage.stack.up(
            names(stage, ["a.shop.example"], { allowNameRemoval: ["a.shop.example"] }),
        );
        assert.deepEqual([run.did, run.requests], ["refused", []]);
        assert.match(run.failure ?? "", /allowNameRemoval/);
    });

    for (const [asked, added] of [
        ["*.shop.example", "shop.example"],
        ["shop.example", "www.shop.example"],
        ["www.shop.example", "shop.example"],
        ["shop.example", "odd.example"],
    ] as const) {
        scenario(
            `does not count if a certificate of this stack had it without a request: ${added} beside ${asked}`,
            async (stage) => {
                await stage.useOrder({ commonName: asked, policy: { addsNames: [added] } });
                const args = (v: string) =>
                    stage.shop({
                        certificate: { commonName: asked },
                        triggers: { v },
                        allowNameRemoval: [added],
                    });
                await stage.issued(args("1"));
                assert.ok(stage.latest.names?.includes(added));
                // The order tells the name as well, so that the live certificate has it too.
                stage.policy({ addsNames: [] });
                const run = await stage.stack.up({ ...args("2"), allowNameRemoval: [] });
                assert.deepEqual([run.did, run.failure, run.posts], ["update", undefined, 1]);
            },
        );
    }
});

about(SECTION, "A name on a certificate that this stack did not ask for is not exempt:", () => {
    for (const [live, listed, wanted, lost] of [
        ["www.shop.example", [], "shop.example", "www.shop.example"],
        ["shop.example", [], "*.shop.example", "shop.example"],
        ["shop.example", [], "www.shop.example", "shop.example"],
        ["shop.example", ["www.shop.example"], "shop.example", "www.shop.example"],
        ["*.shop.example", ["shop.example"], "*.shop.example", "shop.example"],
        ["shop.example", ["old.shop.example"], "shop.example", "old.shop.example"],
    ] as const) {
        const what = `${[live, ...listed].join(" and ")}, where ${wanted} is wanted`;
        scenario(`a create refuses to lose it and says both ways out: ${what}`, async (stage) => {
            await stage.useOrder({ commonName: live, dnsNames: listed });
            const args = stage.shop({ certificate: { commonName: wanted } });
            const run = await stage.stack.up(args);
            assertRefused(run, lost);
            assert.match(run.failure ?? "", /dnsNames/);
            assert.ok(stage.isEmpty);
            const permitted = await stage.stack.up({ ...args, allowNameRemoval: [lost] });
            assert.deepEqual([permitted.failure, permitted.posts], [undefined, 1]);
            assert.match(permitted.text, /warning: .*72 hours/);
        });
    }

    scenario("a create refuses to lose it, with the real CLI as well", { tags: ["cli"] }, async (stage) => {
        await stage.useOrder({ commonName: "www.shop.example" });
        assertRefused(await stage.stack.up(stage.shop()), "www.shop.example");
        assert.deepEqual(stage.live.scheduledRevocations, []);
    });

    scenario("adoptExisting does not take it over silently", async (stage) => {
        await stage.useOwnOrder({ dnsNames: ["www.shop.example"] });
        const run = await stage.stack.up(stage.shop({ adoptExisting: true }));
        assert.match(run.failure ?? "", /www\.shop\.example/);
        assert.deepEqual([run.posts, stage.isEmpty], [0, true]);
    });

    scenario(
        "www that a colleague adds shows as drift, and the next due reissue does not drop it",
        async (stage) => {
            await stage.useOwnOrder();
            await stage.stack.up(stage.shop({ adoptExisting: true }));
            await stage.stack.up(stage.shop({ triggers: { a: "1" } }));
            const dnsNames = ["www.shop.example"];
            await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, dnsNames });
            assert.equal((await stage.stack.refresh()).did, "update", "drift");
            stage.advanceDays(175);
            const run = await stage.stack.up(stage.shop({ triggers: { a: "1" } }));
            assertRefused(run, "www.shop.example");
            stage.advanceDays(4);
            assert.ok(!stage.statuses.includes("revoked"));
        },
    );

    scenario("www that a colleague adds is not lost without a refresh either", async (stage) => {
        await stage.issued();
        await stage.simulator.reissueInConsole(stage.orderId, {
            csr: stage.csr,
            dnsNames: ["www.shop.example"],
        });
        stage.advanceDays(175);
        assertRefused(await stage.stack.up(stage.shop()), "www.shop.example");
    });

    /** A colleague's reissue with our key and one more name. */
    const addApi = (stage: Stage, more: { pending?: "approval" } = {}) =>
        stage.simulator.reissueInConsole(stage.orderId, {
            csr: stage.csr,
            dnsNames: ["api.shop.example"],
            ...more,
        });
    const WARNING = /warning: .*"?api\.shop\.example.*dnsNames.*allowNameRemoval/;
    /** DigiCert revokes 72 hours after a name was lost. */
    const assertNothingRevoked = (stage: Stage): void => {
        stage.advanceDays(4);
        assert.ok(!stage.statuses.includes("revoked"));
    };

    scenario(
        "a due reissue takes such a certificate over with a warning, and the next due reissue does not drop the name",
        async (stage) => {
            await stage.issued();
            stage.advanceDays(160);
            await addApi(stage);
            stage.advanceDays(15);
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual([run.did, run.failure, run.posts], ["update", undefined, 0]);
            assert.match(run.text, WARNING);
            assert.deepEqual((await stage.stack.up(stage.shop())).requests, []);
            stage.advanceDays(160);
            assertRefused(await stage.stack.up(stage.shop()), "api.shop.example");
            assertNothingRevoked(stage);
        },
    );

    scenario(
        "a due reissue that follows such a pending reissue does not make the name exempt, in whichever up it is issued",
        async (stage) => {
            await stage.issued();
            stage.advanceDays(175);
            await addApi(stage, { pending: "approval" });
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual(
                [run.failure, run.posts, stage.state.status],
                [undefined, 0, "pending_approval"],
            );
            await stage.simulator.approve(stage.latest.requestId ?? 0);
            const issued = await stage.stack.up(stage.shop());
            assert.deepEqual([issued.failure, stage.state.status], [undefined, "issued"]);
            assert.match(issued.text, WARNING);
            assertRefused(await stage.stack.up(stage.shop({ triggers: { v: "2" } })), "api.shop.example");
        },
    );

    for (const step of ["up", "refresh"] as const) {
        scenario(
            `a create that follows such a pending reissue does not make the name exempt, where ${step} finds it issued`,
            async (stage) => {
                await addApi(stage, { pending: "approval" });
                await stage.stack.up(stage.shop());
                assert.equal(stage.state.status, "pending_approval");
                await stage.simulator.approve(stage.latest.requestId ?? 0);
                await (step === "up" ? stage.stack.up(stage.shop()) : stage.stack.refresh());
                assert.equal(stage.state.status, "issued");
                assertRefused(await stage.stack.up(stage.shop({ triggers: { v: "2" } })), "api.shop.example");
            },
        );
    }

    scenario(
        "a create takes over such a certificate of today with a warning, and the next change does not drop the name",
        async (stage) => {
            await addApi(stage);
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual([run.failure, run.posts], [undefined, 0]);
            assert.match(run.text, WARNING);
            const change = { triggers: { v: "2" } };
            assertRefused(await stage.stack.up(stage.shop(change)), "api.shop.example");
            // Also where the order does not list the names of its certificate.
            await stage.rewriteOrder((order) => ({
                ...order,
                certificate: { ...(order.certificate as object), dns_names: [] },
            }));
            assertRefused(await stage.stack.up(stage.shop(change)), "api.shop.example");
            stage.simulator.clearFaults();
            assertNothingRevoked(stage);
            const permitted = await stage.stack.up(
                stage.shop({ ...change, allowNameRemoval: ["api.shop.example"] }),
            );
            assert.deepEqual([permitted.failure, permitted.posts], [undefined, 1]);
            assert.match(permitted.text, /warning: .*api\.shop\.example.*72 hours/);
        },
    );

    scenario(
        "a create takes over a colleague's certificate with a name more that is newer than what a killed run had requested",
        async (stage) => {
            await stage.stack.up(stage.shop());
            await stage.stack.restore(undefined);
            stage.simulator.advance(3_600_000);
            await addApi(stage);
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual([run.failure, run.posts], [undefined, 0]);
            assertRefused(await stage.stack.up(stage.shop({ triggers: { v: "2" } })), "api.shop.example");
        },
    );

    scenario(
        "what DigiCert added to the reissue of a killed run stays exempt: it is this stack's own",
        async (stage) => {
            stage.policy({ addsNames: ["www.shop.example"] });
            const args = (v: string) =>
                stage.shop({ triggers: { v }, allowNameRemoval: v === "2" ? [] : ["www.shop.example"] });
            await stage.stack.up(args("1"));
            await stage.stack.restore(undefined);
            stage.advanceDays(2);
            const run = await stage.stack.up(args("1"));
            assert.deepEqual([run.failure, run.posts], [undefined, 0]);
            stage.policy({ addsNames: [] });
            const next = await stage.stack.up(args("2"));
            assert.deepEqual([next.failure, next.posts], [undefined, 1]);
        },
    );

    scenario(
        "what DigiCert added to this stack's own issuance stays exempt after a due take-over of its auto-reissue",
        async (stage) => {
            stage.policy({ addsNames: ["www.shop.example"] });
            await stage.issued(stage.shop({ allowNameRemoval: ["www.shop.example"] }));
            stage.advanceDays(170);
            stage.simulator.autoReissue(stage.orderId);
            stage.advanceDays(2);
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual([run.failure, run.posts], [undefined, 0]);
            assert.doesNotMatch(run.text, /warning/);
            stage.policy({ addsNames: [] });
            const next = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
            assert.deepEqual([next.failure, next.posts], [undefined, 1]);
        },
    );

    scenario(
        "after a rejection, a refresh follows such a certificate, and the next change does not drop the name",
        async (stage) => {
            const args = (v: string) => stage.shop({ triggers: { v } });
            await stage.pending(args("2"));
            await stage.simulator.reject(stage.requestId, "no");
            await stage.stack.up(args("2"));
            await addApi(stage);
            await stage.stack.refresh();
            assert.equal(stage.state.status, "issued");
            stage.policy({ approval: "auto" });
            assertRefused(await stage.stack.up(args("3")), "api.shop.example");
            assertNothingRevoked(stage);
        },
    );

    scenario(
        "after a take-over nothing is drift: not the certificate itself, and not an auto-reissue with the same names",
        async (stage) => {
            await addApi(stage);
            await stage.issued();
            for (let times = 0; times < 3; times++) {
                const before = stage.recorded.inputs;
                assert.equal((await stage.stack.refresh()).did, "nothing");
                assert.deepEqual(stage.recorded.inputs, before);
                assert.equal(stage.state.issuedCertificateId, stage.live.current.certificateId);
                assert.deepEqual((await stage.stack.up(stage.shop())).requests, []);
                stage.advanceDays(20);
                stage.simulator.autoReissue(stage.orderId);
            }
            await stage.stack.refresh();
            assertRefused(await stage.stack.up(stage.shop({ triggers: { v: "2" } })), "api.shop.example");
        },
    );
});

about(SECTION, "A removal that allowNameRemoval permits is carried out:", () => {
    const both = (stage: Stage, more = {}) => names(stage, ["sold.example"], more);
    const one = (stage: Stage, more = {}) =>
        names(stage, [], { allowNameRemoval: ["sold.example"], ...more });
    const assertRemoved = (stage: Stage, run: Run): void => {
        assert.deepEqual([run.failure, run.posts], [undefined, 1]);
        assert.ok(!stage.live.current.names?.includes("sold.example"));
        assert.equal(stage.state.issuedCertificateId, stage.live.current.certificateId);
    };

    for (const isNewKey of [false, true]) {
        scenario(
            isNewKey
                ? "a colleague's reissue with the new key and the old names does not stand in for it"
                : "an auto-reissue with the old names does not stand in for it",
            async (stage) => {
                await stage.issued(both(stage));
                stage.advanceDays(20);
                if (isNewKey) await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.otherCsr });
                else stage.simulator.autoReissue(stage.orderId);
                const args = one(stage);
                if (isNewKey) Object.assign(args, { certificate: stage.rotated().certificate });
                const run = await stage.stack.up(args);
                assertRemoved(stage, run);
                assert.deepEqual((await stage.stack.up(args)).requests, []);
            },
        );
    }

    scenario(
        "an auto-reissue with the old names does not stand in for it where the order does not list its names",
        async (stage) => {
            await stage.issued(both(stage));
            stage.advanceDays(20);
            stage.simulator.autoReissue(stage.orderId);
            await stage.rewriteOrder(
                (order) => ({ ...order, certificate: { ...(order.certificate as object), dns_names: [] } }),
                { times: 1 },
            );
            assertRemoved(stage, await stage.stack.up(one(stage)));
        },
    );

    scenario(
        "a pending reissue with the old names does not stand in for it, and up fails and names it",
        async (stage) => {
            await stage.issued(both(stage));
            await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, pending: "approval" });
            const run = await stage.stack.up(one(stage));
            assert.match(run.failure ?? "", /a reissue of somebody else is pending/);
            assert.deepEqual([run.changing, stage.latest.status], [[], "pending"]);
            await stage.simulator.approve(stage.latest.requestId ?? 0);
            assertRemoved(stage, await stage.stack.up(one(stage)));
        },
    );

    scenario(
        "after its rejection, a refresh does not follow an auto-reissue with the old names",
        async (stage) => {
            await stage.pending(one(stage), both(stage));
            await stage.simulator.reject(stage.requestId, "no");
            await stage.stack.up(one(stage));
            stage.policy({ approval: "auto" });
            stage.simulator.autoReissue(stage.orderId);
            await stage.stack.refresh();
            assert.equal(stage.state.status, "rejected");
            assertRemoved(stage, await stage.stack.up(one(stage, { triggers: { v: "2" } })));
        },
    );

    scenario(
        "the reissue of a killed run stands in for it also where DigiCert added the name again",
        async (stage) => {
            await stage.issued(both(stage));
            const before = stage.recorded;
            stage.policy({ addsNames: ["sold.example"] });
            await stage.stack.up(one(stage));
            await stage.stack.restore(before);
            const run = await stage.stack.up(one(stage));
            assert.deepEqual([run.failure, run.posts, stage.reissues.length], [undefined, 0, 2]);
        },
    );
});
