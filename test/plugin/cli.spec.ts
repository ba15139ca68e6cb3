import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { stringify } from "yaml";
import { repositoryRoot } from "../engine/paths.js";
import { requireCli } from "../engine/requireCli.js";
import { newStack, type Stack } from "../engine/stack.js";
import { generatingHosts } from "../../tools/plugin/sdks.js";
import { PLUGINS } from "./programs.js";

const PLUGIN = join("node_modules", "pulumi-digicert", "dist", "plugin", "pulumi-resource-digicert");

/** Without the empty lists that the CLI adds. */
function withoutEmpty(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(withoutEmpty);
    if (typeof value !== "object" || value === null) return value;
    const members = Object.entries(value).filter(([, member]) => !Array.isArray(member) || member.length > 0);
    return Object.fromEntries(members.map(([name, member]) => [name, withoutEmpty(member)]));
}

describe("the plugin in commands of the CLI about packages", function () {
    this.timeout(120_000);
    let stack: Stack;

    before(async function () {
        await requireCli(this);
        stack = await newStack({
            program: { files: { "Pulumi.yaml": stringify({ name: "test", runtime: "yaml" }) } },
        });
    });
    after(() => (stack as Stack | undefined)?.dispose());

    function write(runtime: string): void {
        stack.write({ "Pulumi.yaml": stringify({ name: "test", runtime, plugins: PLUGINS }) });
    }

    it("tells its schema, which the CLI finds nothing wrong with", async () => {
        const { stdout } = await stack.run(["package", "get-schema", PLUGIN]);
        const schema = join(repositoryRoot, "dist", "plugin", "schema.json");
        assert.deepEqual(
            withoutEmpty(JSON.parse(stdout)),
            withoutEmpty(JSON.parse(readFileSync(schema, "utf8"))),
        );
        const { output } = await stack.run(["schema", "check", schema]);
        assert.doesNotMatch(output, /warning|error/i);
    });

    it("is added to a YAML project as a package", async () => {
        write("yaml");
        await stack.run(["package", "add", PLUGIN]);
        const project = readFileSync(join(stack.program, "Pulumi.yaml"), "utf8");
        assert.match(project, /packages:\n\s+digicert: digicert@/);
        assert.match(project, /path: node_modules\/pulumi-digicert\/dist\/plugin/);
    });

    // sdks.spec.ts keeps the SDK.
    it("is added to a Python project as an SDK @long", async function () {
        const hosts = generatingHosts();
        if (hosts === undefined) return this.skip();
        write("python");
        const PATH = [hosts, stack.env.PATH].join(delimiter);
        await stack.run(["package", "add", PLUGIN], { env: { PATH } });
        const sdk = join(stack.program, "sdks", "digicert");
        assert.ok(existsSync(join(sdk, "pyproject.toml")));
        assert.ok(readdirSync(join(sdk, "pulumi_digicert")).includes("reissue.py"));
    });
});
