import assert from "node:assert/strict";
import { OrderClaims } from "../../provider/pulumi/orderClaims.js";

describe("claims on orders", () => {
    it("of many orders cost one listener of the process, so that Node prints no warning", () => {
        const before = process.listenerCount("exit");
        const claims = new OrderClaims("127.0.0.1:1");
        for (let orderId = 1; orderId <= 20; orderId++)
            assert.equal(claims.claim(String(orderId), `test/dev/shop-${orderId}`, "us"), undefined);
        assert.equal(process.listenerCount("exit"), before + 1);
    });
});
