import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Server } from "node:net";
import { CertCentral } from "../../provider/core/certcentral/client.js";
import { Limiter } from "../../provider/core/certcentral/limiter.js";
import { readSettings } from "../../provider/core/settings.js";
import { faultKinds } from "../../simulator/faultRules.js";
import { makeKeyAndCsr, startSimulator, type OrderPolicy, type Simulator } from "../../simulator/index.js";
import { dumpOf, leaksIn } from "./canary.js";
import { attacksWith, type Attack } from "./faults.js";
import type { ImitatedStack } from "../drivers/imitated.js";
import { inProcess } from "../drivers/inProcess.js";
import { SharedPlugin } from "../drivers/plugin.js";
import { wrapMethods } from "../fixtures/methods.js";

const KEY = "CANARY-3f9b/Kq+7Zt0-5d1c-YARNAC";
const ORDER = { method: "GET", path: "/order/certificate/:id" };

interface Journey {
    readonly name: string;
    /** The request that is attacked. */
    readonly target: { method: string; path: string };
    readonly policy?: Partial<OrderPolicy>;
    /** Up to the attack. */
    readonly before?: (scene: Scene) => Promise<unknown>;
    /** Under attack. */
    readonly then: (scene: Scene) => Promise<unknown>;
}

interface Scene {
    readonly stack: ImitatedStack;
    readonly orderId: number;
    readonly args: (more?: object) => Record<string, unknown>;
}

/** Makes a stack; what its provider returns and throws is recorded, and with each step its outcome, the state and the provider. */
function observe(newStack: typeof inProcess, simulator: Simulator, config = {}) {
    const seen: string[] = [];
    const called = new Set<object>();
    const note = <T>(result: T): T => (seen.push(dumpOf(result)), result);
    const watch = <T extends object>(provider: T): T =>
        wrapMethods(provider, (call) => async (...args) => {
            called.add(provider);
            return note(
                await Promise.resolve(call(...args)).catch((error: unknown) => {
                    throw note(error);
                }),
            );
        });
    const stack = newStack(simulator, { config, watch });
    const step = async (act: () => Promise<unknown>): Promise<void> => {
        const outcome = await act().catch((error: unknown) => error);
        // The requests of a run are the simulator's own record, and hold the key where it belongs.
        note([outcome instanceof Error ? outcome : { ...(outcome as object), recorded: [] }]);
        note([stack.resource(), ...called]);
        called.clear();
    };
    return { stack, step, seen: () => seen.join("\n") };
}

