import assert from "node:assert/strict";
import { join } from "node:path";
import ts from "typescript";
import { INPUT_NAMES, INPUTS, type InputName } from "../../provider/core/reissue/declaration.js";
import { plan } from "../../provider/core/reissue/plan/plan.js";
import { repositoryRoot } from "../engine/paths.js";
import { inputs, ISSUED_AT, issuedState, plusDays } from "../fixtures/inputs.js";

const DECLARATION = join(repositoryRoot, "provider", "core", "reissue", "declaration.ts");
const PLACES = ["provider/core/reissue/inputs.ts", "provider/core/reissue/state.ts", "sdk/nodejs/reissue.ts"];

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

/** Compiles everything that uses the declarations, with another text in place of theirs; the errors by file. */
function compileWith(change: (text: string) => string): Map<string, string[]> {
    const options = program?.getCompilerOptions() ?? compilerOptions();
    const host = ts.createCompilerHost(options);
    const read = host.readFile.bind(host);
    const getSource = host.getSourceFile.bind(host);
    const last = program;
    host.getSourceFile = (name, languageVersion, ...rest) =>
        name.endsWith("core/reissue/declaration.ts")
            ? ts.createSourceFile(name, change(read(name) ?? ""), languageVersion)
            : (last?.getSourceFile(name) ?? getSource(name, languageVersion, ...rest));
    program = ts.createProgram(
        [DECLARATION, ...PLACES.map((place) => join(repositoryRoot, place))],
        options,
        host,
        last,
    );
    const errors = new Map<string, string[]>();
    for (const place of [DECLARATION, ...PLACES.map((one) => join(repositoryRoot, one))]) {
        const source = program.getSourceFile(place);
        assert.ok(source, place);
        for (const { messageText } of program.getSemanticDiagnostics(source)) {
            const name = place.slice(repositoryRoot.length + 1);
            const text = ts.flattenDiagnosticMessageText(messageText, "\n");
            errors.set(name, [...(errors.get(name) ?? []), text]);
        }
    }
    return errors;
}

const INPUT = `
    forgotten: { change: "record", type: "string", default: "none", about: "An input that is declared and nowhere else." },
} as const satisfies Readonly<Record<string, InputDeclaration>>`;
const OUTPUT = `
    forgotten: { type: "string", about: "An output that is declared and nowhere else." },
} as const satisfies Readonly<Record<string, OutputDeclaration>>`;

describe("an input or output that is declared", function () {
    this.timeout(120_000);

    it("fails the build in its rules, in the state and in the SDK, where it is an input that they forget", () => {
        const errors = compileWith((text) =>
            text.replace("} as const satisfies Readonly<Record<string, InputDeclaration>>", INPUT),
        );
        assert.deepEqual([...errors.keys()].sort(), PLACES);
        for (const messages of errors.values()) assert.ok(messages.length > 0);
    });

    it("fails the build in the state and in the SDK, where it is an output that they forget", () => {
        const errors = compileWith((text) =>
            text.replace("} as const satisfies Readonly<Record<string, OutputDeclaration>>", OUTPUT),
        );
        assert.deepEqual([...errors.keys()].sort(), PLACES.slice(1));
    });

    it("fails the build where it is taken away and they keep it", () => {
        const errors = compileWith((text) => text.replace("    failDaysRemaining: {", "    other: {"));
        assert.deepEqual([...errors.keys()].sort(), PLACES);
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
