import assert from "node:assert/strict";
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cleanEnvironment } from "./environment.js";
import { readEvents } from "./events.js";
import { removeFolder, temporaryFolder } from "./folders.js";
import { programFolder } from "./layout.js";
import { writeFiles, writeProgram } from "./program.js";
import { findResource } from "./state.js";

describe("files of a stack", () => {
    let folder: string;
    beforeEach(() => (folder = temporaryFolder("files")));
    afterEach(() => {
        removeFolder(folder);
    });

    it("copies a program without a developer's packages and stack settings", () => {
        const from = join(folder, "from");
        writeFiles(from, {
            "Pulumi.yaml": "name: example\nruntime: nodejs\n",
            "Pulumi.dev.yaml": "config: {}",
            "node_modules/a/index.js": "",
            "lib/index.ts": "export {};",
        });
        const to = join(folder, "to");
        assert.equal(writeProgram(to, from, undefined), "example");
        assert.equal(writeProgram(to, from, "renamed"), "renamed");
        assert.match(readFileSync(join(to, "Pulumi.yaml"), "utf8"), /^name: renamed$/m);
        assert(existsSync(join(to, "lib", "index.ts")));
        assert(!existsSync(join(to, "node_modules")) && !existsSync(join(to, "Pulumi.dev.yaml")));
    });

    it("adds a project to bare files, with TypeScript only where it is needed", () => {
        const yaml = (files: Record<string, string>): string => {
            const to = join(folder, Object.keys(files).join());
            assert.equal(writeProgram(to, { files }, undefined), "test");
            return readFileSync(join(to, "Pulumi.yaml"), "utf8");
        };
        assert.match(yaml({ "index.js": "" }), /typescript: false/);
        assert.match(yaml({ "index.ts": "" }), /typescript: true/);
    });

    it("links the repository into a symlink layout", async () => {
        const program = await programFolder("symlink");
        assert(lstatSync(join(program, "node_modules", "pulumi-digicert")).isSymbolicLink());
        removeFolder(program);
    });

    it("reads the last phase of an event log that breaks off", () => {
        const log = join(folder, "events.json");
        const step = (op: string): string =>
            `{"resourcePreEvent":{"metadata":{"op":"${op}","urn":"urn:x::a:b:C::one","type":"a:b:C","diffs":null}}}`;
        const lines = [
            '{"preludeEvent":{}}',
            step("create"),
            '{"preludeEvent":{}}',
            step("refresh"),
            '{"cut',
        ];
        writeFiles(folder, { "events.json": lines.join("\n") });
        const wanted = [{ op: "refresh", urn: "urn:x::a:b:C::one", type: "a:b:C", name: "one", diffs: [] }];
        assert.deepEqual(readEvents(log), { steps: wanted });
        writeFiles(folder, { "events.json": '{"summaryEvent":{"resourceChanges":{"same":1,"refresh":2}}}' });
        const summary = {
            create: 0,
            update: 0,
            same: 1,
            delete: 0,
            replace: 0,
            other: { refresh: 2 },
            changes: 2,
        };
        assert.deepEqual(readEvents(log).summary, summary);
    });

    it("lists the resources there are when one is not found", () => {
        const one = { urn: "urn:x::a:b:C::one", type: "a:b:C" };
        const state = JSON.parse(
            JSON.stringify({ version: 3, deployment: { resources: [one] } }),
        ) as Parameters<typeof findResource>[0];
        assert.deepEqual(findResource(state, ":C"), { ...one, custom: false, inputs: {}, outputs: {} });
        assert.throws(() => findResource(state, "two"), /"two" in the state: 0 match.*::one/s);
    });

    it("keeps a developer's settings from children", () => {
        const names = [
            "DIGICERT_API_KEY",
            "PULUMI_BACKEND_URL",
            "https_proxy",
            "NODE_OPTIONS",
            "npm_config_x",
        ];
        const saved = { ...process.env };
        try {
            for (const name of names) process.env[name] = "leaked";
            const env = cleanEnvironment({ DIGICERT_REGION: "eu" });
            assert(!Object.values(env).includes("leaked"));
            assert.equal(env.DIGICERT_REGION, "eu");
            assert.equal(env.PATH, process.env.PATH);
        } finally {
            for (const name of names) {
                if (saved[name] === undefined) Reflect.deleteProperty(process.env, name);
                else process.env[name] = saved[name];
            }
        }
    });
});
