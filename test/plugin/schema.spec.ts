import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../engine/child.js";
import { repositoryRoot } from "../engine/paths.js";
import { SCHEMA } from "../../tools/plugin/folder.js";
import { schemaText, type Property } from "../../tools/plugin/schema.js";
import { generateSdks, GO_SDK } from "../../tools/plugin/sdks.js";
import { PYTHON } from "./python.js";

interface Object {
    readonly description: string;
    readonly properties?: Readonly<Record<string, Property>>;
    readonly required?: readonly string[];
    readonly enum?: readonly { name: string; value: string }[];
    readonly inputProperties?: Readonly<Record<string, Property>>;
    readonly requiredInputs?: readonly string[];
    readonly inputs?: Object;
    readonly outputs?: Object;
}

interface Schema {
    readonly resources: Readonly<Record<string, Object>>;
    readonly functions: Readonly<Record<string, Object>>;
    readonly types: Readonly<Record<string, Object>>;
    readonly provider: Object;
}

const FROZEN = join(repositoryRoot, "test", "fixtures", "releases", "schema.json");

const parse = (file: string) => JSON.parse(readFileSync(file, "utf8")) as Schema;

function typeText(property: Property | undefined): string {
    return JSON.stringify({ ...property, description: undefined });
}

/** What of an earlier schema a later one breaks. */
function broken(earlier: Schema, later: Schema): string[] {
    const found: string[] = [];
    const compare = (where: string, before: Object | undefined, after: Object | undefined): void => {
        if (before === undefined) return;
        if (after === undefined) {
            found.push(`${where} is gone`);
            return;
        }
        for (const part of ["properties", "inputProperties"] as const) {
            for (const [name, property] of Object.entries(before[part] ?? {}))
                if (typeText(property) !== typeText(after[part]?.[name]))
                    found.push(`${where}.${name} differs`);
        }
        for (const name of after.requiredInputs ?? [])
            if (!before.requiredInputs?.includes(name)) found.push(`${where}.${name} became required`);
        for (const name of before.required ?? [])
            if (before.inputProperties !== undefined && !after.required?.includes(name))
                found.push(`${where}.${name} may be absent now`);
        for (const member of before.enum ?? [])
            if (!after.enum?.some(({ name, value }) => name === member.name && value === member.value))
                found.push(`${where} has lost ${member.value}`);
        compare(`${where} inputs`, before.inputs, after.inputs);
        compare(`${where} outputs`, before.outputs, after.outputs);
    };
    for (const part of ["resources", "functions", "types"] as const)
        for (const [token, before] of Object.entries(earlier[part]))
            compare(token, before, later[part][token]);
    compare("provider", earlier.provider, later.provider);
    return found;
}

describe("the schema of the plugin", () => {
    const schema = parse(SCHEMA);

    it("is what npm run schema makes from the declarations", () => {
        assert.equal(readFileSync(SCHEMA, "utf8"), schemaText());
    });

    it("breaks nothing that is frozen", () => {
        const frozen = parse(FROZEN);
        assert.deepEqual(broken(frozen, schema), []);
    });

    it("would be told from one that breaks something", () => {
        const text = readFileSync(FROZEN, "utf8");
        const later = (from: string, to: string) => JSON.parse(text.replaceAll(from, to)) as Schema;
        const frozen = parse(FROZEN);
        assert.match(
            broken(frozen, later('"skipApproval"', '"skipsApproval"')).join(),
            /Reissue\.skipApproval differs/,
        );
        assert.match(
            broken(frozen, later("digicert:index:getOrder", "digicert:index:order")).join(),
            /getOrder is gone/,
        );
        assert.match(broken(frozen, later('"cancelPending"', '"cancel"')).join(), /has lost cancelPending/);
        const required = JSON.parse(text) as { resources: Record<string, { requiredInputs: string[] }> };
        required.resources["digicert:index:Reissue"]?.requiredInputs.push("comments");
        assert.match(broken(frozen, required as unknown as Schema).join(), /comments became required/);
    });

    it("has resources, functions and provider under their tokens", () => {
        assert.deepEqual(Object.keys(schema.resources), [
            "digicert:index:Reissue",
            "digicert:index:Validation",
        ]);
        assert.deepEqual(Object.keys(schema.functions), ["digicert:index:getOrder"]);
    });

    it("uses no word of one language, and no default that an SDK would fill in", () => {
        const text = readFileSync(SCHEMA, "utf8");
        assert.doesNotMatch(
            text,
            /DigiCertReissue|DigiCertError|dynamic resource|undefined|TypeScript|@link|"default":/,
        );
        assert.doesNotMatch(text, /"integer"/);
        const { inputProperties = {} } = schema.provider;
        assert.doesNotMatch(JSON.stringify(inputProperties), /defaultInfo/);
        assert.equal(inputProperties.apiKey?.secret, true);
    });

    it("lets a certificate be handed from one resource to another: it holds no choice", () => {
        const certificate = schema.types["digicert:index:Certificate"];
        assert.equal(certificate?.properties?.signatureHash?.type, "string");
        for (const property of Object.values(certificate.properties ?? {}))
            assert.doesNotMatch(property.$ref ?? "", /DcvMethod|DeletionPolicy/);
    });
});

describe("the SDKs of the plugin", function () {
    this.timeout(120_000);

    it("for Go is what npm run sdk makes from the schema", async function () {
        const out = await generateSdks("go");
        if (out === undefined) return this.skip();
        const files = (folder: string) =>
            readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" })
                .filter((entry) => entry.isFile() && !/^go\.(mod|sum)$/.test(entry.name))
                .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
                .sort();
        assert.deepEqual(files(GO_SDK), files(join(out, "go")));
        for (const file of files(GO_SDK))
            assert.equal(
                readFileSync(join(GO_SDK, file), "utf8"),
                readFileSync(join(out, "go", file), "utf8"),
                file,
            );
    });

    it("for Python reads as Python does", async function () {
        const out = await generateSdks("python");
        if (out === undefined || !existsSync(PYTHON.executable)) return this.skip();
        const folder = join(out, "python", "pulumi_digicert");
        const { exitCode, output } = await run(PYTHON.executable, ["-m", "compileall", "-q", folder]);
        assert.equal(exitCode, 0, output);
        const reissue = readFileSync(join(folder, "reissue.py"), "utf8");
        assert.match(reissue, /order_id: pulumi\.Input\[/);
        assert.match(readFileSync(join(folder, "_enums.py"), "utf8"), /CANCEL_PENDING = "cancelPending"/);
    });

    it("for Node.js has the same tokens as the classes of pulumi-digicert/plugin", async function () {
        const out = await generateSdks("nodejs");
        if (out === undefined) return this.skip();
        for (const name of ["reissue", "validation"]) {
            const token = /__pulumiType = '([^']+)'/.exec(
                readFileSync(join(out, "nodejs", `${name}.ts`), "utf8"),
            )?.[1];
            const own = readFileSync(join(repositoryRoot, "sdk", "nodejs", "plugin", `${name}.ts`), "utf8");
            assert.ok(token !== undefined && own.includes(`const TOKEN = "${token}";`), name);
        }
    });
});
