/** The contract: one way to get a certificate, with the same guards for all callers. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { errors } from "../drivers/requests.js";
import { about, scenario } from "../drivers/scenario.js";
import type { Stage } from "../drivers/stage.js";

const SECTION = "contract: the certificate";

const v = (stage: Stage, value: string, more = {}) => stage.shop({ triggers: { v: value }, ...more });
/** What the state says about its certificate is true, and the certificate is the one that `issuedCertificateId` names. */
function assertConsistent(stage: Stage): void {
    const { issuedCertificateId, serialNumber, validTill, certificatePem = "" } = stage.state;
    const made = stage.live.certificates.find(({ certificateId }) => certificateId === issuedCertificateId);
    assert.deepEqual(
        [serialNumber, new X509Certificate(certificatePem).serialNumber],
        [made?.serialNumber, made?.serialNumber],
    );
    assert.equal(Date.parse(validTill ?? ""), made?.validTill?.getTime());
}

about(SECTION, "A download that gives another certificate of the order is never recorded:", () => {
    scenario(
        "after an update, it is read again while there is time",
        { tags: ["longCli"] },
        async (stage) => {
            await stage.issued(v(stage, "1"));
            const older = stage.latest;
            await stage.stack.up(v(stage, "2"));
            stage.policy({ includeChain: false });
            stage.downloadsGive(older, { times: 2 });
            const run = await stage.stack.up(v(stage, "3"));
            assert.deepEqual(
                [run.failure, run.posts, stage.state.certificateId],
                [undefined, 1, stage.latest.certificateId],
            );
            assertConsistent(stage);
        },
    );

    scenario("in a create on an order whose own certificate has the same CSR", async (stage) => {
        await stage.useOwnOrder({ policy: { includeChain: false } });
        stage.downloadsGive(stage.latest, { times: 2 });
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts], [undefined, 1]);
        assertConsistent(stage);
    });

    for (const times of [2, Infinity]) {
        scenario(
            `in a refresh after a reissue with the same key in the console, ${times === 2 ? "twice" : "always"}`,
            async (stage) => {
                await stage.issued();
                const older = stage.latest;
                await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
                stage.downloadsGive(older, { times });
                await stage.stack.refresh();
                assertConsistent(stage);
                stage.simulator.clearFaults();
                await stage.stack.refresh();
                assertConsistent(stage);
                assert.equal(stage.state.issuedCertificateId, stage.latest.certificateId);
            },
        );
    }

    scenario("in an unattended renewal, which does not reissue each day", async (stage) => {
        await stage.useOwnOrder();
        const args = stage.shop({ adoptExisting: true });
        await stage.stack.up(args);
        const older = stage.latest;
        stage.policy({ includeChain: false, approval: "required" });
        stage.advanceDays(175);
        await stage.stack.up(args);
        await stage.approve();
        stage.downloadsGive(older);
        for (let day = 0; day < 4; day++) {
            await stage.stack.refresh();
            await stage.stack.up(args);
            if (stage.state.status === "issued") assertConsistent(stage);
            stage.advanceDays(1);
        }
        stage.simulator.clearFaults();
        const run = await stage.stack.up(args);
        assert.deepEqual([run.failure, stage.reissues.length, stage.state.status], [undefined, 1, "issued"]);
        assertConsistent(stage);
    });

    scenario("in the answer to the POST, which is downloaded then", async (stage) => {
        await stage.useOwnOrder();
        const args = stage.shop({ adoptExisting: true });
        await stage.stack.up(args);
        const older = stage.latest;
        stage.advanceDays(175);
        const chain = [older.pem ?? "", stage.simulator.issuingPem].map((pem) => ({
            subject_common_name: "x",
            pem,
        }));
        stage.faultPost({ kind: "replace-members", members: { certificate_chain: chain } });
        const run = await stage.stack.up(args);
        assert.deepEqual([run.failure, run.posts], [undefined, 1]);
        assertConsistent(stage);
        stage.advanceDays(1);
        assert.equal((await stage.stack.up(args)).posts, 0);
    });

    scenario(
        "after an update, where neither order nor list tells a serial number: the stack's own earlier one",
        async (stage) => {
            stage.policy({ omitFromReads: ["serial_number"] });
            await stage.issued(v(stage, "1"));
            const older = stage.latest;
            stage.policy({ includeChain: false });
            stage.downloadsGive(older, { times: 2 });
            const run = await stage.stack.up(v(stage, "2"));
            assert.deepEqual([run.failure, run.posts], [undefined, 1]);
            assertConsistent(stage);
        },
    );

    scenario("in the answer to the POST, where no serial number is told: it is too old", async (stage) => {
        await stage.useOwnOrder({ policy: { omitFromReads: ["serial_number"] } });
        const older = stage.latest;
        stage.advanceDays(3);
        const chain = [older.pem ?? "", stage.simulator.issuingPem].map((pem) => ({
            subject_common_name: "x",
            pem,
        }));
        stage.faultPost({ kind: "replace-members", members: { certificate_chain: chain } });
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, run.posts], [undefined, 1]);
        assertConsistent(stage);
    });

    scenario("in adoptExisting after an auto-reissue", async (stage) => {
        await stage.useOwnOrder();
        const older = stage.latest;
        stage.simulator.autoReissue(stage.orderId);
        stage.downloadsGive(older, { times: 2 });
        const run = await stage.stack.up(stage.shop({ adoptExisting: true }));
        assert.equal(run.posts, 0);
        if (run.failure === undefined) assertConsistent(stage);
        else assert.ok(stage.isEmpty);
    });

    scenario("on the way back to what was last issued", async (stage) => {
        await stage.issued();
        const ours = stage.latest;
        await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
        const other = stage.latest;
        await stage.simulator.reissueInConsole(stage.orderId);
        await stage.stack.refresh();
        stage.policy({ approval: "required" });
        stage.downloadsGive(other, { times: 2 });
        await stage.stack.up(stage.shop());
        if (stage.state.certificatePem !== undefined) assertConsistent(stage);
        assert.equal(ours.status, "issued");
    });

    for (const isEarlier of [false, true]) {
        const release = isEarlier ? ", with a state of an earlier release" : "";
        /** The order's first certificate is in the stack; a colleague has reissued it with the same key. */
        const superseded = async (stage: Stage) => {
            await stage.useOwnOrder();
            await stage.stack.up(stage.shop({ adoptExisting: true }));
            if (isEarlier) {
                const { outputs, ...rest } = stage.recorded;
                const { serialNumber, ...issued } = outputs.issued ?? assert.fail();
                await stage.stack.restore({ ...rest, outputs: { ...outputs, issued } });
                assert.equal(serialNumber, outputs.serialNumber);
            }
            const ours = stage.latest;
            stage.advanceDays(3);
            await stage.simulator.reissueInConsole(stage.orderId, { csr: stage.csr });
            return { ours, other: stage.latest };
        };

        scenario(
            `in an update that has the key of the order's first certificate again, after a refresh dropped it${release}`,
            async (stage) => {
                const { ours, other } = await superseded(stage);
                await stage.simulator.reissueInConsole(stage.orderId);
                await stage.stack.refresh();
                assert.equal(stage.state.certificatePem, undefined);
                stage.policy({ approval: "required" });
                stage.downloadsGive(other);
                await stage.stack.up(stage.shop());
                assert.equal(stage.state.certificatePem, undefined);
                stage.simulator.clearFaults();
                await stage.stack.up(stage.shop());
                assert.equal(stage.state.serialNumber, ours.serialNumber);
                assertConsistent(stage);
            },
        );

        scenario(`on the way back to the order's first certificate${release}`, async (stage) => {
            const { ours, other } = await superseded(stage);
            stage.policy({ approval: "required" });
            await stage.stack.up(stage.rotated());
            stage.downloadsGive(other);
            const run = await stage.stack.up(stage.shop());
            assert.match(run.failure ?? "", /certificate/);
            assert.equal(stage.state.certificatePem, undefined);
            stage.simulator.clearFaults();
            const next = await stage.stack.up(stage.shop());
            assert.deepEqual([next.failure, next.posts], [undefined, 0]);
            assert.equal(stage.state.serialNumber, ours.serialNumber);
            assertConsistent(stage);
        });
    }

    scenario(
        "for the whole time: up fails with the ids saved, and the next one goes on without a POST",
        async (stage) => {
            await stage.useOwnOrder({ policy: { includeChain: false } });
            stage.downloadsGive(stage.latest);
            const args = stage.shop({ issuanceTimeoutSeconds: 2 });
            const run = await stage.stack.up(args);
            assert.match(run.failure ?? "", /certificate/);
            assert.equal(run.posts, 1);
            assert.ok(stage.state.certificateId);
            stage.simulator.clearFaults();
            const next = await stage.stack.up(args);
            assert.deepEqual([next.failure, next.posts], [undefined, 0]);
            assertConsistent(stage);
        },
    );
});

