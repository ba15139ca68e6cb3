import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { stillRunning } from "./processTree.js";
import { requireCli } from "./requireCli.js";
import { newStack, type Stack } from "./stack.js";

/** A dynamic resource; `size` can be updated, `failing` fails, `slow` never ends. */
const program = (inputs: string): string => `
    const pulumi = require("@pulumi/pulumi");
    const provider = {
        async diff(id, olds, news) { return { changes: olds.size !== news.size || olds.name !== news.name, replaces: olds.name !== news.name ? ["name"] : [] }; },
        async create(inputs) {
            if (inputs.failing) throw Object.assign(new Error("x"), { id: "1", properties: { ...inputs }, reasons: ["not issued yet"] });
            if (inputs.slow) { console.log("started " + process.pid); await new Promise((end) => setTimeout(end, 60_000)); }
            return { id: "1", outs: inputs };
        },
        async update(id, olds, news) { return { outs: news }; },
    };
    class Thing extends pulumi.dynamic.Resource {
        constructor(name, props) { super(provider, name, props, undefined, "tests", "Thing"); }
    }
    const config = new pulumi.Config();
    const thing = new Thing("thing", { ...${inputs}, key: config.getSecret("key") });
    exports.id = thing.id;
    exports.greeting = config.get("greeting");
    exports.region = process.env.DIGICERT_REGION ?? "none";`;

describe("newStack", function () {
    this.timeout(60_000);
    let stack: Stack;

    before(async function () {
        await requireCli(this);
        process.env.DIGICERT_REGION = "leaked";
        stack = await newStack({
            program: { files: { "index.js": program("{ size: 1 }") } },
            config: { "test:greeting": "a=b c", "test:key": { secret: "s3cret" } },
        });
        delete process.env.DIGICERT_REGION;
    });
    beforeEach(() => {
        stack.write({ "index.js": program("{ size: 1 }") });
    });
    after(() => (stack as Stack | undefined)?.dispose());

    it("creates, tells outputs and state apart, and then has nothing to do", async () => {
        const { summary, steps, output } = await stack.up();
        assert.equal(summary?.create, 2, output);
        assert.deepEqual(
            steps.filter(({ type }) => type.endsWith(":Thing")).map(({ op, name }) => [op, name]),
            [["create", "thing"]],
        );
        assert.deepEqual(await stack.outputs(), { id: "1", greeting: "a=b c", region: "none" });
        assert.equal((await stack.resource("thing")).inputs.size, 1);
        assert.equal((await stack.resource(":Thing")).outputs.size, 1);
        assert.doesNotMatch(stack.stateText(), /s3cret/);

        const again = await stack.up({ skipPreview: true });
        assert.equal(again.summary?.changes, 0, again.output);
        assert.equal(again.summary.same, 2);
    });

    it("previews, updates, replaces, refreshes", async () => {
        await stack.up({ skipPreview: true });
        stack.write({ "index.js": program("{ size: 2 }") });
        assert.equal((await stack.preview()).summary?.update, 1);
        assert.equal((await stack.up({ skipPreview: true })).summary?.update, 1);
        assert.equal((await stack.resource("thing")).inputs.size, 2);
        stack.write({ "index.js": program('{ size: 2, name: "b" }') });
        assert.equal((await stack.preview()).summary?.replace, 1);
        assert.equal((await stack.refresh({ skipPreview: true })).summary?.changes, 0);
    });

    it("destroys", async () => {
        await stack.up({ skipPreview: true });
        assert.equal((await stack.destroy({ skipPreview: true })).summary?.delete, 2);
        assert.equal((await stack.export()).deployment.resources, undefined);
    });

    it("keeps the reasons of a partial failure, and rejects where success was expected", async () => {
        await stack.destroy({ skipPreview: true });
        stack.write({ "index.js": program("{ failing: true }") });
        const { exitCode, output } = await stack.up({ skipPreview: true, expectFailure: true });
        assert.notEqual(exitCode, 0);
        assert.match(output, /not issued yet/);
        assert.deepEqual((await stack.resource("thing")).initErrors, ["not issued yet"]);
        await assert.rejects(stack.preview({ expectFailure: true }), /it was to fail, but did not/);
        await assert.rejects(stack.run(["no-such-command"]), /ended with code .*no-such-command/s);
    });

    it("ends the provider host of an engine that was killed", async () => {
        const own = await newStack({ program: { files: { "index.js": program("{ slow: true }") } } });
        const engine = own.spawn(["up", "--yes", "--skip-preview"]);
        const host = Number(/started (\d+)/.exec(await engine.waitForLine(/started \d+/))?.[1]);
        engine.kill("SIGKILL");
        assert.equal((await engine.done).signal, "SIGKILL");
        const left = engine.descendants();
        assert(
            left.some(({ pid }) => pid === host),
            "the host was to outlive its engine",
        );
        await own.dispose();
        assert.deepEqual(stillRunning(left), []);
        assert(!existsSync(own.program));
    });
});
