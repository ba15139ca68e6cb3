import assert from "node:assert/strict";
import { withoutDefaults } from "../../provider/plugin/recorded.js";

describe("the inputs that an import records", () => {
    const inputs = { orderId: "1", certificate: { csr: "CSR", signatureHash: "sha256" } };

    it("are without what check fills in", async () => {
        const check = ({ orderId, certificate }: Record<string, unknown>) =>
            Promise.resolve({
                orderId,
                certificate: { signatureHash: "sha256", ...(certificate as object) },
            });
        assert.deepEqual(await withoutDefaults(inputs, check), { orderId: "1", certificate: { csr: "CSR" } });
    });

    it("are complete where check finds something wrong, such as a CSR with a weak key", async () => {
        const check = () => Promise.resolve(undefined);
        assert.deepEqual(await withoutDefaults(inputs, check), inputs);
    });
});
