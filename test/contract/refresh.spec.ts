/** The contract: `pulumi refresh`, and `DigiCertReissue.get`. */
import assert from "node:assert/strict";
import { errors } from "../drivers/requests.js";
import type { Props } from "../drivers/driver.js";
import { about, scenario } from "../drivers/scenario.js";
import type { Stage } from "../drivers/stage.js";

const SECTION = "contract: refresh and get";

const NOT_FOUND = { kind: "respond", status: 404, body: errors("not_found|order", "not found") } as const;
const bare = (text: string) => text.replace(/\s/g, "");
const csrOf = ({ certificate }: { certificate?: unknown }) => bare((certificate as { csr: string }).csr);

about(SECTION, "A refresh", () => {
    scenario("of what is as it was changes nothing", { tags: ["host"] }, async (stage) => {
        await stage.issued();
        const before = stage.recorded;
        const run = await stage.stack.refresh();
        assert.deepEqual([run.did, run.failure], ["nothing", undefined]);
        assert.ok(run.requests.length > 0);
        assert.deepEqual(stage.recorded, before);
        assert.equal((await stage.stack.up(stage.shop())).did, "nothing");
    });

    scenario("downloads the certificate again where the state holds another under its id", async (stage) => {
        const earlier = await stage.issued();
        await stage.stack.up(stage.shop({ triggers: { round: "2" } }));
        const { outputs: right, ...rest } = stage.recorded;
        const { issued } = right as { issued?: object };
        const outputs = { ...right, issued: { ...issued, endsNoLater: true } } as never;
        const { certificatePem, serialNumber, thumbprint, validFrom, validTill } = earlier;
        const wrong = { certificatePem, serialNumber, thumbprint, validFrom, validTill };
        await stage.stack.restore({
            ...rest,
            outputs: { ...right, ...wrong, issued: { ...issued, serialNumber, endsNoLater: true } } as never,
        });
        const run = await stage.stack.refresh();
        assert.deepEqual([run.did, run.failure], ["nothing", undefined]);
        assert.deepEqual(stage.recorded.outputs, outputs);
        assert.deepEqual((await stage.stack.up(stage.shop({ triggers: { round: "2" } }))).requests, []);
    });

    for (const whose of ["DigiCert's auto-reissue", "a reissue in the console"]) {
        scenario(
            `follows ${whose} with the same key and names: outputs change, nothing to do`,
            async (stage) => {
                const old = await stage.issued();
                stage.advanceDays(20);
                if (whose.startsWith("DigiCert")) stage.simulator.autoReissue(stage.orderId);
                else await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
                const run = await stage.stack.refresh();
                assert.deepEqual([run.did, run.failure], ["nothing", undefined]);
                const { state } = stage;
                const { current } = stage.live;
                assert.deepEqual(
                    [state.status, state.serialNumber, state.thumbprint, state.issuedCertificateId],
                    ["issued", current.serialNumber, current.thumbprint, current.certificateId],
                );
                assert.ok((state.validTill ?? "") > (old.validTill ?? "x"));
                assert.notEqual(state.certificatePem, old.certificatePem);
                assert.equal(csrOf(stage.recorded.inputs), bare(stage.csr));
                const up = await stage.stack.up(stage.shop());
                assert.deepEqual([up.did, up.requests], ["nothing", []]);
            },
        );
    }

    for (const isTold of [true, false]) {
        scenario(
            `shows another key as drift of the inputs, with the certificate outputs absent (CSR ${isTold ? "told" : "not told"})`,
            { tags: isTold ? ["host"] : [] },
            async (stage) => {
                await stage.issued();
                await stage.simulator.reissueInConsole(stage.orderId);
                if (!isTold) stage.policy({ omitFromReads: ["csr"] });
                const run = await stage.stack.refresh();
                assert.deepEqual([run.did, run.failure], ["update", undefined]);
                await stage.stack.refresh();
                assert.equal(stage.state.certificatePem, undefined);
                if (isTold)
                    for (const props of [stage.state, stage.recorded.inputs])
                        assert.equal(csrOf(props), bare(stage.latest.csr));
                const up = await stage.stack.up(stage.shop());
                assert.deepEqual([up.did, up.failure, up.posts], ["update", undefined, 1]);
                assert.equal(stage.state.serialNumber, stage.latest.serialNumber);
                assert.deepEqual((await stage.stack.up(stage.shop())).requests, []);
            },
        );
    }

    scenario("shows another key as drift, and a program that follows it asks for nothing", async (stage) => {
        await stage.issued();
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.otherCsr });
        await stage.stack.refresh();
        const up = await stage.stack.up(stage.rotated());
        assert.deepEqual([up.failure, up.posts], [undefined, 0]);
        assert.equal(stage.state.serialNumber, stage.live.current.serialNumber);
        assert.deepEqual((await stage.stack.up(stage.rotated())).requests, []);
    });

    scenario("finds the stack's own certificate again when the order returns to its key", async (stage) => {
        await stage.issued();
        await stage.simulator.reissueInConsole(stage.orderId);
        await stage.stack.refresh();
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
        await stage.stack.refresh();
        assert.equal(stage.state.serialNumber, stage.live.current.serialNumber);
        assert.equal((await stage.stack.up(stage.shop())).did, "nothing");
    });

    scenario("keeps its drift when the order returns to the stack's key and tells no CSR", async (stage) => {
        await stage.issued();
        stage.policy({ omitFromReads: ["csr"] });
        await stage.simulator.reissueInConsole(stage.orderId);
        await stage.stack.refresh();
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
        const run = await stage.stack.refresh();
        assert.deepEqual([run.failure, stage.state.certificatePem], [undefined, undefined]);
        const up = await stage.stack.up(stage.shop());
        assert.deepEqual([up.failure, stage.state.status], [undefined, "issued"]);
        assert.equal(stage.state.serialNumber, stage.live.current.serialNumber);
    });

    scenario(
        "shows further names as drift of the inputs, and the next up refuses to lose them",
        async (stage) => {
            await stage.issued();
            await stage.simulator.reissueInConsole(stage.orderId, {
                csr: stage.csr,
                dnsNames: ["new.shop.example"],
            });
            const run = await stage.stack.refresh();
            assert.deepEqual([run.did, run.failure], ["update", undefined]);
            assert.ok(stage.state.certificate.dnsNames.includes("new.shop.example"));
            const up = await stage.stack.up(stage.shop());
            assert.match(up.failure ?? "", /new\.shop\.example/);
            assert.equal(up.posts, 0);
        },
    );

    scenario(
        "shows names that are gone as drift of the inputs, and the next up asks for them",
        async (stage) => {
            const args = stage.shop({ certificate: { dnsNames: ["a.shop.example"] } });
            await stage.issued(args);
            await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, dnsNames: [] });
            assert.equal((await stage.stack.refresh()).did, "update");
            assert.ok(!stage.state.certificate.dnsNames.includes("a.shop.example"));
            const up = await stage.stack.up(args);
            assert.deepEqual([up.failure, up.posts], [undefined, 1]);
            assert.ok(stage.latest.names?.includes("a.shop.example"));
        },
    );

    scenario("shows a drift that an up would refuse instead of failing itself", async (stage) => {
        await stage.issued(stage.shop({ certificate: { dnsNames: ["a.shop.example"] } }));
        for (const dnsNames of [[], ["b.shop.example"]]) {
            await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr, dnsNames });
            const run = await stage.stack.refresh();
            assert.deepEqual([run.did, run.failure], ["update", undefined]);
        }
    });

    scenario(
        "keeps what DigiCert reported right after our own issuance as the baseline, through auto-reissues",
        async (stage) => {
            stage.policy({ addsNames: ["www.shop.example", "odd.example"] });
            await stage.issued(stage.shop({ allowNameRemoval: ["www.shop.example", "odd.example"] }));
            for (let times = 0; times < 2; times++) {
                stage.advanceDays(20);
                stage.simulator.autoReissue(stage.orderId);
                assert.equal((await stage.stack.refresh()).did, "nothing");
                assert.equal(stage.state.issuedCertificateId, stage.live.current.certificateId);
            }
        },
    );

    for (const [status, end] of Object.entries<(stage: Stage) => void>({
        revoked: (stage) => {
            stage.simulator.revoke(stage.live.current.certificateId);
        },
        "revoked with its order": (stage) => {
            stage.simulator.cancelOrder(stage.orderId, "revoked");
        },
        expired: (stage) => {
            stage.advanceDays(201);
        },
    })) {
        scenario(`shows in status a certificate that is ${status}`, async (stage) => {
            await stage.issued();
            end(stage);
            await stage.stack.refresh();
            assert.equal(stage.state.status, status.split(" ")[0]);
            assert.ok(stage.state.certificatePem);
        });
    }

    scenario(
        "does not show in status that a certificate before the stack's own was revoked, where the order is read late",
        async (stage) => {
            stage.simulator.revoke(stage.live.current.certificateId);
            const late = await stage.answer();
            const before = await stage.issued();
            await stage.rewriteOrder(() => late);
            assert.equal((await stage.stack.refresh()).failure, undefined);
            assert.deepEqual([stage.state.status, stage.state.serialNumber], ["issued", before.serialNumber]);
        },
    );

    scenario(
        "shows in status a reissue that was rejected; the next up says who and why, without a POST",
        async (stage) => {
            await stage.pending(stage.shop({ triggers: { v: "2" } }));
            await stage.simulator.reject(stage.requestId, "no budget");
            await stage.stack.refresh();
            assert.equal(stage.state.status, "rejected");
            const up = await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
            assert.match(up.failure ?? "", /reject.*no budget/);
            assert.equal(up.posts, 0);
        },
    );

    scenario(
        "follows, after a rejection, a certificate with key and names that somebody made meanwhile",
        async (stage) => {
            const args = stage.shop({ triggers: { v: "2" } });
            await stage.pending(args);
            await stage.simulator.reject(stage.requestId, "no budget");
            await stage.stack.up(args);
            await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
            await stage.stack.refresh();
            const { certificateId, serialNumber } = stage.live.current;
            assert.deepEqual(
                [stage.state.status, stage.state.issuedCertificateId, stage.state.serialNumber],
                ["issued", certificateId, serialNumber],
            );
            assert.deepEqual((await stage.stack.up(args)).requests, []);
        },
    );

    scenario(
        "does not follow, after a rejected create, the certificate that the order had before the POST",
        async (stage) => {
            await stage.useOwnOrder({ policy: { approval: "required" } });
            await stage.stack.up(stage.shop());
            await stage.simulator.reject(stage.requestId, "no budget");
            await stage.stack.up(stage.shop());
            await stage.stack.refresh();
            assert.deepEqual([stage.state.status, stage.state.certificatePem], ["rejected", undefined]);
            assert.match((await stage.stack.up(stage.shop())).failure ?? "", /reject.*no budget/);
        },
    );

    scenario(
        "does not follow, after a rejected update, an auto-reissue from before the POST",
        async (stage) => {
            const { issuedCertificateId } = await stage.issued();
            stage.advanceDays(20);
            stage.simulator.autoReissue(stage.orderId);
            stage.policy({ approval: "required" });
            const args = stage.shop({ triggers: { v: "2" } });
            await stage.stack.up(args);
            await stage.simulator.reject(stage.requestId, "no budget");
            await stage.stack.refresh();
            await stage.stack.refresh();
            assert.deepEqual(
                [stage.state.status, stage.state.issuedCertificateId],
                ["rejected", issuedCertificateId],
            );
            assert.match((await stage.stack.up(args)).failure ?? "", /reject.*no budget/);
        },
    );

    scenario("shows in status a certificate that was revoked before it was seen as issued", async (stage) => {
        stage.policy({ approval: "required" });
        await stage.stack.up(stage.shop());
        await stage.approve();
        stage.simulator.revoke(stage.live.current.certificateId);
        await stage.stack.refresh();
        assert.equal(stage.state.status, "revoked");
    });

    scenario(
        "of a pending reissue keeps what is known of it, and picks it up once it is issued",
        async (stage) => {
            const args = stage.shop({ triggers: { v: "2" } });
            await stage.pending(args);
            const pending = stage.state;
            await stage.stack.refresh();
            assert.deepEqual(stage.state, pending);
            await stage.approve();
            await stage.stack.refresh();
            assert.deepEqual(
                [stage.state.status, stage.state.serialNumber],
                ["issued", stage.latest.serialNumber],
            );
            const up = await stage.stack.up(args);
            assert.deepEqual([up.did, up.requests], ["nothing", []]);
        },
    );

    scenario("of a pending reissue keeps what DigiCert accepted while no read shows it", async (stage) => {
        await stage.issued();
        stage.policy({ approval: "none", issuanceMs: 600_000, includeChain: false });
        await stage.freezeReads();
        const args = { skipApproval: true, issuanceTimeoutSeconds: 0, triggers: { v: "2" } };
        await stage.stack.up(stage.shop(args));
        const pending = stage.state;
        assert.deepEqual(
            [pending.status, pending.certificateId],
            ["pending_issuance", stage.latest.certificateId],
        );
        await stage.stack.refresh();
        assert.deepEqual(stage.state, pending);
    });

    scenario(
        "keeps the search for a reissue whose answer was lost, if the order does not show it",
        async (stage) => {
            await stage.issued();
            const args = stage.shop({ triggers: { v: "2" } });
            stage.loseNextPost();
            await stage.stack.up(args);
            stage.simulator.clearFaults();
            await stage.stack.refresh();
            assert.equal(stage.state.status, "unknown");
            const run = await stage.stack.up(args);
            assert.match(run.failure ?? "", /DigiCert knows no reissue of this resource/);
            assert.equal(run.posts, 0);
        },
    );

    scenario(
        "of a pending reissue does not take a foreign certificate for this resource's",
        async (stage) => {
            await stage.pending(stage.shop({ triggers: { v: "2" } }));
            stage.simulator.cancelReissue(stage.orderId, "by hand");
            await stage.simulator.reissueInConsole(stage.orderId);
            await stage.stack.refresh();
            assert.equal(stage.state.status, "rejected");
            assert.notEqual(stage.state.serialNumber, stage.latest.serialNumber);
        },
    );

    for (const csr of ["another key", "our key"]) {
        for (const isShown of [false, true]) {
            scenario(
                `of an order with a foreign pending reissue (${csr}) changes nothing, where the order shows ${isShown ? "that" : "the issued"} certificate${isShown ? "" : ""}`,
                async (stage) => {
                    await stage.issued();
                    const before = stage.recorded;
                    const ours = csr === "our key" ? { csr: stage.csr } : {};
                    await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval", ...ours });
                    if (isShown) {
                        const { certificateId: id, csr: pendingCsr } = stage.latest;
                        const certificate = {
                            id,
                            common_name: "shop.example",
                            dns_names: ["shop.example"],
                            csr: pendingCsr,
                            status: "pending",
                        };
                        await stage.rewriteOrder((order) => ({ ...order, certificate }));
                    }
                    const run = await stage.stack.refresh();
                    assert.deepEqual([run.did, run.failure], ["nothing", undefined]);
                    assert.deepEqual(stage.recorded, before);
                },
            );
        }
    }

    for (const status of ["pending", "processing", "needs_approval", "reissue_pending"]) {
        scenario(
            `of an order in the status ${status} with a certificate without status, serial number and end is no drift`,
            async (stage) => {
                await stage.issued();
                const before = stage.recorded;
                stage.policy({ statusWhilePending: status, certificateWhilePending: "pending" });
                await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
                await stage.rewriteOrder((order) => ({
                    ...order,
                    certificate: { ...(order.certificate as object), status: undefined },
                }));
                const run = await stage.stack.refresh();
                assert.deepEqual([run.did, run.failure], ["nothing", undefined]);
                assert.deepEqual(stage.recorded, before);
            },
        );
    }

    scenario(
        "of our own pending reissue, shown without status on an order in the status processing, keeps waiting for it",
        async (stage) => {
            const args = stage.shop({ triggers: { v: "2" }, issuanceTimeoutSeconds: 0 });
            await stage.issued();
            stage.policy({
                domains: "unvalidated",
                statusWhilePending: "processing",
                certificateWhilePending: "pending",
            });
            await stage.stack.up(args);
            const before = stage.recorded;
            assert.equal(before.outputs.status, "pending_issuance");
            await stage.rewriteOrder((order) => ({
                ...order,
                certificate: { ...(order.certificate as object), status: undefined },
            }));
            const run = await stage.stack.refresh();
            assert.equal(run.failure, undefined);
            assert.deepEqual(stage.recorded.inputs, before.inputs);
            assert.equal(stage.state.status, "pending_issuance");
        },
    );

    scenario("of an issued order that shows somebody else's rejected reissue is no drift", async (stage) => {
        await stage.issued();
        const before = stage.recorded;
        await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
        const { certificateId: id, csr, requestId } = stage.latest;
        await stage.simulator.reject(requestId ?? 0, "not now");
        await stage.rewriteOrder((order) => ({
            ...order,
            certificate: {
                id,
                common_name: "shop.example",
                dns_names: ["shop.example"],
                csr,
                status: "rejected",
            },
        }));
        const run = await stage.stack.refresh();
        assert.deepEqual([run.did, run.failure], ["nothing", undefined]);
        assert.deepEqual(stage.recorded, before);
    });

    scenario("of an order older than what the stack knows changes nothing", async (stage) => {
        await stage.issued();
        await stage.freezeReads();
        await stage.stack.up(stage.shop({ triggers: { v: "2" } }));
        const before = stage.recorded;
        assert.equal(before.outputs.status, "issued");
        const run = await stage.stack.refresh();
        assert.deepEqual([run.did, run.failure], ["nothing", undefined]);
        assert.deepEqual(stage.recorded, before);
    });

    for (const [what, csr] of Object.entries({
        "a CSR": "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
    })) {
        scenario(`of an order with ${what} that cannot be read is no other key`, async (stage) => {
            const before = await stage.issued();
            await stage.rewriteOrder((order) => ({
                ...order,
                certificate: { ...(order.certificate as object), csr },
            }));
            const run = await stage.stack.refresh();
            assert.notEqual(run.did, "update");
            assert.equal(stage.state.certificatePem, before.certificatePem);
        });
    }

    scenario(
        "of an order with a certificate that cannot be read is an error, and the state is kept",
        async (stage) => {
            await stage.issued();
            const before = stage.recorded;
            stage.advanceDays(20);
            stage.simulator.autoReissue(stage.orderId);
            const fault = { method: "GET", path: "/certificate/*", times: Infinity } as const;
            stage.simulator.fault({ ...fault, kind: "certificates", form: "unreadable" });
            const run = await stage.stack.refresh();
            assert.ok(run.failure);
            assert.deepEqual(stage.recorded, before);
        },
    );

    scenario(
        "of an order that is not found is an error: account, region or address, pulumi state delete; the state is kept",
        { tags: ["host", "cli"] },
        async (stage) => {
            await stage.issued();
            const before = stage.recorded;
            stage.simulator.fault({ method: "GET", path: "*", times: Infinity, ...NOT_FOUND });
            const run = await stage.stack.refresh();
            assert.match(
                run.failure ?? "",
                new RegExp(`order ${stage.orderId}.*404.*account, region or address.*pulumi state delete`),
            );
            assert.deepEqual(stage.recorded, before);
        },
    );

    scenario(
        "with a key that is refused says that it uses the settings saved by the last up",
        { tags: ["host"] },
        async (stage) => {
            await stage.issued();
            const run = await stage.stack.refresh({ config: { "digicert:apiKey": "AN-OLD-KEY" } });
            assert.match(run.failure ?? "", /403.*last.*up.*--run-program/);
            assert.doesNotMatch(run.text, /AN-OLD-KEY/);
        },
    );
});

