import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { CertCentral } from "../../../provider/core/certcentral/client.js";
import { Limiter } from "../../../provider/core/certcentral/limiter.js";
import { readSettings } from "../../../provider/core/settings.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../../simulator/index.js";

/** In real time, against a server that enforces DigiCert's windows exactly. */
describe("the quota", function () {
    this.timeout(30_000);
    let simulator: Simulator;
    let orderId: string;

    beforeEach(async () => {
        simulator = await startSimulator({ rateLimit: true, policy: { approval: "auto" } });
        orderId = String((await simulator.seedOrder({ commonName: "shop.example" })).orderId);
    });
    afterEach(() => simulator.close());

    function client(): CertCentral {
        const env = { DIGICERT_API_KEY: simulator.apiKey, DIGICERT_BASE_URL: simulator.baseUrl };
        return new CertCentral(readSettings({ config: () => undefined, env }));
    }

    it("is kept by all clients of one key together", async () => {
        const start = performance.now();
        await Promise.all(Array.from({ length: 150 }, () => client().order(orderId)));
        const elapsed = performance.now() - start;
        assert.equal(simulator.requests.length, 150, "after a 429 there would be more");
        // How well it is used is measured in limiter.spec.ts, on a clock that no busy machine slows down.
        assert.ok(elapsed >= 5000, `${Math.round(elapsed)} ms`);
    });

    it("lets 40 orders at once be reissued that need three more reads each before the POST", async () => {
        const orders = await Promise.all(
            Array.from({ length: 40 }, () => simulator.seedOrder({ commonName: "shop.example" })),
        );
        const { csrPem: csr } = await makeKeyAndCsr({ commonName: "shop.example" });
        const body = {
            certificate: {
                common_name: "shop.example",
                csr,
                server_platform: { id: -1 },
                signature_hash: "sha256",
            },
            skip_approval: true,
        };
        const attempts = await Promise.all(
            orders.map(async (one) => {
                const [id, api] = [String(one.orderId), client()];
                for (let attempt = 1; ; attempt++) {
                    const { certificate } = await api.order(id, { reserve: true });
                    await api.reissues(id);
                    for (let reads = 0; reads < 2; reads++) await api.download(certificate.id ?? 0, id);
                    const outcome = await api.reissue(id, body);
                    if (outcome.kind === "accepted") return attempt;
                    assert.ok(outcome.kind === "absent" && attempt < 3, outcome.error.message);
                }
            }),
        );
        assert.equal(attempts.length, 40);
        const statuses = simulator.requests.map(({ status }) => status);
        assert.ok(!statuses.includes(429));
    });

    it("does not count waiting for it against the limit for a request", async () => {
        const env = {
            DIGICERT_API_KEY: simulator.apiKey,
            DIGICERT_BASE_URL: simulator.baseUrl,
            DIGICERT_REQUEST_TIMEOUT_SECONDS: "2",
        };
        const settings = readSettings({ config: () => undefined, env });
        const limiter = new Limiter([{ ms: 3000, requests: 1 }]);
        const patient = new CertCentral(settings, undefined, undefined, limiter);
        await Promise.all([patient.order(orderId), patient.order(orderId)]);
        assert.equal(simulator.requests.length, 2, "after a time-out there would be more");
    });

    it("keeps no process alive that has nothing to do any more", async () => {
        const lifecycle = join(__dirname, "../../../provider/dynamic/index.js");
        const script = `require(${JSON.stringify(lifecycle)}).read(${JSON.stringify(orderId)}, {}).then(() => console.log("read"));`;
        const env = {
            ...process.env,
            DIGICERT_API_KEY: simulator.apiKey,
            DIGICERT_BASE_URL: simulator.baseUrl,
        };
        const child = spawn(process.execPath, ["-e", script], { env });
        await once(child.stdout, "data");
        const read = performance.now();
        assert.deepEqual(await once(child, "exit"), [0, null]);
        assert.ok(
            performance.now() - read < 3000,
            "idle connections live for 4 s, places of a window for 3 min",
        );
    });
});
