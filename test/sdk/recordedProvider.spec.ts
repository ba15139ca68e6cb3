import assert from "node:assert/strict";
import { join } from "node:path";
import { makeRecordable } from "../../sdk/nodejs/recordedProvider.js";
import * as stub from "../../sdk/nodejs/stub.js";

const at = (...parts: string[]) => makeRecordable(join("/", ...parts));

describe("makeRecordable", () => {
    it("is the module itself where Pulumi records it by reference", () => {
        assert.equal(at("work", "stack", "node_modules", "pulumi-digicert", "dist"), stub);
        assert.equal(makeRecordable("C:\\stack\\node_modules\\pulumi-digicert\\dist"), stub);
    });

    it("is the module itself, to be recorded by text, where a symlink leads out of node_modules", () => {
        assert.equal(at("work", "pulumi-digicert", "dist"), stub);
    });

    const elsewhere: [string, string[]][] = [
        [
            "in pnpm's store",
            [
                "s",
                "node_modules",
                ".pnpm",
                "pulumi-digicert@1.0.0",
                "node_modules",
                "pulumi-digicert",
                "dist",
            ],
        ],
        [
            "as a dependency of a dependency",
            ["s", "node_modules", "other", "node_modules", "pulumi-digicert", "dist"],
        ],
        ["below a folder of our name", ["pulumi-digicert-stacks", "node_modules", "pulumi-digicert", "dist"]],
        ["under another name", ["s", "node_modules", "digicert-alias", "dist"]],
        ["in a scope", ["s", "node_modules", "@fork", "pulumi-digicert", "dist"]],
        ["deeper in the package", ["s", "node_modules", "pulumi-digicert", "dist", "sdk"]],
    ];
    for (const [where, parts] of elsewhere) {
        it(`is a plain copy, always the same one, ${where}`, () => {
            const copy = at(...parts);
            assert.notEqual(copy, stub);
            assert.deepEqual({ ...copy }, { ...stub });
            assert.equal(at(...parts), copy, "Pulumi serialises each object once");
        });
    }

    it("has the methods that states of all versions call", () => {
        const names = ["check", "configure", "create", "delete", "diff", "read", "update"];
        assert.deepEqual(Object.keys({ ...makeRecordable() }).sort(), names);
    });
});
