import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as stub from "pulumi-digicert/stub";
import { makeRecordable } from "../../sdk/nodejs/recordedProvider.js";

/** The text that Pulumi records, made as its dynamic resources make it. */
async function recorded(provider: object): Promise<string> {
    const { text } = await pulumi.runtime.serializeFunction(() => provider, {});
    return text;
}

/** Evaluates the text in a function, as a host does. */
function load(text: string): Record<string, unknown> {
    const module = { exports: {} as { handler?: () => Record<string, unknown> } };
    new Function("exports", "require", text)(module.exports, require); // eslint-disable-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    return module.exports.handler?.() ?? {};
}

const NAMES = ["configure", "check", "diff", "create", "update", "read", "delete"];

describe("the stub", function () {
    this.timeout(30_000);

    it("is recorded by text outside node_modules, each function loading the provider by name", async () => {
        for (const provider of [stub, { ...stub }]) {
            const text = await recorded(provider);
            const calls = [
                ...text.matchAll(/return (\(.*\)) => require\("pulumi-digicert\/provider"\)\.(\w+)\(.*\);/g),
            ];
            assert.deepEqual(
                calls.map(([, , name]) => name),
                NAMES,
            );
            assert.ok(text.length < 2400, `${text.length} characters`);
            assert.doesNotMatch(text, /\d+\.\d+\.\d+|node_modules|dist|apiKey/);
            // Only the functions themselves are captured: no setting, no helper of the compiler.
            assert.deepEqual(
                [...text.matchAll(/with\(\{ (.*?) \}\)/g)]
                    .map(([, captured]) => captured)
                    .filter((captured) => captured !== "this: undefined, arguments: undefined"),
                ["provider: __provider, this: undefined, arguments: undefined"],
            );
        }
    });

    it("still works when it is loaded from its text", async () => {
        const provider = load(await recorded(stub));
        assert.deepEqual(Object.keys(provider), NAMES);
        const { check } = provider as {
            check: (olds: object, news: object) => Promise<{ failures: unknown[] }>;
        };
        assert.ok((await check({}, { orderId: 0 })).failures.length > 0);
    });

    it("would fail these tests if it captured anything", async () => {
        const settings = { apiKey: "captured" };
        const broken = { ...stub, configure: () => settings };
        assert.match(await recorded(broken), /apiKey: "captured"/);
        const schema = { parse: Math.max.bind(null) };
        await assert.rejects(recorded({ ...stub, check: () => schema.parse(1) }));
    });
});

describe("makeRecordable", () => {
    const isModule = (directory: string) => makeRecordable(directory) === (stub as unknown);

    it("hands over the module where Pulumi can record it, or records its text anyway", () => {
        assert.ok(isModule("/home/me/stack/node_modules/pulumi-digicert/dist"));
        assert.ok(isModule("C:\\stack\\node_modules\\pulumi-digicert\\dist"));
        assert.ok(isModule("/home/me/src/pulumi-digicert/dist"), "a link, as in a workspace");
    });

    it("hands over a copy where Pulumi would fail, or record a version or a path", () => {
        for (const directory of [
            "/stack/node_modules/.pnpm/pulumi-digicert@1.0.0/node_modules/pulumi-digicert/dist",
            "/stack/node_modules/wrapper/node_modules/pulumi-digicert/dist",
            "/home/me/pulumi-digicert-test/node_modules/pulumi-digicert/dist",
            "/stack/node_modules/.store/pulumi-digicert/dist",
        ]) {
            assert.ok(!isModule(directory), directory);
            assert.equal(
                makeRecordable(directory),
                makeRecordable(directory),
                "one object for all resources",
            );
        }
    });
});
