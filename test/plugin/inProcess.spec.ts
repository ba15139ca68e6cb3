/** The plugin's provider in this process: what interface.md 2 to 5, 10 and 11 ask of it without an engine. */
import assert from "node:assert/strict";
import { CertCentral } from "../../provider/core/certcentral/client.js";
import { Limiter } from "../../provider/core/certcentral/limiter.js";
import { UNKNOWN } from "../../provider/core/unknown.js";
import { PluginProvider } from "../../provider/plugin/provider.js";
import type { Bag, Properties } from "../../provider/plugin/values.js";
import type { Props } from "../drivers/driver.js";
import { inProcess } from "../drivers/inProcess.js";
import { Stage } from "../drivers/stage.js";

const urnOf = (type: string) => `urn:pulumi:dev::project::digicert:index:${type}::shop`;
const properties = (values: object): Properties => ({ values: values as Bag, secrets: new Set() });

describe("The plugin's provider", () => {
    let stage: Stage;
    beforeEach(async () => {
        stage = await Stage.open((simulator) => Promise.resolve(inProcess(simulator)), true);
    });
    afterEach(() => stage.close());

    /** A provider on the simulator; its clock moves when it pauses. */
    function provider(): PluginProvider {
        const { simulator } = stage;
        const elapsed = () => simulator.now().getTime();
        const sleep = (ms: number) => {
            simulator.advance(ms);
            return Promise.resolve();
        };
        const later = (ms: number, act: () => void) => setTimeout(act, ms).unref();
        const limiter = new Limiter([], { now: elapsed, sleep, later, stayAwake: () => () => undefined });
        return new PluginProvider({
            now: () => simulator.now(),
            elapsed,
            sleep,
            env: { DIGICERT_API_KEY: simulator.apiKey, DIGICERT_BASE_URL: simulator.baseUrl },
            connect: (settings) =>
                Promise.resolve(
                    new CertCentral(settings, undefined, { unavailableMs: 1, rateLimitMs: 1 }, limiter),
                ),
        });
    }

    /** The inputs of a validation of the reissue in the state. */
    function validation(more: Props = {}): Properties {
        const { orderId, certificate, reissueId, certificateId, requestIds } = stage.state;
        return properties({ orderId, certificate, reissueId, certificateId, requestIds, ...more });
    }

    describe("in a preview that does not know the CSR yet", () => {
        /** Plans `shop` with these inputs and an unknown CSR, from the present state. */
        async function diff(more: Props, names: Props = {}) {
            const { simulator, orderId, state } = stage;
            const plugin = provider();
            const urn = urnOf("Reissue");
            const recorded = properties(state);
            const given = {
                ...stage.shop(more),
                certificate: { commonName: "shop.example", ...names, csr: UNKNOWN },
            };
            const { inputs, failures } = await plugin.check(urn, recorded, properties(given));
            assert.deepEqual(failures, []);
            const sent = simulator.requests.length;
            try {
                return await plugin.diff({ urn, id: String(orderId) }, recorded, inputs);
            } finally {
                assert.equal(simulator.requests.length, sent);
            }
        }

        it("plans the replacement by another order", async () => {
            const to = await stage.order();
            await stage.issued();
            const { hasChanges, replaces } = await diff({ orderId: to });
            assert.deepEqual([hasChanges, replaces], [true, ["orderId"]]);
        });

        it("refuses another order where the policy is to revoke", async () => {
            const to = await stage.order();
            await stage.issued(stage.shop({ deletionPolicy: "revoke" }));
            await assert.rejects(diff({ orderId: to, deletionPolicy: "revoke" }), /refused to move to order/);
        });

        it("refuses the removal of a name, and permits it with allowNameRemoval", async () => {
            await stage.issued(stage.shop({ certificate: { dnsNames: ["a.shop.example"] } }));
            await assert.rejects(diff({}), /"?a\.shop\.example"? would disappear/);
            const permitted = await diff({ allowNameRemoval: ["a.shop.example"] });
            assert.deepEqual([permitted.hasChanges, permitted.replaces], [true, []]);
            const unchanged = await diff({}, { dnsNames: ["a.shop.example"] });
            assert.deepEqual([unchanged.hasChanges, unchanged.replaces], [true, []]);
        });

        it("plans an update where the order or the names are unknown too", async () => {
            await stage.issued(stage.shop({ certificate: { dnsNames: ["a.shop.example"] } }));
            for (const [more, names] of [
                [{ orderId: UNKNOWN }, {}],
                [{}, { dnsNames: UNKNOWN }],
                [{}, { dnsNames: [UNKNOWN] }],
                [{ allowNameRemoval: UNKNOWN }, {}],
            ] as const) {
                const { hasChanges, replaces } = await diff(more, names);
                assert.deepEqual([hasChanges, replaces], [true, []]);
            }
        });
    });

    describe("with a state of release 0.1.0, which has no reissueId", () => {
        async function oldState(): Promise<Properties> {
            const { reissueId, ...older } = await stage.issued();
            assert.ok(reissueId);
            return properties(older);
        }

        it("previews the reissueId that a change of a setting records", async () => {
            const recorded = await oldState();
            const subject = { urn: urnOf("Reissue"), id: String(stage.orderId) };
            const plugin = provider();
            const given = properties(stage.shop({ comments: "new" }));
            const { inputs } = await plugin.check(subject.urn, recorded, given);
            const previewed = await plugin.update(subject, recorded, inputs, {
                isPreview: true,
                timeoutSeconds: 0,
            });
            const updated = await plugin.update(subject, recorded, inputs, {
                isPreview: false,
                timeoutSeconds: 0,
            });
            assert.equal(typeof updated.values.reissueId, "string");
            assert.equal(previewed.values.reissueId, updated.values.reissueId);
        });

        it("hands its certificate on, known by certificateId", async () => {
            const { values } = await oldState();
            const urn = urnOf("Validation");
            const plugin = provider();
            const given = validation({ reissueId: undefined });
            const { inputs, failures } = await plugin.check(urn, properties({}), given);
            assert.deepEqual(failures, []);
            const { outputs } = await plugin.create(urn, inputs, { isPreview: false, timeoutSeconds: 0 });
            assert.equal(outputs.values.certificatePem, values.certificatePem);
        });

        it("refuses a validation that has neither id, and says what fills it in", async () => {
            await oldState();
            const given = validation({ reissueId: undefined, certificateId: undefined });
            const { failures } = await provider().check(urnOf("Validation"), properties({}), given);
            assert.deepEqual(
                failures.map(({ property }) => property),
                ["reissueId"],
            );
            assert.match(failures[0]?.reason ?? "", /^reissueId .*refresh/);
        });

        it("accepts a certificateId that is unknown in a preview", async () => {
            await oldState();
            const given = validation({ reissueId: undefined, certificateId: UNKNOWN });
            const { inputs, failures } = await provider().check(urnOf("Validation"), properties({}), given);
            assert.deepEqual([failures, inputs.values.reissueId], [[], UNKNOWN]);
        });
    });

    it("forgets a validation whose state it cannot read", async () => {
        const subject = { urn: urnOf("Validation"), id: String(stage.orderId) };
        await provider().delete(subject, properties({ orderId: subject.id, status: "of a later release" }));
    });

    it("waits for a validation no longer than customTimeouts", async () => {
        stage.policy({ domains: "unvalidated" });
        await stage.stack.up(stage.shop({ dcvMethod: "dns-txt-token", skipApproval: true }));
        const plugin = provider();
        const urn = urnOf("Validation");
        const { inputs, failures } = await plugin.check(urn, properties({}), validation());
        assert.deepEqual(failures, []);
        const begun = stage.simulator.now().getTime();
        await assert.rejects(
            plugin.create(urn, inputs, { isPreview: false, timeoutSeconds: 60 }),
            /not issued within 60 s \(customTimeouts\)/,
        );
        const seconds = (stage.simulator.now().getTime() - begun) / 1000;
        assert.ok(seconds >= 60 && seconds < 70, `${seconds} s`);
    });
});