about(SECTION, "DigiCertReissue.get", () => {
    scenario("reads an order that is not managed, by GETs", { tags: ["host", "cli"] }, async (stage) => {
        await stage.useOrder({ dnsNames: ["a.shop.example"] });
        stage.simulator.clearRequests();
        const { outputs: state } = await stage.stack.get(String(stage.orderId));
        const { current } = stage.live;
        assert.deepEqual(
            [state.orderId, state.status, state.serialNumber, state.certificate.commonName],
            [String(stage.orderId), "issued", current.serialNumber, "shop.example"],
        );
        assert.ok(stage.simulator.requests.every(({ method }) => method === "GET"));
    });

    scenario("counts no name as added by DigiCert, because this stack requested none", async (stage) => {
        await stage.useOrder({ dnsNames: ["a.shop.example"] });
        await stage.rewriteOrder((order) => ({
            ...order,
            certificate: { ...(order.certificate as object), dns_names: [] },
        }));
        const { outputs } = await stage.stack.get(String(stage.orderId));
        assert.doesNotMatch(JSON.stringify(outputs.issued), /a\.shop\.example/);
    });

    scenario("reads a code signing order, whose common name is that of an organization", async (stage) => {
        const product = { name_id: "code_signing", type: "code_signing_certificate" };
        await stage.useOwnOrder({ commonName: "Example, Inc.", product });
        const { outputs } = await stage.stack.get(String(stage.orderId));
        const { commonName, dnsNames } = outputs.certificate;
        assert.deepEqual([outputs.status, commonName, dnsNames], ["issued", undefined, []]);
    });

    scenario("says which name of an order is no valid input", async (stage) => {
        await stage.rewriteOrder((order) => ({
            ...order,
            certificate: { ...(order.certificate as object), common_name: "shop example" },
        }));
        await assert.rejects(stage.stack.get(String(stage.orderId)), {
            message: /order \d+: .*commonName has a character that DNS names do not have/,
        });
    });

    scenario("records the order that renewed the order", async (stage) => {
        await stage.rewriteOrder((order) => ({ ...order, renewed_order_id: 1190000777 }));
        const { outputs } = await stage.stack.get(String(stage.orderId));
        assert.equal(outputs.renewedOrderId, "1190000777");
    });

    for (const [order, status, make] of [
        [
            "whose certificate was revoked",
            "revoked",
            (stage) => {
                stage.simulator.revoke(stage.live.current.certificateId);
            },
        ],
        [
            "whose certificate has expired",
            "expired",
            (stage) => {
                stage.advanceDays(200);
            },
        ],
        [
            "with a colleague's pending reissue, with the certificate that is issued,",
            "issued",
            (stage) => stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" }),
        ],
    ] as const satisfies readonly (readonly [string, string, (stage: Stage) => unknown])[]) {
        scenario(`reads an order ${order} as ${status}`, { tags: ["plugin"] }, async (stage) => {
            await make(stage);
            const { outputs } = await stage.stack.get(String(stage.orderId));
            assert.deepEqual(
                [outputs.status, outputs.serialNumber],
                [status, stage.live.current.serialNumber],
            );
        });
    }

    scenario(
        "reads no order that has no certificate yet, and says why",
        { tags: ["plugin"] },
        async (stage) => {
            await stage.useOrder({ status: "pending" });
            await assert.rejects(stage.stack.get(String(stage.orderId)), {
                message: /it has no issued certificate yet, so there is nothing to read/,
            });
        },
    );

    scenario(
        "reads no order that shows only the certificate of a pending reissue, and says why",
        async (stage) => {
            await stage.rewriteOrder((order) => {
                const { id, csr, common_name } = order.certificate as Props;
                return { ...order, status: "reissue_pending", certificate: { id, csr, common_name } };
            });
            await assert.rejects(stage.stack.get(String(stage.orderId)), {
                message: /it has no issued certificate yet, so there is nothing to read/,
            });
        },
    );

    for (const id of [
        "../../user/me",
        "1190000001?x=1#",
        "1190000001/reissue",
        "-1",
        "0",
        "1e3",
        "shop",
        "%31",
    ]) {
        scenario(`refuses the id ${JSON.stringify(id)} before any request`, async (stage) => {
            await assert.rejects(stage.stack.get(id), { message: /order id|orderId|digits/i });
            assert.deepEqual(stage.simulator.requests, []);
        });
    }

    scenario("refuses an answer about another order than the requested one", async (stage) => {
        await stage.rewriteOrder((order) => ({ ...order, id: 999 }));
        await assert.rejects(stage.stack.get(String(stage.orderId)), { message: /999/ });
    });
});
