import assert from "node:assert/strict";
import { defaultProvider, startHost, type DynamicHost } from "../engine/host.js";
import { given } from "../fixtures/inputs.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { deviations, faultsOf } from "../../tools/stress/inputs/judge.js";
import { sample } from "../../tools/stress/inputs/rows.js";
import { sentenceFaults, settingRows } from "../../tools/stress/inputs/settingRows.js";

const KEY = "0123456789ABCDEF0123456789ABCDEF";

/** One process for all of it: what one input breaks, the next would show. */
describe("hostile inputs in Pulumi's host", function () {
    this.timeout(60_000);
    let simulator: Simulator;
    let host: DynamicHost;
    before(async () => {
        simulator = await startSimulator();
        host = await startHost();
        await host.configure(
            { "digicert:baseUrl": simulator.baseUrl },
            { "digicert:apiKey": simulator.apiKey },
        );
    });
    after(async () => {
        await host.close();
        await simulator.close();
    });
    afterEach(() => {
        assert.doesNotMatch(host.output, /\n {4}at |TypeError|RangeError/);
        assert.ok(!host.output.includes(simulator.apiKey));
    });

    it("are judged as by check itself", async () => {
        for (const [index, row] of sample(30).entries()) {
            // Two resources on one order are refused, so each row has a host of its own as far as the order goes.
            const provider = host.withProvider(`${defaultProvider} // ${index}`);
            const bag = row.bag();
            const answer = await provider.check(
                {},
                bag.orderId === 112233 ? { ...bag, orderId: 300_000 + index } : bag,
            );
            assert.deepEqual([...deviations(row, answer), ...faultsOf(bag, answer)], [], row.title);
        }
    });

    it("are refused also where they nest without end", async () => {
        let value: unknown = "x";
        for (let level = 0; level < 300; level += 1) value = { a: value };
        const { failures } = await host.check({}, given({ additionalParameters: { a: value } }));
        assert.match(failures[0]?.reason ?? "", /nested too deeply/);
    });

    it("are refused where they hold the API key", async () => {
        const { failures } = await host.check({}, given({ comments: `key ${simulator.apiKey}` }));
        assert.match(failures[0]?.reason ?? "", /holds the DigiCert API key/);
        assert.ok(!JSON.stringify(failures).includes(simulator.apiKey));
    });

    it("leave the host as it was: a good order is reissued", async () => {
        const { orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            policy: { approval: "auto" },
        });
        const { csrPem: csr } = await makeKeyAndCsr({ commonName: "shop.example" });
        const { inputs, failures } = await host.check(
            {},
            { orderId, certificate: { commonName: "shop.example", csr } },
        );
        assert.deepEqual(failures, []);
        assert.equal((await host.create(inputs)).outs.status, "issued");
        assert.equal(host.child.stderr, "");
    });

    it("fail in one sentence as settings", async () => {
        const refusals = settingRows.filter(({ outcome }, index) => "says" in outcome && index % 11 === 0);
        for (const [index, { title, config, outcome }] of refusals.entries()) {
            const full = Object.entries({ apiKey: KEY, ...config });
            await host.configure(
                Object.fromEntries(full.map(([name, value]) => [`digicert:${name}`, value])),
            );
            const provider = host.withProvider(`${defaultProvider} // settings ${index}`);
            await assert.rejects(provider.read("112233", {}), ({ message }: Error) => {
                const faults = "says" in outcome ? sentenceFaults(message, config, outcome.says) : ["?"];
                assert.deepEqual(faults, [], title.slice(0, 100));
                return true;
            });
        }
    });
});
