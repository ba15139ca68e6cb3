import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPublicKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addDays, DAY, isoDate } from "../../simulator/calendar.js";
import { makeKeyAndCsr, type Simulator, startSimulator } from "../../simulator/index.js";
import { call, dig, reissue, reissueBody } from "./specClient.js";

const now = new Date("2026-03-01T10:00:00Z");
const skip = { skip_approval: true };

describe("simulator: issuance", () => {
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator({ clock: () => now });
    });
    afterEach(() => simulator.close());

    it("issues a real certificate over the CSR's key, for the names of the JSON", async () => {
        const { orderId } = await simulator.seedOrder();
        const { keyPem, csrPem } = await makeKeyAndCsr({ commonName: "ignored.example", type: "rsa" });
        const names = ["Bücher.example", "*.shop.example", "192.0.2.7", "2001:db8::1"];
        const body = await reissueBody(skip, names);
        Object.assign(body.certificate, { csr: csrPem, signature_hash: "sha384" });
        await call(simulator, "POST", `/order/certificate/${orderId}/reissue`, body);
        const { current } = simulator.order(orderId);
        const leaf = new X509Certificate(current.pem ?? "");
        assert.equal(
            leaf.publicKey.export({ type: "spki", format: "pem" }),
            createPublicKey(keyPem).export({ type: "spki", format: "pem" }),
        );
        assert.match(leaf.subject, /CN=xn--bcher-kva\.example$/);
        assert.equal(
            leaf.subjectAltName,
            "DNS:xn--bcher-kva.example, DNS:*.shop.example, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:1",
        );
        assert.equal(leaf.serialNumber, current.serialNumber);
        assert.equal(leaf.fingerprint.replaceAll(":", ""), current.thumbprint);
        assert.equal(new Date(leaf.validFrom).toISOString(), "2026-03-01T00:00:00.000Z");
        assert.equal(new Date(leaf.validTo).toISOString(), "2026-09-16T23:59:59.000Z");
    });

    it("issues under a chain that OpenSSL accepts", async () => {
        const { current } = await simulator.seedOrder();
        const folder = mkdtempSync(join(tmpdir(), "simulator-"));
        try {
            const file = (name: string, pem = "") => {
                writeFileSync(join(folder, name), pem);
                return join(folder, name);
            };
            const chain = [
                "-CAfile",
                file("root", simulator.rootPem),
                "-untrusted",
                file("ca", simulator.issuingPem),
            ];
            const time = ["-attime", String(now.getTime() / 1000)];
            const leaf = file("leaf", current.pem);
            const out = execFileSync("openssl", ["verify", "-x509_strict", ...time, ...chain, leaf], {
                encoding: "utf8",
            });
            assert.match(out, /: OK/);
        } finally {
            rmSync(folder, { recursive: true });
        }
        const [leaf, issuing, root] = [current.pem, simulator.issuingPem, simulator.rootPem].map(
            (pem = "") => new X509Certificate(pem),
        );
        assert.ok(
            leaf && issuing && root && leaf.verify(issuing.publicKey) && issuing.verify(root.publicKey),
        );
    });

    it("ends with the shortest of cap, plan and what was asked for", async () => {
        const tries = [
            [{}, {}, "2026-09-16"],
            [{ policy: { maxValidityDays: 46 } }, {}, "2026-04-16"],
            [{ orderValidTill: "2026-05-01" }, {}, "2026-05-01"],
            [{}, { days: 90 }, "2026-05-30"],
            [{}, { years: 1 }, "2026-09-16"],
            [{}, { custom_expiration_date: "2026-06-30" }, "2026-06-30"],
            [{}, { custom_expiration_date: "21 DEC 2029" }, "2026-09-16"],
        ] as const;
        for (const [seed, cert_validity, expected] of tries) {
            const { orderId } = await simulator.seedOrder(seed);
            const body = await reissueBody(skip);
            Object.assign(body.certificate, { cert_validity });
            await call(simulator, "POST", `/order/certificate/${orderId}/reissue`, body);
            const { validTill } = simulator.order(orderId).current;
            assert.equal(validTill && isoDate(validTill), expected);
        }
    });

    it("takes its time if the policy says so, and issues as of the time that was due", async () => {
        const { orderId } = await simulator.seedOrder({ policy: { issuanceMs: 60_000 } });
        const { body } = await reissue(simulator, orderId, skip);
        assert.deepEqual(Object.keys(body as object), ["id", "certificate_id"]);
        simulator.advance(59_999);
        assert.equal(simulator.order(orderId).status, "reissue_pending");
        simulator.advance(3 * DAY);
        assert.deepEqual(simulator.order(orderId).current.dateIssued, new Date(now.getTime() + 60_000));
    });

    it("issues at once when the policy is changed to validated", async () => {
        const { orderId } = await simulator.seedOrder({ policy: { domains: "unvalidated" } });
        await reissue(simulator, orderId, skip);
        assert.equal(simulator.order(orderId).status, "reissue_pending");
        simulator.policy(orderId, { domains: "validated" });
        assert.equal(simulator.order(orderId).status, "issued");
    });

    it("issues what is pending when told to, unless it is not approved", async () => {
        const { orderId } = await simulator.seedOrder({ policy: { domains: "unvalidated" } });
        await reissue(simulator, orderId);
        await assert.rejects(simulator.issue(orderId), /not approved/);
        await simulator.approve(Number(simulator.order(orderId).requests.at(-1)?.requestId));
        assert.equal(simulator.order(orderId).status, "reissue_pending");
        await simulator.issue(orderId);
        assert.equal(simulator.order(orderId).status, "issued");
        await assert.rejects(simulator.issue(orderId), /no pending certificate/);
    });

    it("adds names, reports another hash, or takes a wrong key if the policy says so", async () => {
        const policy = { addsNames: ["www.shop.example"], reportedHash: "sha512", wrongKey: true } as const;
        const { orderId } = await simulator.seedOrder({ policy });
        await reissue(simulator, orderId, skip);
        const { current } = simulator.order(orderId);
        assert.deepEqual(current.names, ["shop.example", "www.shop.example"]);
        const { body } = await call(simulator, "GET", `/order/certificate/${orderId}`);
        assert.equal(dig(body, "certificate", "signature_hash"), "sha512");
        assert.deepEqual(dig(body, "certificate", "dns_names"), ["shop.example", "www.shop.example"]);
        const leaf = new X509Certificate(current.pem ?? "");
        const der = leaf.publicKey.export({ type: "spki", format: "der" }).toString("base64");
        assert.ok(!current.csr.replace(/\s/g, "").includes(der.slice(40, 100)));
    });

    it("gives a certificate that ends soon the usual lifetime", async () => {
        const { current } = await simulator.seedOrder({ validTill: addDays(now, 12) });
        assert.deepEqual(current.validTill, addDays(now, 12));
        assert.deepEqual(current.validFrom, addDays(now, 12 - 199));
    });

    it("reissues by itself 30 days before the end, if the order has auto-reissue", async () => {
        const { orderId, current } = await simulator.seedOrder({
            orderValidTill: "2028-03-01",
            policy: { domains: "validated" },
        });
        const path = `/order/certificate/${orderId}/auto-reissue`;
        assert.equal((await call(simulator, "PUT", path, { auto_reissue: 2 })).status, 400);
        assert.equal((await call(simulator, "PUT", path, { auto_reissue: 1 })).status, 204);
        simulator.advance(169 * DAY);
        assert.equal(simulator.order(orderId).certificates.length, 1);
        simulator.advance(3 * DAY);
        const after = simulator.order(orderId);
        assert.equal(after.certificates.length, 2);
        assert.equal(after.current.origin, "auto-reissue");
        assert.equal(after.current.csr, current.csr);
        assert.deepEqual(after.current.names, current.names);
        simulator.advance(800 * DAY);
        assert.deepEqual(
            simulator.order(orderId).certificates.map(({ validTill }) => validTill && isoDate(validTill)),
            ["2026-09-16", "2027-03-04", "2027-08-20", "2028-02-05", "2028-03-01"],
            "until the plan ends",
        );
        assert.equal(simulator.committedReissues(orderId), 0);
    });

    it("lets somebody else reissue in the console, some time ago or left pending", async () => {
        const { orderId } = await simulator.seedOrder();
        const issued = await simulator.reissueInConsole(orderId, { comments: "by hand", age: 3_600_000 });
        assert.equal(issued.current.origin, "console");
        assert.equal(issued.current.comments, "by hand");
        assert.deepEqual(issued.current.dateIssued, new Date(now.getTime() - 3_600_000));
        for (const pending of ["approval", "validation"] as const) {
            const { status, certificates } = await simulator.reissueInConsole(orderId, { pending });
            assert.deepEqual([status, certificates.at(-1)?.status], ["reissue_pending", "pending"]);
            simulator.cancelReissue(orderId, "no");
        }
        assert.equal(simulator.order(orderId).status, "issued");
        assert.equal(simulator.reissuePosts(orderId), 0);
    });

    it("issues a new order when its request is approved", async () => {
        const { orderId, current, requests } = await simulator.seedOrder({ status: "needs_approval" });
        assert.equal(current.pem, undefined);
        const { body } = await call(simulator, "GET", `/order/certificate/${orderId}`);
        assert.equal(dig(body, "certificate", "id"), undefined);
        await simulator.approve(Number(requests[0]?.requestId));
        assert.equal(simulator.order(orderId).status, "issued");
        assert.notEqual(simulator.order(orderId).current.pem, undefined);
    });
});