/** Searches for the API key in all results of an attack on each kind of request. */
describe("the API key, sent back by a hostile server", function () {
    this.timeout(300_000);
    const plugin = new SharedPlugin();
    let simulator: Simulator;
    let elsewhere: Server;
    let strangers = 0;
    let csr: string;
    let attacks: Attack[];

    before(async () => {
        simulator = await startSimulator({ apiKey: KEY });
        csr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
        elsewhere = createServer((socket) => {
            strangers++;
            socket.destroy();
        });
        await new Promise<void>((listening) => elsewhere.listen(0, "127.0.0.1", listening));
        attacks = attacksWith(KEY, `http://localhost:${(elsewhere.address() as AddressInfo).port}/`);
    });
    after(async () => {
        plugin.close();
        elsewhere.close();
        await simulator.close();
    });
    beforeEach(() => {
        simulator.clearFaults();
        simulator.clearRequests();
    });
    afterEach(() => {
        assert.equal(strangers, 0, "somebody else was talked to");
    });

    function assertNowhere(seen: string, what: string): void {
        assert.deepEqual(leaksIn(seen, KEY), [], what);
    }

    /** Checks that the client sends the key in one header only. */
    function assertOnlyInHeader(): void {
        for (const { headers, path, body } of simulator.requests) {
            const { "x-dc-devkey": key, ...others } = headers;
            assert.equal(key, KEY);
            assertNowhere(dumpOf([others, path, body]), `${path}: sent`);
        }
    }

    const impatient = (isSlow = false) =>
        isSlow ? { "digicert:requestTimeoutSeconds": "0.5" } : ({} as Record<string, string>);

    it("is attacked in every way there is", () => {
        assert.deepEqual([...new Set(attacks.map(({ fault }) => fault.kind))].sort(), [...faultKinds].sort());
    });

    const journeys: Journey[] = [
        { name: "reading before the POST", target: ORDER, then: ({ stack, args }) => stack.up(args()) },
        {
            name: "listing the reissues",
            target: { method: "GET", path: "/order/certificate/:id/reissue" },
            before: ({ orderId }) => {
                simulator.fault({
                    method: "POST",
                    path: `/order/certificate/${orderId}/reissue`,
                    kind: "dropped",
                });
                return Promise.resolve();
            },
            then: ({ stack, args }) => stack.up(args()),
        },
        {
            name: "the POST",
            target: { method: "POST", path: "/order/certificate/:id/reissue" },
            then: ({ stack, args }) => stack.up(args()),
        },
        {
            name: "the download",
            target: { method: "GET", path: "/certificate/:id/download/*" },
            policy: { includeChain: false },
            then: ({ stack, args }) => stack.up(args()),
        },
        {
            name: "asking why a request was rejected",
            target: { method: "GET", path: "/request/:id" },
            policy: { approval: "required" },
            before: async ({ stack, orderId, args }) => {
                await stack.up(args());
                const request = simulator.order(orderId).requests.find(({ status }) => status === "pending");
                await simulator.reject(request?.requestId ?? 0, "no");
            },
            then: ({ stack, args }) => stack.up(args()),
        },
        {
            name: "cancelling",
            target: { method: "PUT", path: "/order/certificate/:id/status" },
            policy: { approval: "required" },
            before: ({ stack, args }) => stack.up(args()),
            then: ({ stack, args }) => stack.up(args({ triggers: { a: "1" } })),
        },
        {
            name: "revoking",
            target: { method: "PUT", path: "/certificate/:id/revoke" },
            before: ({ stack, args }) => stack.up(args({ deletionPolicy: "revoke" })),
            then: ({ stack }) =>
                stack.destroy({
                    env: { DIGICERT_CONFIRM_REVOKE: String(stack.state.issuedCertificateId) },
                }),
        },
        {
            name: "refreshing",
            target: ORDER,
            before: ({ stack, args }) => stack.up(args()),
            then: ({ stack }) => stack.refresh(),
        },
        {
            name: "reading an order for get",
            target: ORDER,
            then: ({ stack, orderId }) => stack.get(String(orderId)),
        },
    ];
    /** Plays a journey under an attack. */
    async function attack(
        newStack: typeof inProcess,
        { target, policy, before: prepare, then }: Journey,
        { name, fault, isSlow }: Attack,
    ): Promise<void> {
        simulator.clearFaults();
        simulator.clearRequests();
        const { orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            policy: { approval: "auto", ...policy },
        });
        const { stack, step, seen } = observe(newStack, simulator, impatient(isSlow));
        const args = (more = {}) => ({
            orderId,
            certificate: { commonName: "shop.example", csr },
            ...more,
        });
        const scene: Scene = { stack, orderId, args };
        if (prepare) await step(() => prepare(scene));
        simulator.fault({ ...target, ...fault });
        await step(() => then(scene));
        assert.ok(
            simulator.requests.some((request) => request.fault === fault.kind),
            `${name} never struck`,
        );
        // The results of the next run, without an attack, are searched too.
        simulator.clearFaults();
        await step(() => stack.up(args()));
        assertNowhere(seen(), name);
        assertOnlyInHeader();
    }

    it("is nowhere, whatever happens, each time to another request", async () => {
        for (const [index, by] of attacks.entries()) {
            const journey = journeys[index % journeys.length];
            assert.ok(journey);
            await attack(inProcess, journey, by);
        }
    });

    for (const journey of journeys) {
        const { name } = journey;
        it(`is nowhere, whatever happens to ${name} @long`, async () => {
            for (const by of attacks) await attack(inProcess, journey, by);
        });
        it(`is nowhere through the plugin, whatever happens to ${name} @long`, async () => {
            for (const by of attacks) await attack((one, options) => plugin.stack(one, options), journey, by);
        });
    }

    it("is nowhere in what the client itself returns and throws, by any of its methods", async () => {
        const { orderId } = await simulator.seedOrder({ commonName: "shop.example" });
        const id = String(orderId);
        let redactions = 0;
        for (const { name, fault, isSlow } of attacks) {
            simulator.clearFaults();
            simulator.clearRequests();
            simulator.fault({ ...fault, times: isSlow ? 1 : Infinity });
            const settings = readSettings({
                config: (key) => impatient(isSlow)[key],
                env: { DIGICERT_API_KEY: KEY, DIGICERT_BASE_URL: simulator.baseUrl },
            });
            const limiter = new Limiter([], {
                now: () => simulator.now().getTime(),
                sleep: (ms) => {
                    simulator.advance(ms);
                    return Promise.resolve();
                },
                later: (ms, callback) => setTimeout(callback, ms).unref(),
                stayAwake: () => () => undefined,
            });
            const client = new CertCentral(
                settings,
                undefined,
                { unavailableMs: 1, rateLimitMs: 1 },
                limiter,
            );
            const calls: (() => Promise<unknown>)[] = [
                () => client.order(id),
                () => client.reissues(id),
                () => client.request(1, id),
                () => client.statusChanges(5),
                () => client.pendingOrders(),
                () => client.download(5, id),
                () => client.cancelReissue(id, "note"),
                () => client.revoke(5, id, false),
                () => client.reissue(id, {}),
            ];
            const outcomes: unknown[] = [];
            for (const call of calls) outcomes.push(await call().catch((error: unknown) => error));
            const seen = dumpOf([outcomes, client, settings, limiter]);
            redactions += seen.split("[redacted]").length - 1;
            assertNowhere(seen, name);
            assertOnlyInHeader();
        }
        assert.ok(redactions > 1000, `only ${redactions} echoes were seen, so little was tried`);
    });

    it("is neither recorded nor printed where a certificate has it for a name", async () => {
        const key = "CANARY-3f9bKq7Zt0-5d1c-YARNAC";
        const naming = await startSimulator({ apiKey: key });
        try {
            for (const includeChain of [true, false]) {
                const { orderId } = await naming.seedOrder({
                    commonName: "shop.example",
                    policy: { approval: "auto", includeChain },
                });
                naming.policy(orderId, { addsNames: [`${key}.example`] });
                const { stack, step, seen } = observe(inProcess, naming);
                const certificate = { commonName: "shop.example", csr };
                const up = () => stack.up({ orderId, certificate, issuanceTimeoutSeconds: 5 });
                await step(up);
                assert.equal(naming.committedReissues(orderId), 1);
                await step(() => stack.refresh());
                await step(up);
                assert.equal(naming.committedReissues(orderId), 1, "it is not asked for again");
                const download = `/certificate/${naming.order(orderId).current.certificateId}/download`;
                assert.ok(
                    naming.requests.some(({ path }) => path.includes(download)),
                    "it was not offered",
                );
                assert.deepEqual(leaksIn(seen(), key), [], includeChain ? "in the answer" : "downloaded");
            }
        } finally {
            await naming.close();
        }
    });
});
