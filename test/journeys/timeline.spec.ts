import assert from "node:assert/strict";
import type { Timeline } from "../../cli/timeline/model.js";
import { requireCli } from "../engine/requireCli.js";
import { newStack, type Stack } from "../engine/stack.js";
import { cli, environmentOf } from "../cli/harness.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";

describe("the timeline of a real stack", function () {
    this.timeout(180_000);
    let simulator: Simulator;
    let stack: Stack;

    before(async function () {
        await requireCli(this);
        simulator = await startSimulator();
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
    });

    /** The data of the timeline, and the page. */
    async function timeline(): Promise<Timeline & { page: string }> {
        const { stdout } = await stack.run(["stack", "export"]);
        const json = await cli(["timeline", "--json"], { stdin: stdout });
        const { code, out: page, err } = await cli(["timeline"], { stdin: stdout });
        assert.deepEqual([json.code, code, json.err, err], [0, 0, "", ""]);
        return { ...(JSON.parse(json.out) as Timeline), page };
    }

    it("asks a person to approve, with the real request, then to deploy @long", async () => {
        const shop = await simulator.seedOrder({ commonName: "shop.example", policy: { approval: "auto" } });
        const bank = await simulator.seedOrder({
            commonName: "bank.example",
            policy: { approval: "required" },
        });
        const csrs = await Promise.all(
            ["shop.example", "bank.example"].map(
                async (commonName) => (await makeKeyAndCsr({ commonName })).csrPem,
            ),
        );
        stack = await newStack({
            program: {
                files: {
                    "index.js": `
                        const pulumi = require("@pulumi/pulumi");
                        const { DigiCertReissue } = require("pulumi-digicert");
                        const [shop, bank] = ${JSON.stringify(csrs)};
                        new DigiCertReissue("shop", {
                            orderId: ${shop.orderId},
                            certificate: { commonName: "shop.example", csr: shop },
                        });
                        new DigiCertReissue("bank", {
                            orderId: ${bank.orderId},
                            certificate: pulumi.secret({ commonName: "bank.example", csr: bank }),
                        });`,
                },
            },
            env: { ...environmentOf(simulator), DIGICERT_POLL_SECONDS: "0.2" },
        });

        await stack.up();
        const asked = await timeline();
        const [requestId = 0] = stack.resource("bank").outputs.requestIds as number[];
        assert.deepEqual(asked.stacks, [`${stack.project}/${stack.name}`]);
        assert.deepEqual(
            asked.orders.map(({ name, orderId, commonName, next }) => [
                name,
                orderId,
                commonName,
                next.action,
            ]),
            [
                ["bank", String(bank.orderId), "(secret)", `Approve request ${requestId} in CertCentral`],
                [
                    "shop",
                    String(shop.orderId),
                    "shop.example",
                    `Certificate ${simulator.order(shop.orderId).current.certificateId} is new`,
                ],
            ],
        );
        assert.ok(asked.page.includes(`Approve request ${requestId} in CertCentral`));
        assert.ok(!asked.page.includes("bank.example"), "it is secret");

        await simulator.approve(requestId);
        await stack.up();
        const issued = await timeline();
        assert.deepEqual(issued.counts, { critical: 0, person: 0, up: 0, soon: 2, quiet: 0 });
        assert.ok(!issued.page.includes("bank.example"), "it still is");
        const { certificate } = issued.orders.find(({ name }) => name === "bank") ?? {};
        assert.equal(certificate?.id, simulator.order(bank.orderId).current.certificateId);
    });
});
