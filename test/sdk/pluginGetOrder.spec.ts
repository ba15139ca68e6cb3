import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { getOrder, getOrderOutput } from "../../sdk/nodejs/plugin/index.js";
import { mockEngine, valueOf, type MockEngine } from "../fixtures/engine.js";

describe("getOrder of pulumi-digicert/plugin", () => {
    let engine: MockEngine;
    beforeEach(async () => {
        engine = await mockEngine();
    });

    it("passes the order id as a string, and followRenewals where it is given", async () => {
        await getOrder({ orderId: 112233 });
        await getOrder({ orderId: "112233", followRenewals: true });
        const token = "digicert:index:getOrder";
        assert.deepEqual(engine.calls, [
            { token, inputs: { orderId: "112233" } },
            { token, inputs: { orderId: "112233", followRenewals: true } },
        ]);
    });

    it("takes both as outputs too", async () => {
        const orderId = pulumi.output(Promise.resolve(112233));
        await valueOf(getOrderOutput({ orderId, followRenewals: pulumi.output(true) }));
        assert.deepEqual(
            engine.calls.map(({ inputs }) => inputs),
            [{ orderId: "112233", followRenewals: true }],
        );
    });
});
