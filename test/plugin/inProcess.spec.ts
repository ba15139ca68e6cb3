/** The plugin's provider in this process: what the contract ask of it without an engine. */
import assert from "node:assert/strict";
import { UNKNOWN } from "../../provider/core/unknown.js";
import { PluginProvider } from "../../provider/plugin/provider.js";
import type { Bag, Properties } from "../../provider/plugin/values.js";
import type { Props } from "../drivers/driver.js";
import { Stage } from "../drivers/stage.js";
import { inProcess, surroundingsOf } from "../drivers/inProcess.js";

const urnOf = (type: string) => `urn:pulumi:dev::project::digicert:index:${type}::shop`;
const properties = (values: object): Properties => ({ values: values as Bag, secrets: new Set() });

describe("The plugin's provider", () => {
    let stage: Stage;
    beforeEach(async () => {
        stage = await Stage.open(inProcess);
    });
    afterEach(() => stage.close());

    /** A provider on the simulator; its clock moves when it pauses. */
    function provider(): PluginProvider {
        const { simulator } = stage;
        return new PluginProvider({
            ...surroundingsOf(simulator),
            env: { DIGICERT_API_KEY: simulator.apiKey, DIGICERT_BASE_URL: simulator.baseUrl },
        });
    }

    /** The inputs of a validation of the reissue in the state. */
    function validation(more: Props = {}): Properties {
        const { orderId, certificate, reissueId, certificateId, requestIds } = stage.state;
        return properties({ orderId, certificate, reissueId, certificateId, requestIds, ...more });
    }

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

    it("shows by its paths which reissue a validation waits for next", async () => {
        await stage.issued();
        const plugin = provider();
        const urn = urnOf("Validation");
        const first = await plugin.check(urn, properties({}), validation());
        const { outputs } = await plugin.create(urn, first.inputs, { isPreview: false, timeoutSeconds: 0 });
        const pathsFor = async (args: Props): Promise<string[]> => {
            await stage.issued(args);
            const { inputs } = await plugin.check(urn, first.inputs, validation());
            const { paths } = await plugin.diff({ urn, id: String(stage.orderId) }, outputs, inputs);
            return paths.map(({ path }) => path);
        };
        assert.deepEqual(await pathsFor(stage.shop({ triggers: { a: "1" } })), ["reissueId"]);
        assert.deepEqual(await pathsFor(stage.rotated()), ["reissueId", "certificate.csr"]);
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
