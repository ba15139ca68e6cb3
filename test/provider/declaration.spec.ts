import assert from "node:assert/strict";
import { join } from "node:path";
import ts from "typescript";
import { INPUT_NAMES, INPUTS, type InputName } from "../../provider/core/reissue/declaration.js";
import { plan } from "../../provider/core/reissue/plan/plan.js";
import { repositoryRoot } from "../engine/paths.js";
import { inputs, ISSUED_AT, issuedState, plusDays } from "../fixtures/inputs.js";

/** The declarations, and the files that must know every name in them. */
const PLACES = {
    "provider/core/order/declaration.ts": ["provider/core/order/read.ts", "sdk/nodejs/getOrder.ts"],
    "provider/core/reissue/declaration.ts": [
        "provider/core/reissue/inputs.ts",
        "provider/core/reissue/state.ts",
        "sdk/nodejs/reissue.ts",
    ],
    "provider/core/settings/declaration.ts": [
        "provider/core/settings.ts",
        "sdk/nodejs/provider.ts",
        "tools/docs/sections.ts",
    ],
    "provider/core/validation/declaration.ts": [
        "provider/core/validation/inputs.ts",
        "provider/core/validation/state.ts",
        "sdk/nodejs/validation.ts",
    ],
} as const;

type Declaration = keyof typeof PLACES;

const DECLARATIONS = Object.keys(PLACES) as readonly Declaration[];

/** The project's compiler options. */
function compilerOptions(): ts.CompilerOptions {
    const file = join(repositoryRoot, "tsconfig.json");
    const parsed = ts.getParsedCommandLineOfConfigFile(
        file,
        { noEmit: true },
        {
            ...ts.sys,
            onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
                throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
            },
        },
    );
    assert.ok(parsed);
    return parsed.options;
}

/** The last compilation: the next one takes over the files that are the same. */
let program: ts.Program | undefined;

/** Compiles everything that uses the declarations, with other texts in place of theirs; the files that have errors. */
function brokenBy(changes: Partial<Record<Declaration, (text: string) => string>>): string[] {
    const options = program?.getCompilerOptions() ?? compilerOptions();
    const host = ts.createCompilerHost(options);
    const read = host.readFile.bind(host);
    const getSource = host.getSourceFile.bind(host);
    const last = program;
    host.getSourceFile = (name, languageVersion, ...rest) => {
        const declaration = DECLARATIONS.find((one) => name.endsWith(one));
        if (declaration === undefined)
            return last?.getSourceFile(name) ?? getSource(name, languageVersion, ...rest);
        const text = read(name) ?? "";
        const changed = changes[declaration]?.(text) ?? text;
        assert.equal(changed !== text, declaration in changes, declaration);
        return ts.createSourceFile(name, changed, languageVersion);
    };
    const path = (file: string) => join(repositoryRoot, file);
    const files = DECLARATIONS.flatMap((one) => [one, ...PLACES[one]]);
    const compiled = ts.createProgram(files.map(path), options, host, last);
    program = compiled;
    return files.filter((file) => {
        const source = compiled.getSourceFile(path(file));
        assert.ok(source, file);
        return compiled.getSemanticDiagnostics(source).length > 0;
    });
}

/** Adds a row to a table, before the text that ends it. */
const adding = (end: string, row: string) => (text: string) =>
    text.replace(end, `    forgotten: { ${row}, about: "Declared and nowhere else." },\n${end}`);

const endOf = (declared: string) => `} as const satisfies Readonly<Record<string, ${declared}>>`;
const INPUT = adding(endOf("InputDeclaration"), 'change: "record", type: "string", default: "none"');
const OUTPUT = adding(endOf("OutputDeclaration"), 'type: "string"');

describe("a name that is declared", function () {
    this.timeout(240_000);

    it("fails the build in each place that forgets it, where it is an input or a setting", () => {
        const broken = brokenBy({
            "provider/core/order/declaration.ts": adding(
                endOf("InputDeclaration"),
                'type: "string", default: "none"',
            ),
            "provider/core/reissue/declaration.ts": INPUT,
            "provider/core/settings/declaration.ts": adding(
                endOf("SettingDeclaration"),
                'type: "string", environment: "DIGICERT_FORGOTTEN"',
            ),
            "provider/core/validation/declaration.ts": INPUT,
        });
        assert.deepEqual(broken, Object.values(PLACES).flat());
    });

    it("fails the build in the places that forget it, where it is an output, or keep it, where it is taken away", () => {
        const without = (name: string) => (text: string) => text.replace(`    ${name}: {`, "    other: {");
        const broken = brokenBy({
            "provider/core/order/declaration.ts": without("followRenewals"),
            "provider/core/reissue/declaration.ts": OUTPUT,
            "provider/core/settings/declaration.ts": without("region"),
            "provider/core/validation/declaration.ts": OUTPUT,
        });
        const places = Object.values(PLACES).flat();
        // An output has no rules.
        assert.deepEqual(
            broken,
            places.filter((place) => !place.endsWith("/inputs.ts")),
        );
    });
});

/** Another value of each input. */
const OTHER_VALUES: Readonly<Record<InputName, unknown>> = {
    orderId: "445566",
    certificate: { ...inputs().certificate, signatureHash: "sha384" },
    comments: "for the shop",
    skipApproval: true,
    dcvMethod: "email",
    additionalParameters: { cs_provisioning_method: "email" },
    triggers: { rotation: "2" },
    minDaysRemaining: 3,
    failDaysRemaining: 3,
    waitForApproval: true,
    issuanceTimeoutSeconds: 0,
    allowPendingOutputs: true,
    allowNameRemoval: ["old.example"],
    adoptExisting: true,
    deletionPolicy: "cancelPending",
};

describe("a change of an input", () => {
    for (const name of INPUT_NAMES) {
        const { change } = INPUTS[name];
        it(`is planned as it is declared: ${name}, ${change}`, () => {
            const changed = { ...inputs(), [name]: OTHER_VALUES[name] };
            const { kind } = plan(issuedState(inputs()), changed, plusDays(ISSUED_AT, 10));
            assert.equal(kind, change);
        });
    }
});
