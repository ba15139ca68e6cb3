/** The plugin's provider in this process: what interface.md 2 to 5, 10 and 11 ask of it without an engine. */
import assert from "node:assert/strict";
import { CertCentral } from "../../provider/core/certcentral/client.js";
import { Limiter } from "../../provider/core/certcentral/limiter.js";
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
