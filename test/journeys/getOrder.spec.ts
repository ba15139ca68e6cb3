import assert from "node:assert/strict";
import { requireCli } from "../engine/requireCli.js";
import { newStack, type RunResult, type Stack } from "../engine/stack.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { STACK_TRACE } from "./program.js";

/** Takes names from two orders of two accounts, and catches the error of a third one. */
const program = (shop: number, other: number, otherUrl: string, csr: string): Record<string, string> => ({
    "index.js": `
        const pulumi = require("@pulumi/pulumi");
        const { DigiCertProvider, DigiCertReissue, getOrder, getOrderOutput, NotFoundError } = require("pulumi-digicert");
        const csr = ${JSON.stringify(csr)};
        const second = new DigiCertProvider("second", {
            apiKey: new pulumi.Config().requireSecret("secondKey"),
            baseUrl: ${JSON.stringify(otherUrl)},
        });
        async function codeOf(orderId) {
            try {
                await getOrder({ orderId });
            } catch (error) {
                if (error instanceof NotFoundError) return error.code;
                throw error;
            }
        }
        module.exports = async () => {
            const { commonName, dnsNames } = await getOrder({ orderId: ${shop} });
            new DigiCertReissue("shop", { orderId: ${shop}, certificate: { commonName, dnsNames, csr } });
            const order = getOrderOutput({ orderId: ${other} }, { provider: second });
            new DigiCertReissue(
                "other",
                {
                    orderId: order.orderId,
                    certificate: { commonName: order.commonName, dnsNames: order.dnsNames, csr },
                },
                { provider: second },
            );
            return { dnsNames, order, missing: await codeOf(1) };
        };`,
});

describe("names taken from the order", function () {
    this.timeout(300_000);
    let simulator: Simulator;
    let other: Simulator;
    let stack: Stack;
    let shop: number;
    let elsewhere: number;
    const names = ["shop.example", "www.shop.example"];

    before(async function () {
        await requireCli(this);
        const policy = { approval: "auto" } as const;
        [simulator, other] = await Promise.all([startSimulator({ policy }), startSimulator({ policy })]);
        ({ orderId: shop } = await simulator.seedOrder({ commonName: "shop.example", dnsNames: names }));
        ({ orderId: elsewhere } = await other.seedOrder({ commonName: "other.example" }));
        const { csrPem } = await makeKeyAndCsr({ commonName: "shop.example" });
        stack = await newStack({
            program: { files: program(shop, elsewhere, other.baseUrl, csrPem) },
            config: {
                "digicert:baseUrl": simulator.baseUrl,
                "digicert:apiKey": { secret: simulator.apiKey },
                secondKey: { secret: other.apiKey },
            },
        });
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
        await (other as Simulator | undefined)?.close();
    });

    const info = (orderId: number) => `GET /services/v2/order/certificate/${orderId}`;

    /** Runs, and tells what each account was asked; no key may be in what was printed or saved. */
    async function run(verb: "preview" | "up"): Promise<RunResult & { asked: string[][] }> {
        for (const one of [simulator, other]) one.clearRequests();
        const result = await stack[verb]();
        for (const text of [result.output, stack.stateText()]) {
            for (const { apiKey } of [simulator, other])
                assert.ok(!text.includes(apiKey), "a key is to be seen");
        }
        const asked = [simulator, other].map(({ requests, apiKey }) => {
            assert.ok(requests.every(({ headers }) => headers["x-dc-devkey"] === apiKey));
            return requests.map(({ method, pathname }) => `${method} ${pathname}`);
        });
        return { ...result, asked };
    }

    it("are read in preview, and reissued with", async () => {
        const preview = await run("preview");
        assert.deepEqual(preview.asked, [[info(shop), info(1)], [info(elsewhere)]], preview.output);

        const first = await run("up");
        assert.equal(first.summary?.create, 4, first.output);
        assert.deepEqual([simulator.reissuePosts(shop), other.reissuePosts(elsewhere)], [1, 1]);
        assert.deepEqual([...simulator.order(shop).current.dnsNames].sort(), names);
        assert.deepEqual(stack.resource("other").outputs.certificate, {
            ...(stack.resource("other").inputs.certificate as object),
            commonName: "other.example",
            dnsNames: ["other.example"],
        });
        const { dnsNames, order, missing } = await stack.outputs();
        assert.deepEqual([dnsNames, missing], [names, "ERR_DIGICERT_NOT_FOUND"]);
        assert.equal((order as { commonName: string }).commonName, "other.example");
    });

    it("are read again in the next run, which changes nothing @long", async () => {
        const again = await run("up");
        assert.deepEqual(again.asked, [[info(shop), info(1)], [info(elsewhere)]], again.output);
        // Only the stack's own output may differ: it shows the certificate that is current now.
        const { create, update, replace, delete: deleted } = again.summary ?? {};
        assert.deepEqual([create, update, replace, deleted], [0, 0, 0, 0], again.output);
    });

    it("cannot be read: the run fails with the sentence, and no stack trace @long", async () => {
        stack.write({
            "index.js": `exports.order = require("pulumi-digicert").getOrderOutput({ orderId: 7 });`,
        });
        const { output } = await stack.preview({ expectFailure: true });
        assert.match(output, /Reading order 7: DigiCert answered 404.*check orderId/);
        assert.doesNotMatch(output, STACK_TRACE);
        assert.ok(!output.includes(simulator.apiKey));
    });
});
