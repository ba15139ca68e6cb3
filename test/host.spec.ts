import assert from "node:assert/strict";
import { PartialFailure } from "./engine/grpc.js";
import { startHost, type DynamicHost } from "./engine/host.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../simulator/index.js";

/** Pulumi's own host process, as the engine talks to it. */
describe("the provider in Pulumi's host", function () {
    this.timeout(30_000);
    let simulator: Simulator;
    let csr: string;
    let host: DynamicHost;
    let orderId: number;

    before(async () => {
        simulator = await startSimulator();
        csr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
    });
    after(() => simulator.close());
    beforeEach(async () => {
        simulator.clearFaults();
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            policy: { approval: "auto" },
        }));
        host = await startHost();
    });
    afterEach(() => host.close());

    const configure = () =>
        host.configure(
            { "digicert:baseUrl": simulator.baseUrl, "digicert:pollSeconds": "0.05" },
            { "digicert:apiKey": simulator.apiKey },
        );
    const shop = (more: Record<string, unknown> = {}) => ({
        orderId,
        certificate: { commonName: "shop.example", csr },
        identity: "project/stack/shop",
        ...more,
    });

    it("goes through check, create, diff, update, read and delete", async () => {
        await configure();
        const { inputs, failures } = await host.check({}, shop());
        assert.deepEqual(failures, []);
        assert.equal(inputs.orderId, String(orderId));
        const created = await host.create(inputs);
        assert.equal(created.id, String(orderId));
        assert.equal(created.outs.status, "issued");
        assert.deepEqual(await host.diff(created.id, created.outs, inputs), {
            changes: false,
            replaces: [],
            deleteBeforeReplace: false,
        });
        const changed = (await host.check(inputs, shop({ triggers: { a: "1" } }))).inputs;
        assert.equal((await host.diff(created.id, created.outs, changed)).changes, true);
        await host.waitForLine(new RegExp(`order ${orderId}: reissue, triggers changed`));
        const { outs: updated } = await host.update(created.id, created.outs, changed);
        assert.notEqual(updated.certificateId, created.outs.certificateId);
        const read = await host.read(created.id, updated);
        assert.deepEqual(read.props, updated);
        assert.deepEqual(read.inputs, changed);
        await host.delete(created.id, updated);
        assert.equal(host.child.stderr, "");
    });

    it("sees the configuration in concurrent first calls", async () => {
        await configure();
        const { orderId: second } = await simulator.seedOrder({
            commonName: "b.example",
            policy: { approval: "auto" },
        });
        const bag = (id: number, name: string) =>
            host.check(
                {},
                { ...shop(), orderId: id, certificate: { commonName: name, csr }, identity: name },
            );
        const checked = [
            (await bag(orderId, "shop.example")).inputs,
            (await bag(second, "b.example")).inputs,
        ];
        await host.close();
        host = await startHost();
        await configure();
        const created = await Promise.all(checked.map((inputs) => host.create(inputs)));
        assert.deepEqual(
            created.map(({ outs }) => outs.status),
            ["issued", "issued"],
        );
    });

    it("tolerates unknown values at any depth", async () => {
        await configure();
        const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
        for (const inputs of [
            { ...shop(), orderId: unknown },
            { ...shop(), certificate: unknown },
            {
                ...shop(),
                certificate: { commonName: unknown, dnsNames: ["a.example", unknown], csr: unknown },
            },
            {
                ...shop(),
                triggers: { a: unknown },
                additionalParameters: { a: { b: [unknown] } },
                comments: unknown,
            },
        ]) {
            const checked = await host.check({}, inputs);
            assert.deepEqual(checked.failures, []);
            const created = { ...shop(), status: "issued", requestIds: [], orderId: String(orderId) };
            assert.equal((await host.diff("1", created, checked.inputs)).changes, true);
        }
    });

    it("keeps ids and reasons of a reissue that is not issued in time, with the provider's text", async () => {
        await configure();
        simulator.policy(orderId, { issuanceMs: 600_000 });
        const { inputs } = await host.check({}, shop({ issuanceTimeoutSeconds: 0.2 }));
        await assert.rejects(host.create(inputs), (error) => {
            assert.ok(error instanceof PartialFailure);
            assert.equal(error.id, String(orderId));
            assert.equal(error.properties.status, "pending_issuance");
            assert.match(error.reasons.join(), /not issued within 0\.2 s/);
            return true;
        });
    });

    it("says what failed in one line, without a stack trace", async () => {
        await host.configure({ "digicert:baseUrl": simulator.baseUrl });
        const { inputs } = await host.check({}, shop());
        await assert.rejects(
            host.create(inputs),
            /there is no DigiCert API key.*digicert:apiKey.*DIGICERT_API_KEY/,
        );
        await assert.rejects(
            host.read(String(orderId), { ...inputs, status: "issued", requestIds: [] }),
            /no DigiCert API key/,
        );
        await host.waitForLine(/could not be read/);
        assert.doesNotMatch(host.output, /\n {4}at /);
        assert.equal(host.output.trim().split("\n").length, 1);
    });

    it("loads no HTTP code for a plan without changes and for forgetting", async () => {
        const probe = `exports.handler = () => {
            const stub = require("pulumi-digicert/stub");
            const loaded = () => Object.keys(require.cache).filter((path) => /node_modules.undici./.test(path)).length;
            return { ...stub,
                diff: async (...args) => { const result = await stub.diff(...args); console.log("loaded " + loaded()); return result; },
                delete: async (...args) => { await stub.delete(...args); console.log("loaded " + loaded()); } };
        };`;
        await configure();
        const { inputs } = await host.check({}, shop());
        const { outs } = await host.create(inputs);
        await host.close();
        host = await startHost({ provider: probe });
        assert.equal((await host.diff(String(orderId), outs, inputs)).changes, false);
        await host.delete(String(orderId), outs);
        await host.waitForLine(/loaded \d+\s*$/);
        assert.doesNotMatch(host.output, /loaded [1-9]/);
    });
});
