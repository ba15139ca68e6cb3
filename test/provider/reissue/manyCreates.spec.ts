import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { CertCentral } from "../../../provider/core/certcentral/client.js";
import { DynamicProvider } from "../../../provider/dynamic/provider.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../../simulator/index.js";

const CREATES = 40;
const RECENT_REISSUES = 3;

/** In real time, against a server that enforces DigiCert's windows exactly. */
describe("many creates at once", function () {
    this.timeout(120_000);
    let simulator: Simulator;

    beforeEach(async () => {
        simulator = await startSimulator({
            rateLimit: true,
            policy: { approval: "auto", domains: "validated", omitFromReads: ["csr"] },
        });
    });
    afterEach(() => simulator.close());

    it("all succeed where the orders tell no CSR, so that recent reissues have to be downloaded (operator 17)", async () => {
        const [{ csrPem }, other] = await Promise.all([
            makeKeyAndCsr({ commonName: "shop.example" }),
            makeKeyAndCsr({ commonName: "shop.example" }),
        ]);
        const orders: number[] = [];
        for (let nth = 0; nth < CREATES; nth++) {
            const { orderId } = await simulator.seedOrder({ commonName: "shop.example" });
            for (let one = 0; one < RECENT_REISSUES; one++) {
                await simulator.reissueInConsole(orderId, { csr: other.csrPem });
            }
            orders.push(orderId);
        }
        const provider = new DynamicProvider({
            now: () => new Date(),
            elapsed: () => performance.now(),
            sleep: (ms) => sleep(ms),
            env: { DIGICERT_API_KEY: simulator.apiKey, DIGICERT_BASE_URL: simulator.baseUrl },
            engine: undefined,
            log: () => undefined,
            connect: (settings) => Promise.resolve(new CertCentral(settings)),
        });
        const created = await Promise.all(
            orders.map(async (orderId, nth) => {
                const given = { orderId, certificate: { commonName: "shop.example", csr: csrPem } };
                const bag = { ...given, identity: `project/stack/shop${nth}`, __provider: "" };
                const { inputs, failures = [] } = await provider.check({}, bag);
                assert.deepEqual(failures, []);
                return provider.create(inputs);
            }),
        );
        assert.deepEqual(new Set(created.map(({ outs }) => outs.status)), new Set(["issued"]));
        assert.deepEqual(
            orders.filter((orderId) => simulator.committedReissues(orderId) !== 1),
            [],
        );
        assert.ok(!simulator.requests.some(({ status }) => status === 429), "a request was refused with 429");
    });
});
