import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { blocksIn, textOf } from "../docs/blocks.js";
import { SCHEMA } from "../../tools/plugin/folder.js";
import { PAGES, PAGE_ORDER, pageOf } from "./programs.js";

type Language = keyof typeof PAGES;

interface Type {
    readonly properties?: object;
    readonly inputProperties?: object;
    readonly enum?: readonly { readonly name: string }[];
}
interface Schema {
    readonly resources: Readonly<Record<string, Type>>;
    readonly types: Readonly<Record<string, Type>>;
    readonly language: { readonly csharp: { rootNamespace: string; namespaces: Record<string, string> } };
}

const camelCase = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

/** The members that object initialisers of C# set, by class; each begins a line. */
function initialisers(code: string): { type: string; member: string }[] {
    const found: { type: string; member: string }[] = [];
    const open: string[] = [];
    let next = "";
    for (const line of code.split("\n")) {
        const [, member] = /^\s+([A-Z]\w*) = /.exec(line) ?? [];
        if (member !== undefined) found.push({ type: open.at(-1) ?? "", member });
        for (const [token, type] of line.matchAll(/new ([\w.]+)|[{}]/g)) {
            if (token === "}") open.pop();
            else if (token === "{") open.push(next);
            next = type ?? "";
        }
    }
    return found;
}

/** The words of C# programs that neither this package nor its stand-in for AWS declares. */
function unknownIn(code: string): string[] {
    const { resources, types } = JSON.parse(readFileSync(SCHEMA, "utf8")) as Schema;
    const [reissue, validation] = ["Reissue", "Validation"].map(
        (name) => resources[`digicert:index:${name}`],
    );
    const inputs: Readonly<Record<string, object | undefined>> = {
        ReissueArgs: reissue?.inputProperties,
        ValidationArgs: validation?.inputProperties,
        CertificateArgs: types["digicert:index:Certificate"]?.properties,
    };
    const outputs: Readonly<Record<string, object | undefined>> = {
        shop: reissue?.properties,
        issued: validation?.properties,
    };
    const methods = types["digicert:index:DcvMethod"]?.enum?.map(({ name }) => name) ?? [];
    const has = (members: object | undefined, name: string) =>
        members !== undefined && camelCase(name) in members;
    return [
        ...initialisers(code)
            .filter(({ type }) => type in inputs)
            .filter(({ type, member }) => !has(inputs[type], member))
            .map(({ type, member }) => `${type}.${member}`),
        ...[...code.matchAll(/\b(shop|issued)\.([A-Z]\w*)/g)]
            .filter(([, name = "", member = ""]) => !has(outputs[name], member))
            .map(([text]) => text),
        ...[...code.matchAll(/\bDcvMethod\.(\w+)/g)]
            .filter(([, name = ""]) => !methods.includes(name))
            .map(([text]) => text),
    ];
}

describe("the page of each language", () => {
    for (const language of Object.keys(PAGES) as Language[]) {
        const { document, fence } = PAGES[language];

        it(`for ${language} shows a reissue, the key, the import, and validation in one up`, () => {
            const [first, validated] = pageOf(language);
            const text = textOf(document);
            assert.match(text, /pulumi import digicert:index:Reissue/);
            if (language !== "TypeScript") assert.match(text, /openssl req -new/);
            assert.doesNotMatch(first, /Validation/);
            assert.match(validated, /Validation/);
            for (const program of [first, validated]) assert.ok(program.includes(String(PAGE_ORDER)));
        });

        // The tests play the programs of the pages, and compile all blocks of TypeScript.
        if (fence === "ts" || fence === "yaml") continue;
        it(`for ${language} has all programs in it that the documents have`, () => {
            const places = blocksIn(fence).map((block) => block.document);
            assert.deepEqual(places, ["docs/_index.md", document, document]);
        });
    }

    it("for .NET uses names of the schema, since its programs are not compiled", () => {
        const { language } = JSON.parse(readFileSync(SCHEMA, "utf8")) as Schema;
        const { rootNamespace, namespaces } = language.csharp;
        for (const program of pageOf(".NET")) {
            assert.ok(program.includes(`using ${rootNamespace}.${namespaces.digicert ?? ""};`));
            assert.deepEqual(unknownIn(program), []);
        }
    });

    it("for .NET would be refused with other names", () => {
        const [, validated] = pageOf(".NET");
        const wrong = validated
            .replace("SkipApproval = ", "SkipApprovals = ")
            .replace("DnsNames = ", "Names = ")
            .replace("shop.ReissueId", "shop.Reissue")
            .replace("DcvMethod.DnsTxtToken", "DcvMethod.Txt");
        assert.deepEqual(unknownIn(wrong), [
            "CertificateArgs.Names",
            "ReissueArgs.SkipApprovals",
            "shop.Reissue",
            "DcvMethod.Txt",
        ]);
    });
});
