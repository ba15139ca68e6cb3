/** The contract: many reissues at once. */
import assert from "node:assert/strict";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { CertCentral } from "../../provider/core/certcentral/client.js";
import { Limiter } from "../../provider/core/certcentral/limiter.js";
import { makeProviders } from "../../provider/dynamic/provider.js";
import { PLAN_END, START } from "../drivers/stage.js";
import type { Props } from "../drivers/driver.js";
import { expand } from "../drivers/validation.js";
import { VirtualTime } from "../fixtures/virtualTime.js";

const ORDERS = 200;
const WAITING_ORDERS = 20;
/** DigiCert's reads of an order and its POST, and the download. */
const REQUESTS_EACH = 3;
/** A record is seen so long after it was published. */
const PROPAGATION_MS = 120_000;

/** Pulumi's own type leaves the inputs open. */
interface Checked {
    readonly inputs?: Props;
    readonly failures?: unknown;
}

describe("contract: 200 reissues that validate at once", function () {
    this.timeout(600_000);

    it("stay within the quota that a strict server enforces, and all finish @long", async () => {
        const simulator = await startSimulator({
            clock: () => START,
            rateLimit: true,
            propagationMs: PROPAGATION_MS,
            policy: { approval: "none", pollsDcv: false },
        });
        const time = new VirtualTime(simulator);
        try {
            const { csrPem: csr } = await makeKeyAndCsr({ commonName: "shop.example" });
            const orders = await Promise.all(
                Array.from({ length: ORDERS }, (_, index) =>
                    simulator.seedOrder({
                        csr,
                        commonName: `shop${index}.example`,
                        orderValidTill: PLAN_END,
                        product: { name_id: "ssl_dv_geotrust", validation_type: "dv" },
                    }),
                ),
            );
            const limiter = new Limiter(undefined, time);
            const { reissue, validation } = makeProviders({
                now: () => simulator.now(),
                elapsed: () => time.now(),
                sleep: (ms) => time.sleep(ms),
                env: { DIGICERT_API_KEY: simulator.apiKey, DIGICERT_BASE_URL: simulator.baseUrl },
                log: () => undefined,
                connect: (settings) =>
                    Promise.resolve(new CertCentral(settings, time.dispatcher, undefined, limiter)),
            });
            const created = async (resource: typeof reissue | typeof validation, args: Props) => {
                const { inputs, failures } = (await resource.check({}, args)) as Checked;
                assert.deepEqual(failures, []);
                return (await resource.create(inputs ?? {})).outs as Props;
            };
            const all = await time.until(
                Promise.all(
                    orders.map(async ({ orderId }, index) => {
                        const outputs = await created(reissue, {
                            orderId,
                            identity: `project/dev/shop${index}`,
                            certificate: { commonName: `shop${index}.example`, csr },
                            dcvMethod: "dns-txt-token",
                            skipApproval: true,
                        });
                        simulator.publish(
                            `_dnsauth.shop${index}.example`,
                            "TXT",
                            String(outputs.dcvRandomValue),
                        );
                        return created(validation, expand(outputs));
                    }),
                ),
            );
            assert.ok(all.every(({ status }) => status === "issued"));
            const { requests } = simulator;
            assert.deepEqual(
                requests.filter(({ status }) => status === 429),
                [],
            );
            assert.equal(requests.filter(({ method }) => method === "POST").length, ORDERS);
            // Two to reissue; then looks, at least one check, and a download.
            assert.ok(requests.length <= 13 * ORDERS, `${requests.length} requests`);
        } finally {
            await time.close();
            await simulator.close();
        }
    });
});

describe("contract: 20 reissues that are issued after 20 s", () => {
    /** Reissues the certificates of orders whose certificates are so old; returns the outputs and the requests. */
    async function reissueAll(ageDays: number, prepare: (simulator: Simulator) => void = () => undefined) {
        const simulator = await startSimulator({
            clock: () => START,
            policy: { approval: "none", issuanceMs: 20_000 },
        });
        const time = new VirtualTime(simulator);
        try {
            const { csrPem: csr } = await makeKeyAndCsr({ commonName: "shop.example" });
            const validFrom = new Date(START.getTime() - ageDays * 86_400_000);
            const orders = await Promise.all(
                Array.from({ length: WAITING_ORDERS }, (_, index) =>
                    simulator.seedOrder({
                        csr,
                        commonName: `shop${index}.example`,
                        orderValidTill: PLAN_END,
                        validFrom,
                    }),
                ),
            );
            prepare(simulator);
            const { reissue } = makeProviders({
                now: () => simulator.now(),
                elapsed: () => time.now(),
                sleep: (ms) => time.sleep(ms),
                env: { DIGICERT_API_KEY: simulator.apiKey, DIGICERT_BASE_URL: simulator.baseUrl },
                log: () => undefined,
                connect: (settings) =>
                    Promise.resolve(
                        new CertCentral(settings, time.dispatcher, undefined, new Limiter(undefined, time)),
                    ),
            });
            const all = await time.until(
                Promise.all(
                    orders.map(async ({ orderId }, index) => {
                        const { inputs } = (await reissue.check(
                            {},
                            {
                                orderId,
                                identity: `project/dev/shop${index}`,
                                certificate: { commonName: `shop${index}.example`, csr },
                                skipApproval: true,
                                triggers: { why: "test" },
                            },
                        )) as Checked;
                        return (await reissue.create(inputs ?? {})).outs as Props;
                    }),
                ),
            );
            for (const [index, { orderId }] of orders.entries()) {
                const { certificateId, serialNumber } = simulator.order(orderId).current;
                const { status, ...outputs } = all[index] ?? {};
                assert.deepEqual(
                    [status, outputs.issuedCertificateId, outputs.serialNumber],
                    ["issued", certificateId, serialNumber],
                );
            }
            return simulator.requests.length;
        } finally {
            await time.close();
            await simulator.close();
        }
    }

    it("take three requests each, and some for all together", async () => {
        const requests = await reissueAll(100);
        const forAll = requests - REQUESTS_EACH * WAITING_ORDERS;
        assert.ok(forAll >= 0 && forAll < WAITING_ORDERS, `${requests} requests`);
    });

    it("read the order before the download where a certificate before may be as young", async () => {
        const requests = await reissueAll(1);
        assert.ok(requests >= (REQUESTS_EACH + 1) * WAITING_ORDERS, `${requests} requests`);
    });

    it("read the order where the download fails at first", async () => {
        const requests = await reissueAll(100, (simulator) => {
            simulator.fault({
                method: "GET",
                path: "*/download/*",
                times: WAITING_ORDERS,
                kind: "respond",
                status: 404,
                body: "{}",
            });
        });
        assert.ok(requests >= (REQUESTS_EACH + 2) * WAITING_ORDERS, `${requests} requests`);
    });
});
