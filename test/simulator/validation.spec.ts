import assert from "node:assert/strict";
import { makeKeyAndCsr, type Simulator, startSimulator } from "../../simulator/index.js";
import { call, codes, dig, reissue, reissueBody } from "./specClient.js";

describe("simulator: validation of a reissue", () => {
    let simulator: Simulator;
    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.close());

    async function post(body: unknown, product = {}) {
        const { orderId } = await simulator.seedOrder({ product });
        return call(simulator, "POST", `/order/certificate/${orderId}/reissue`, body);
    }

    it("reports everything that is missing at once", async () => {
        const answer = await post({ certificate: {} });
        assert.equal(answer.status, 400);
        assert.deepEqual(answer.body, {
            errors: ["common_name", "csr", "signature_hash"].map((name) => ({
                code: `required_param:certificate.${name}`,
                message: `certificate.${name} is a required parameter.`,
            })),
        });
        assert.deepEqual(codes(await post({})), ["required_param:certificate"]);
        assert.deepEqual(codes(await post(undefined)), ["required_param:certificate"]);
    });

    it("reports values that are not allowed", async () => {
        const { certificate } = await reissueBody();
        const wrong = {
            dns_names: ["fine.example", "not a name", 7],
            server_platform: { id: "nginx" },
            signature_hash: "md5",
            cert_validity: { days: 0 },
        };
        const answer = await post({ certificate: { ...certificate, ...wrong }, skip_approval: "yes" });
        assert.deepEqual(codes(answer), [
            "invalid_value:certificate.dns_names",
            "invalid_value:certificate.server_platform.id",
            "invalid_value:certificate.signature_hash",
            "invalid_value:certificate.cert_validity.days",
            "invalid_value:skip_approval",
        ]);
        assert.equal(
            dig(answer.body, "errors", 0, "message"),
            "certificate.dns_names contains an invalid value.",
        );
    });

    it("refuses a CSR that cannot be parsed, or is not signed by its key", async () => {
        const { certificate } = await reissueBody();
        const csr = String(certificate.csr);
        const changed = csr.replace(
            /^(.{70})(.)/ms,
            (_, start: string, one: string) => start + (one === "A" ? "B" : "A"),
        );
        for (const wrong of ["garbage", changed, csr.slice(0, 200)]) {
            const answer = await post({ certificate: { ...certificate, csr: wrong } });
            assert.deepEqual(codes(answer), ["csr_invalid_cannot_parse"], wrong);
        }
    });

    it("takes a CSR as bare base64, and of any usual kind of key", async () => {
        for (const key of [
            { type: "rsa" },
            { curve: "P-256" },
            { curve: "P-384" },
            { curve: "P-521" },
        ] as const) {
            const { csrPem } = await makeKeyAndCsr({ commonName: "shop.example", ...key });
            const { certificate } = await reissueBody();
            const bare = csrPem.replace(/-----.*-----|\s/g, "");
            for (const csr of [csrPem, bare]) {
                const answer = await post({ certificate: { ...certificate, csr } });
                assert.equal(answer.status, 201, answer.text);
            }
        }
    });

    it("wants no common name for products that take none", async () => {
        const { certificate } = await reissueBody();
        const rest = { ...certificate, common_name: undefined };
        const product = { name_id: "code_signing", type: "code_signing_certificate" };
        assert.equal((await post({ certificate: rest }, product)).status, 201);
    });

    it("tolerates members it does not know", async () => {
        const body = await reissueBody({ order_id: 7, payment_method: "balance" });
        Object.assign(body.certificate, { organization_units: [] });
        assert.equal((await post(body)).status, 201);
    });

    it("answers malformed JSON with bad_request_format", async () => {
        for (const text of ['{"certificate":', "[]", '"text"']) {
            const answer = await post(text);
            assert.deepEqual([answer.status, ...codes(answer)], [400, "bad_request_format"], text);
        }
    });

    it("knows no order but its own", async () => {
        const answer = await reissue(simulator, 1);
        assert.deepEqual([answer.status, ...codes(answer)], [404, "not_found|order"]);
        const text = await call(simulator, "POST", "/order/certificate/abc/reissue", {});
        assert.deepEqual(codes(text), ["not_found|order"]);
    });
});
