/** The contract: `adoptExisting`, with which a create never POSTs. */
import assert from "node:assert/strict";
import { POST } from "../drivers/requests.js";
import type { Props } from "../drivers/driver.js";
import { about, scenario } from "../drivers/scenario.js";
import type { Stage } from "../drivers/stage.js";
import type { OrderSeed } from "../../simulator/index.js";

const SECTION = "contract: adoptExisting";

const adopting = (stage: Stage, more: Props = {}) => stage.shop({ adoptExisting: true, ...more });

about(SECTION, "adoptExisting", () => {
    scenario(
        "takes the order's current certificate over, if it has this key and these names",
        { tags: ["host", "longCli"] },
        async (stage) => {
            await stage.useOwnOrder({ dnsNames: ["a.shop.example"] });
            stage.advanceDays(60);
            const args = adopting(stage, { certificate: { dnsNames: ["A.shop.example"] } });
            const run = await stage.stack.up(args);
            assert.deepEqual([run.did, run.failure, run.changing], ["create", undefined, []]);
            const { state } = stage;
            const { current } = stage.live;
            assert.deepEqual(
                [
                    state.status,
                    state.serialNumber,
                    state.issuedCertificateId,
                    state.certificateId,
                    state.requestIds,
                ],
                ["issued", current.serialNumber, current.certificateId, current.certificateId, []],
            );
            assert.equal(state.orderValidTill, "2029-03-01");
            const again = await stage.stack.up(args);
            assert.deepEqual([again.did, again.requests], ["nothing", []]);
        },
    );

    scenario("takes it over with another hash", async (stage) => {
        await stage.useOwnOrder({ signatureHash: "sha384" });
        const run = await stage.stack.up(adopting(stage));
        assert.deepEqual([run.failure, run.posts], [undefined, 0]);
        assert.deepEqual((await stage.stack.up(adopting(stage))).requests, []);
    });

    scenario("is recorded when it is dropped afterwards, and a change is one POST as ever", async (stage) => {
        await stage.useOwnOrder();
        await stage.stack.up(adopting(stage));
        const dropped = await stage.stack.up(stage.shop());
        assert.deepEqual([dropped.did, dropped.requests], ["update", []]);
        for (const v of ["1", "2"]) {
            const run = await stage.stack.up(adopting(stage, { triggers: { v } }));
            assert.deepEqual([run.failure, run.changing], [undefined, [POST]]);
        }
    });

    const isOurs = { ours: true };
    const differences: Record<
        string,
        {
            seed?: OrderSeed & { ours?: boolean };
            want?: Props;
            says: RegExp[];
            before?: (stage: Stage) => void;
        }
    > = {
        "another key": { says: [/key/] },
        "a name that it lacks": {
            seed: isOurs,
            want: { certificate: { dnsNames: ["a.shop.example"] } },
            says: [/a\.shop\.example/],
        },
        "a name that it has besides": {
            seed: { ...isOurs, dnsNames: ["b.shop.example"] },
            says: [/b\.shop\.example/],
        },
        "the www twin that it has besides": {
            seed: { ...isOurs, dnsNames: ["www.shop.example"] },
            says: [/www\.shop\.example/],
        },
        "everything at once": {
            seed: { dnsNames: ["b.shop.example"] },
            want: { certificate: { dnsNames: ["a.shop.example"] } },
            says: [/key/, /a\.shop\.example/, /b\.shop\.example/],
        },
        "a certificate that is revoked": {
            seed: isOurs,
            before: (stage) => {
                stage.simulator.revoke(stage.live.current.certificateId);
            },
            says: [/revoked/],
        },
        "a certificate that has expired": {
            seed: isOurs,
            before: (stage) => {
                stage.advanceDays(205);
            },
            says: [/expired/],
        },
        "an order that is revoked": {
            seed: isOurs,
            before: (stage) => {
                stage.simulator.cancelOrder(stage.orderId, "revoked");
            },
            says: [/revoked/],
        },
        "an order that is canceled": {
            seed: isOurs,
            before: (stage) => {
                stage.simulator.cancelOrder(stage.orderId, "canceled");
            },
            says: [/canceled/],
        },
        "an order that has no certificate": {
            seed: { status: "needs_approval" },
            says: [/no .*certificate/],
        },
    };
    for (const [what, { seed = {}, want = {}, says, before }] of Object.entries(differences)) {
        scenario(`fails without a POST, and says so: ${what}`, async (stage) => {
            const { ours = false, ...rest } = seed;
            await (ours ? stage.useOwnOrder(rest) : stage.useOrder(rest));
            before?.(stage);
            const run = await stage.stack.up(adopting(stage, want));
            for (const text of says) assert.match(run.failure ?? "", text);
            assert.match(run.failure ?? "", new RegExp(`order ${stage.orderId}`));
            assert.deepEqual([run.changing, stage.isEmpty], [[], true]);
        });
    }

    for (const omitFromReads of [["csr"], ["csr", "comments"], ["dns_names"], ["dns_names", "csr"]]) {
        scenario(
            `goes by the certificate where the order does not tell ${omitFromReads.join(" and ")}`,
            async (stage) => {
                await stage.useOwnOrder({ policy: { omitFromReads } });
                assert.equal((await stage.stack.up(adopting(stage))).failure, undefined);
                const other = await stage.newStack().up(stage.rotated({ adoptExisting: true }));
                assert.match(other.failure ?? "", /key/);
                assert.equal(other.posts, 0);
            },
        );
    }

    scenario(
        "fails without a POST where the certificate has a name besides that the order does not list",
        async (stage) => {
            await stage.useOwnOrder({ dnsNames: ["b.shop.example"] });
            await stage.rewriteOrder((order) => ({
                ...order,
                certificate: { ...(order.certificate as Props), dns_names: ["shop.example"] },
            }));
            const run = await stage.stack.up(adopting(stage));
            assert.match(run.failure ?? "", /b\.shop\.example besides/);
            assert.deepEqual([run.changing, stage.isEmpty], [[], true]);
        },
    );

    scenario(
        "takes over a code signing certificate, whose common name is that of an organization",
        async (stage) => {
            const product = { name_id: "code_signing", type: "code_signing_certificate" };
            await stage.useOwnOrder({ commonName: "Example, Inc.", product });
            const args = { orderId: stage.orderId, certificate: { csr: stage.csr }, adoptExisting: true };
            const run = await stage.stack.up(args);
            assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 0, "issued"]);
            const again = await stage.stack.up(args);
            assert.deepEqual([again.did, again.requests], ["nothing", []]);
        },
    );

    scenario("without names refuses a certificate for TLS, naming what it has besides", async (stage) => {
        await stage.useOwnOrder();
        const args = { orderId: stage.orderId, certificate: { csr: stage.csr }, adoptExisting: true };
        const run = await stage.stack.up(args);
        assert.match(run.failure ?? "", /it has shop\.example besides/);
        assert.deepEqual([run.changing, stage.isEmpty], [[], true]);
    });

    scenario("leaves a foreign pending reissue alone", async (stage) => {
        await stage.useOwnOrder();
        await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
        const run = await stage.stack.up(adopting(stage));
        assert.deepEqual([run.changing, stage.latest.status], [[], "pending"]);
    });

    scenario("takes over what is due as well, and the next up reissues it", async (stage) => {
        await stage.useOwnOrder();
        stage.advanceDays(175);
        const run = await stage.stack.up(adopting(stage));
        assert.deepEqual([run.failure, run.posts], [undefined, 0]);
        assert.equal((await stage.stack.up(adopting(stage))).posts, 1);
    });

    scenario("makes a replacement without a POST", async (stage) => {
        await stage.issued();
        await stage.useOwnOrder();
        const run = await stage.stack.up(adopting(stage));
        assert.deepEqual([run.did, run.failure, run.posts], ["replace", undefined, 0]);
        assert.equal(stage.recorded.id, String(stage.orderId));
    });
});
