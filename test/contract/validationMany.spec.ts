/** The contract: many reissues at once. */
import assert from "node:assert/strict";
import {
    makeKeyAndCsr,
    startSimulator,
    type OrderSeed,
    type Simulator,
    type SimulatorOptions,
} from "../../simulator/index.js";
import { CertCentral } from "../../provider/core/certcentral/client.js";
import { Limiter } from "../../provider/core/certcentral/limiter.js";
import { makeProviders, type Providers } from "../../provider/dynamic/provider.js";
import { PLAN_END, START } from "../drivers/stage.js";
import type { Props } from "../drivers/driver.js";
import { expand } from "../drivers/validation.js";
import { VirtualTime } from "../fixtures/virtualTime.js";

const ORDERS = 200;
const WAITING_ORDERS = 20;
/** The read of the order, the POST, and the download. */
const REQUESTS_EACH = 3;
/** A record is seen so long after it was published. */
const PROPAGATION_MS = 120_000;

/** Pulumi's own type leaves the inputs open. */
interface Checked {
    readonly inputs?: Props;
    readonly failures?: unknown;
}

/** Orders of one account, and a way to create resources, in one provider with a clock of its own. */
class Account {
    readonly #reissue: Providers["reissue"];
    readonly #validation: Providers["validation"];

    private constructor(
        readonly simulator: Simulator,
        readonly time: VirtualTime,
        readonly csr: string,
        readonly orderIds: readonly number[],
    ) {
        const limiter = new Limiter(undefined, time);
        ({ reissue: this.#reissue, validation: this.#validation } = makeProviders({
            now: () => simulator.now(),
            elapsed: () => time.now(),
            sleep: (ms) => time.sleep(ms),
            env: { DIGICERT_API_KEY: simulator.apiKey, DIGICERT_BASE_URL: simulator.baseUrl },
            log: () => undefined,
            connect: (settings) =>
                Promise.resolve(new CertCentral(settings, time.dispatcher, undefined, limiter)),
        }));
    }

    /** Runs a test on so many orders, each for `shop<index>.example`. */
    static async run(
        count: number,
        options: SimulatorOptions,
        seed: OrderSeed,
        test: (account: Account) => Promise<void>,
    ): Promise<void> {
        const simulator = await startSimulator({ clock: () => START, ...options });
        const time = new VirtualTime(simulator);
        try {
            const { csrPem: csr } = await makeKeyAndCsr({ commonName: "shop.example" });
            const orders = await Promise.all(
                Array.from({ length: count }, (_, index) =>
                    simulator.seedOrder({
                        csr,
                        commonName: `shop${index}.example`,
                        orderValidTill: PLAN_END,
                        ...seed,
                    }),
                ),
            );
            const orderIds = orders.map(({ orderId }) => orderId);
            await test(new Account(simulator, time, csr, orderIds));
        } finally {
            await time.close();
            await simulator.close();
        }
    }

    /** Creates resources for all orders at once, and waits for them by the account's clock. */
    all(create: (orderId: number, index: number) => Promise<Props>): Promise<Props[]> {
        return this.time.until(Promise.all(this.orderIds.map(create)));
    }

    reissue(index: number, args: Props): Promise<Props> {
        const certificate = { commonName: `shop${index}.example`, csr: this.csr };
        const identity = `project/dev/shop${index}`;
        const orderId = this.orderIds[index];
        return this.#create(this.#reissue, { orderId, identity, certificate, skipApproval: true, ...args });
    }

    validation(args: Props): Promise<Props> {
        return this.#create(this.#validation, args);
    }

    async #create(provider: Providers["reissue" | "validation"], args: Props): Promise<Props> {
        const { inputs, failures } = (await provider.check({}, args)) as Checked;
        assert.deepEqual(failures, []);
        return (await provider.create(inputs ?? {})).outs as Props;
    }
}

describe("contract: 200 reissues that validate at once", function () {
    this.timeout(600_000);

    it("stay within the quota that a strict server enforces, and all finish @long", async () => {
        const options = {
            rateLimit: true,
            propagationMs: PROPAGATION_MS,
            policy: { approval: "none", pollsDcv: false },
        } as const;
        const seed = { product: { name_id: "ssl_dv_geotrust", validation_type: "dv" } };
        await Account.run(ORDERS, options, seed, async (account) => {
            const { simulator } = account;
            const all = await account.all(async (_, index) => {
                const outputs = await account.reissue(index, { dcvMethod: "dns-txt-token" });
                simulator.publish(`_dnsauth.shop${index}.example`, "TXT", String(outputs.dcvRandomValue));
                return account.validation(expand(outputs));
            });
            assert.ok(all.every(({ status }) => status === "issued"));
            const { requests } = simulator;
            assert.deepEqual(
                requests.filter(({ status }) => status === 429),
                [],
            );
            assert.equal(requests.filter(({ method }) => method === "POST").length, ORDERS);
            // Two to reissue; then looks, at least one check, and a download.
            assert.ok(requests.length <= 13 * ORDERS, `${requests.length} requests`);
        });
    });
});

describe("contract: 20 reissues that are issued after 20 s", () => {
    /** Reissues the certificates of orders whose certificates are so old; returns the number of requests. */
    async function reissueAll(ageDays: number, prepare: (simulator: Simulator) => void = () => undefined) {
        const options = { policy: { approval: "none", issuanceMs: 20_000 } } as const;
        const seed = { validFrom: new Date(START.getTime() - ageDays * 86_400_000) };
        let requests = 0;
        await Account.run(WAITING_ORDERS, options, seed, async (account) => {
            const { simulator, orderIds } = account;
            prepare(simulator);
            const all = await account.all((_, index) =>
                account.reissue(index, { triggers: { why: "test" } }),
            );
            for (const [index, orderId] of orderIds.entries()) {
                const { certificateId, serialNumber } = simulator.order(orderId).current;
                const { status, ...outputs } = all[index] ?? {};
                assert.deepEqual(
                    [status, outputs.issuedCertificateId, outputs.serialNumber],
                    ["issued", certificateId, serialNumber],
                );
            }
            requests = simulator.requests.length;
        });
        return requests;
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
