/** What only the real engine can show: dependents, providers, components, `--target`, `--refresh`, `import`. */
import assert from "node:assert/strict";
import { REVOKE } from "../drivers/requests.js";
import { CliPool, CliStack, type PooledStack } from "../drivers/cli.js";
import type { Props } from "../drivers/driver.js";
import { Stage } from "../drivers/stage.js";
import { requireCli } from "../engine/requireCli.js";
import { startSimulator } from "../../simulator/index.js";

describe("with the real engine only", function () {
    this.timeout(300_000);
    const pool = new CliPool();
    let pooled: PooledStack;
    let stage: Stage;
    let stack: CliStack;

    before(async function () {
        await requireCli(this);
    });
    beforeEach(async () => {
        pooled = await pool.take();
        stage = await Stage.open((simulator) => (stack = new CliStack(pooled, simulator)), {}, false);
    });
    afterEach(async () => {
        await stage.close();
        pool.giveBack(pooled);
    });
    after(() => pool.close());

    /** The text of a resource. */
    const resource = (name: string, args: Props, options = "{}") =>
        `new DigiCertReissue(${JSON.stringify(name)}, ${JSON.stringify(args)}, ${options})`;
    const up = (...statements: string[]) => {
        stack.write(statements.join(";\n"));
        return stack.run("up", {});
    };

    it("an update to another key that is pending fails, and dependents keep the old key and certificate", async () => {
        const dependent = `
            const saving = { create: async (i) => ({ id: "1", outs: i }), update: async (_, o, n) => ({ outs: n }), diff: async (_, o, n) => ({ changes: o.pem !== n.pem || o.csr !== n.csr }) };
            class Server extends pulumi.dynamic.Resource { constructor(name, props) { super(saving, name, { out: undefined, ...props }, undefined, "tests", "Server"); } }
            new Server("server", { pem: shop.certificatePem, csr: shop.certificate.csr })`;
        const program = (args: Props) => `const shop = ${resource("shop", args)};${dependent}`;
        const server = () => pooled.stack.resource("server").outputs;
        assert.equal((await up(program(stage.shop()))).failure, undefined);
        const before = server();
        assert.match(String(before.pem), /BEGIN CERTIFICATE/);
        stage.policy({ approval: "required" });
        const failed = await up(program(stage.rotated()));
        assert.ok(failed.failure);
        assert.deepEqual([failed.posts, server()], [1, before]);
        assert.deepEqual([stage.state.status, stage.state.certificatePem], ["pending_approval", undefined]);
        await stage.approve();
        const resumed = await up(program(stage.rotated()));
        assert.deepEqual([resumed.failure, resumed.posts], [undefined, 0]);
        assert.equal(server().pem, stage.state.certificatePem);
    });

    it("up --refresh sees what happened in the console, and puts it right with one POST", async () => {
        await stage.issued();
        stage.simulator.revoke(stage.live.current.certificateId);
        const seen = await stack.run("up", { args: ["--refresh"] });
        assert.deepEqual([seen.failure, seen.posts, stage.state.status], [undefined, 1, "issued"]);
    });

    it("an explicit DigiCertProvider uses its own key and address, and a move to it is no POST", async () => {
        await stage.issued();
        const other = await startSimulator({ clock: () => stage.simulator.now() });
        try {
            const { csr } = stage.live.current;
            await other.seedOrder({ id: stage.orderId, csr, policy: { approval: "auto" } });
            const eu = `const eu = new DigiCertProvider("eu", { apiKey: "${other.apiKey}", baseUrl: "${other.baseUrl}", pollSeconds: 0.05 })`;
            const moved = await up(eu, resource("shop", stage.shop(), "{ provider: eu }"));
            assert.deepEqual(
                [moved.failure, moved.did, moved.requests, other.requests],
                [undefined, "nothing", [], []],
            );
            const changed = await up(
                eu,
                resource("shop", stage.shop({ triggers: { v: "2" } }), "{ provider: eu }"),
            );
            assert.deepEqual(
                [changed.failure, changed.requests, other.reissuePosts(stage.orderId)],
                [undefined, [], 1],
            );
            assert.ok(other.requests.every(({ headers }) => headers["x-dc-devkey"] === other.apiKey));
            assert.ok(!pooled.stack.stateText().includes(other.apiKey), "it is stored encrypted");
        } finally {
            await other.close();
        }
    });

    // In test/sdk the program throws these.
    it("pulumi import cannot work: it fails without a request, and says to use adoptExisting @long", async () => {
        const refused = await up(resource("shop", stage.shop(), `{ import: "${stage.orderId}" }`));
        assert.match(refused.failure ?? "", /import.*adoptExisting/);
        assert.deepEqual([refused.requests, stage.isEmpty], [[], true]);
    });

    it("customTimeouts are refused in a sentence, without a request @long", async () => {
        const run = await up(resource("shop", stage.shop(), `{ customTimeouts: { create: "5m" } }`));
        assert.match(run.failure ?? "", /customTimeouts.*issuanceTimeoutSeconds/s);
        assert.deepEqual([run.requests, stage.isEmpty], [[], true]);
    });

    // In process: changes.spec.ts.
    it("a rename by an alias is nothing, and no request @long", async () => {
        await stage.issued();
        const run = await up(resource("renamed", stage.shop(), `{ aliases: [{ name: "shop" }] }`));
        assert.deepEqual([run.failure, run.others, run.requests], [undefined, { renamed: "nothing" }, []]);
    });

    describe("deletionPolicy revoke never revokes the certificate that the program uses,", () => {
        const args = () => stage.shop({ deletionPolicy: "revoke", adoptExisting: true });
        beforeEach(async () => {
            await stage.useOwnOrder();
            assert.equal((await up(resource("old", args()))).failure, undefined);
        });
        const assertInUse = (...runs: readonly { changing: readonly string[] }[]): void => {
            for (const { changing } of runs) assert.ok(!changing.includes(REVOKE), changing.join());
            assert.deepEqual([stage.live.current.status, stage.reissues.length], ["issued", 0]);
        };
        const account = () =>
            `const acct = new DigiCertProvider("acct", { apiKey: "${stage.simulator.apiKey}", baseUrl: "${stage.simulator.baseUrl}" })`;

        it("when the resource is renamed and moved to an explicit provider in one up @long", async () => {
            assertInUse(await up(account(), resource("new", args(), "{ provider: acct }")));
        });

        it("when the resource moves into a component that has providers", async () => {
            const component = `class Site extends pulumi.ComponentResource {
                constructor(name, opts) { super("pkg:index:Site", name, {}, opts); ${resource("new", args(), "{ parent: this }")}; }
            }`;
            assertInUse(
                await up(account(), component, `new Site("site", { providers: { "pulumi-nodejs": acct } })`),
            );
        });

        // In process: destroy.spec.ts.
        for (const then of ["up", "destroy"] as const) {
            it(`when it is renamed with up --target, and the old one goes by ${then} --target later @long`, async () => {
                stack.write(resource("new", args()));
                const target = (name: string) => ({
                    args: ["--target", `**${name}`],
                });
                const first = await stack.run("up", target("new"));
                assert.equal(first.failure, undefined);
                assertInUse(first, await stack.run(then, target("old")));
            });
        }
    });
});
