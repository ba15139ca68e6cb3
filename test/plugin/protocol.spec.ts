import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { PluginAttach, type PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { fromStruct, PartialFailure, secret, SIGNATURE, toStruct } from "../engine/grpc.js";
import { makeKeyAndCsr, startSimulator, type KeyAndCsr, type Simulator } from "../../simulator/index.js";
import { PluginProcess } from "./pluginProcess.js";

type Bag = Record<string, unknown>;

const URN = "urn:pulumi:dev::test::digicert:index:Reissue::shop";
const VALIDATION = URN.replace("Reissue", "Validation");
const PROVIDER = "urn:pulumi:dev::test::pulumi:providers:digicert::default";
/** An output on the wire; unknown without a value. */
function output(more: { readonly value?: unknown; readonly secret?: boolean }): Record<string, unknown> {
    return { [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", ...more };
}

/** What stands for an unknown: text, bool, number, array, asset, archive, object. */
const UNKNOWNS = [
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
] as const;
const [UNKNOWN] = UNKNOWNS;

describe("the plugin's protocol", function () {
    this.timeout(60_000);
    let simulator: Simulator;
    let key: KeyAndCsr;
    let plugin: PluginProcess;
    let orderId: number;
    let isSpent = true;

    before(async () => {
        simulator = await startSimulator();
        key = await makeKeyAndCsr({ commonName: "shop.example" });
    });
    after(async () => {
        await plugin.close();
        await simulator.close();
    });

    /** A process that has not seen a check or a cancel. */
    async function restart(env: Record<string, string> = {}): Promise<void> {
        await (plugin as PluginProcess | undefined)?.close();
        plugin = await PluginProcess.start({ DIGICERT_POLL_SECONDS: "0.2", ...env });
        await configure({ apiKey: secret(simulator.apiKey), baseUrl: simulator.baseUrl });
    }
    async function cancel(): Promise<void> {
        isSpent = true;
        await plugin.call("cancel", new Empty());
    }

    beforeEach(async () => {
        if (isSpent) await restart();
        isSpent = false;
        plugin.engine.said.length = 0;
        ({ orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            policy: { approval: "auto" },
        }));
        await configure({ apiKey: secret(simulator.apiKey), baseUrl: simulator.baseUrl });
        simulator.clearRequests();
    });

    const given = (more: Bag = {}, certificate: Bag = {}): Bag => ({
        orderId: String(orderId),
        certificate: { commonName: "shop.example", csr: key.csrPem, ...certificate },
        ...more,
    });

    async function configure(
        settings: Bag,
        urn: string | undefined = PROVIDER,
    ): Promise<messages.ConfigureResponse> {
        const request = new messages.ConfigureRequest();
        request.setArgs(toStruct(settings));
        if (urn !== "") request.setUrn(urn);
        return plugin.call<messages.ConfigureResponse>("configure", request);
    }
    async function checkConfig(settings: Bag) {
        const request = new messages.CheckRequest();
        request.setUrn(PROVIDER);
        request.setNews(toStruct(settings));
        const response = await plugin.call<messages.CheckResponse>("checkConfig", request);
        return answerOf(response);
    }
    async function check(news: Bag, urn = URN) {
        const request = new messages.CheckRequest();
        request.setUrn(urn);
        request.setNews(toStruct(news));
        return answerOf(await plugin.call<messages.CheckResponse>("check", request));
    }
    async function diff(olds: Bag, news: Bag) {
        const request = new messages.DiffRequest();
        request.setUrn(URN);
        request.setId(String(orderId));
        request.setOlds(toStruct(olds));
        request.setNews(toStruct(news));
        const response = await plugin.call<messages.DiffResponse>("diff", request);
        const { DIFF_SOME } = messages.DiffResponse.DiffChanges;
        const names = ["ADD", "ADD_REPLACE", "DELETE", "DELETE_REPLACE", "UPDATE", "UPDATE_REPLACE"];
        const details = response.getDetaileddiffMap().toArray() as unknown as [string, [number?]][];
        return {
            changes: response.getChanges() === DIFF_SOME,
            replaces: response.getReplacesList(),
            details: Object.fromEntries(details.map(([path, [kind = 0]]) => [path, names[kind]])),
        };
    }
    async function create(
        inputs: Bag,
        {
            isPreview = false,
            timeout,
            urn = URN,
        }: { isPreview?: boolean; timeout?: number; urn?: string } = {},
    ) {
        const request = new messages.CreateRequest();
        request.setUrn(urn);
        request.setProperties(toStruct(inputs));
        request.setPreview(isPreview);
        request.setTimeout(timeout ?? 0);
        const response = await plugin.call<messages.CreateResponse>("create", request);
        return { id: response.getId(), outputs: fromStruct(response.getProperties()) };
    }
    async function update(olds: Bag, news: Bag, isPreview = false): Promise<Bag> {
        const request = new messages.UpdateRequest();
        request.setUrn(URN);
        request.setId(String(orderId));
        request.setOlds(toStruct(olds));
        request.setNews(toStruct(news));
        request.setPreview(isPreview);
        const response = await plugin.call<messages.UpdateResponse>("update", request);
        return fromStruct(response.getProperties());
    }
    async function read(id: string, properties: Bag = {}, inputs: Bag = {}) {
        const request = new messages.ReadRequest();
        request.setUrn(URN);
        request.setId(id);
        request.setProperties(toStruct(properties));
        request.setInputs(toStruct(inputs));
        const response = await plugin.call<messages.ReadResponse>("read", request);
        return { outputs: fromStruct(response.getProperties()), inputs: fromStruct(response.getInputs()) };
    }
    function getOrder(): Promise<unknown> {
        const request = new messages.InvokeRequest();
        request.setTok("digicert:index:getOrder");
        request.setArgs(toStruct({ orderId }));
        return plugin.call("invoke", request);
    }
    const requests = () => simulator.requests.map(({ method }) => method).join(" ");

    /** What a call fails with, or what it answers. */
    const ending = (call: Promise<unknown>) => call.catch((error: unknown) => error);
    /** What a call ends with, which has to be within a second after the cancel. */
    async function cancelled(call: Promise<unknown>): Promise<unknown> {
        const begun = performance.now();
        await cancel();
        const ended = await call;
        const took = performance.now() - begun;
        assert.ok(took < 1000, `${took.toFixed(0)} ms`);
        return ended;
    }
    /** A validation that waits for its first check of the domains. */
    async function validationOfPending(): Promise<Bag> {
        simulator.policy(orderId, { domains: "unvalidated" });
        const { inputs } = await check(
            given({ dcvMethod: "dns-txt-token", skipApproval: true, allowPendingOutputs: true }),
        );
        const { reissueId, certificate } = (await create(inputs)).outputs;
        return (await check({ orderId: String(orderId), certificate, reissueId }, VALIDATION)).inputs;
    }

    it("says that it takes secrets, resources and outputs, and its version and schema", async () => {
        const handshake = new messages.ProviderHandshakeRequest();
        handshake.setEngineAddress(plugin.engine.address);
        const hello = await plugin.call<messages.ProviderHandshakeResponse>("handshake", handshake);
        assert.deepEqual(hello.toObject(), {
            acceptSecrets: true,
            acceptResources: true,
            acceptOutputs: true,
            supportsAutonamingConfiguration: false,
        });
        const configured = await configure({});
        assert.ok(
            configured.getSupportspreview() && configured.getAcceptsecrets(),
            "engines without Handshake",
        );
        const info = await plugin.call<PluginInfo>("getPluginInfo", new Empty());
        const schema = await plugin.call<messages.GetSchemaResponse>(
            "getSchema",
            new messages.GetSchemaRequest(),
        );
        const { name, version } = JSON.parse(schema.getSchema()) as { name: string; version: string };
        assert.deepEqual([name, version], ["digicert", info.getVersion()]);
        const attach = new PluginAttach();
        attach.setAddress(plugin.engine.address);
        await plugin.call("attach", attach);
        await plugin.call("getMapping", new messages.GetMappingRequest());
        await assert.rejects(plugin.call("construct", new messages.ConstructRequest()), {
            code: 12,
        });
    });

    it("serves an engine that makes no Handshake and names no provider, and takes the key from the environment then", async () => {
        isSpent = true;
        await plugin.close();
        plugin = await PluginProcess.start({ DIGICERT_API_KEY: simulator.apiKey });
        await configure({ baseUrl: simulator.baseUrl }, "");
        const { inputs } = await check(given());
        assert.equal((await create(inputs, { isPreview: true })).outputs.status, UNKNOWN);
        const { outputs } = await create(inputs);
        assert.equal(outputs.status, "issued");
        assert.equal((await diff(outputs, inputs)).changes, false);
        const [said] = plugin.engine.said;
        assert.equal(said?.text, `order ${orderId}: reissue, the resource is new`);
        assert.equal(requests(), "GET POST");
    });

    it("takes requests without their optional fields", async () => {
        const { CheckRequest, DiffRequest, UpdateRequest, ReadRequest, DeleteRequest } = messages;
        const properties = toStruct(given());
        const check = new CheckRequest();
        check.setUrn(URN);
        check.setNews(properties);
        const checked = await plugin.call<messages.CheckResponse>("check", check);
        assert.deepEqual(checked.getFailuresList(), []);
        const news = checked.getInputs();

        const create = new messages.CreateRequest();
        create.setUrn(URN);
        create.setProperties(news);
        const created = await plugin.call<messages.CreateResponse>("create", create);
        const olds = created.getProperties();
        assert.equal(fromStruct(olds).status, "issued");

        const subject = { urn: URN, id: String(orderId) };
        const diffed = await plugin.call<messages.DiffResponse>(
            "diff",
            fill(new DiffRequest(), { ...subject, olds, news }),
        );
        assert.equal(diffed.getChanges(), messages.DiffResponse.DiffChanges.DIFF_NONE);
        const updated = await plugin.call<messages.UpdateResponse>(
            "update",
            fill(new UpdateRequest(), { ...subject, olds, news }),
        );
        assert.equal(fromStruct(updated.getProperties()).serialNumber, fromStruct(olds).serialNumber);

        const unrecorded = await plugin.call<messages.ReadResponse>("read", fill(new ReadRequest(), subject));
        assert.equal(fromStruct(unrecorded.getProperties()).status, "issued");
        const refreshed = await plugin.call<messages.ReadResponse>(
            "read",
            fill(new ReadRequest(), { ...subject, properties: olds }),
        );
        assert.equal(fromStruct(refreshed.getProperties()).serialNumber, fromStruct(olds).serialNumber);
        await plugin.call("delete", fill(new DeleteRequest(), { ...subject, properties: olds }));
        assert.equal(requests().replaceAll("GET ", ""), "POST GET");
    });

    it("answers requests that hold nothing, with a sentence where it needs something", async () => {
        const subject = { urn: URN, id: String(orderId) };
        const empty: readonly (readonly [method: string, request: unknown, answer: RegExp])[] = [
            ["handshake", new messages.ProviderHandshakeRequest(), /^answered$/],
            ["attach", new PluginAttach(), /^answered$/],
            ["getSchema", new messages.GetSchemaRequest(), /^answered$/],
            ["getMapping", new messages.GetMappingRequest(), /^answered$/],
            ["getMappings", new messages.GetMappingsRequest(), /^answered$/],
            ["checkConfig", new messages.CheckRequest(), /^answered$/],
            ["diffConfig", new messages.DiffRequest(), /^answered$/],
            ["configure", new messages.ConfigureRequest(), /^answered$/],
            ["invoke", fill(new messages.InvokeRequest(), { tok: "digicert:index:getOrder" }), /orderId/],
            ["check", fill(new messages.CheckRequest(), subject), /^answered$/],
            ["diff", fill(new messages.DiffRequest(), subject), /state/],
            ["update", fill(new messages.UpdateRequest(), subject), /state/],
            ["create", fill(new messages.CreateRequest(), subject), /API key/],
            ["delete", fill(new messages.DeleteRequest(), subject), /state/],
        ];
        for (const [method, request, expected] of empty) {
            const answer = await plugin.call(method, request).then(
                () => "answered",
                (error: unknown) => (error as Error).message,
            );
            assert.match(answer, expected, `${method}: ${answer}`);
            assert.doesNotMatch(answer, /\n|TypeError|of undefined|Cannot read/, `${method}: ${answer}`);
        }
        assert.equal(requests(), "");
    });

    it("refuses a misspelt setting and a wrong one at once, and prints no value", async () => {
        const { failures } = await checkConfig({ apikey: "k".repeat(40), region: "mars" });
        assert.deepEqual(
            failures.map(({ property }) => property),
            ['["apikey"]', '["region"]'],
        );
        const text = JSON.stringify(failures);
        assert.match(text, /apikey is not a setting; did you mean apiKey\?/);
        assert.match(text, /region \(DIGICERT_REGION\) must be/);
        assert.doesNotMatch(text, /kkkk|mars/);
    });

    it("needs no key before a request does, and marks the key as a secret whoever gave it", async () => {
        assert.deepEqual((await checkConfig({})).failures, []);
        const { inputs } = await checkConfig({ apiKey: "k".repeat(40), version: "0.1.0" });
        assert.deepEqual(inputs.apiKey, secret("k".repeat(40)));
        await configure({});
        await assert.rejects(create((await check(given())).inputs), /there is no DigiCert API key/);
    });

    it("never replaces the provider, whatever setting changes", async () => {
        const request = new messages.DiffRequest();
        const old = { version: "0.1.0", __provider: "text of another package" };
        request.setOlds(toStruct({ ...old, apiKey: "a", region: "us" }));
        request.setNews(
            toStruct({ version: "0.2.0", apiKey: secret("b"), baseUrl: "https://other.example" }),
        );
        const response = await plugin.call<messages.DiffResponse>("diffConfig", request);
        assert.equal(response.getChanges(), messages.DiffResponse.DiffChanges.DIFF_SOME);
        assert.deepEqual(response.getReplacesList(), []);
        assert.deepEqual(response.getDiffsList().sort(), ["apiKey", "baseUrl", "region"]);
    });

    it("takes no key from the environment for an explicit provider", async () => {
        isSpent = true;
        await restart({ DIGICERT_API_KEY: simulator.apiKey });
        await configure({ baseUrl: simulator.baseUrl }, PROVIDER.replace("default", "eu"));
        await assert.rejects(create((await check(given())).inputs), /this provider has no apiKey/);
        await configure({ baseUrl: simulator.baseUrl }, PROVIDER.replace("default", "default_0_1_0"));
        assert.equal((await create((await check(given())).inputs)).outputs.status, "issued");
    });

    it("keeps secrets secret: plain, nested, and as outputs", async () => {
        const { inputs, failures } = await check(
            given(
                { comments: output({ value: "by us", secret: true }), triggers: { a: secret("1") } },
                { csr: output({ value: key.csrPem }) },
            ),
        );
        assert.deepEqual(failures, []);
        assert.deepEqual(inputs.comments, secret("by us"));
        assert.deepEqual(inputs.triggers, secret({ a: "1" }));
        assert.equal((inputs.certificate as Bag).csr, key.csrPem);
        const { outputs } = await create(inputs);
        assert.deepEqual(outputs.triggers, secret({ a: "1" }));
        assert.equal(outputs.status, "issued");
    });

    for (const [index, unknown] of UNKNOWNS.entries()) {
        it(`lets an unknown through a preview, in form ${index + 1} of 7`, async () => {
            const { inputs, failures } = await check(given({ comments: unknown }, { dnsNames: unknown }));
            assert.deepEqual(failures, []);
            assert.equal(inputs.comments, UNKNOWN);
            const { outputs } = await create(inputs, { isPreview: true });
            assert.equal(outputs.certificatePem, UNKNOWN);
            assert.equal(requests(), "");
        });
    }

    it("reports what is wrong at its path, without echoing it", async () => {
        const { failures } = await check(given({ comment: "x", skipApproval: "no" }));
        assert.deepEqual(failures.map(({ property }) => property).sort(), [
            '["comment"]',
            '["skipApproval"]',
        ]);
        const twin = await check(given(), URN.replace("shop", "other"));
        assert.match(twin.failures[0]?.reason ?? "", /orderId is used by another resource .*shop/);
    });

    it("previews a create with its reason on the resource, and without a request", async () => {
        const { inputs } = await check(given());
        const { id, outputs } = await create(inputs, { isPreview: true });
        assert.deepEqual([id, outputs.orderId, outputs.status], ["", String(orderId), UNKNOWN]);
        assert.deepEqual(plugin.engine.said, [
            {
                severity: "info",
                text: `order ${orderId}: reissue, the resource is new`,
                urn: URN,
                isStatus: false,
            },
        ]);
        assert.equal(requests(), "");
    });

    it("previews a create with its reason also where the key, or the reissue, is made in the same up", async () => {
        const { inputs } = await check(given({}, { csr: UNKNOWN }));
        await create(inputs, { isPreview: true });
        const { certificate } = given();
        const validated = await check({ orderId, certificate, reissueId: UNKNOWN }, VALIDATION);
        await create(validated.inputs, { isPreview: true, urn: VALIDATION });
        assert.deepEqual(
            plugin.engine.said.map(({ urn, text }) => [urn, text]),
            [
                [URN, `order ${orderId}: reissue, the resource is new`],
                [VALIDATION, `order ${orderId}: waits until its reissue is validated and issued`],
            ],
        );
        plugin.engine.said.length = 0;
        const nowhere = await check(given({ orderId: UNKNOWN }));
        await create(nowhere.inputs, { isPreview: true });
        assert.deepEqual([plugin.engine.said, requests()], [[], ""]);
    });

    it("creates, plans and updates; a change of a setting leaves every output known", async () => {
        const { inputs } = await check(given());
        const { id, outputs } = await create(inputs);
        assert.deepEqual([id, outputs.status, requests()], [String(orderId), "issued", "GET POST"]);
        simulator.clearRequests();

        assert.deepEqual(await diff(outputs, (await check(given())).inputs), {
            changes: false,
            replaces: [],
            details: {},
        });
        const commented = (await check(given({ comments: "hello" }))).inputs;
        assert.deepEqual((await diff(outputs, commented)).details, { comments: "ADD" });
        const foreseen = await update(outputs, commented, true);
        assert.equal(foreseen.certificatePem, outputs.certificatePem);
        assert.doesNotMatch(JSON.stringify(foreseen), new RegExp(UNKNOWN));

        const named = (await check(given({}, { dnsNames: ["shop.example", "api.shop.example"] }))).inputs;
        assert.deepEqual((await diff(outputs, named)).details, { "certificate.dnsNames[1]": "ADD" });
        assert.equal((await update(outputs, named, true)).certificatePem, UNKNOWN);
        const moved = (await check(given({ orderId: "42" }))).inputs;
        const replacement = await diff(outputs, moved);
        assert.deepEqual(replacement.replaces, ["orderId"]);
        assert.deepEqual(replacement.details, { orderId: "UPDATE_REPLACE" });
        assert.equal(requests(), "", "nothing of this is a request");

        const next = await update(outputs, named);
        assert.equal(requests(), "GET POST");
        const respelt = (await check(given({}, { dnsNames: ["API.shop.example", "shop.example"] }))).inputs;
        assert.equal((await diff(next, respelt)).changes, false, "names in another order");
    });

    it("refuses in a run of the program what would revoke, and lets a refresh show it", async () => {
        const { outputs } = await create((await check(given({}, { dnsNames: ["api.shop.example"] }))).inputs);
        const fewer = given({}, { dnsNames: [] });
        const { inputs } = await check(fewer);
        await assert.rejects(diff(outputs, inputs), /api\.shop\.example would disappear/);
        await restart();
        assert.equal((await diff(outputs, inputs)).changes, true);
    });

    it("shows a pending reissue as a change of status in a run of the program, and as no change in a refresh", async () => {
        simulator.policy(orderId, { approval: "required" });
        const { inputs } = await check(given());
        const { outputs } = await create(inputs);
        assert.equal(outputs.status, "pending_approval");
        assert.deepEqual((await diff(outputs, inputs)).details, { status: "UPDATE" });
        await restart();
        const refreshed = await read(String(orderId), outputs, inputs);
        assert.equal((await diff(refreshed.outputs, inputs)).changes, false);
        const other = given({}, { dnsNames: ["api.shop.example"] });
        assert.equal((await diff(refreshed.outputs, { ...inputs, ...other })).changes, true);
    });

    it("hands what was accepted to the engine when it fails, with secrets marked", async () => {
        simulator.policy(orderId, { approval: "required" });
        const { inputs } = await check(given({ waitForApproval: true, comments: secret("ours") }));
        const failed = await create(inputs, { timeout: 0.5 }).catch((error: unknown) => error);
        assert.ok(failed instanceof PartialFailure, String(failed));
        const { id, properties, reasons } = failed;
        assert.equal(id, String(orderId));
        assert.match(reasons.join(), /not issued within 0\.5 s \(customTimeouts\)/);
        assert.deepEqual([properties.status, properties.comments], ["pending_approval", secret("ours")]);
        assert.equal((properties.requestIds as number[]).length, 1);
        const waiting = plugin.engine.said.filter(({ isStatus }) => isStatus);
        assert.match(waiting[0]?.text ?? "", /waiting for approval/);
    });

    it("stops waiting within a second when it is told to, with the ids saved and without a word", async () => {
        simulator.policy(orderId, { approval: "required" });
        const { inputs } = await check(given({ waitForApproval: true }));
        const failing = create(inputs).catch((error: unknown) => error);
        while (!plugin.engine.said.some(({ isStatus }) => isStatus)) await pause(20);
        const before = plugin.engine.said.length;
        const begun = performance.now();
        await cancel();
        const failed = await failing;
        assert.ok(performance.now() - begun < 1000);
        assert.ok(failed instanceof PartialFailure, String(failed));
        assert.match(failed.reasons.join(), /stopped while the reissue waits for an approver/);
        assert.equal((failed.properties.requestIds as number[]).length, 1);
        assert.equal(plugin.engine.said.length, before);
    });

    it("finishes a POST that is under way when it is told to stop", async () => {
        const held = simulator.hold({ method: "POST", at: "answer" });
        const { inputs } = await check(given());
        const running = create(inputs).catch((error: unknown) => error);
        await held.there;
        await cancel();
        await pause(300);
        held.release();
        const ended = await running;
        const outputs =
            ended instanceof PartialFailure ? ended.properties : (ended as { outputs: Bag }).outputs;
        assert.equal(typeof outputs.certificateId, "number", JSON.stringify(ended));
        assert.equal(simulator.committedReissues(orderId), 1);
    });

    it("sends no POST when it is told to stop before, and goes on to it once the order is read for it", async () => {
        const held = simulator.hold({ method: "GET", at: "answer" });
        const { inputs } = await check(given());
        const running = create(inputs).catch((error: unknown) => error);
        await held.there;
        await cancel();
        held.release();
        await running;
        assert.equal(requests(), "GET POST", "the read had been sent, so the POST follows");
        await restart();
        const { inputs: again } = await check(given({ triggers: { a: "1" } }));
        await cancel();
        const failed = await create(again).catch((error: unknown) => error);
        assert.match(String(failed), /the run was stopped\. .*\(ERR_DIGICERT_STOPPED\)/);
        assert.equal(requests(), "GET POST");
    });

    it("stops the read of an order for a function when it is told to stop", async () => {
        const held = simulator.hold({ method: "GET", at: "answer" });
        const reading = ending(getOrder());
        await held.there;
        assert.match(String(await cancelled(reading)), /ERR_DIGICERT_STOPPED/);
        assert.match(String(await cancelled(ending(getOrder()))), /ERR_DIGICERT_STOPPED/);
        held.drop();
        assert.equal(requests(), "GET");
    });

    it("stops looking for a lost answer when it is told to stop, with the marker saved", async () => {
        simulator.policy(orderId, { readLagMs: 600_000 });
        simulator.fault({ kind: "lost-answer", method: "POST" });
        const creating = ending(create((await check(given())).inputs));
        while (!plugin.engine.said.some(({ text }) => text.includes("answer to the reissue was lost")))
            await pause(20);
        const failed = await cancelled(creating);
        assert.ok(failed instanceof PartialFailure, String(failed));
        const { status, asked } = failed.properties as { status: string; asked: Bag };
        assert.equal(status, "unknown");
        assert.match(String(asked.marker), /\w/);
        assert.equal(simulator.committedReissues(orderId), 1);
    });

    it("stops a wait for the quota when it is told to stop, and sends nothing more", async () => {
        const quotaShare = "0.01"; // 8 places in 40 s, of which a create reserves 6
        await configure({ apiKey: secret(simulator.apiKey), baseUrl: simulator.baseUrl, quotaShare });
        await create((await check(given())).inputs);
        await read(String(orderId));
        const before = requests();
        const second = await simulator.seedOrder({ commonName: "shop.example" });
        const urn = URN.replace("shop", "second");
        const { inputs } = await check(given({ orderId: String(second.orderId) }), urn);
        const creating = ending(create(inputs, { urn }));
        await pause(300);
        assert.match(String(await cancelled(creating)), /ERR_DIGICERT_STOPPED/);
        assert.equal(requests(), before);
    });

    it("stops waiting for a validation when it is told to stop", async () => {
        const inputs = await validationOfPending();
        const validating = ending(create(inputs, { urn: VALIDATION }));
        while (!plugin.engine.said.some(({ urn, isStatus }) => urn === VALIDATION && isStatus))
            await pause(20);
        assert.match(String(await cancelled(validating)), /stopped/);
    });

    it("stops a check of the domains that DigiCert has not answered when it is told to stop", async () => {
        const inputs = await validationOfPending();
        const held = simulator.hold({ method: "PUT", path: "*/check-dcv", at: "arrival" });
        const validating = ending(create(inputs, { urn: VALIDATION }));
        await held.there;
        assert.match(String(await cancelled(validating)), /stopped while the reissue waits for validation/);
        held.drop();
    });

    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        it(`finishes a POST, answers, and ends with its connection when ${signal} reaches it, once or again`, async () => {
            isSpent = true;
            const held = simulator.hold({ method: "POST", at: "answer" });
            const creating = create((await check(given())).inputs);
            await held.there;
            for (let times = 0; times < 2; times++) {
                plugin.child.kill(signal);
                await pause(300);
                assert.ok(plugin.child.running);
            }
            held.release();
            assert.equal((await creating).outputs.status, "issued");
            // The engine asks whether the plugin is well before it closes the connection, and reports a crash otherwise.
            await pause(300);
            await plugin.call("getPluginInfo", new Empty());
            plugin.client.close();
            const { exitCode, stderr } = await plugin.child.done;
            assert.deepEqual([exitCode, stderr], [0, ""]);
            assert.equal(simulator.committedReissues(orderId), 1);
        });
    }

    it("finishes a POST whose caller is gone before it ends", async () => {
        isSpent = true;
        const held = simulator.hold({ method: "POST", at: "arrival" });
        const request = new messages.CreateRequest();
        request.setUrn(URN);
        request.setProperties(toStruct((await check(given())).inputs));
        const call = plugin.client.create(request, () => undefined);
        await held.there;
        call.cancel();
        plugin.client.close();
        plugin.engine.close();
        plugin.child.kill("SIGTERM");
        await pause(1000);
        assert.ok(plugin.child.running);
        held.release();
        assert.equal((await plugin.child.done).exitCode, 0);
        assert.equal(simulator.committedReissues(orderId), 1);
    });

    it("ends 10 s after SIGTERM at the latest where no POST is under way, whatever hangs @long", async () => {
        simulator.policy(orderId, { approval: "required" });
        const { outputs } = await create((await check(given({ deletionPolicy: "cancelPending" }))).inputs);
        await restart();
        isSpent = true;
        const held = simulator.hold({ method: "PUT", path: "*/status", at: "arrival" });
        const properties = toStruct(outputs);
        const request = fill(new messages.DeleteRequest(), { urn: URN, id: String(orderId), properties });
        void plugin.call("delete", request).catch(() => undefined);
        await held.there;
        plugin.child.kill("SIGTERM");
        const begun = performance.now();
        await plugin.child.done;
        held.drop();
        const took = performance.now() - begun;
        assert.ok(took > 9000 && took < 12_000, `${took.toFixed(0)} ms`);
    });

    it("ends at once at a signal when nothing is under way", async () => {
        isSpent = true;
        await create((await check(given())).inputs);
        plugin.client.close();
        const begun = performance.now();
        plugin.child.kill("SIGINT");
        assert.equal((await plugin.child.done).exitCode, 0);
        const took = performance.now() - begun;
        assert.ok(took < 1000, `${took.toFixed(0)} ms`);
    });

    it("finishes a POST that is under way when its engine goes, and ends then @long", async () => {
        isSpent = true;
        const held = simulator.hold({ method: "POST", at: "arrival" });
        await configure({ apiKey: secret(simulator.apiKey), baseUrl: simulator.baseUrl });
        void create((await check(given())).inputs).catch(() => undefined);
        await held.there;
        plugin.engine.close();
        await pause(28_000); // 16 s until it is noticed, 10 s for what is no POST
        assert.ok(plugin.child.running);
        held.release();
        await plugin.child.done;
        assert.equal(simulator.committedReissues(orderId), 1);
    });

    it("imports an order as a person would write it, without a default", async () => {
        const { inputs, outputs } = await read(String(orderId));
        assert.deepEqual(Object.keys(inputs).sort(), ["certificate", "orderId"]);
        assert.deepEqual(Object.keys(inputs.certificate as Bag).sort(), ["commonName", "csr", "dnsNames"]);
        assert.equal(outputs.status, "issued");
        assert.equal(requests(), "GET GET");
        assert.equal((await diff(outputs, (await check(inputs)).inputs)).changes, false);
        const refreshed = await read(String(orderId), outputs, inputs);
        assert.deepEqual(refreshed.inputs, inputs, "a refresh adds no default either");
        await assert.rejects(read("4711"), (error: Error) => {
            assert.match(error.message, /Reading order 4711: DigiCert answered 404/);
            assert.doesNotMatch(error.message, /state is kept/);
            return true;
        });
        await assert.rejects(read("nonsense"), /must be the id of a CertCentral order/);
    });

    it("finds no change in the refresh after an import, whose inputs hold no defaults", async () => {
        await restart();
        const { inputs, outputs } = await read(String(orderId));
        const refreshed = await read(String(orderId), outputs, inputs);
        assert.equal((await diff(refreshed.outputs, inputs)).changes, false);
        await simulator.reissueInConsole(orderId, { dnsNames: ["shop.example", "api.shop.example"] });
        const drifted = await read(String(orderId), outputs, inputs);
        const { changes, details } = await diff(drifted.outputs, inputs);
        assert.deepEqual(
            [changes, Object.keys(details)],
            [true, ["certificate.csr", "certificate.dnsNames[1]"]],
        );
    });

    it("reads an order for a program's get, which sends what the program gives as the state", async () => {
        const properties = { orderId: String(orderId), comments: "ours" };
        const { outputs } = await read(String(orderId), properties, properties);
        assert.deepEqual(outputs, (await read(String(orderId))).outputs);
        assert.equal(outputs.status, "issued");
    });

    it("imports no order that has no certificate yet, and says why", async () => {
        const { orderId: id } = await simulator.seedOrder({ commonName: "shop.example", status: "pending" });
        await assert.rejects(
            read(String(id)),
            /it has no issued certificate yet, so there is nothing to read\. Have the order issued in CertCentral, then run the same command/,
        );
    });

    it("forgets without a request, and without a key", async () => {
        const { outputs } = await create((await check(given())).inputs);
        simulator.clearRequests();
        await configure({});
        const request = new messages.DeleteRequest();
        request.setUrn(URN);
        request.setId(String(orderId));
        request.setProperties(toStruct(outputs));
        await plugin.call("delete", request);
        assert.equal(requests(), "");
    });

    async function invoke(token: string, args: Bag): Promise<Bag> {
        const request = new messages.InvokeRequest();
        request.setTok(token);
        request.setArgs(toStruct(args));
        const response = await plugin.call<messages.InvokeResponse>("invoke", request);
        return fromStruct(response.getReturn());
    }

    it("reads an order for a function, and says what is wrong in one sentence", async () => {
        const order = await invoke("digicert:index:getOrder", { orderId: secret(String(orderId)) });
        assert.deepEqual([order.orderId, order.commonName], [String(orderId), "shop.example"]);
        assert.deepEqual(await invoke("digicert:index:getOrder", { orderId }), order);
        await assert.rejects(invoke("digicert:index:getOrder", { orderId: 4711 }), /404/);
        await assert.rejects(
            invoke("digicert:index:getOrder", { orderId, followRenewals: "yes" }),
            /Reading an order: followRenewals must be true or false/,
        );
        await assert.rejects(
            invoke("digicert:index:getOrders", {}),
            /has no function digicert:index:getOrders/,
        );
    });

    it("lists the records for a token without a request, and has a value where there is no token", async () => {
        const list = (args: Bag) => invoke("digicert:index:getDcvRecords", args);
        const names = ["shop.example", "*.shop.example", "pay.example", "192.0.2.1"];
        const place = (domain: string) => ({ domain, name: `_dnsauth.${domain}` });
        assert.deepEqual(await list({ names, dcvRandomValue: "t0ken" }), {
            records: ["shop.example", "pay.example"].map((domain) => ({
                ...place(domain),
                type: "TXT",
                value: "t0ken",
            })),
        });
        const cname = { names: ["shop.example"], dcvMethod: "dns-cname-token" };
        const [unused, record] = await Promise.all([
            list({ names: ["shop.example"], dcvRandomValue: null }),
            list({ ...cname, dcvRandomValue: "t0ken" }),
        ]);
        assert.deepEqual(unused.records, [{ ...place("shop.example"), type: "TXT", value: "unused" }]);
        assert.deepEqual(record.records, [
            { ...place("shop.example"), type: "CNAME", value: "t0ken.dcv.digicert.com" },
        ]);
        for (const [args, sentence] of [
            [{}, /^.*Making the records for domain validation: names must be a list of DNS names/],
            [{ names: ["a b"] }, /names\[0\] has a character.*\(ERR_DIGICERT_\w+\)/],
            [{ names, dcvMethod: "email" }, /dcvMethod must be "dns-txt-token" or "dns-cname-token"/],
        ] as const) {
            await assert.rejects(list(args), sentence);
        }
        assert.equal(requests(), "");
    });

    it("follows renewals for a function, and warns of a renewal that cannot be read", async () => {
        const follow = { orderId, followRenewals: true };
        const { orderId: renewal } = simulator.renewInConsole(orderId);
        const followed = await invoke("digicert:index:getOrder", follow);
        assert.deepEqual([followed.orderId, followed.renewedFrom], [String(renewal), [String(orderId)]]);
        const itself = await invoke("digicert:index:getOrder", { orderId });
        assert.deepEqual(
            [itself.orderId, itself.renewedOrderId, itself.renewedFrom],
            [String(orderId), String(renewal), undefined],
        );
        assert.deepEqual(plugin.engine.said, []);
        const path = `/order/certificate/${renewal}`;
        simulator.fault({ kind: "respond", method: "GET", path, status: 404, body: {} });
        assert.equal((await invoke("digicert:index:getOrder", follow)).orderId, String(orderId));
        while (plugin.engine.said.length === 0) await pause(20);
        assert.match(
            JSON.stringify(plugin.engine.said),
            new RegExp(
                `order ${orderId}: it was renewed as order ${renewal}, which this API key cannot read`,
            ),
        );
    });

    it("ends within 30 s after its engine is gone, also while it waits", async () => {
        simulator.policy(orderId, { approval: "required" });
        const { inputs } = await check(given({ waitForApproval: true }));
        void create(inputs).catch(() => undefined);
        while (!plugin.engine.said.some(({ isStatus }) => isStatus)) await pause(20);
        isSpent = true;
        plugin.engine.close();
        const begun = performance.now();
        await plugin.child.done;
        assert.ok(performance.now() - begun < 30_000);
    });
});

/** Sets fields of a message; a field that is undefined stays unset. */
function fill<Message extends object>(message: Message, fields: Readonly<Record<string, unknown>>): Message {
    const setters = message as Record<string, ((value: unknown) => void) | undefined>;
    for (const [name, value] of Object.entries(fields))
        setters[`set${name[0]?.toUpperCase() ?? ""}${name.slice(1)}`]?.(value);
    return message;
}

function answerOf(response: messages.CheckResponse) {
    return {
        inputs: fromStruct(response.getInputs()),
        failures: response.getFailuresList().map((failure) => ({
            property: failure.getProperty(),
            reason: failure.getReason(),
        })),
    };
}
