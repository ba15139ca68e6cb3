/** The contract: many reissues that validate at once. */
import assert from "node:assert/strict";
import { makeKeyAndCsr, startSimulator } from "../../simulator/index.js";
import { CertCentral } from "../../provider/core/certcentral/client.js";
import { Limiter } from "../../provider/core/certcentral/limiter.js";
import { makeProviders } from "../../provider/dynamic/provider.js";
import { PLAN_END, START } from "../drivers/stage.js";
import type { Props } from "../drivers/driver.js";
import { expand } from "../drivers/validation.js";
import { VirtualTime } from "../fixtures/virtualTime.js";

const ORDERS = 200;
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
