import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../../simulator/index.js";
import { call, codes, dig, reissue } from "./specClient.js";

describe("simulator: certificates", () => {
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator();
    });
    afterEach(() => simulator.close());

    const crLf = (...pems: (string | undefined)[]) => pems.join("").replaceAll("\n", "\r\n");

    it("downloads the PEM formats, leaf first, with CRLF", async () => {
        const { current } = await simulator.seedOrder();
        const { rootPem, issuingPem } = simulator;
        const expected = {
            pem_all: crLf(current.pem, issuingPem, rootPem),
            pem_noroot: crLf(current.pem, issuingPem),
            pem_nointermediate: crLf(current.pem),
        };
        for (const [format, text] of Object.entries(expected)) {
            const path = `/certificate/${current.certificateId}/download/format/${format}`;
            const answer = await call(simulator, "GET", path);
            assert.equal(answer.text, text, format);
            assert.equal(answer.headers.get("content-type"), "application/x-pem-file");
        }
        const platform = `/certificate/${current.certificateId}/download/platform/29`;
        assert.equal((await call(simulator, "GET", platform)).text, expected.pem_all);
        const path = `/certificate/${current.certificateId}/download/format/tar`;
        assert.deepEqual(codes(await call(simulator, "GET", path)), ["invalid_value:format"]);
    });

    it("downloads by order only the active certificate", async () => {
        const { orderId, current: first } = await simulator.seedOrder();
        await reissue(simulator, orderId, { skip_approval: true });
        const { current } = simulator.order(orderId);
        const path = `/certificate/download/order/${orderId}`;
        assert.equal(
            (await call(simulator, "GET", `${path}/format/pem_nointermediate`)).text,
            crLf(current.pem),
        );
        assert.equal(
            (await call(simulator, "GET", `${path}/`)).headers.get("content-type"),
            "application/zip",
        );
        const old = `/certificate/${first.certificateId}/download/format/pem_nointermediate`;
        assert.equal((await call(simulator, "GET", old)).text, crLf(first.pem));
    });

    it("returns the first certificate for any other if the policy says so", async () => {
        const { orderId, current: first } = await simulator.seedOrder({ policy: { downloadsPrimary: true } });
        await reissue(simulator, orderId, { skip_approval: true });
        const { certificateId } = simulator.order(orderId).current;
        const path = `/certificate/${certificateId}/download/format/pem_nointermediate`;
        assert.equal((await call(simulator, "GET", path)).text, crLf(first.pem));
    });

    it("lists the first certificate among the reissues, twice, if the policy says so", async () => {
        const { orderId, current } = await simulator.seedOrder({ policy: { listsPrimary: true } });
        const { body } = await call(simulator, "GET", `/order/certificate/${orderId}/reissue`);
        const listed = dig(body, "certificates") as unknown[];
        const ids = listed.map((one) => dig(one, "id"));
        assert.deepEqual(ids, [current.certificateId, current.certificateId]);
    });

    it("gives the chain with the leaf at its head", async () => {
        const { current } = await simulator.seedOrder();
        const { body } = await call(simulator, "GET", `/certificate/${current.certificateId}/chain`);
        assert.deepEqual(body, {
            intermediates: [
                { subject_common_name: "shop.example", pem: crLf(current.pem) },
                { subject_common_name: "Example TLS Issuing CA", pem: crLf(simulator.issuingPem) },
                { subject_common_name: "Example Root CA", pem: crLf(simulator.rootPem) },
            ],
        });
    });

    it("has nothing to download before issuance, nor of a certificate it does not know", async () => {
        const { orderId } = await simulator.seedOrder();
        await reissue(simulator, orderId);
        const pending = simulator.order(orderId).certificates[1]?.certificateId ?? 0;
        for (const what of ["download/format/pem_all", "chain"]) {
            const answer = await call(simulator, "GET", `/certificate/${pending}/${what}`);
            assert.deepEqual([answer.status, ...codes(answer)], [400, "certificate_not_issued"], what);
            const unknown = await call(simulator, "GET", `/certificate/1/${what}`);
            assert.deepEqual([unknown.status, ...codes(unknown)], [404, "not_found|certificate"], what);
        }
    });
});
