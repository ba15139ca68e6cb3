import assert from "node:assert/strict";
import { requireCli } from "../engine/requireCli.js";
import { newStack, type Stack } from "../engine/stack.js";
import { makeKeyAndCsr, startSimulator, type FaultRule, type Simulator } from "../../simulator/index.js";
import { program, shopArgs, STACK_TRACE } from "./program.js";

describe("what goes wrong, with the real CLI", function () {
    this.timeout(120_000);
    let simulator: Simulator;
    let csr: string;
    let orderId: number;
    let stack: Stack;

    before(async function () {
        await requireCli(this);
        simulator = await startSimulator();
        csr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            policy: { approval: "auto" },
        }));
        stack = await newStack({ program: { files: program(shopArgs(orderId, csr)) }, env: env() });
    });
    after(async () => {
        await (stack as Stack | undefined)?.dispose();
        await (simulator as Simulator | undefined)?.close();
    });
    beforeEach(() => {
        simulator.clearFaults();
        simulator.clearRequests();
        stack.write(program(shopArgs(orderId, csr)));
    });

    const env = (more: Record<string, string> = {}) => ({
        DIGICERT_API_KEY: simulator.apiKey,
        DIGICERT_BASE_URL: simulator.baseUrl,
        ...more,
    });

    const ORDER = { method: "GET", path: "/order/certificate/:id", times: Infinity };
    const failures: [
        string,
        { env?: Record<string, string>; fault?: FaultRule; order?: number; says: RegExp },
    ][] = [
        [
            "no key",
            {
                env: { DIGICERT_API_KEY: "" },
                says: /there is no DigiCert API key.*digicert:apiKey.*DIGICERT_API_KEY/,
            },
        ],
        [
            "a wrong key",
            {
                env: { DIGICERT_API_KEY: "WRONG-KEY-0123456789" },
                says: /answered 403: Access denied due to access_denied_invalid_key/,
            },
        ],
        [
            "an unreachable host",
            {
                env: { DIGICERT_BASE_URL: "http://127.0.0.1:9/services/v2" },
                says: /Reading order \d+: DigiCert cannot be reached .*ECONNREFUSED/,
            },
        ],
        [
            "an unknown order",
            {
                order: 999,
                says: /Reading order 999: DigiCert answered 404.*account, region or address is wrong/,
            },
        ],
        [
            "a redirect",
            {
                fault: { ...ORDER, kind: "redirect", location: "http://127.0.0.1:9/" },
                says: /answered 302, a redirect, which is not followed/,
            },
        ],
        ["an HTML page", { fault: { ...ORDER, kind: "html", status: 200 }, says: /cannot be understood/ }],
        [
            "a base URL without TLS",
            {
                env: { DIGICERT_BASE_URL: "http://digicert.example/services/v2" },
                says: /must begin with https/,
            },
        ],
    ];
    for (const [what, { env: more = {}, fault, order, says }] of failures) {
        it(`says in one sentence that there is ${what}, and asks for nothing${what === "no key" ? "" : " @long"}`, async () => {
            if (fault) simulator.fault(fault);
            if (order !== undefined) stack.write(program(shopArgs(order, csr)));
            const { output, exitCode } = await stack.up({
                env: env(more),
                expectFailure: true,
            });
            assert.notEqual(exitCode, 0);
            assert.match(output, says);
            assert.doesNotMatch(output, STACK_TRACE);
            assert.doesNotMatch(output, /WRONG-KEY/);
            assert.ok(!output.includes(simulator.apiKey));
            assert.equal(simulator.reissuePosts(orderId), 0);
        });
    }

    it("reports all bad inputs at once, with their paths, and echoes no secret", async () => {
        const secret = "-----BEGIN PRIVATE KEY-----\\nSECRET\\n-----END PRIVATE KEY-----";
        stack.write(
            program(`{
                orderId: "12a",
                certificate: { commonName: "a b", dnsNames: ["ok.example", "https://x"], csr: "${secret}", comonName: "x" },
                comments: "${secret}", privateKey: "${secret}", apiKey: "SECRET", triggers: { a: 1 }, skipApproval: "yes",
                minDaysRemaining: "ten", issuanceTimeoutSeconds: -1, deletionPolicy: "burn",
                additionalParameters: { certificate: { csr: "x" } }, allowNameRemoval: ["*"],
            }`),
        );
        const { output } = await stack.preview({ expectFailure: true });
        for (const path of [
            "orderId",
            "certificate.commonName",
            "certificate.dnsNames[1]",
            "certificate.csr",
            "certificate.comonName",
            "comments",
            "privateKey",
            "apiKey",
            "triggers.a",
            "skipApproval",
            "minDaysRemaining",
            "issuanceTimeoutSeconds",
            "deletionPolicy",
            "additionalParameters",
            "allowNameRemoval",
        ]) {
            assert.match(output, new RegExp(`property \\S*${path.replace(/[[\].]/g, "\\$&")}`), path);
        }
        assert.match(output, /did you mean commonName\?/);
        assert.doesNotMatch(output, /SECRET|PRIVATE KEY-----/);
        assert.doesNotMatch(output, STACK_TRACE);
        assert.equal(simulator.requests.length, 0);
    });

    it("refuses two resources on one order @long", async () => {
        stack.write(
            program(shopArgs(orderId, csr), `new DigiCertReissue("twin", ${shopArgs(orderId, csr)});`),
        );
        const { output } = await stack.preview({ expectFailure: true });
        assert.match(output, /is used by another resource of this program/);
    });

    it("takes key and address of an explicit provider from nowhere else @long", async () => {
        const settings = `{ apiKey: "${simulator.apiKey}", baseUrl: "${simulator.baseUrl}" }`;
        const other = await simulator.seedOrder({ commonName: "shop.example", policy: { approval: "auto" } });
        const args = `${shopArgs(other.orderId, csr)}, { provider: new DigiCertProvider("eu", SETTINGS) }`;
        const wrong = { DIGICERT_API_KEY: "WRONG-KEY-0123456789", DIGICERT_BASE_URL: "http://127.0.0.1:9/" };
        stack.write(program(args.replace("SETTINGS", settings)));
        await stack.up({ env: wrong });
        assert.equal(simulator.committedReissues(other.orderId), 1);
        assert.ok(!stack.stateText().includes(simulator.apiKey), "it is stored encrypted");

        stack.write(
            program(
                args
                    .replace("SETTINGS", `{ apiKey: "" }`)
                    .replace("orderId: ", "minDaysRemaining: 9, triggers: { a: '1' }, orderId: "),
            ),
        );
        const { output } = await stack.up({ env: env(), expectFailure: true });
        assert.match(output, /this provider has no apiKey/);
    });

    it("reads an order that the stack does not manage @long", async () => {
        const { orderId: id, current } = await simulator.seedOrder({ commonName: "read.example" });
        stack.write({
            "index.js": `
                const { DigiCertReissue } = require("pulumi-digicert");
                const order = DigiCertReissue.get("read", ${id});
                exports.serialNumber = order.serialNumber;
                exports.commonName = order.certificate.commonName;
                exports.orderId = order.orderId;`,
        });
        await stack.up({ env: env() });
        const { serialNumber } = current;
        assert.deepEqual(await stack.outputs(), {
            serialNumber,
            commonName: "read.example",
            orderId: String(id),
        });
        assert.equal(simulator.reissuePosts(id), 0);
    });
});
