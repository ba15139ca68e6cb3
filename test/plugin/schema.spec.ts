import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { run } from "../engine/child.js";
import { PYTHON, repositoryRoot } from "../engine/paths.js";
import { requireCli, skipSuite } from "../engine/requireCli.js";
import { SCHEMA } from "../../tools/plugin/folder.js";
import { schemaText, type Property } from "../../tools/plugin/schema.js";
import { generateSdks, generatingHosts, GO_SDK } from "../../tools/plugin/sdks.js";

interface Object {
    readonly description: string;
    readonly properties?: Readonly<Record<string, Property>>;
    readonly required?: readonly string[];
    readonly enum?: readonly { name: string; value: string }[];
    readonly inputProperties?: Readonly<Record<string, Property>>;
    readonly requiredInputs?: readonly string[];
    readonly aliases?: readonly { type: string }[];
    readonly inputs?: Object;
    readonly outputs?: Object;
}

interface Schema {
    readonly config: { readonly variables: Readonly<Record<string, Property>> };
    readonly resources: Readonly<Record<string, Object>>;
    readonly functions: Readonly<Record<string, Object>>;
    readonly types: Readonly<Record<string, Object>>;
    readonly provider: Object;
    readonly language: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What names a package in a language; programs import it. */
const PACKAGE_NAMES = [
    "importBasePath",
    "packageName",
    "rootNamespace",
    "namespaces",
    "basePackage",
] as const;

/** Whether programs give an object, read it, or both. */
type Use = "given" | "read" | "both";

const FROZEN = join(repositoryRoot, "test", "fixtures", "releases", "schema.json");

const parse = (file: string) => JSON.parse(readFileSync(file, "utf8")) as Schema;

function typeText(property: Property | undefined): string {
    return JSON.stringify({ ...property, description: undefined });
}

/** Whether an input holds the type. */
function isGiven({ resources, types }: Schema, token: string): boolean {
    const inputs = Object.values(resources).map(({ inputProperties }) => inputProperties);
    return JSON.stringify([inputs, types]).includes(`"#/types/${token}"`);
}

/** What of an earlier schema a later one breaks. */
function broken(earlier: Schema, later: Schema): string[] {
    const found: string[] = [];
    const compare = (
        where: string,
        use: Use,
        before: Object | undefined,
        after: Object | undefined,
    ): void => {
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
        const needed = ({ required = [], requiredInputs = [] }: Object) =>
            use === "read" ? requiredInputs : [...required, ...requiredInputs];
        for (const name of needed(after))
            if (!needed(before).includes(name)) found.push(`${where}.${name} became required`);
        for (const name of before.required ?? [])
            if (use !== "given" && !after.required?.includes(name))
                found.push(`${where}.${name} may be absent now`);
        for (const member of before.enum ?? [])
            if (!after.enum?.some(({ name, value }) => name === member.name && value === member.value))
                found.push(`${where} has lost ${member.value}`);
        for (const { type } of before.aliases ?? [])
            if (!after.aliases?.some((alias) => alias.type === type))
                found.push(`${where} has lost the alias ${type}`);
        compare(`${where} inputs`, "given", before.inputs, after.inputs);
        compare(`${where} outputs`, "read", before.outputs, after.outputs);
    };
    for (const [token, before] of Object.entries(earlier.resources))
        compare(token, "read", before, later.resources[token]);
    for (const [token, before] of Object.entries(earlier.functions))
        compare(token, "read", before, later.functions[token]);
    for (const [token, before] of Object.entries(earlier.types))
        compare(token, isGiven(later, token) ? "both" : "read", before, later.types[token]);
    compare("provider", "read", earlier.provider, later.provider);
    const variables = (schema: Schema) => ({ description: "", properties: schema.config.variables });
    compare("config", "given", variables(earlier), variables(later));
    for (const [language, names] of Object.entries(earlier.language))
        for (const name of PACKAGE_NAMES)
            if (!isDeepStrictEqual(names[name], later.language[language]?.[name]))
                found.push(`${language}.${name} differs`);
    return found;
}

/** Changes a list in a schema. */
function changing(path: readonly string[], change: (list: string[]) => string[]): (text: string) => string {
    return (text) => {
        const schema: unknown = JSON.parse(text);
        const parent = path
            .slice(0, -1)
            .reduce((holder, name) => (holder as Record<string, unknown>)[name], schema);
        const [last = ""] = path.slice(-1);
        const lists = parent as Record<string, string[]>;
        lists[last] = change(lists[last] ?? []);
        return JSON.stringify(schema);
    };
}
const listing = (path: readonly string[], name: string) => changing(path, (list) => [...list, name]);
const unlisting = (path: readonly string[], name: string) =>
    changing(path, (list) => list.filter((one) => one !== name));

describe("the schema of the plugin", () => {
    const schema = parse(SCHEMA);

    it("is what npm run schema makes from the declarations", () => {
        assert.equal(readFileSync(SCHEMA, "utf8"), schemaText());
    });

    it("breaks nothing that is frozen", () => {
        const frozen = parse(FROZEN);
        assert.deepEqual(broken(frozen, schema), []);
    });

    const breaks: readonly (readonly [what: string, change: (text: string) => string, found: string])[] = [
        [
            "an input has another name",
            (text) => text.replaceAll('"skipApproval"', '"skipsApproval"'),
            "digicert:index:Reissue.skipApproval differs",
        ],
        [
            "a function is gone",
            (text) => text.replaceAll("digicert:index:getOrder", "digicert:index:order"),
            "digicert:index:getOrder is gone",
        ],
        [
            "a choice is gone",
            (text) => text.replaceAll('"cancelPending"', '"cancel"'),
            "digicert:index:DeletionPolicy has lost cancelPending",
        ],
        [
            "the alias of the dynamic resource is gone",
            (text) => text.replaceAll("dynamic/digicert:Reissue", "dynamic/digicert:Order"),
            "digicert:index:Reissue has lost the alias pulumi-nodejs:dynamic/digicert:Reissue",
        ],
        [
            "a resource needs an input more",
            listing(["resources", "digicert:index:Reissue", "requiredInputs"], "comments"),
            "digicert:index:Reissue.comments became required",
        ],
        [
            "a nested type needs a member more",
            listing(["types", "digicert:index:Certificate", "required"], "commonName"),
            "digicert:index:Certificate.commonName became required",
        ],
        [
            "a function needs an input more",
            listing(["functions", "digicert:index:getOrder", "inputs", "required"], "followRenewals"),
            "digicert:index:getOrder inputs.followRenewals became required",
        ],
        [
            "an output of a function may be absent",
            unlisting(["functions", "digicert:index:getOrder", "outputs", "required"], "status"),
            "digicert:index:getOrder outputs.status may be absent now",
        ],
        [
            "an output of a resource may be absent",
            unlisting(["resources", "digicert:index:Reissue", "required"], "status"),
            "digicert:index:Reissue.status may be absent now",
        ],
        [
            "a setting has another name",
            (text) => text.replaceAll('"quotaShare"', '"quota"'),
            "config.quotaShare differs",
        ],
        [
            "the package of a language has another name",
            (text) => text.replaceAll("io.github.pulumidigicert", "io.github.digicert"),
            "java.basePackage differs",
        ],
    ];
    for (const [what, change, found] of breaks) {
        it(`would be told from one where ${what}`, () => {
            const later = JSON.parse(change(readFileSync(FROZEN, "utf8"))) as Schema;
            const all = broken(parse(FROZEN), later);
            assert.ok(all.includes(found), all.join("\n"));
        });
    }

    it("has resources, functions and provider under their tokens", () => {
        assert.deepEqual(Object.keys(schema.resources), [
            "digicert:index:Reissue",
            "digicert:index:Validation",
        ]);
        assert.deepEqual(Object.keys(schema.functions), [
            "digicert:index:getDcvRecords",
            "digicert:index:getOrder",
        ]);
    });

    it("uses no word of one language, and no default that an SDK would fill in", () => {
        const text = readFileSync(SCHEMA, "utf8");
        assert.doesNotMatch(
            text,
            /DigiCertReissue|DigiCertError|dynamic resource|undefined|TypeScript|@link|"default":|getOrderOutput|fullChainPem|dcvRecords|npx|getter/,
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

async function generated(language: "go" | "python" | "nodejs"): Promise<string> {
    const out = await generateSdks(language);
    assert.ok(out !== undefined);
    return out;
}

describe("the SDKs of the plugin", function () {
    this.timeout(120_000);

    before(async function () {
        await requireCli(this);
        if (generatingHosts() === undefined)
            skipSuite(this, 'the generator of SDKs. Run "npm run engine" first', process.env.CI);
    });

    it("for Go is what npm run sdk makes from the schema", async () => {
        const out = await generated("go");
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
        const out = await generated("python");
        if (!existsSync(PYTHON.executable)) skipSuite(this, `Python in ${PYTHON.folder}`, process.env.CI);
        const folder = join(out, "python", "pulumi_digicert");
        const { exitCode, output } = await run(PYTHON.executable, ["-m", "compileall", "-q", folder]);
        assert.equal(exitCode, 0, output);
        const reissue = readFileSync(join(folder, "reissue.py"), "utf8");
        assert.match(reissue, /order_id: pulumi\.Input\[/);
        assert.match(readFileSync(join(folder, "_enums.py"), "utf8"), /CANCEL_PENDING = "cancelPending"/);
    });

    it("for Node.js has the same tokens as the classes of pulumi-digicert/plugin", async () => {
        const out = await generated("nodejs");
        for (const name of ["reissue", "validation"]) {
            const token = /__pulumiType = '([^']+)'/.exec(
                readFileSync(join(out, "nodejs", `${name}.ts`), "utf8"),
            )?.[1];
            const own = readFileSync(join(repositoryRoot, "sdk", "nodejs", "plugin", `${name}.ts`), "utf8");
            assert.ok(token !== undefined && own.includes(`const TOKEN = "${token}";`), name);
        }
    });
});