about(SECTION, "A leaf", () => {
    scenario(
        "with another key is refused, and what was accepted is not forgotten",
        { tags: ["plugin"] },
        async (stage) => {
            await stage.issued();
            stage.policy({ wrongKey: true });
            const args = stage.rotated({ issuanceTimeoutSeconds: 1 });
            const run = await stage.stack.up(args);
            assert.match(run.failure ?? "", /key/);
            assert.deepEqual([run.posts, stage.state.certificatePem], [1, undefined]);
            assert.equal(stage.state.certificateId, stage.latest.certificateId);
            assert.equal((await stage.stack.up(args)).posts, 0);
        },
    );

    for (const form of ["reversed", "with-root", "without-root"] as const) {
        scenario(
            `is the end entity of a bundle in whatever order it comes, and the root is left out (${form})`,
            async (stage) => {
                stage.policy({ includeChain: false });
                const fault = { method: "GET", path: "/certificate/*", times: Infinity } as const;
                stage.simulator.fault({ ...fault, kind: "certificates", form });
                const run = await stage.stack.up(stage.shop());
                assert.equal(run.failure, undefined);
                assert.equal(
                    new X509Certificate(stage.state.certificatePem ?? "").serialNumber,
                    stage.latest.serialNumber,
                );
                assert.equal(stage.state.chainPem?.match(/BEGIN/g)?.length, 1);
                const issuer = new X509Certificate(stage.state.chainPem ?? "");
                assert.ok(new X509Certificate(stage.state.certificatePem ?? "").verify(issuer.publicKey));
            },
        );

        scenario(`is found in the answer to the POST in whatever order it comes (${form})`, async (stage) => {
            stage.faultPost({ kind: "certificates", form });
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual([run.failure, stage.state.serialNumber], [undefined, stage.latest.serialNumber]);
            assert.equal(stage.state.chainPem?.match(/BEGIN/g)?.length, 1);
        });
    }

    scenario(
        "alone, without a chain to a CA, is downloaded once more, and recorded without a warning if it is complete then",
        async (stage) => {
            stage.faultPost({ kind: "certificates", form: "leaf-only" });
            const run = await stage.stack.up(stage.shop());
            assert.equal(run.failure, undefined);
            assert.ok(run.requests.some((one) => one.includes("/download/")));
            assert.ok(stage.state.chainPem);
            assert.doesNotMatch(run.text, /warning/);
        },
    );

    scenario("alone for good is recorded with a warning", { tags: ["host"] }, async (stage) => {
        stage.faultPost({ kind: "certificates", form: "leaf-only" });
        const fault = { method: "GET", path: "/certificate/*", times: Infinity } as const;
        stage.simulator.fault({ ...fault, kind: "certificates", form: "leaf-only" });
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.failure, stage.state.status], [undefined, "issued"]);
        assert.match(run.text, /warning: .*(chain|intermediate|issuer)/i);
    });
});

