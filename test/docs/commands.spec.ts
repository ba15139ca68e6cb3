import assert from "node:assert/strict";
import { blocksOf, documents } from "./blocks.js";
import { allCommands, commandsOf, noCommands } from "./commands.js";
import { commandsFor, placeOf, places } from "./places.js";
import { walkSteps } from "./walk.js";

describe("commands in the documents", () => {
    it("are found where they stand, without comments", () => {
        const text = [
            "Say `npm run\nbuild`, `npm` or `index.ts`.",
            "```sh\none # why\n\nfor x in y; do\n  two\ndone\n```",
            "```yaml\njob:\n  script:\n    - three # why\n  steps:\n    - run: |\n        four\n        five\n```",
            "```ts\nconst six = `npm run six`;\n```",
        ].join("\n");
        assert.deepEqual(
            commandsOf("a.md", text).map(({ line, shown, command }) => [line, shown, command]),
            [
                [1, "inline", "npm run build"],
                [4, "sh", "one"],
                [6, "sh", "for x in y; do\n  two\ndone"],
                [13, "yaml", "three"],
                [16, "yaml", "four"],
                [17, "yaml", "five"],
            ],
        );
    });

    it("stand in blocks of sh, where they are looked for", () => {
        const others = documents()
            .flatMap((document) => blocksOf(document))
            .filter(({ language }) => !["sh", "yaml", ...noCommands].includes(language))
            .map(({ document, line, language }) => `${document}:${line} ${language}`);
        assert.deepEqual(others, []);
    });

    it("are run, each of them", () => {
        const nowhere = allCommands()
            .filter((command) => placeOf(command) === undefined)
            .map(({ document, line, command }) => `${document}:${line} ${command}`);
        assert.deepEqual(nowhere, []);
        for (const place of places) assert.ok(commandsFor(place).length > 0, place);
    });

    it("of the newcomer's walk are those of its blocks", () => {
        const lines = walkSteps().flatMap(({ commands }) => commands.split("\n"));
        const walked = commandsFor("newcomer").filter(({ shown }) => shown === "sh");
        for (const { command } of walked)
            assert.ok(
                lines.some((line) => line.startsWith(command)),
                command,
            );
    });
});
