import assert from "node:assert/strict";
import { type Props } from "../engine/imitation.js";
import { makeKeyAndCsr } from "../../simulator/index.js";
import { ORDER, POST, useStage } from "./stage.js";

/** Section "When a reissue happens": what a change of the program does. */
describe("a change of the program", function () {
    this.timeout(30_000);
    const stage = useStage();

    describe("is an update in place with one POST, the reason in its preview", () => {
        const changes: Record<string, [path: RegExp, change: () => Props]> = {
            "a further name": [
                /certificate\.dnsNames/,
                () => ({ certificate: { dnsNames: ["api.shop.example"] } }),
            ],
            "another common name": [
                /certificate\.commonName/,
                () => ({ certificate: { commonName: "new.shop.example", dnsNames: ["shop.example"] } }),
            ],
            "another key": [/certificate\.csr/, () => ({ certificate: { csr: stage.otherCsr } })],
            "another platform": [
                /certificate\.serverPlatform/,
                () => ({ certificate: { serverPlatform: { id: 45 } } }),
            ],
            "another hash": [
                /certificate\.signatureHash/,
                () => ({ certificate: { signatureHash: "sha384" } }),
            ],
            "another issuing CA": [/certificate\.caCertId/, () => ({ certificate: { caCertId: "ABC" } })],
            "other triggers": [/triggers/, () => ({ triggers: { quarter: "2" } })],
            "other additionalParameters": [
                /additionalParameters/,
                () => ({ additionalParameters: { certificate: { cert_validity: { days: 90 } } } }),
            ],
        };
        for (const [what, [path, change]] of Object.entries(changes)) {
            it(what, async () => {
                await stage.issued();
                const old = stage.stack.state;
                const args = stage.shop(change());
                const run = await stage.stack.up(args);
                assert.deepEqual([run.did, run.failure], ["update", undefined]);
                assert.deepEqual(run.requests, [ORDER, POST]);
                assert.match(
                    run.preview.join("\n"),
                    new RegExp(`order ${stage.orderId}: reissue, .*${path.source}`),
                );
                const { state } = stage.stack;
                assert.equal(stage.stack.recorded().id, String(stage.orderId));
                assert.deepEqual([state.status, stage.ours.length], ["issued", 2]);
                assert.equal(state.certificateId, stage.latest.certificateId);
                assert.notEqual(state.serialNumber, old.serialNumber);
                const again = await stage.stack.up(args);
                assert.deepEqual([again.did, again.requests], ["nothing", []]);
            });
        }
    });

    describe("is recorded, without a request, if it is only", () => {
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
            "the resource's identity": { identity: "project/dev/renamed" },
        };
        for (const [name, setting] of Object.entries(settings)) {
            it(name, async () => {
                await stage.issued();
                const before = stage.stack.state;
                const run = await stage.stack.up(stage.shop(setting));
                assert.deepEqual([run.did, run.requests, run.failure], ["update", [], undefined]);
                assert.deepEqual(stage.stack.state, { ...before, ...setting });
                assert.doesNotMatch(run.text, /reissue/);
                const back = await stage.stack.up(stage.shop());
                assert.deepEqual([back.did, back.requests], ["update", []]);
                assert.deepEqual(stage.stack.state, before);
            });
        }
    });

    describe("is nothing at all, 0 changes, if it is only", () => {
        const ours = (): Props => ({
            certificate: { commonName: "shop.example", dnsNames: ["bücher.example", "api.shop.example"] },
        });
        const spellings: Record<string, (csr: string) => Props | Promise<Props>> = {
            "white space around and in the PEM": (csr) => ({
                csr: `\n\n  ${csr.replaceAll("\n", " \n")}\n\n`,
            }),
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
            "punycode instead of letters": () => ({
                dnsNames: ["xn--bcher-kva.example", "api.shop.example"],
            }),
            "the common name repeated in dnsNames": () => ({
                dnsNames: ["shop.example", "bücher.example", "api.shop.example"],
            }),
            "defaults written out": () => ({ serverPlatform: { id: -1 }, signatureHash: "sha256" }),
        };
        for (const [what, spelling] of Object.entries(spellings)) {
            it(what, async () => {
                await stage.issued(stage.shop(ours()));
                const before = stage.stack.state;
                const certificate = { ...(ours().certificate as Props), ...(await spelling(stage.csr)) };
                const run = await stage.stack.up(stage.shop({ certificate }));
                assert.deepEqual([run.did, run.requests, run.text], ["nothing", [], ""]);
                assert.deepEqual(stage.stack.state, before);
            });
        }

        it("a fresh ECDSA signature over the same CSR", async () => {
            const first = await makeKeyAndCsr({ commonName: "shop.example" });
            const second = await makeKeyAndCsr({ commonName: "shop.example", keyPem: first.keyPem });
            assert.notEqual(first.csrPem, second.csrPem);
            await stage.issued(stage.shop({ certificate: { csr: first.csrPem } }));
            const run = await stage.stack.up(stage.shop({ certificate: { csr: second.csrPem } }));
            assert.deepEqual([run.did, run.requests], ["nothing", []]);
        });

        it("the order id as a string instead of a number", async () => {
            await stage.issued();
            const run = await stage.stack.up(stage.shop({ orderId: `00${stage.orderId}`.slice(2) }));
            assert.deepEqual([run.did, run.requests], ["nothing", []]);
        });

        it("an upgrade, which changes the provider's text", async () => {
            await stage.issued();
            const { inputs, outputs, ...rest } = stage.stack.recorded();
            // What an earlier version had Pulumi record; a HostStack leaves it out, and sends the text of the run.
            const earlier = { __provider: 'exports.handler = () => require("earlier");' };
            stage.stack.restore({
                ...rest,
                inputs: { ...inputs, ...earlier },
                outputs: { ...outputs, ...earlier },
            });
            for (let ups = 0; ups < 3; ups++) {
                const run = await stage.stack.up(stage.shop());
                assert.deepEqual([run.did, run.requests, run.text], ["nothing", [], ""]);
            }
        });
    });

    it("that swaps the common name and another name is a reissue, not a removal", async () => {
        await stage.issued(
            stage.shop({ certificate: { commonName: "shop.example", dnsNames: ["api.shop.example"] } }),
        );
        const run = await stage.stack.up(
            stage.shop({ certificate: { commonName: "api.shop.example", dnsNames: ["shop.example"] } }),
        );
        assert.deepEqual([run.did, run.posts, run.failure], ["update", 1, undefined]);
        assert.doesNotMatch(run.text, /72 hours|warning/);
        assert.equal(stage.latest.commonName, "api.shop.example");
        assert.deepEqual(stage.live.scheduledRevocations, []);
    });

    it("prints the reason of a create in its update", async () => {
        const run = await stage.stack.up(stage.shop());
        assert.deepEqual([run.did, run.requests], ["create", [ORDER, POST]]);
        assert.match(run.lines.join("\n"), new RegExp(`order ${stage.orderId}: reissue, `));
    });

    it("is planned without a request, however far the preview gets", async () => {
        await stage.issued();
        const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
        for (const args of [
            stage.shop(),
            stage.shop({ triggers: { v: "2" } }),
            stage.shop({ certificate: { csr: stage.otherCsr } }),
            stage.shop({ certificate: { csr: unknown } }),
            stage.shop({ orderId: stage.orderId + 1 }),
            stage.shop({ comments: unknown, minDaysRemaining: 10 }),
            stage.shop({ certificate: { commonName: "a b" } }),
        ]) {
            assert.deepEqual((await stage.stack.preview(args)).requests, []);
        }
        assert.equal(stage.ours.length, 1);
    });
});
