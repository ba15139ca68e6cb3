import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { commandLine, stillRunning } from "./processTree.js";
import { requireCli } from "./requireCli.js";
import { newStack, type Stack, type StackOptions } from "./stack.js";

/** A dynamic resource that says when it starts to create: `size` can be updated, a `slow` one never ends. */
const program = (inputs: string): Record<string, string> => ({
    "index.js": `
    const pulumi = require("@pulumi/pulumi");
    const provider = {
        async diff(id, olds, news) {
            return { changes: olds.size !== news.size || olds.name !== news.name, replaces: olds.name !== news.name ? ["name"] : [] };
        },
        async create(inputs) {
            console.log("creating in process " + process.pid);
            if (inputs.slow) await new Promise((end) => setTimeout(end, 60_000));
            if (!inputs.failing) return { id: "1", outs: inputs };
            throw Object.assign(new Error("x"), { id: "1", properties: { ...inputs }, reasons: ["not issued yet"] });
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
    exports.region = process.env.DIGICERT_REGION ?? "none";`,
});

describe("newStack @long", function () {
    this.timeout(120_000);
    let stack: Stack | undefined;
    const make = async (options: StackOptions): Promise<Stack> => (stack = await newStack(options));

    before(async function () {
        await requireCli(this);
    });
    afterEach(async () => {
        await stack?.dispose();
        stack = undefined;
    });

    it("takes a resource through its life, telling counts, state and outputs", async () => {
        const thing = await make({
            program: { files: program("{ size: 1 }") },
            config: { "test:greeting": "a=b c", "test:key": { secret: "s3cret" } },
        });
        const created = await thing.up();
        assert.equal(created.summary?.create, 2, created.output);
        assert.deepEqual(await thing.outputs(), { id: "1", greeting: "a=b c", region: "none" });
        assert.equal(thing.resource(":Thing").outputs.size, 1);
        const { stdout } = await thing.run(["stack", "export"]);
        assert.deepEqual(thing.saved(), JSON.parse(stdout));
        assert.deepEqual(thing.locks(), []);
        assert.doesNotMatch(thing.stateText(), /s3cret/);

        thing.write(program("{ size: 2 }"));
        const updated = await thing.up(); // the counts are those of the update, not of the preview before
        assert.deepEqual([updated.summary?.update, updated.summary?.same], [1, 1], updated.output);
        assert.equal(thing.resource("thing").inputs.size, 2);

        thing.write(program('{ size: 2, name: "b" }'));
        const preview = await thing.preview();
        assert.equal(preview.summary?.replace, 1, preview.output);
        assert(preview.steps.some(({ op, name }) => op === "create-replacement" && name === "thing"));

        assert.equal((await thing.refresh()).summary?.changes, 0);
        assert.equal((await thing.destroy()).summary?.delete, 2);
        assert.deepEqual(thing.saved().deployment.resources ?? [], []);
    });

    it("keeps the reasons of a partial failure, and rejects what ends other than expected", async () => {
        const thing = await make({ program: { files: program("{ failing: true }") } });
        const { output } = await thing.up({ expectFailure: true });
        assert.match(output, /not issued yet/);
        assert.deepEqual(thing.resource("thing").initErrors, ["not issued yet"]);
        await assert.rejects(thing.run(["stack", "ls"], { expectFailure: true }), /to fail, but did not/);
        await assert.rejects(
            thing.run(["nonsense"]),
            /"pulumi nonsense" on stack test\/dev: it ended with code/,
        );
    });

    it("ends the provider host of an engine that was killed", async () => {
        const thing = await make({ program: { files: program("{ slow: true }") } });
        const engine = thing.spawn(["up", "--yes", "--skip-preview"]);
        const line = await engine.waitForLine(/creating in process \d+/);
        engine.kill("SIGKILL");
        assert.equal((await engine.done).signal, "SIGKILL");
        const left = engine.descendants();
        const host = left.find(({ pid }) => line.endsWith(String(pid))); // Pulumi lets its hosts live on
        assert(host && commandLine(host).includes("dynamic-provider"));
        assert.equal(thing.locks().length, 1);
        assert.deepEqual(
            thing.saved().deployment.pending_operations?.map(({ type }) => type),
            ["creating"],
        );
        await thing.dispose();
        assert.deepEqual(stillRunning(left), []);
        assert(!existsSync(thing.program));
    });
});
