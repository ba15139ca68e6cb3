import assert from "node:assert/strict";
import { PartialFailure } from "./grpc.js";
import { type DynamicHost, startHost } from "./host.js";

const provider = `
let config;
exports.handler = () => ({
    configure(request) { config = request.config; },
    check(olds, news) {
        return { inputs: news, failures: news.size > 9 ? [{ property: "size", reason: "at most 9" }] : [] };
    },
    diff(id, olds, news) { return news.changes === undefined ? {} : { changes: news.changes, replaces: news.replaces }; },
    async create(inputs) {
        if (inputs.fail === "partly") {
            throw Object.assign(new Error("not yet"), { id: "7", properties: { a: 1 }, reasons: ["pending"] });
        }
        if (inputs.fail) throw new Error("refused");
        console.log("creating");
        return { id: "7", outs: { ...inputs, key: config.get("digicert:apiKey"), seen: process.env.DIGICERT_REGION ?? "none" } };
    },
    async read(id, props) { return { id, props: { ...props, read: true }, inputs: { a: 2 } }; },
    async update(id, olds, news) { return { outs: { from: olds.a, to: news.a } }; },
    async delete(id) { console.error("deleted " + id); },
});`;

describe("startHost", () => {
    let host: DynamicHost;

    before(async function () {
        this.timeout(20_000);
        process.env.DIGICERT_REGION = "leaked";
        host = await startHost({ provider });
        delete process.env.DIGICERT_REGION;
        await host.configure({ "digicert:region": "eu" }, { "digicert:apiKey": "k1" });
    });
    after(() => host.close());

    it("creates with the given config, without our own environment", async () => {
        const { id, outs } = await host.create({ list: [1, "two"] });
        assert.deepEqual([id, outs], ["7", { list: [1, "two"], key: "k1", seen: "none" }]);
    });

    it("gives the failures of a check", async () => {
        assert.deepEqual(await host.check({}, { size: 10 }), {
            inputs: { size: 10 },
            failures: [{ property: "size", reason: "at most 9" }],
        });
    });

    it("tells yes, no and nothing apart in a diff", async () => {
        const changes = async (news: object): Promise<unknown> =>
            (await host.diff("7", {}, { ...news })).changes;
        assert.deepEqual(
            [await changes({ changes: true }), await changes({ changes: false }), await changes({})],
            [true, false, undefined],
        );
        const { replaces } = await host.diff("7", {}, { changes: true, replaces: ["orderId"] });
        assert.deepEqual(replaces, ["orderId"]);
    });

    it("updates, reads and deletes", async () => {
        assert.deepEqual(await host.update("7", { a: 1 }, { a: 2 }), { outs: { from: 1, to: 2 } });
        assert.deepEqual(await host.read("7", { a: 1 }), {
            id: "7",
            props: { a: 1, read: true },
            inputs: { a: 2 },
        });
        await host.delete("7", {});
        await host.waitForLine(/^deleted 7$/);
    });

    it("decodes a partial failure", async () => {
        await assert.rejects(host.create({ fail: "partly" }), (error) => {
            assert(error instanceof PartialFailure);
            assert.deepEqual([error.id, error.properties, error.reasons], ["7", { a: 1 }, ["pending"]]);
            return true;
        });
    });

    it("rejects with the provider's words when nothing is kept", async () => {
        await assert.rejects(host.create({ fail: "wholly" }), (error) => {
            assert(error instanceof Error && !(error instanceof PartialFailure));
            assert.equal(error.message, "refused");
            return true;
        });
    });

    it("keeps what the provider printed, without the port", async () => {
        await host.create({});
        await host.waitForLine(/^creating$/);
        assert.doesNotMatch(host.output, /^\d+$/m);
    });

    it("takes another provider text in the same process", async () => {
        const pid =
            "exports.handler = () => ({ create: async () => ({ id: String(process.pid), outs: {} }) });";
        assert.equal((await host.withProvider(pid).create({})).id, String(host.child.pid));
    });

    it("says what a host printed that does not start", async () => {
        await assert.rejects(startHost({ env: { NODE_OPTIONS: "--no-such-option" } }), /no-such-option/);
    });
});
