/** The contract: what differs between the doors of the package. */
import assert from "node:assert/strict";
import type { Props } from "../drivers/driver.js";
import { about, scenario } from "../drivers/scenario.js";

const SECTION = "contract: the doors";

about(SECTION, "The preview of a create", () => {
    scenario(
        "makes no request, and tells its reason where the door lets it speak",
        { tags: ["host"] },
        async (stage) => {
            const run = await stage.stack.preview(stage.shop());
            assert.deepEqual([run.did, run.failure, run.requests], ["create", undefined, []]);
            const reason = `order ${stage.orderId}: reissue, the resource is new`;
            assert.deepEqual(run.preview, stage.stack.isPlugin ? [reason] : []);
        },
    );
});

about(SECTION, "The inputs that a read without a state gives", () => {
    scenario(
        "need no change, and hold defaults only where no import prints them as a program",
        { tags: ["host"] },
        async (stage) => {
            const dnsNames = ["a.shop.example"];
            await stage.useOwnOrder({ dnsNames });
            const { inputs, outputs } = await stage.stack.get(String(stage.orderId));
            const { certificate, orderId, ...defaults } = inputs;
            assert.equal(orderId, String(stage.orderId));
            assert.equal(
                Object.keys(defaults).length === 0,
                stage.stack.isPlugin,
                Object.keys(defaults).join(),
            );
            if (stage.stack.isPlugin) {
                const names = Object.keys(certificate as Props).sort();
                assert.deepEqual(names, ["commonName", "csr", "dnsNames"]);
            }
            await stage.stack.up(stage.shop({ adoptExisting: true, certificate: { dnsNames } }));
            await stage.stack.restore({ ...stage.recorded, inputs, outputs });
            const run = await stage.stack.up(inputs);
            assert.deepEqual([run.did, run.failure, run.requests], ["nothing", undefined, []]);
        },
    );
});
