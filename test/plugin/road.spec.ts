import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Child } from "../engine/child.js";
import { cleanEnvironment } from "../engine/environment.js";
import { binFolder } from "../engine/paths.js";
import { requireCli, requireYaml, skipSuite } from "../engine/requireCli.js";
import { newStack, type Stack } from "../engine/stack.js";
import { makeKeyAndCsr, startSimulator, type KeyAndCsr, type Simulator } from "../../simulator/index.js";
import { generatingHosts } from "../../tools/plugin/sdks.js";
import { LANGUAGES, yaml } from "./languages.js";
import { PAGE_ORDER, type Wanted } from "./programs.js";

const isAll = process.env.ALL_LANGUAGES !== undefined;

/** Languages that have to be there wherever the whole check runs; Java where all languages are played. */
const NEEDED = ["YAML", "TypeScript", "Python", "Go", ...(isAll ? ["Java"] : [])];

/** For a program in TypeScript: the first `up` has checked types, and the programs of the pages compile in test/docs. */
const CHECKED = { env: { PULUMI_NODEJS_TRANSPILE_ONLY: "true" } };

/** What changed would come first. */
const UNCHANGED = /Resources:\n\s+\d+ unchanged/;

/** The resource beside the program of the language's page. */
const PLAIN = "plain";

