import assert from "node:assert/strict";
import { CertCentral } from "../../provider/core/certcentral/client.js";
import { dispatcherFor } from "../../provider/core/certcentral/dispatcher.js";
import { Limiter } from "../../provider/core/certcentral/limiter.js";
import { Sender } from "../../provider/core/certcentral/sender.js";
import { Transport } from "../../provider/core/certcentral/transport.js";
import * as entryProvider from "../../provider/dynamic/index.js";
import { makeProviders, type Surroundings } from "../../provider/dynamic/provider.js";
import { openSession } from "../../provider/core/session.js";
import { readSettings } from "../../provider/core/settings.js";
import * as entry from "../../sdk/nodejs/index.js";
import * as entryStub from "../../sdk/nodejs/stub.js";
import { mockEngine, valueOf } from "../fixtures/engine.js";
import { startSimulator, type Simulator } from "../../simulator/index.js";
import { dumpOf, leaksIn } from "./canary.js";

const KEY = "CANARY-3f9b/Kq+7Zt0-5d1c-YARNAC";

function assertHidden(objects: Readonly<Record<string, unknown>>): void {
    for (const [name, object] of Object.entries(objects)) {
        assert.deepEqual(leaksIn(dumpOf(object), KEY), [], name);
    }
}

/** As a program or a step may log it: with hidden properties, at any depth. */
describe("an object that holds the API key", function () {
    this.timeout(30_000);
    let simulator: Simulator;
    let env: Record<string, string>;

    before(async () => {
        simulator = await startSimulator({ apiKey: KEY });
        env = { DIGICERT_API_KEY: KEY, DIGICERT_BASE_URL: simulator.baseUrl };
    });
    after(() => simulator.close());

    it("does not show it while it talks to DigiCert, nor afterwards", async () => {
        const settings = readSettings({ config: () => undefined, env });
        const limiter = new Limiter();
        const transport = new Transport(settings, dispatcherFor(settings.baseUrl));
        const sender = new Sender(transport, limiter, { unavailableMs: 1, rateLimitMs: 1 });
        const client = new CertCentral(settings);
        const objects = { settings, limiter, transport, sender, client };
        const { orderId } = await simulator.seedOrder({ commonName: "shop.example" });
        const path = `/order/certificate/${orderId}`;
        const held = [1, 2].map((nth) =>
            simulator.hold({ method: "GET", path: "/order/certificate/:id", at: "answer", nth }),
        );
        const reads = [sender.sendOnce({ method: "GET", path }), client.order(String(orderId))];
        await Promise.all(held.map(({ there }) => there));
        assertHidden(objects);
        held.forEach((one) => {
            one.release();
        });
        await Promise.all(reads);
        assertHidden(objects);
    });

    it("does not show it to what an operation is given", async () => {
        const settings = readSettings({ config: () => undefined, env });
        const around: Surroundings = {
            now: () => new Date(),
            elapsed: () => performance.now(),
            sleep: () => Promise.resolve(),
            env,
            log: () => undefined,
            connect: (given) => Promise.resolve(new CertCentral(given)),
        };
        const session = await openSession(around, settings, {
            tell: () => undefined,
            signal: new AbortController().signal,
            confirmedRevocations: new Set(),
        });
        assertHidden({ session, providers: makeProviders(around) });
    });

    it("does not show it where a program holds it: explicit provider, resource, entry points", async () => {
        const engine = await mockEngine();
        const provider = new entry.DigiCertProvider("eu", { apiKey: KEY, region: "eu" });
        const certificate = { commonName: "shop.example", csr: "CSR" };
        const resource = new entry.DigiCertReissue("shop", { orderId: 5, certificate }, { provider });
        await Promise.all([valueOf(provider.urn), valueOf(resource.urn)]);
        const recorded = engine.registered.find(({ name }) => name === "shop")?.inputs;
        assert.ok(recorded);
        assertHidden({ provider, resource, recorded, entry, entryProvider, entryStub });
    });
});
