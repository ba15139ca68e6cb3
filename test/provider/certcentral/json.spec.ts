import assert from "node:assert/strict";
import fc from "fast-check";
import { parseJson } from "../../../provider/core/certcentral/json.js";

const read = (text: string) => parseJson(text, (one) => one);

describe("parseJson", () => {
    it("reads what JSON.parse reads", async () => {
        const space = fc.constantFrom("", " ", "\n", "\t ");
        await fc.assert(
            fc.asyncProperty(
                fc.jsonValue({ maxDepth: 10 }),
                fc.nat(4),
                space,
                async (value, indent, around) => {
                    const text = `${around}${JSON.stringify(value, null, indent)}${around}`;
                    // Where a member is named __proto__, it is left out.
                    const expected = JSON.parse(text, (name, member: unknown) =>
                        name === "__proto__" ? undefined : member,
                    ) as unknown;
                    assert.deepEqual(await read(text), expected);
                },
            ),
            { numRuns: 500 },
        );
    });

    it("refuses what JSON.parse refuses", async () => {
        const pieces = fc.constantFrom(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            '"a"',
            '"',
            "\\",
            "1",
            "-",
            "0",
            ".5",
            "e3",
            "null",
            " ",
            "tru",
        );
        await fc.assert(
            fc.asyncProperty(fc.array(pieces, { maxLength: 8 }), async (parts) => {
                const text = parts.join("");
                let expected: unknown;
                try {
                    expected = JSON.parse(text);
                } catch {
                    expected = undefined;
                }
                assert.deepEqual(await read(text), expected, text);
            }),
            { numRuns: 3000 },
        );
    });

    it("reads escapes, and changes texts and names alike", async () => {
        const changed = await parseJson('{"K\\u0045Y":["a KEY","\\\\", "\\""]}', (text) =>
            text.replace("KEY", "-"),
        );
        assert.deepEqual(changed, { "-": ["a -", "\\", '"'] });
    });

    it("reads nothing that is nested deeper than 64 levels", async () => {
        const nested = (levels: number) => `${"[".repeat(levels)}1${"]".repeat(levels)}`;
        assert.notEqual(await read(nested(64)), undefined);
        assert.equal(await read(nested(65)), undefined);
        assert.equal(await read(nested(100_000)), undefined);
    });

    it("reads a text that is longer than any of DigiCert's as empty, and loses nothing beside it", async () => {
        assert.equal(await read(`"${"a".repeat(65_534)}"`), "a".repeat(65_534));
        assert.equal(await read(`"${"a".repeat(65_535)}"`), "");
    });

    it("reads no list and no object that is larger than any of DigiCert's", async () => {
        const list = (entries: number) => `[${Array(entries).fill("1").join()}]`;
        const object = (members: number) =>
            `{${Array.from({ length: members }, (_, member) => `"${member}":1`).join()}}`;
        assert.equal(((await read(list(10_000))) as unknown[]).length, 10_000);
        assert.equal(await read(list(10_001)), undefined);
        assert.equal(Object.keys((await read(object(1000))) as object).length, 1000);
        assert.equal(await read(object(1001)), undefined);
    });

    it("makes no prototype of a member", async () => {
        const value = await read('{"__proto__":{"isAdmin":true},"a":1}');
        assert.deepEqual(Object.entries(value as object), [["a", 1]]);
        assert.equal((value as { isAdmin?: boolean }).isAdmin, undefined);
    });
});
