/** The contract: what `check` accepts and refuses, in preview and all at once; the plain cases are in test/provider/check. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { csrDer, csrPem, freshKey, keyPair } from "../fixtures/csr.js";
import { about, scenario } from "../drivers/scenario.js";
import type { Stage } from "../drivers/stage.js";
import type { Run } from "../drivers/driver.js";

const SECTION = "contract: inputs";

const withCsr = (stage: Stage, csr: string): Promise<Run> =>
    stage.stack.up(stage.shop({ certificate: { csr } }));

about(SECTION, "A CSR", () => {
    scenario("in DER that was read as text is called DER, not a private key", async (stage) => {
        for (let times = 0; times < 20; times++) {
            const text = csrDer(freshKey(), { commonName: "a.example" }).toString(
                times % 2 ? "utf8" : "latin1",
            );
            const run = await withCsr(stage, text);
            assert.deepEqual([run.did, run.requests], ["refused", []]);
            assert.match(run.failure ?? "", /DER/);
            assert.doesNotMatch(run.failure ?? "", /private key|exposed/i);
        }
    });

    for (const [what, spoil, says] of [
        ["in UTF-16", (pem: string) => Buffer.from(`\ufeff${pem}`, "utf16le").toString("utf8"), /UTF-16/],
        [
            "in UTF-16 read as Latin 1",
            (pem: string) => Buffer.from(`\ufeff${pem}`, "utf16le").toString("latin1"),
            /UTF-16/,
        ],
        ["with escaped line ends", (pem: string) => pem.replaceAll("\n", "\\n"), /\\n|escaped|line end/],
    ] as const) {
        scenario(`${what} is refused by what it is`, async (stage) => {
            const run = await withCsr(stage, spoil(stage.csr));
            assert.deepEqual([run.did, run.requests], ["refused", []]);
            assert.match(run.failure ?? "", says);
        });
    }

    scenario("signed with RSASSA-PSS is accepted, as OpenSSL accepts it", async (stage) => {
        const csr = csrPem(keyPair("RSA 2048"), { pss: true });
        const run = await stage.stack.preview(stage.shop({ certificate: { csr } }));
        assert.deepEqual([run.did, run.failure], ["create", undefined]);
    });

    for (const [what, csr] of Object.entries({
        "signed by another key": () => csrPem(freshKey(), { signedBy: freshKey() }),
        "of an RSA key of 1024 bits": () => csrPem(keyPair("RSA 1024")),
        "of a key on another curve": () => csrPem(keyPair("secp256k1")),
    })) {
        scenario(`${what} is refused in preview`, async (stage) => {
            const run = await withCsr(stage, csr());
            assert.deepEqual([run.did, run.requests], ["refused", []]);
            assert.match(run.failure ?? "", /csr/);
        });
    }

    scenario("that is a private key is refused, and never echoed", async (stage) => {
        const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
        const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
        const run = await withCsr(stage, pem);
        assert.deepEqual([run.did, run.requests], ["refused", []]);
        assert.match(run.failure ?? "", /private key/i);
        assert.ok(!run.text.includes(pem.split("\n")[1] ?? pem));
    });
});

about(SECTION, "Inputs", () => {
    scenario("that do not exist are refused with the nearest one that does, all at once", async (stage) => {
        const run = await stage.stack.up(
            stage.shop({ comment: "x", minDaysRemainin: 3, certificate: { dnsName: [] } }),
        );
        assert.deepEqual([run.did, run.requests], ["refused", []]);
        for (const nearest of ["comments", "minDaysRemaining", "dnsNames"])
            assert.match(run.failure ?? "", new RegExp(nearest));
    });

    scenario("that are wrong do not hide that two resources use one order", async (stage) => {
        const wrong = stage.shop({ skipApproval: "no" });
        const orderId = String(stage.orderId);
        for (const [args, other] of [
            [stage.shop(), wrong],
            [wrong, { ...stage.shop(), orderId }],
            [wrong, { ...wrong, orderId }],
        ] as const) {
            const run = await stage.stack.up(args, { others: { other } });
            assert.deepEqual(run.requests, []);
            assert.match(run.failure ?? "", /skipApproval must be true or false/);
            assert.equal(run.failure?.match(/orderId is used by another resource/g)?.length, 1);
        }
    });

    scenario(
        "that are settings of the package are refused as inputs, and their value is not echoed",
        async (stage) => {
            const run = await stage.stack.up(stage.shop({ apiKey: "S3cretKeyValue" }));
            assert.deepEqual([run.did, run.requests], ["refused", []]);
            assert.doesNotMatch(run.text, /S3cretKeyValue/);
        },
    );

    scenario("dcv_method and other parameters that are modelled may not be overridden", async (stage) => {
        for (const additionalParameters of [
            { comments: "x" },
            { skip_approval: true },
            { certificate: { csr: "x" } },
            { certificate: { common_name: "x.example" } },
        ]) {
            const run = await stage.stack.up(stage.shop({ additionalParameters }));
            assert.deepEqual([run.did, run.requests], ["refused", []]);
        }
    });
});
