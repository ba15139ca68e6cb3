import assert from "node:assert/strict";
import { ORDER, POST, useStage } from "./stage.js";

/** Section "When a reissue happens": a name would disappear from the certificate. */
describe("a name that would disappear from the certificate", function () {
    this.timeout(30_000);
    const stage = useStage();
    const names = (dnsNames: readonly string[], more = {}) =>
        stage.shop({ certificate: { dnsNames }, ...more });
    const consequence = /revokes the original .*every reissue and duplicate .*within 72 hours/;

    it("is refused in preview against what was last issued for the stack, with names and consequence", async () => {
        await stage.issued(names(["a.shop.example", "b.shop.example", "c.shop.example"]));
        const before = stage.stack.recorded();
        const run = await stage.stack.up(names(["c.shop.example"]));
        assert.deepEqual([run.did, run.requests], ["refused", []]);
        assert.match(run.failure ?? "", /a\.shop\.example, b\.shop\.example would disappear/);
        assert.doesNotMatch(run.failure ?? "", /c\.shop\.example/);
        assert.match(run.failure ?? "", consequence);
        assert.match(run.failure ?? "", /allowNameRemoval/);
        assert.deepEqual(stage.stack.recorded(), before);
    });

    it("is refused in preview also when it is the common name", async () => {
        await stage.issued(names(["a.shop.example"]));
        const run = await stage.stack.up(stage.shop({ certificate: { commonName: "a.shop.example" } }));
        assert.deepEqual([run.did, run.requests], ["refused", []]);
        assert.match(run.failure ?? "", /: .*[^.]shop\.example would disappear/);
    });

    it("is refused in preview against what was issued, although a reissue without it is pending", async () => {
        await stage.pending(names(["a.shop.example"], { triggers: { v: "2" } }), names(["a.shop.example"]));
        const run = await stage.stack.up(names([], { triggers: { v: "3" } }));
        assert.deepEqual([run.did, run.requests, stage.latest.status], ["refused", [], "pending"]);
    });

    it("is refused before the POST of a create against the order's live certificate", async () => {
        stage.orderId = await stage.order({ dnsNames: ["old.shop.example"] });
        const run = await stage.stack.up(stage.shop());
        assert.match(run.failure ?? "", /old\.shop\.example would disappear/);
        assert.match(run.failure ?? "", consequence);
        assert.deepEqual([run.posts, stage.stack.isEmpty], [0, true]);
        assert.equal(run.requests[0], ORDER);
    });

    it("is refused before the POST of an update against the order's live certificate", async () => {
        await stage.issued();
        await stage.simulator.reissueInConsole(stage.orderId, {
            csr: stage.csr,
            dnsNames: ["new.shop.example"],
        });
        const before = stage.stack.state;
        const run = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
        assert.match(run.failure ?? "", /new\.shop\.example would disappear/);
        assert.match(run.failure ?? "", consequence);
        assert.deepEqual([run.did, run.posts], ["update", 0]);
        assert.deepEqual(stage.stack.state, before);
    });

    it("is refused before the POST also of a reissue that only the time asks for", async () => {
        await stage.issued();
        stage.advanceDays(170);
        await stage.simulator.reissueInConsole(stage.orderId, { dnsNames: ["new.shop.example"] });
        const run = await stage.stack.up(stage.shop());
        assert.match(run.failure ?? "", /new\.shop\.example would disappear/);
        assert.equal(run.posts, 0);
    });

    it("may, if allowNameRemoval lists it: one POST, with a warning in preview and update", async () => {
        await stage.issued(names(["a.shop.example", "b.shop.example"]));
        const run = await stage.stack.up(names(["b.shop.example"], { allowNameRemoval: ["A.shop.example"] }));
        assert.deepEqual([run.did, run.failure, run.requests], ["update", undefined, [ORDER, POST]]);
        for (const lines of [run.preview, run.lines]) {
            assert.match(lines.join("\n"), /^warning: .*a\.shop\.example.*72 hours/m);
        }
        assert.deepEqual(stage.latest.dnsNames, ["b.shop.example"]);
        const again = await stage.stack.up(
            names(["b.shop.example"], { allowNameRemoval: ["a.shop.example"] }),
        );
        assert.deepEqual([again.did, again.requests, again.text], ["nothing", [], ""]);
    });

    it("may in a create as well, with a warning", async () => {
        stage.orderId = await stage.order({ dnsNames: ["old.shop.example"] });
        const run = await stage.stack.up(stage.shop({ allowNameRemoval: ["old.shop.example"] }));
        assert.deepEqual([run.failure, run.posts], [undefined, 1]);
        assert.match(run.text, /warning: .*old\.shop\.example.*72 hours/);
    });

    it("may not, if allowNameRemoval lists another one: exactly these names", async () => {
        await stage.issued(names(["a.shop.example", "b.shop.example"]));
        const run = await stage.stack.up(names([], { allowNameRemoval: ["a.shop.example"] }));
        assert.deepEqual([run.did, run.requests], ["refused", []]);
        assert.match(run.failure ?? "", /because b\.shop\.example would disappear/);
    });

    it("that is still wanted is refused in allowNameRemoval", async () => {
        const run = await stage.stack.up(names(["a.shop.example"], { allowNameRemoval: ["a.shop.example"] }));
        assert.deepEqual([run.did, run.requests], ["refused", []]);
        assert.match(run.failure ?? "", /allowNameRemoval/);
    });

    for (const [asked, added] of [
        ["*.shop.example", "shop.example"],
        ["shop.example", "www.shop.example"],
        ["www.shop.example", "shop.example"],
    ] as const) {
        it(`does not count where DigiCert adds it by itself: ${added} to ${asked}`, async () => {
            stage.orderId = await stage.order({ commonName: asked, policy: { addsNames: [added] } });
            const args = (v: string) => stage.shop({ certificate: { commonName: asked }, triggers: { v } });
            await stage.issued(args("1"));
            assert.ok(stage.latest.names?.includes(added));
            // The order tells the name as well, so that the live certificate has it too.
            stage.simulator.policy(stage.orderId, { addsNames: [] });
            const run = await stage.stack.up(args("2"));
            assert.deepEqual([run.did, run.failure, run.posts], ["update", undefined, 1]);
            assert.doesNotMatch(run.text, /72 hours/);
        });
    }
});