about(SECTION, "A download that is refused right after an accepted POST", () => {
    for (const [status, code] of [
        [400, "certificate_not_issued"],
        [403, "access_denied"],
        [404, "not_found|certificate"],
        [409, "conflict"],
    ] as const) {
        scenario(`(${status}) is waited for`, async (stage) => {
            stage.policy({ issuanceMs: 60_000 });
            const body = errors(code, "not yet");
            stage.simulator.fault({
                method: "GET",
                path: "/certificate/*",
                times: 3,
                kind: "respond",
                status,
                body,
            });
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 1, "issued"]);
        });
    }
});

about(SECTION, "A certificate in use that may authenticate clients", () => {
    const PLANNED = /certificate in use may authenticate clients \(extended key usage clientAuth\)/;
    const GONE = /certificate \d+ cannot authenticate clients any more/;
    const adopted = async (stage: Stage): Promise<void> => {
        await stage.useOwnOrder({ extendedKeyUsage: "serverAndClientAuth" });
        await stage.stack.up(stage.shop({ adoptExisting: true }));
    };

    scenario(
        "is warned of in preview and update where a reissue is planned, and once it is gone",
        async (stage) => {
            await adopted(stage);
            const run = await stage.stack.up(v(stage, "2"));
            assert.match(run.preview.join("\n"), PLANNED);
            assert.match(run.text, PLANNED);
            assert.match(run.text, GONE);
            assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 1, "issued"]);
            const next = await stage.stack.up(v(stage, "3"));
            assert.doesNotMatch(next.text, /client/i);
        },
    );

    for (const [how, args, learn] of [
        [
            "an up after the approval of another key",
            (stage: Stage) => stage.rotated(),
            (stage: Stage) => stage.stack.up(stage.rotated()),
        ],
        [
            "a refresh after an approval",
            (stage: Stage) => v(stage, "2"),
            (stage: Stage) => stage.stack.refresh(),
        ],
    ] as const) {
        scenario(`is warned of once it is gone, where ${how} learns that`, async (stage) => {
            await adopted(stage);
            stage.policy({ approval: "required" });
            const asked = await stage.stack.up(args(stage));
            assert.match(asked.preview.join("\n"), PLANNED);
            await stage.approve();
            const run = await learn(stage);
            assert.match(run.lines.join("\n"), GONE);
            assert.equal(stage.state.status, "issued");
            assert.doesNotMatch((await stage.stack.up(args(stage))).text, /client/i);
        });
    }

    scenario("is warned of once a refresh follows an auto-reissue without it", async (stage) => {
        await adopted(stage);
        stage.simulator.autoReissue(stage.orderId);
        const run = await stage.stack.refresh();
        assert.match(run.lines.join("\n"), GONE);
    });

    scenario("is warned of before a reissue also where a refresh dropped its outputs", async (stage) => {
        await adopted(stage);
        await stage.simulator.reissueInConsole(stage.orderId);
        await stage.stack.refresh();
        assert.equal(stage.state.certificatePem, undefined);
        const run = await stage.stack.up(stage.shop({ adoptExisting: true }));
        assert.match(run.preview.join("\n"), PLANNED);
    });

    scenario("is warned of only before a reissue where the account keeps it", async (stage) => {
        await adopted(stage);
        stage.policy({ extendedKeyUsage: "serverAndClientAuth" });
        const run = await stage.stack.up(v(stage, "2"));
        assert.match(run.text, PLANNED);
        assert.doesNotMatch(run.text, GONE);
    });

    scenario("is not spoken of while nothing is reissued", async (stage) => {
        await adopted(stage);
        const run = await stage.stack.up(stage.shop({ adoptExisting: true, minDaysRemaining: 5 }));
        assert.deepEqual([run.requests, /client/i.test(run.text)], [[], false]);
    });

    scenario("is no matter where it may not: no warning", async (stage) => {
        await stage.issued();
        const run = await stage.stack.up(v(stage, "2"));
        assert.doesNotMatch(run.text, /client/i);
    });
});