for (const language of LANGUAGES) {
    describe(`the plugin driven from ${language.name}, with the real CLI`, function () {
        this.timeout(900_000);
        let simulator: Simulator;
        let aws: Child;
        let key: KeyAndCsr;
        let orderId: number;
        let stack: Stack;

        before(async function () {
            await requireCli(this);
            this.timeout(900_000);
            if (language === yaml) requireYaml(this);
            try {
                await language.prepare?.();
            } catch (error) {
                const needed = `programs in ${language.name}, and ${(error as Error).message}`;
                skipSuite(this, needed, NEEDED.includes(language.name) ? process.env.CI : "");
            }
            simulator = await startSimulator();
            aws = new Child(process.execPath, [join(__dirname, "route53.js")], {
                env: cleanEnvironment({ ADMIN_URL: simulator.adminUrl }),
            });
            key = await makeKeyAndCsr({ commonName: "shop.example" });
            const seed = { commonName: "shop.example", policy: { approval: "auto" } } as const;
            assert.equal((await simulator.seedOrder(seed)).orderId, PAGE_ORDER);
            ({ orderId } = await simulator.seedOrder(seed));
            stack = await newStack({
                program: { files: { ...program(), "shop.csr": key.csrPem } },
                env: {
                    // The engine attaches to it; the project names the plugin too, so that the engine does not look for it.
                    PULUMI_DEBUG_PROVIDERS: `aws:${await aws.waitForLine(/^\d+$/)}`,
                    DIGICERT_API_KEY: simulator.apiKey,
                    DIGICERT_BASE_URL: simulator.baseUrl,
                    DIGICERT_POLL_SECONDS: "0.2",
                },
            });
        });
        after(async () => {
            await (stack as Stack | undefined)?.dispose();
            await (aws as Child | undefined)?.end();
            await (simulator as Simulator | undefined)?.close();
        });

        const program = (more: Partial<Wanted> = {}) =>
            language.files({ name: PLAIN, orderId, csr: key.csrPem, ...more });
        const posts = () => simulator.requests.flatMap(({ method }) => (method === "GET" ? [] : [method]));
        const play = async (verb: "up" | "destroy", options = {}) => {
            simulator.clearRequests();
            return language.play(stack, verb, options);
        };
        /** A program that reads the order makes a GET for that, whatever the resource does. */
        const readsOrder = ["Python", "Go", "Java"].includes(language.name);

        // The languages differ in how they hand inputs over and take outputs, so one of them waits.
        const waits = language.name === "YAML" || isAll;

        it(`creates, changes, ${waits ? "waits for an approver, " : ""}validates in one up, changes nothing, and forgets`, async () => {
            stack.write(program({ page: 0 }));
            const first = await play("up");
            assert.match(first.output, new RegExp(`order ${orderId}: reissue, the resource is new`));
            assert.deepEqual(posts(), ["POST", "POST"]);
            const { id, outputs } = stack.resource(PLAIN);
            assert.deepEqual([id, outputs.status], [String(orderId), "issued"]);
            assert.equal(outputs.serialNumber, simulator.order(orderId).current.serialNumber);
            assert.equal(stack.resource("shop").outputs.status, "issued");
            assert.ok(!stack.stateText().includes(simulator.apiKey));

            simulator.policy(PAGE_ORDER, { domains: "unvalidated", pollsDcv: false });
            if (waits) simulator.policy(orderId, { approval: "required" });
            stack.write(program({ page: 1, names: ["api.shop.example"] }));
            const asked = await play("up", CHECKED);
            const [, diagnostics = ""] = asked.output.split("Diagnostics:");
            assert.match(diagnostics, /^\s+order .*: reissue, certificate\.dnsNames changed$/m);
            const warning = /^\s+warning: order .*waits for an approver in CertCentral/m;
            assert.equal(warning.test(diagnostics), waits, diagnostics);
            assert.equal(posts().filter((method) => method === "POST").length, 2);
            const [requestId = 0] = stack.resource(PLAIN).outputs.requestIds as number[];
            const { current } = simulator.order(PAGE_ORDER);
            assert.ok(current.names?.includes("*.shop.example"));
            const validated = stack.resource(":Validation").outputs;
            assert.deepEqual([validated.status, validated.serialNumber], ["issued", current.serialNumber]);

            if (waits) await simulator.approve(requestId);
            const next = await play("up", CHECKED);
            assert.equal(posts().length, 0);
            // The one of the page learns that it is issued.
            if (!waits) assert.match(next.output, /Resources:\n\s+~ 1 updated\n\s+\d+ unchanged/);
            assert.equal(stack.resource(PLAIN).outputs.status, "issued");
            assert.equal(stack.resource(":Validation").outputs.serialNumber, current.serialNumber);

            if (waits) {
                const same = await play("up", CHECKED);
                assert.match(same.output, UNCHANGED);
                assert.equal(posts().length, 0);
                if (!readsOrder) assert.equal(simulator.requests.length, 0);
            }

            await play("destroy");
            assert.equal(simulator.requests.length, 0);
            for (const order of [orderId, PAGE_ORDER]) assert.equal(simulator.committedReissues(order), 2);
        });

        it(`imports an order, and the program that it prints changes nothing and makes no request${language.name === "YAML" ? "" : " @long"}`, async () => {
            simulator.clearRequests();
            const hosts = generatingHosts();
            const before = language.name === "Java" ? undefined : hosts;
            const PATH = [before, binFolder(), stack.env.PATH]
                .filter((it) => it !== undefined)
                .join(delimiter);
            const file = join(stack.program, "printed");
            const args = ["import", "digicert:index:Reissue", PLAIN, String(orderId), "--yes"];
            await stack.run([...args, "--skip-preview", "--out", file], { env: { PATH } });
            assert.deepEqual([...new Set(simulator.requests.map(({ method }) => method))], ["GET"]);
            const printed = readFileSync(file, "utf8");
            assert.match(printed, /common_?name\W+(?:pulumi\.String\W+)?shop\.example/i);
            assert.match(printed, /dns_?names/i);
            assert.doesNotMatch(
                printed,
                /skip_?approval|signature_?hash|issuance_?timeout|deletion_?policy|triggers/i,
            );
            const pasted = language.pasted?.(printed) ?? language;
            const { dnsNames } = simulator.order(orderId).current;
            stack.write(pasted.files({ name: PLAIN, orderId, csr: key.csrPem, names: dnsNames }));
            simulator.clearRequests();
            const same = await pasted.play(stack, "up");
            assert.match(same.output, UNCHANGED);
            assert.equal(posts().length, 0);
            if (language.pasted !== undefined) assert.equal(simulator.requests.length, 0);
        });
    });
}
