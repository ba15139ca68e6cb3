import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { findAccount } from "../../provider/core/account.js";
import {
    AuthenticationError,
    ConfigurationError,
    DigiCertProvider,
    getOrder,
    getOrderOutput,
    NotFoundError,
    PermissionError,
    RefusedError,
    TimeoutError,
    UnavailableError,
    type GetOrderOptions,
} from "../../sdk/nodejs/index.js";
import { mockEngine, valueOf } from "../fixtures/engine.js";
import { failureOf } from "../secrets/canary.js";
import { startSimulator, type Simulator } from "../../simulator/index.js";

/** An output that a preview does not know. */
function unknown<T>(): pulumi.Output<T> {
    return pulumi.output(pulumi.unknown) as unknown as pulumi.Output<T>;
}

const isKnown = (output: pulumi.Output<unknown>) =>
    (output as unknown as { isKnown: Promise<boolean> }).isKnown;

describe("getOrder", () => {
    let simulator: Simulator;
    /** Another account. */
    let other: Simulator;
    let environment: NodeJS.ProcessEnv;

    before(async () => {
        [simulator, other] = await Promise.all([startSimulator(), startSimulator()]);
    });
    beforeEach(async () => {
        environment = process.env;
        const others = Object.entries(process.env).filter(([name]) => !name.startsWith("DIGICERT_"));
        process.env = Object.fromEntries(others);
        await mockEngine();
        settings(simulator);
        for (const one of [simulator, other]) {
            one.clearRequests();
            one.clearFaults();
        }
    });
    afterEach(() => {
        pulumi.runtime.setAllConfig({});
        process.env = environment;
    });
    after(() => Promise.all([simulator.close(), other.close()]));

    /** Stack config that points to a simulator, with other values too. */
    function settings(
        { baseUrl, apiKey }: Pick<Simulator, "baseUrl" | "apiKey">,
        more: Record<string, string> = {},
    ) {
        pulumi.runtime.setAllConfig({ "digicert:baseUrl": baseUrl, "digicert:apiKey": apiKey, ...more });
    }

    const asked = (one = simulator) =>
        one.requests.map(({ method, pathname }) => `${method} ${pathname.slice(12)}`);

    const failure = (orderId: number | string, opts?: GetOrderOptions) =>
        failureOf(getOrder({ orderId }, opts), [simulator.apiKey, other.apiKey]);

    it("tells names, product, plan and current certificate, for one GET", async () => {
        const { orderId, current, orderValidTill } = await simulator.seedOrder({
            commonName: "shop.example",
            dnsNames: ["shop.example", "www.shop.example"],
            signatureHash: "sha384",
            validFrom: new Date("2026-03-01T00:00:00Z"),
            validTill: new Date("2026-09-16T23:59:59Z"),
        });
        for (const given of [orderId, String(orderId)]) {
            assert.deepEqual(await getOrder({ orderId: given }), {
                orderId: String(orderId),
                status: "issued",
                productNameId: "ssl_plus",
                productName: "SSL Plus",
                productType: "ssl_certificate",
                orderValidTill,
                autoRenew: false,
                autoReissue: false,
                commonName: "shop.example",
                dnsNames: ["shop.example", "www.shop.example"],
                certificateId: current.certificateId,
                csr: current.csr,
                signatureHash: "sha384",
                serialNumber: current.serialNumber,
                validFrom: "2026-03-01",
                validTill: "2026-09-16",
            });
        }
        assert.deepEqual(asked(), Array(2).fill(`GET /order/certificate/${orderId}`));
    });

    it("tells what is pending, and whether an approver or DigiCert is waited for", async () => {
        const { orderId, current } = await simulator.seedOrder();
        const names = ["shop.example", "new.shop.example"];
        await simulator.reissueInConsole(orderId, {
            dnsNames: names,
            comments: "by hand",
            pending: "approval",
        });
        const waiting = simulator.order(orderId).certificates[1];
        const order = await getOrder({ orderId });
        assert.equal(order.status, "reissue_pending");
        assert.equal(order.certificateId, current.certificateId, "the current one, not the pending one");
        assert.deepEqual(order.dnsNames, ["shop.example"]);
        const { since, ...pending } = order.pendingReissue ?? {};
        assert.deepEqual(pending, {
            requestId: waiting?.requestId,
            comments: "by hand",
            certificateId: waiting?.certificateId,
            commonName: "shop.example",
            dnsNames: names,
        });
        assert.equal(
            new Date(since ?? "").getTime(),
            Math.floor((waiting?.dateCreated.getTime() ?? 0) / 1000) * 1000,
        );
        assert.deepEqual(asked(), [
            `GET /order/certificate/${orderId}`,
            `GET /order/certificate/${orderId}/reissue`,
        ]);

        const validating = await simulator.seedOrder();
        await simulator.reissueInConsole(validating.orderId, { pending: "validation" });
        const { pendingReissue } = await getOrder({ orderId: validating.orderId });
        assert.equal(pendingReissue?.requestId, undefined);
        assert.ok(pendingReissue?.since !== undefined && pendingReissue.certificateId !== undefined);
    });

    it("tells of a pending reissue what the order tells, where the key may not read the list", async () => {
        const { orderId } = await simulator.seedOrder();
        await simulator.reissueInConsole(orderId, { comments: "by hand", pending: "approval" });
        const body = { errors: [{ code: "access_denied", message: "no" }] };
        const path = "/order/certificate/:id/reissue";
        simulator.fault({ method: "GET", path, kind: "respond", status: 403, body });
        const { pendingReissue } = await getOrder({ orderId });
        assert.deepEqual([pendingReissue?.comments, pendingReissue?.certificateId], ["by hand", undefined]);
    });

    it("passes on a status that it does not know, and leaves out what DigiCert does not tell", async () => {
        const { orderId } = await simulator.seedOrder({
            commonName: null,
            product: { name_id: "code_signing", type: "code_signing_certificate" },
            policy: {
                orderStatus: "on_hold",
                omitFromReads: ["order_valid_till", "csr", "product", "dns_names"],
            },
        });
        const order = await getOrder({ orderId });
        assert.equal(order.status, "on_hold");
        assert.deepEqual(order.dnsNames, []);
        for (const absent of ["commonName", "orderValidTill", "csr", "productNameId", "pendingReissue"]) {
            assert.ok(!(absent in order), absent);
        }
    });

    describe("with followRenewals", () => {
        const follow = (orderId: number) => getOrder({ orderId, followRenewals: true });

        it("reads the order that renewed it, and lists the orders on the way", async () => {
            const { orderId } = await simulator.seedOrder({ autoRenew: true });
            const second = simulator.renewInConsole(orderId).orderId;
            const third = simulator.renewInConsole(second).orderId;
            const order = await follow(orderId);
            assert.equal(order.orderId, String(third));
            assert.deepEqual(order.renewedFrom, [orderId, second].map(String));
            assert.equal(order.certificateId, simulator.order(third).current.certificateId);
            assert.equal(order.renewedOrderId, undefined);
            assert.deepEqual(
                asked(),
                [orderId, second, third].map((id) => `GET /order/certificate/${id}`),
            );
            const first = await getOrder({ orderId });
            assert.deepEqual(
                [first.orderId, first.renewedOrderId, first.autoRenew, "renewedFrom" in first],
                [String(orderId), String(second), true, false],
            );
        });

        it("reads the pending reissue of the order that it ends at", async () => {
            const { orderId } = await simulator.seedOrder();
            const renewal = simulator.renewInConsole(orderId).orderId;
            await simulator.reissueInConsole(renewal, { comments: "by hand", pending: "approval" });
            const { pendingReissue } = await follow(orderId);
            assert.equal(pendingReissue?.comments, "by hand");
            assert.equal(asked().at(-1), `GET /order/certificate/${renewal}/reissue`);
        });

        it("is an input of getOrderOutput too, and may be an output", async () => {
            const { orderId } = await simulator.seedOrder();
            const renewal = simulator.renewInConsole(orderId).orderId;
            const order = getOrderOutput({ orderId, followRenewals: pulumi.output(Promise.resolve(true)) });
            assert.equal(await valueOf(order.orderId), String(renewal));
            const other = getOrderOutput({ orderId, followRenewals: false });
            assert.equal(await valueOf(other.orderId), String(orderId));
        });
    });

    describe("settings", () => {
        let orderId: number;
        before(async () => {
            ({ orderId } = await simulator.seedOrder());
            await other.seedOrder({ id: orderId, commonName: "other.example" });
        });
        const nameOf = async (opts?: GetOrderOptions) => (await getOrder({ orderId }, opts)).commonName;
        const providerOf = ({ apiKey, baseUrl }: Simulator, name = "other") =>
            new DigiCertProvider(name, { apiKey, baseUrl });

        it("come from stack config, else from the environment", async () => {
            process.env.DIGICERT_API_KEY = other.apiKey;
            assert.equal(await nameOf(), "shop.example", "config wins");
            pulumi.runtime.setAllConfig({ "digicert:baseUrl": other.baseUrl });
            assert.equal(await nameOf(), "other.example");
            pulumi.runtime.setAllConfig({});
            process.env.DIGICERT_BASE_URL = other.baseUrl;
            assert.equal(await nameOf(), "other.example");
        });

        it("that are missing, or split, are an error before any request", async () => {
            process.env.DIGICERT_BASE_URL = other.baseUrl;
            pulumi.runtime.setAllConfig({});
            const missing = await failure(orderId);
            assert.ok(missing instanceof ConfigurationError);
            assert.match(missing.message, /digicert:apiKey.*DIGICERT_API_KEY/);
            pulumi.runtime.setAllConfig({ "digicert:apiKey": simulator.apiKey });
            assert.match((await failure(orderId)).message, /Set both in one place/);
            assert.deepEqual([...asked(), ...asked(other)], []);
        });

        it("of a provider are its own, and nothing fills in for them", async () => {
            process.env.DIGICERT_API_KEY = simulator.apiKey;
            assert.equal(await nameOf({ provider: providerOf(other) }), "other.example");
            assert.deepEqual(asked(), []);
            assert.deepEqual(
                other.requests.map(({ headers }) => headers["x-dc-devkey"]),
                [other.apiKey],
            );
            for (const apiKey of ["", undefined as unknown as string]) {
                const keyless = new DigiCertProvider("keyless", { apiKey, baseUrl: simulator.baseUrl });
                const error = await failure(orderId, { provider: keyless });
                assert.ok(error instanceof ConfigurationError);
                assert.match(error.message, /this provider has no apiKey/);
            }
            assert.deepEqual(asked(), []);
            const wrong = new DigiCertProvider("wrong", { apiKey: other.apiKey, baseUrl: simulator.baseUrl });
            assert.ok((await failure(orderId, { provider: wrong })) instanceof AuthenticationError);
        });

        it("of a provider may be outputs", async () => {
            const provider = new DigiCertProvider("later", {
                apiKey: pulumi.secret(Promise.resolve(other.apiKey)),
                baseUrl: pulumi.output(other.baseUrl),
                requestTimeoutSeconds: pulumi.output(7),
            });
            assert.equal(await nameOf({ provider }), "other.example");
            assert.equal(
                (await valueOf(getOrderOutput({ orderId }, { provider }))).commonName,
                "other.example",
            );
        });

        it("are those of the provider that a parent hands to its children", async () => {
            const parent = new pulumi.ComponentResource(
                "test:Team",
                "team",
                {},
                { provider: providerOf(other) },
            );
            const child = new pulumi.ComponentResource("test:Team", "child", {}, { parent });
            const plain = new pulumi.ComponentResource("test:Team", "plain");
            assert.equal(await nameOf({ parent }), "other.example");
            assert.equal(await nameOf({ parent: child }), "other.example");
            assert.equal(await nameOf({ parent: plain }), "shop.example");
            const provider = providerOf(simulator, "own");
            assert.equal(await nameOf({ parent, provider }), "shop.example", "the nearer one wins");
        });

        it("of a provider of another package are not guessed", async () => {
            class Foreign extends pulumi.ProviderResource {}
            const provider = new Foreign("pulumi-nodejs", "foreign", {});
            const parent = new pulumi.ComponentResource("test:Team", "foreign", {}, { provider });
            for (const opts of [{ provider }, { parent }]) {
                assert.match((await failure(orderId, opts)).message, /is no DigiCertProvider/);
                assert.throws(() => getOrderOutput({ orderId }, opts), ConfigurationError);
            }
            assert.deepEqual(asked(), []);
        });

        it("of a provider show in no dump", async () => {
            const provider = providerOf(other);
            assert.equal(await nameOf({ provider }), "other.example");
            assert.ok(!inspect(provider, { depth: 9, showHidden: true }).includes(other.apiKey));
            assert.ok(!Object.values(provider).some((value) => String(value).includes(other.apiKey)));
        });
    });

    describe("errors", () => {
        let orderId: number;
        before(async () => {
            ({ orderId } = await simulator.seedOrder());
        });

        it("can be caught by class", async () => {
            assert.ok((await failure(orderId + 1)) instanceof NotFoundError);
            const status = 403;
            const errors = [{ code: "access_denied|no_permission", message: "No." }];
            simulator.fault({ kind: "respond", status, body: { errors } });
            const error = await failure(orderId);
            assert.ok(error instanceof PermissionError);
            assert.deepEqual(
                [error.code, error.status, error.errors],
                ["ERR_DIGICERT_PERMISSION", status, errors],
            );
            simulator.fault({ kind: "html", status: 502, times: 4 });
            assert.ok((await failure(orderId)) instanceof UnavailableError);
            settings({ baseUrl: simulator.baseUrl, apiKey: "A".repeat(40) });
            assert.ok((await failure(orderId)) instanceof AuthenticationError);
        });

        it("name a time-out", async () => {
            settings(simulator, { "digicert:requestTimeoutSeconds": "0.05" });
            simulator.fault({ kind: "slow-headers", ms: 2000, times: 4 });
            assert.ok((await failure(orderId)) instanceof TimeoutError);
        });

        it("refuse what is no order id, without a request", async () => {
            for (const bad of [0, -1, 1.5, NaN, "", "12a", "../7", "1".repeat(30), undefined, null, {}]) {
                const error = await failure(bad as number);
                assert.ok(error instanceof RefusedError, inspect(bad));
                assert.match(
                    error.message,
                    /^Reading an order: orderId .*CertCentral order.* Correct the program\. \(ERR_DIGICERT_REFUSED\)$/,
                );
            }
            assert.deepEqual(asked(), []);
        });

        it("that nobody catches are shown as a sentence", async () => {
            assert.ok(pulumi.RunError.isInstance(await failure(orderId + 1)));
            assert.ok(!Object.keys(await failure(orderId + 1)).includes("__pulumiRunError"));
        });
    });

    it("shares the quota of a key with every other read of the process", async () => {
        const { orderId } = await simulator.seedOrder();
        const { limiter } = findAccount({
            apiKey: () => simulator.apiKey,
            baseUrl: simulator.baseUrl,
            pollSeconds: 10,
            requestTimeoutSeconds: 30,
            settleSeconds: 60,
            quotaShare: 1,
        });
        simulator.fault({ kind: "rate-limited", retryAfter: 1 });
        const seen = { paused: false, over: false };
        const order = getOrder({ orderId }).finally(() => (seen.over = true));
        while (!seen.over) {
            seen.paused ||= limiter.pauseLeft() > 0;
            await new Promise((resolve) => setTimeout(resolve, 5));
        }
        assert.equal((await order).status, "issued");
        assert.ok(seen.paused);
    });

    describe("in preview", () => {
        let orderId: number;
        before(async () => {
            ({ orderId } = await simulator.seedOrder());
        });
        beforeEach(() => mockEngine(true));

        it("makes its request too", async () => {
            assert.equal((await getOrder({ orderId })).status, "issued");
            assert.equal(
                (await valueOf(getOrderOutput({ orderId: pulumi.output(orderId) }))).status,
                "issued",
            );
            assert.equal(asked().length, 2);
        });

        it("stays unknown while the order id is, without a request", async () => {
            const order = getOrderOutput({ orderId: unknown<number>() });
            assert.equal(await isKnown(order), false);
            assert.equal(await isKnown(order.dnsNames), false);
            assert.deepEqual(asked(), []);
        });

        it("stays unknown while the provider's key is, and says so where nothing can be unknown", async () => {
            const provider = new DigiCertProvider("later", {
                apiKey: unknown<string>(),
                baseUrl: simulator.baseUrl,
            });
            assert.equal(await isKnown(getOrderOutput({ orderId }, { provider })), false);
            const error = await failure(orderId, { provider });
            assert.ok(error instanceof ConfigurationError);
            assert.match(error.message, /not known yet. Use getOrderOutput/);
            assert.deepEqual(asked(), []);
        });
    });

    it("is not secret, whatever the key is; a secret order id stays one", async () => {
        const { orderId } = await simulator.seedOrder();
        const { apiKey, baseUrl } = simulator;
        const provider = new DigiCertProvider("own", { apiKey: pulumi.secret(apiKey), baseUrl });
        for (const order of [getOrderOutput({ orderId }), getOrderOutput({ orderId }, { provider })]) {
            assert.equal(await pulumi.isSecret(order), false);
            assert.ok(!inspect(await valueOf(order)).includes(apiKey));
        }
        assert.equal(await pulumi.isSecret(getOrderOutput({ orderId: pulumi.secret(orderId) })), true);
    });
});
