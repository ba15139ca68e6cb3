import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DigiCertErrorCode } from "../../provider/core/errors.js";
import { REMEDIES as RESOURCE } from "../../provider/pulumi/remedies.js";
import { REMEDIES as COMMAND } from "../../cli/remedies.js";
import { listItem, replaceSection } from "../../tools/docs/markdown.js";
import { makeDocuments } from "../../tools/docs/pages.js";
import { settings } from "../../tools/docs/sections.js";
import { INPUT_NAMES, OUTPUTS } from "../../provider/core/reissue/declaration.js";
import { readConfirmedRevocations, readSettings } from "../../provider/core/settings.js";
import { repositoryRoot } from "../engine/paths.js";

/** A code without its line here does not compile. */
const CODES = Object.keys({
    ERR_DIGICERT_CONFIGURATION: true,
    ERR_DIGICERT_AUTHENTICATION: true,
    ERR_DIGICERT_PERMISSION: true,
    ERR_DIGICERT_NOT_FOUND: true,
    ERR_DIGICERT_INVALID_REQUEST: true,
    ERR_DIGICERT_RATE_LIMIT: true,
    ERR_DIGICERT_UNAVAILABLE: true,
    ERR_DIGICERT_AMBIGUOUS: true,
    ERR_DIGICERT_TIMEOUT: true,
    ERR_DIGICERT_REFUSED: true,
    ERR_DIGICERT_CERTIFICATE: true,
    ERR_DIGICERT_PENDING: true,
    ERR_DIGICERT_REJECTED: true,
    ERR_DIGICERT_EXPIRING: true,
    ERR_DIGICERT_STATE: true,
    ERR_DIGICERT_STOPPED: true,
} satisfies Record<DigiCertErrorCode, true>);

const textOf = (document: string) => readFileSync(join(repositoryRoot, document), "utf8");
/** Without line ends and the marks of code, so that sentences can be looked for. */
const proseOf = (document: string) => textOf(document).replaceAll("`", "").replace(/\s+/g, " ");

describe("the generated parts of the documents", () => {
    for (const [document, text] of makeDocuments()) {
        it(`of ${document} are what npm run docs writes`, () => {
            assert.equal(textOf(document), text);
        });
    }

    it("name every input and output in the reference", () => {
        const reference = textOf("docs/reference.md");
        for (const name of [...INPUT_NAMES, ...Object.keys(OUTPUTS)]) {
            assert.ok(reference.includes(`\n- **\`${name}\`** (`) || name === "certificate", name);
        }
    });

    it("explain every code, and how each surface says what to do", () => {
        const page = proseOf("docs/troubleshooting.md");
        for (const code of CODES) assert.ok(page.includes(`- **${code}**`), code);
        for (const sentence of [...Object.values(RESOURCE), ...Object.values(COMMAND)]) {
            assert.ok(page.includes(sentence.replaceAll("`", "").replace(/\s+/g, " ")), sentence);
        }
    });

    it("name settings that the code reads, from stack config and from the environment", () => {
        const given = {
            apiKey: "secret-key",
            region: "eu",
            baseUrl: "https://digicert.example/v2",
            quotaShare: "0.5",
        };
        for (const { config, env } of settings()) {
            if (config === undefined) {
                assert.equal(readConfirmedRevocations({ env: { [env]: "7" } }).size, 1);
                continue;
            }
            const value = config in given ? given[config as keyof typeof given] : "7.5";
            const fallback = { config: () => undefined, env: { DIGICERT_API_KEY: "another-key" } };
            const withConfig = (name: string) => (name === `digicert:${config}` ? value : undefined);
            const fromConfig = readSettings({ ...fallback, config: withConfig });
            const fromEnv = readSettings({ ...fallback, env: { ...fallback.env, [env]: value } });
            const seen = ({ apiKey, ...others }: ReturnType<typeof readSettings>) => ({
                ...others,
                key: apiKey(),
            });
            assert.deepEqual(seen(fromConfig), seen(fromEnv), config);
            assert.notDeepEqual(seen(fromConfig), seen(readSettings(fallback)), config);
        }
    });

    it("are wrapped, without a line that would begin a list of its own", () => {
        const item = listItem(
            `${"word ".repeat(19)}or 401. Then ${"more ".repeat(20)}\`code that stays whole\``,
        );
        const lines = item.split("\n");
        assert.ok(
            lines.every((line) => line.length <= 105),
            item,
        );
        assert.ok(
            lines.slice(1).every((line) => /^ {2}[a-zT`]/.test(line)),
            item,
        );
        assert.ok(item.includes("`code that stays whole`"));
    });

    it("stand between markers, which have to be there", () => {
        const text = "a\n\n<!-- generated: b -->\nold\n<!-- end of generated -->\n";
        assert.match(replaceSection(text, "b", "new"), /^a\n\n<!-- generated: b -->\n\nnew\n\n<!-- end/);
        assert.throws(() => replaceSection(text, "c", "new"), /no section/);
    });
});
