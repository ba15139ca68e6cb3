import assert from "node:assert/strict";
import { MovedClock } from "../engine/movedClock.js";
import { requireCli } from "../engine/requireCli.js";
import { newStack, type RunResult, type Stack } from "../engine/stack.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { DAY, PLAN_END, START } from "./stage.js";

/** Rows that only the real engine can show. Each test has an order of its own; several rows go through one stack. */
describe("with the real engine", function () {
    this.timeout(120_000);
    let simulator: Simulator;
    let clock: MovedClock;
    let csr: string;
    let otherCsr: string;
    let stack: Stack | undefined;

    before(async function () {
        await requireCli(this);
        csr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
        otherCsr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
    });
    beforeEach(async () => {
        const shift = START.getTime() - Date.now();
        simulator = await startSimulator({ clock: () => new Date(Date.now() + shift) });
        clock = new MovedClock();
        clock.set(START);
    });
    afterEach(async () => {
        await stack?.dispose();
        stack = undefined;
        clock.dispose();
        await simulator.close();
    });

    const order = async (policy = {}): Promise<number> => {
        const seed = { commonName: "shop.example", orderValidTill: PLAN_END };
        return (await simulator.seedOrder({ ...seed, policy: { approval: "auto", ...policy } })).orderId;
    };
    /** The text of a resource. */
    const shop = (orderId: number, more: object = {}, { name = "shop", key = csr, options = "" } = {}) => {
        const certificate = { commonName: "shop.example", csr: key };
        return `new DigiCertReissue("${name}", ${JSON.stringify({ orderId, certificate, ...more })}${options})`;
    };
    const program = (...statements: string[]) => ({
        "index.js": `const pulumi = require("@pulumi/pulumi");
            const { DigiCertProvider, DigiCertReissue } = require("pulumi-digicert");
            ${statements.join(";\n")};`,
    });
    const make = async (...statements: string[]): Promise<Stack> => {
        stack = await newStack({
            program: { files: program(...statements) },
            env: {
                DIGICERT_API_KEY: simulator.apiKey,
                DIGICERT_BASE_URL: simulator.baseUrl,
                DIGICERT_POLL_SECONDS: "0.05",
                ...clock.env,
            },
        });
        return stack;
    };
    /** One command, and the requests it made. */
    const during = async (command: () => Promise<RunResult>) => {
        simulator.clearRequests();
        clock.set(simulator.now());
        const run = await command();
        assert.doesNotMatch(run.output, /\n\s+at .+[(:]/);
        assert.ok(!run.output.includes(simulator.apiKey));
        const requests = simulator.requests.map(({ method, pathname }) => `${method} ${pathname.slice(12)}`);
        return { ...run, requests, posts: requests.filter((one) => one.startsWith("POST ")).length };
    };
    const QUICK = { skipPreview: true };
    const FAILS = { skipPreview: true, expectFailure: true };
    const latest = (orderId: number) => simulator.order(orderId).certificates.at(-1);

    it("orderId changed: created first, then deleted by its policy; with revoke refused in preview", async () => {
        const [from, to] = [await order({ approval: "required" }), await order()];
        const stack = await make(shop(from, { deletionPolicy: "cancelPending" }));
        await stack.up(QUICK);
        stack.write(program(shop(to, { deletionPolicy: "revoke" })));
        const moved = await during(() => stack.up());
        assert.match(moved.output, new RegExp(`order ${from}: replaced by order ${to}`));
        const ops = moved.steps.filter(({ name }) => name === "shop").map(({ op }) => op);
        assert.deepEqual(ops, ["create-replacement", "replace", "delete-replaced"]);
        const changing = moved.requests.filter((one) => !one.startsWith("GET "));
        assert.deepEqual(changing, [
            `POST /order/certificate/${to}/reissue`,
            `PUT /order/certificate/${from}/status`,
        ]);
        assert.equal((await stack.resource("shop")).id, String(to));

        stack.write(program(shop(from)));
        const refused = await during(() => stack.preview({ expectFailure: true }));
        assert.match(refused.output, /deletionPolicy "revoke".*Set deletionPolicy to "forget" first/);
        assert.deepEqual(refused.requests, []);
    });

    it("preview of an update prints the reason, warnings and refusals, and makes no request", async () => {
        const id = await order();
        const stack = await make(shop(id, { minDaysRemaining: 150 }));
        await stack.up(QUICK);
        const nothing = await during(() => stack.up());
        assert.deepEqual([nothing.summary?.changes, nothing.requests], [0, []]);
        assert.match(nothing.output, /warning: .*minDaysRemaining 150 is more than half/);

        stack.write(program(shop(id, { triggers: { v: "2" } })));
        const changed = await during(() => stack.preview());
        assert.match(changed.output, new RegExp(`order ${id}: reissue, triggers.* changed`));
        assert.deepEqual([changed.summary?.update, changed.requests], [1, []]);

        stack.write(program(shop(id)));
        simulator.advance(187 * DAY);
        const due = await during(() => stack.preview());
        assert.match(
            due.output,
            new RegExp(`order ${id}: reissue, certificate expires in 12 days \\(limit 30\\)`),
        );
        assert.deepEqual([due.summary?.update, due.requests], [1, []]);
        const up = await during(() => stack.up(QUICK));
        assert.deepEqual([up.posts, up.summary?.update], [1, 1]);

        stack.write({
            "index.js": program(shop(id))["index.js"].replaceAll('"shop.example"', '"other.example"'),
        });
        const lost = await during(() => stack.preview({ expectFailure: true }));
        assert.match(lost.output, /shop\.example would disappear.*within 72 hours/);
        assert.deepEqual(lost.requests, []);
    });

    it("not issued in time: failure, ids saved; the next up is an update although nothing changed, and resumes", async () => {
        const id = await order({ issuanceMs: 3_600_000 });
        const stack = await make(shop(id, { issuanceTimeoutSeconds: 0.3 }));
        const failed = await during(() => stack.up(FAILS));
        assert.match(failed.output, /was not issued within 0\.3 s/);
        const saved = await stack.resource("shop");
        assert.equal(saved.outputs.status, "pending_issuance");
        assert.deepEqual(saved.outputs.requestIds, [latest(id)?.requestId]);
        assert.equal(saved.initErrors?.length, 1);
        assert.equal(saved.outputs.__provider, saved.inputs.__provider);
        simulator.advance(3_600_000);
        const resumed = await during(() => stack.up());
        assert.deepEqual([resumed.summary?.update, resumed.posts], [1, 0]);
        const { outputs, initErrors } = await stack.resource("shop");
        assert.deepEqual([outputs.status, initErrors], ["issued", undefined]);
        const same = await during(() => stack.up());
        assert.deepEqual([same.summary?.changes, same.requests], [0, []]);
    });

    it("an update to another key that is pending fails, and dependents keep the old key and certificate", async () => {
        const id = await order();
        const dependent = `
            const saving = { create: async (i) => ({ id: "1", outs: i }), update: async (_, o, n) => ({ outs: n }), diff: async (_, o, n) => ({ changes: o.pem !== n.pem || o.csr !== n.csr }) };
            class Server extends pulumi.dynamic.Resource { constructor(name, props) { super(saving, name, { out: undefined, ...props }, undefined, "tests", "Server"); } }
            new Server("server", { pem: shop.certificatePem, csr: shop.certificate.csr })`;
        const text = (key: string) => program(`const shop = ${shop(id, {}, { key })}`, dependent);
        const stack = await make();
        stack.write(text(csr));
        await stack.up(QUICK);
        const server = (await stack.resource("server")).outputs;
        assert.match(String(server.pem), /BEGIN CERTIFICATE/);

        simulator.policy(id, { approval: "required" });
        stack.write(text(otherCsr));
        const failed = await during(() => stack.up(FAILS));
        assert.equal(failed.posts, 1);
        assert.match(failed.output, /dependents keep the old key and certificate/);
        assert.deepEqual((await stack.resource("server")).outputs, server);
        const pending = await stack.resource("shop");
        assert.equal(pending.outputs.status, "pending_approval");
        assert.equal(pending.outputs.certificatePem, undefined);

        await simulator.approve(latest(id)?.requestId ?? 0);
        const resumed = await during(() => stack.up(QUICK));
        assert.deepEqual([resumed.posts, resumed.summary?.update], [0, 2]);
        const deployed = (await stack.resource("server")).outputs;
        assert.equal(deployed.pem, (await stack.resource("shop")).outputs.certificatePem);
        assert.notEqual(deployed.pem, server.pem);
    });

    it("refresh follows an auto-reissue, shows drift, and reports a 404; destroy revokes", async () => {
        const id = await order();
        const stack = await make(shop(id, { deletionPolicy: "revoke", skipApproval: true }));
        await stack.up(QUICK);
        simulator.advance(DAY);
        simulator.autoReissue(id);
        const followed = await during(() => stack.refresh(QUICK));
        assert.deepEqual(
            [followed.posts, followed.requests.every((one) => one.startsWith("GET "))],
            [0, true],
        );
        const { outputs } = await stack.resource("shop");
        assert.equal(outputs.serialNumber, simulator.order(id).current.serialNumber);
        const same = await during(() => stack.up(QUICK));
        assert.deepEqual([same.summary?.changes, same.requests], [0, []]);

        await simulator.reissueInConsole(id, { csr: otherCsr });
        await stack.refresh(QUICK);
        const drifted = await stack.resource("shop");
        const drift = drifted.inputs.certificate as { csr: string };
        assert.equal(drift.csr.replace(/\s/g, ""), otherCsr.replace(/\s/g, ""));
        assert.equal(drifted.outputs.certificatePem, undefined);
        const back = await during(() => stack.up(QUICK));
        assert.deepEqual([back.posts, back.summary?.update], [1, 1]);

        const body = { errors: [{ code: "not_found|order", message: "not found" }] };
        simulator.fault({ path: "*", kind: "respond", status: 404, body, times: Infinity });
        for (const command of [() => stack.refresh(FAILS), () => stack.destroy(FAILS)]) {
            const { output } = await during(command);
            assert.match(output, /404.*wrong account, region or address.*pulumi state delete/);
        }
        simulator.clearFaults();
        assert.equal((await stack.resource("shop")).outputs.status, "issued");

        const { certificateId } = simulator.order(id).current;
        const destroyed = await during(() => stack.destroy(QUICK));
        const changing = destroyed.requests.filter((one) => !one.startsWith("GET "));
        assert.deepEqual(changing, [`PUT /certificate/${certificateId}/revoke`]);
        assert.deepEqual((await stack.export()).deployment.resources ?? [], []);
    });

    it("up --refresh sees what happened in the console, and puts it right with one POST", async () => {
        const id = await order();
        const stack = await make(shop(id));
        await stack.up(QUICK);
        simulator.revoke(simulator.order(id).current.certificateId);
        const unseen = await during(() => stack.up(QUICK));
        assert.deepEqual(unseen.requests, []);
        const seen = await during(() => stack.up({ ...QUICK, args: ["--refresh"] }));
        assert.equal(seen.posts, 1);
        assert.match(seen.output, /certificate \d+ was revoked/);
        assert.equal((await stack.resource("shop")).outputs.status, "issued");
        const after = await during(() => stack.up({ ...QUICK, args: ["--refresh"] }));
        assert.equal(after.posts, 0);
    });

    it("two resources on one order are refused in preview; one that was renamed does not revoke its successor's certificate", async () => {
        const id = await order();
        const args = { deletionPolicy: "revoke", skipApproval: true };
        const stack = await make(shop(id, args), shop(id, args, { name: "twin" }));
        const twins = await during(() => stack.preview({ expectFailure: true }));
        assert.match(twins.output, /is used by another resource of this program/);
        assert.deepEqual(twins.requests, []);

        stack.write(program(shop(id, args)));
        await stack.up(QUICK);
        stack.write(program(shop(id, args, { name: "renamed" })));
        const renamed = await during(() => stack.up(QUICK));
        assert.deepEqual([renamed.summary?.create, renamed.summary?.delete, renamed.posts], [1, 1, 0]);
        assert.deepEqual(
            renamed.requests.filter((one) => !one.startsWith("GET ")),
            [],
        );
        assert.equal(simulator.order(id).current.status, "issued");
        assert.equal(
            (await stack.resource("renamed")).outputs.serialNumber,
            simulator.order(id).current.serialNumber,
        );
    });

    it("an explicit DigiCertProvider uses its own key and address; a move to it is no POST", async () => {
        const id = await order();
        const stack = await make(shop(id));
        await stack.up(QUICK);
        const other = await startSimulator({ clock: () => simulator.now() });
        try {
            const { csr: current } = simulator.order(id).current;
            await other.seedOrder({ id, commonName: "shop.example", csr: current, orderValidTill: PLAN_END });
            const eu = `const eu = new DigiCertProvider("eu", { apiKey: "${other.apiKey}", baseUrl: "${other.baseUrl}", pollSeconds: 0.05 })`;
            const inEu = (more: object) => program(eu, shop(id, more, { options: ", { provider: eu }" }));
            stack.write(inEu({ adoptExisting: true }));
            const moved = await during(() => stack.up(QUICK));
            assert.deepEqual(moved.requests, [], "the stack's own account is not asked");
            assert.equal(other.reissuePosts(id), 0);
            assert.ok(other.requests.every(({ headers }) => headers["x-dc-devkey"] === other.apiKey));
            assert.ok(!stack.stateText().includes(other.apiKey), "it is stored encrypted");

            other.policy(id, { approval: "auto" });
            stack.write(inEu({ adoptExisting: true, triggers: { v: "2" } }));
            const changed = await during(() => stack.up(QUICK));
            assert.deepEqual([changed.requests, other.reissuePosts(id)], [[], 1]);
            const { outputs } = await stack.resource("shop");
            assert.equal(outputs.serialNumber, other.order(id).current.serialNumber);
        } finally {
            await other.close();
        }
    });

    it("DigiCertReissue.get reads an order that the stack does not manage, also in a preview, and destroy leaves it alone", async () => {
        const id = await order();
        const stack = await make(
            `const got = DigiCertReissue.get("got", ${id})`,
            "exports.serialNumber = got.serialNumber; exports.status = got.status; exports.csr = got.certificate.csr",
        );
        const shown = await during(() => stack.preview());
        assert.ok(shown.requests.every((one) => one.startsWith("GET ")));
        const read = await during(() => stack.up(QUICK));
        assert.ok(read.requests.every((one) => one.startsWith("GET ")));
        const { serialNumber, csr: current } = simulator.order(id).current;
        const outputs = await stack.outputs();
        assert.deepEqual([outputs.serialNumber, outputs.status], [serialNumber, "issued"]);
        assert.equal(String(outputs.csr).replace(/\s/g, ""), current.replace(/\s/g, ""));
        const gone = await during(() => stack.destroy(QUICK));
        assert.deepEqual(
            gone.requests.filter((one) => !one.startsWith("GET ")),
            [],
        );
        assert.equal(simulator.order(id).current.status, "issued");
    });

    it("pulumi import cannot work: it fails without a request, and adoptExisting and get do what it is for", async () => {
        const id = await order();
        const { csr: current } = simulator.order(id).current;
        const stack = await make();
        const type = "pulumi-nodejs:dynamic/digicert:Reissue";
        // Pulumi's own words, with a stack trace of its host.
        await stack.run(["import", type, "shop", String(id), "--yes"], { expectFailure: true });
        assert.deepEqual(simulator.requests, []);
        stack.write(program(shop(id, {}, { key: current, options: `, { import: "${id}" }` })));
        const refused = await during(() => stack.up(FAILS));
        assert.match(refused.output, /"import" does not work.*adoptExisting: true/);
        assert.deepEqual(refused.requests, []);
        assert.ok(!stack.stateText().includes("dynamic/digicert"));

        stack.write(
            program(
                shop(id, { adoptExisting: true }, { key: current }),
                `DigiCertReissue.get("read", ${id})`,
            ),
        );
        const adopted = await during(() => stack.up(QUICK));
        assert.equal(adopted.posts, 0);
        for (const name of ["shop", "read"]) {
            const { outputs } = await stack.resource(name);
            assert.equal(outputs.serialNumber, simulator.order(id).current.serialNumber);
        }
    });

    it("rejected: up fails each time, saying who and why, and wanting what was last issued is no POST", async () => {
        const id = await order();
        const stack = await make(shop(id));
        await stack.up(QUICK);
        simulator.policy(id, { approval: "required" });
        stack.write(program(shop(id, { triggers: { v: "2" } })));
        await stack.up(QUICK);
        await simulator.reject(latest(id)?.requestId ?? 0, "no budget");
        for (let ups = 0; ups < 2; ups++) {
            const failed = await during(() => stack.up(FAILS));
            assert.match(failed.output, /rejected by .*no budget/);
            assert.equal(failed.posts, 0);
        }
        assert.equal((await stack.resource("shop")).outputs.status, "rejected");
        stack.write(program(shop(id)));
        const back = await during(() => stack.up(QUICK));
        assert.equal(back.posts, 0);
        assert.equal((await stack.resource("shop")).outputs.status, "issued");
    });
});
