import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../../simulator/index.js";
import { call, dig } from "./specClient.js";

describe("simulator: domains", () => {
    let simulator: Simulator;
    beforeEach(async () => {
        simulator = await startSimulator({ clock: () => new Date("2026-11-24T12:00:00Z"), pageSize: 2 });
    });
    afterEach(() => simulator.close());

    it("lists those of OV and EV orders, with the end of their validation", async () => {
        await simulator.seedOrder({ commonName: "*.lab.example", dnsNames: ["www.lab.example"] });
        await simulator.seedOrder({ commonName: "new.example", policy: { domains: "unvalidated" } });
        await simulator.seedOrder({ commonName: "dv.example", product: { validation_type: "dv" } });
        const { status, body } = await call(simulator, "GET", "/domain");
        assert.equal(status, 200);
        assert.equal(dig(body, "domains", 0, "name"), "lab.example");
        assert.deepEqual(dig(body, "domains", 0, "dcv_expiration"), { ov: "2027-06-11", ev: "2027-06-11" });
        assert.equal(dig(body, "domains", 1, "name"), "new.example");
        assert.equal(dig(body, "domains", 1, "dcv_expiration"), undefined);
        assert.deepEqual(dig(body, "page"), { total: 2, limit: 2, offset: 0 });
    });

    it("has pages", async () => {
        await simulator.seedOrder({ commonName: "a.example", dnsNames: ["b.example", "c.example"] });
        const { body } = await call(simulator, "GET", "/domain?limit=1000&offset=2");
        assert.equal(dig(body, "domains", 0, "name"), "c.example");
        assert.equal(dig(body, "domains", 1), undefined);
    });
});
