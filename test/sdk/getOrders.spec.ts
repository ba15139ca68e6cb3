import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
    AuthenticationError,
    ConfigurationError,
    DigiCertProvider,
    getOrders,
    type GetOrderOptions,
} from "../../sdk/nodejs/index.js";
import { mockEngine } from "../fixtures/engine.js";
import { csrPem, keyPair } from "../fixtures/csr.js";
import { failureOf } from "../secrets/canary.js";
import { startSimulator, type Simulator } from "../../simulator/index.js";

const ORDERS_ON_A_PAGE = 250;

describe("getOrders", () => {
    let simulator: Simulator;
    /** Another account. */
    let other: Simulator;
    let environment: NodeJS.ProcessEnv;

    beforeEach(async () => {
        [simulator, other] = await Promise.all([startSimulator(), startSimulator()]);
        environment = process.env;
        const others = Object.entries(process.env).filter(([name]) => !name.startsWith("DIGICERT_"));
        process.env = Object.fromEntries(others);
        await mockEngine();
        const { baseUrl, apiKey } = simulator;
        pulumi.runtime.setAllConfig({ "digicert:baseUrl": baseUrl, "digicert:apiKey": apiKey });
    });
    afterEach(async () => {
        pulumi.runtime.setAllConfig({});
        process.env = environment;
        await Promise.all([simulator.close(), other.close()]);
    });

    const requests = (one = simulator) =>
        one.requests.map(({ method, pathname }) => `${method} ${pathname.slice(12)}`);

    const failure = (opts?: GetOrderOptions) =>
        failureOf(getOrders({}, opts), [simulator.apiKey, other.apiKey]);

    it("tells of each order what the list tells: names, product, plan, current certificate", async () => {
        const { orderId, current, orderValidTill } = await simulator.seedOrder({
            commonName: "shop.example",
            dnsNames: ["shop.example", "www.shop.example"],
            signatureHash: "sha384",
            validFrom: new Date("2026-03-01T00:00:00Z"),
            validTill: new Date("2026-09-16T23:59:59Z"),
        });
        assert.deepEqual(await getOrders(), [
            {
                orderId: String(orderId),
                status: "issued",
                productNameId: "ssl_plus",
                productName: "SSL Plus",
                productType: "ssl_certificate",
                orderValidTill,
                isRenewed: false,
                autoRenew: false,
                commonName: "shop.example",
                dnsNames: ["shop.example", "www.shop.example"],
                certificateId: current.certificateId,
                signatureHash: "sha384",
                serialNumber: current.serialNumber,
                validFrom: "2026-03-01",
                validTill: "2026-09-16",
            },
        ]);
        assert.deepEqual(requests(), ["GET /order/certificate"]);
    });

    it("lists every order once, the oldest first, for one GET per 250 orders", async () => {
        const csr = csrPem(keyPair("P-256"));
        const ids: string[] = [];
        for (let index = 0; index <= ORDERS_ON_A_PAGE; index++) {
            simulator.advance(1000);
            ids.push(String((await simulator.seedOrder({ csr })).orderId));
        }
        assert.deepEqual(
            (await getOrders()).map(({ orderId }) => orderId),
            ids,
        );
        assert.deepEqual(requests(), Array(2).fill("GET /order/certificate"));
    });

    it("lists the orders of one product only, where a product is given", async () => {
        await simulator.seedOrder();
        const product = { name_id: "ssl_dv_geotrust", validation_type: "dv" };
        const { orderId } = await simulator.seedOrder({ product });
        const orders = await getOrders({ productNameId: "ssl_dv_geotrust" });
        assert.deepEqual(
            orders.map((order) => [order.orderId, order.productNameId]),
            [[String(orderId), "ssl_dv_geotrust"]],
        );
    });

    it("tells which orders were renewed", async () => {
        const { orderId } = await simulator.seedOrder();
        const { orderId: renewal } = simulator.renewInConsole(orderId);
        const renewed = (await getOrders()).map((order) => [order.orderId, order.isRenewed]);
        assert.deepEqual(Object.fromEntries(renewed), { [orderId]: true, [renewal]: false });
    });

    it("reads the account of the provider in its options, and no other", async () => {
        const { orderId } = await other.seedOrder();
        const { baseUrl, apiKey } = other;
        const provider = new DigiCertProvider("second", { baseUrl, apiKey });
        assert.deepEqual(
            (await getOrders({}, { provider })).map((order) => order.orderId),
            [String(orderId)],
        );
        assert.deepEqual([requests(), requests(other)], [[], ["GET /order/certificate"]]);
    });

    it("fails without a request where the provider's key is not known yet", async () => {
        const apiKey = pulumi.output(pulumi.unknown) as unknown as pulumi.Output<string>;
        const provider = new DigiCertProvider("second", { baseUrl: other.baseUrl, apiKey });
        assert.ok((await failure({ provider })) instanceof ConfigurationError);
        assert.deepEqual([requests(), requests(other)], [[], []]);
    });

    it("fails as getOrder does where DigiCert refuses the key, and shows no key", async () => {
        pulumi.runtime.setAllConfig({
            "digicert:baseUrl": simulator.baseUrl,
            "digicert:apiKey": "0".repeat(32),
        });
        const error = await failure();
        assert.ok(error instanceof AuthenticationError);
        assert.match(error.message, /^Listing the orders of the account: /);
    });

    it("lists an order whose certificate is not there yet, or cannot be read", async () => {
        const orders = [null, undefined, [], "none"].map((certificate, index) => ({
            id: index + 1,
            status: "needs_csr",
            certificate,
        }));
        const body = { orders, page: { total: 4, limit: 250, offset: 0 } };
        const path = "/order/certificate";
        simulator.fault({ method: "GET", path, times: Infinity, kind: "respond", status: 200, body });
        assert.deepEqual(
            await getOrders(),
            ["1", "2", "3", "4"].map((orderId) => ({ orderId, status: "needs_csr" })),
        );
    });

    it("lists what can be read, and warns of entries that cannot", async () => {
        const orders = [{ id: 1, status: "issued" }, { id: 2 }, { status: "issued" }];
        const body = { orders, page: { total: 3, limit: 250, offset: 0 } };
        simulator.fault({ method: "GET", path: "/order/certificate", kind: "respond", status: 200, body });
        const { warn } = pulumi.log;
        const warnings: string[] = [];
        const note = (text: string) => Promise.resolve(void warnings.push(text));
        try {
            Object.assign(pulumi.log, { warn: note });
            assert.deepEqual(await getOrders(), [{ orderId: "1", status: "issued" }]);
        } finally {
            Object.assign(pulumi.log, { warn });
        }
        assert.deepEqual(warnings, [
            "list of orders: 2 entries cannot be read, so these orders are missing in it",
        ]);
    });

    it("stops where no entry of a page can be read, and the server tells no total", async () => {
        const path = "/order/certificate";
        const body = { orders: [{ id: 2 }] };
        simulator.fault({ method: "GET", path, times: 10, kind: "respond", status: 200, body });
        assert.deepEqual(await getOrders(), []);
        assert.equal(requests().length, 1);
    });

    it("stops where a server shows the same page for every offset", async () => {
        const { orderId } = await simulator.seedOrder();
        const orders = [{ id: orderId, status: "issued", certificate: { id: 1 } }];
        const body = { orders, page: { total: 5000, limit: 1, offset: 0 } };
        const path = "/order/certificate";
        simulator.fault({ method: "GET", path, times: Infinity, kind: "respond", status: 200, body });
        assert.deepEqual(
            (await getOrders()).map((order) => order.orderId),
            [String(orderId)],
        );
        assert.equal(requests().length, 2);
    });
});
