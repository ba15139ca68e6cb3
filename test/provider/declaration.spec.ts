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

/** Compiles the files that use a declaration, with another text in place of it; the files that have errors. */
function brokenBy(declaration: Declaration, change: (text: string) => string): string[] {
    const options = program?.getCompilerOptions() ?? compilerOptions();
    const host = ts.createCompilerHost(options);
    const read = host.readFile.bind(host);
    const getSource = host.getSourceFile.bind(host);
    const last = program;
    host.getSourceFile = (name, languageVersion, ...rest) => {
        if (name.endsWith(declaration)) {
            const text = read(name) ?? "";
            const changed = change(text);
            assert.notEqual(changed, text, declaration);
            return ts.createSourceFile(name, changed, languageVersion);
        }
        const isDeclaration = Object.keys(PLACES).some((one) => name.endsWith(one));
        return (isDeclaration ? undefined : last?.getSourceFile(name)) ?? getSource(name, languageVersion, ...rest);
    };
    const path = (file: string) => join(repositoryRoot, file);
    const all = Object.entries(PLACES).flatMap(([one, places]) => [one, ...places]);
    const compiled = ts.createProgram(all.map(path), options, host, last);
    program = compiled;
    return [declaration, ...PLACES[declaration]].filter((file) => {
        const source = compiled.getSourceFile(path(file));
        assert.ok(source, file);
        return compiled.getSemanticDiagnostics(source).length > 0;
    });
}

/** Adds a row to a table, at the text that ends it. */
const adding = (end: string, row: string) => (text: string) => text.replace(end, `    forgotten: ${row},\n${end}`);

const INPUTS_END = "} as const satisfies Readonly<Record<string, InputDeclaration>>";
const OUTPUTS_END = "} as const satisfies Readonly<Record<string, OutputDeclaration>>";
const SETTINGS_END = "} as const satisfies Readonly<Record<string, SettingDeclaration>>";
const INPUT = '{ change: "record", type: "string", default: "none", about: "Declared and nowhere else." }';
const OUTPUT = '{ type: "string", about: "Declared and nowhere else." }';

describe("what is declared", function () {
    this.timeout(120_000);

    const cases: readonly (readonly [
        what: string,
        declaration: Declaration,
        change: (text: string) => string,
        broken: readonly string[],
    ])[] = [
        [
            "an input of a reissue that is forgotten elsewhere",
            "provider/core/reissue/declaration.ts",
            adding(INPUTS_END, INPUT),
            PLACES["provider/core/reissue/declaration.ts"],
        ],
        [
            "an output of a reissue that is forgotten elsewhere",
            "provider/core/reissue/declaration.ts",
            adding(OUTPUTS_END, OUTPUT),
            PLACES["provider/core/reissue/declaration.ts"].slice(1),
        ],
        [
            "an input of a reissue that is kept elsewhere, and gone here",
            "provider/core/reissue/declaration.ts",
            (text) => text.replace("    failDaysRemaining: {", "    other: {"),
            PLACES["provider/core/reissue/declaration.ts"],
        ],
        [
            "an input of a validation that is forgotten elsewhere",
            "provider/core/validation/declaration.ts",
            adding(INPUTS_END, INPUT),
            PLACES["provider/core/validation/declaration.ts"],
        ],
        [
            "an input of getOrder that is forgotten elsewhere",
            "provider/core/order/declaration.ts",
            adding(INPUTS_END, '{ type: "string", default: "none", about: "Declared and nowhere else." }'),
            PLACES["provider/core/order/declaration.ts"],
        ],
        [
            "a setting that is forgotten elsewhere",
            "provider/core/settings/declaration.ts",
            adding(SETTINGS_END, '{ type: "string", environment: "DIGICERT_FORGOTTEN", about: "Declared and nowhere else." }'),
            PLACES["provider/core/settings/declaration.ts"],
        ],
        [
            "a setting that is kept elsewhere, and gone here",
            "provider/core/settings/declaration.ts",
            (text) => text.replace("    region: {", "    other: {"),
            PLACES["provider/core/settings/declaration.ts"],
        ],
    ];
    for (const [what, declaration, change, broken] of cases) {
        it(`fails the build in each place that has to know it: ${what}`, () => {
            assert.deepEqual(brokenBy(declaration, change), broken);
        });
    }
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
