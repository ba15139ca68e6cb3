import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "../engine/child.js";
import { cleanEnvironment } from "../engine/environment.js";
import { temporaryFolder } from "../engine/folders.js";
import { binFolder } from "../engine/paths.js";
import { requireCli, skipSuite } from "../engine/requireCli.js";
import { startTlsHost } from "../engine/tlsHost.js";
import { generatingHosts, GO_SDK, LOGO } from "../../tools/plugin/sdks.js";
import { EXECUTABLE } from "./pluginProcess.js";

/** Where the documentation is in the source of a language. */
const DOCUMENTATION = {
    go: { extension: ".go", pattern: /^\s*\/\/.*$/gm },
    python: { extension: ".py", pattern: /"""[^]*?"""|^\s*#.*$/gm },
    nodejs: { extension: ".ts", pattern: /\/\*\*[^]*?\*\//g },
    java: { extension: ".java", pattern: /\/\*\*[^]*?\*\//g },
    dotnet: { extension: ".cs", pattern: /^\s*\/\/\/.*$/gm },
} as const;

type SdkLanguage = keyof typeof DOCUMENTATION;

const LANGUAGES = Object.keys(DOCUMENTATION) as SdkLanguage[];

/** Words that only programs for Node.js know. */
const OF_NODE =
    /\b(?:TypeScript|JavaScript|Promise|undefined|npm|npx|require|await|DigiCert(?:Reissue|Validation|Provider|Error)|getOrder(?:Output|s)|fullChainPem|dcvRecords|dcvFile)\b|dynamic resource/;

/** In C#. */
const TEXTS_AND_COMMENTS = /\/\/.*|\/\*[^]*?\*\/|@"(?:[^"]|"")*"|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'/g;
const BRACKETS: Readonly<Record<string, string>> = { "(": ")", "{": "}", "[": "]" };
const TAG = /<(\/?)(\w+)[^<>]*?(\/?)>/g;

/** The ends that are missing, or the first end that fits no beginning. */
function unclosedBrackets(code: string): string[] {
    const missing: string[] = [];
    for (const [bracket] of code.matchAll(/[(){}[\]]/g)) {
        const end = BRACKETS[bracket];
        if (end !== undefined) missing.push(end);
        else if (missing.pop() !== bracket) return [bracket];
    }
    return missing;
}

/** The same for the elements of XML. */
function unclosedTags(xml: string): string[] {
    const missing: string[] = [];
    for (const [tag, isEnd, name = "", isEmpty] of xml.matchAll(TAG)) {
        if (isEmpty === "/") continue;
        if (isEnd === "") missing.push(name);
        else if (missing.pop() !== name) return [tag];
    }
    return missing;
}

describe("the SDKs that the CLI generates from the plugin @long", function () {
    this.timeout(300_000);
    let out: string;

    before(async function () {
        const cli = await requireCli(this);
        const hosts = generatingHosts();
        const isWhole = ["java", "dotnet"].every((name) =>
            existsSync(join(binFolder(), `pulumi-language-${name}`)),
        );
        if (hosts === undefined || !isWhole)
            skipSuite(
                this,
                'the generators of all SDKs. Run "npm run engine -- --all" first',
                process.env.CI,
            );
        out = temporaryFolder("sdks");
        // The generator for .NET downloads Pulumi's logo.
        const host = await startTlsHost("raw.githubusercontent.com", (_, response) => response.end(LOGO));
        try {
            const env = cleanEnvironment({
                ...host.env,
                PATH: [hosts, binFolder(), process.env.PATH ?? ""].join(delimiter),
                PULUMI_HOME: temporaryFolder("home"),
                PULUMI_SKIP_UPDATE_CHECK: "true",
            });
            const args = ["package", "gen-sdk", EXECUTABLE, "--language", "all", "--out", out];
            const { exitCode, output } = await run(cli.bin, args, { env, cwd: temporaryFolder("empty") });
            assert.equal(exitCode, 0, output);
        } finally {
            host.close();
        }
    });

    /** The files of a language, by their paths. */
    function sources(language: SdkLanguage): Map<string, string> {
        const folder = join(out, language);
        const { extension } = DOCUMENTATION[language];
        const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
        return new Map(
            names
                .filter((name) => name.endsWith(extension))
                .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
        );
    }

    it("are those of five languages, and the one for Go is the committed one", () => {
        assert.deepEqual(readdirSync(out).sort(), [...LANGUAGES].sort());
        const committed = readdirSync(join(GO_SDK, "digicert"), { recursive: true, encoding: "utf8" });
        const names = committed.filter((name) => name.endsWith(".go"));
        assert.ok(names.length > 10);
        const generated = sources("go");
        assert.deepEqual([...generated.keys()].sort(), names.map((name) => join("digicert", name)).sort());
        for (const [name, text] of generated)
            assert.equal(text, readFileSync(join(GO_SDK, name), "utf8"), name);
    });

    for (const language of LANGUAGES) {
        it(`say in their documentation no word of Node.js: ${language}`, () => {
            const { pattern } = DOCUMENTATION[language];
            const texts = [...sources(language)].flatMap(([name, text]) =>
                [...text.matchAll(pattern)].map(([documentation]) => ({ name, documentation })),
            );
            const about = /negative: never|exactly once each time/i;
            assert.ok(texts.some(({ documentation }) => about.test(documentation)));
            for (const { name, documentation } of texts) assert.doesNotMatch(documentation, OF_NODE, name);
        });
    }

    it("are read by the compiler of Java", async function () {
        const files = [...sources("java").keys()].map((name) => join(out, "java", name));
        const list = join(temporaryFolder("javac"), "files");
        writeFileSync(list, files.map((file) => JSON.stringify(file)).join("\n"));
        // Pulumi's SDK is not there, so the compiler stops when it has parsed the files.
        const stop = ["-XDshould-stop.ifNoError=PARSE", "-XDshould-stop.ifError=PARSE"];
        const compiled = await run("javac", ["-proc:none", ...stop, `@${list}`]).catch(() =>
            skipSuite(this, "a Java compiler", process.env.CI),
        );
        assert.equal(compiled.exitCode, 0, compiled.output);
        writeFileSync(files[0] ?? "", "public class {");
        const broken = await run("javac", ["-proc:none", ...stop, `@${list}`]);
        assert.notEqual(broken.exitCode, 0, "the compiler reads the files");
    });

    it("have whole declarations and documentation in XML, in C#", () => {
        const all = sources("dotnet");
        assert.ok(all.size > 10);
        for (const [name, text] of all) {
            assert.deepEqual(unclosedBrackets(text.replace(TEXTS_AND_COMMENTS, "")), [], name);
            const documentation = [...text.matchAll(/^\s*\/\/\/(.*)$/gm)].map(([, line]) => line).join("\n");
            assert.deepEqual(unclosedTags(documentation), [], name);
            assert.doesNotMatch(documentation.replace(TAG, ""), /<|&(?!(?:lt|gt|amp|quot|apos|#\d+);)/, name);
        }
    });
});
