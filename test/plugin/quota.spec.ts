import assert from "node:assert/strict";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { fromStruct, secret, toStruct } from "../engine/grpc.js";
import { PluginProcess } from "./pluginProcess.js";

const ORDERS = 100;
/** DigiCert's quota. */
const QUOTA = { requests: 100, ms: 5000 };

describe("the quota of a plugin's process", function () {
    this.timeout(180_000);
    let simulator: Simulator;
    let plugin: PluginProcess;

    const ids: number[] = [];
    let csr: string;

    before(async () => {
        simulator = await startSimulator({ rateLimit: true, policy: { approval: "auto" } });
        const seeded = await makeKeyAndCsr({ commonName: "shop.example" });
        csr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
        for (let index = 0; index < ORDERS; index++)
            ids.push((await simulator.seedOrder({ csr: seeded.csrPem })).orderId);
        plugin = await PluginProcess.start();
        const request = new messages.ConfigureRequest();
        request.setArgs(toStruct({ apiKey: secret(simulator.apiKey), baseUrl: simulator.baseUrl }));
        await plugin.call("configure", request);
    });
    after(async () => {
        await plugin.close();
        await simulator.close();
    });

    async function getOrder(orderId: number): Promise<unknown> {
        const request = new messages.InvokeRequest();
        request.setTok("digicert:index:getOrder");
        request.setArgs(toStruct({ orderId }));
        return fromStruct((await plugin.call<messages.InvokeResponse>("invoke", request)).getReturn()).status;
    }
    async function create(orderId: number): Promise<unknown> {
        const urn = `urn:pulumi:dev::test::digicert:index:Reissue::shop-${orderId}`;
        const check = new messages.CheckRequest();
        check.setUrn(urn);
        check.setNews(toStruct({ orderId, certificate: { commonName: "shop.example", csr } }));
        const checked = await plugin.call<messages.CheckResponse>("check", check);
        const request = new messages.CreateRequest();
        request.setUrn(urn);
        request.setProperties(checked.getInputs());
        const created = await plugin.call<messages.CreateResponse>("create", request);
        return fromStruct(created.getProperties()).status;
    }

    it("is shared by functions and resources: 300 calls at a time keep within 100 requests in any 5 s @long", async () => {
        const begun = performance.now();
        const statuses = await Promise.all(ids.flatMap((id) => [getOrder(id), create(id), getOrder(id)]));
        console.log(
            `      ${statuses.length} calls took ${((performance.now() - begun) / 1000).toFixed(1)} s`,
        );

        assert.deepEqual(statuses, Array(3 * ORDERS).fill("issued"));
        const { requests } = simulator;
        assert.deepEqual(
            requests.filter(({ status }) => status === 429),
            [],
        );
        assert.ok(ids.every((id) => simulator.reissuePosts(id) === 1));
        const times = requests.map(({ at }) => at.getTime()).sort((a, b) => a - b);
        const most = Math.max(
            ...times.map((start) => times.filter((at) => at >= start && at < start + QUOTA.ms).length),
        );
        assert.ok(most <= QUOTA.requests, `${most} requests in 5 s`);
    });
});
