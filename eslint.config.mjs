import tseslint from "typescript-eslint";

/** Folders that the code of a folder may not import; test/layout.spec.ts looks for circles. */
function forbid(files, groups, message, { ignores = [], allowTypeImports = false, names = [] } = {}) {
    return {
        files,
        ignores,
        rules: {
            "@typescript-eslint/no-restricted-imports": [
                "error",
                {
                    paths: names.map((name) => ({ name, message })),
                    patterns: [{ group: groups, allowTypeImports, message }],
                },
            ],
        },
    };
}

const unshipped = ["**/test/**", "**/tools/**"];

export default tseslint.config(
    { ignores: ["dist/", "build/", "docs/api/", "node_modules/", "examples/*/node_modules/"] },
    ...tseslint.configs.strictTypeChecked,
    ...tseslint.configs.stylisticTypeChecked,
    {
        languageOptions: {
            parserOptions: {
                // Two programs; "projectService" would make one for each example.
                project: ["tsconfig.json", "examples/tsconfig.json"],
                tsconfigRootDir: import.meta.dirname,
            },
        },
        rules: {
            "@typescript-eslint/consistent-type-imports": [
                "error",
                { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
            ],
            "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
            "@typescript-eslint/switch-exhaustiveness-check": "error",
            eqeqeq: "error",
        },
    },
    forbid(
        ["provider/core/**/*.ts"],
        [
            "@pulumi/*",
            "**/pulumi/**",
            "**/dynamic/**",
            "**/plugin/**",
            "**/sdk/**",
            "**/cli/**",
            "**/simulator/**",
            ...unshipped,
        ],
        "The core knows no Pulumi, no SDK, no command and no simulator.",
    ),
    forbid(
        ["provider/pulumi/**/*.ts"],
        [
            "@pulumi/*",
            "**/dynamic/**",
            "**/plugin/**",
            "**/sdk/**",
            "**/cli/**",
            "**/simulator/**",
            ...unshipped,
        ],
        "What both adapters share knows the core only.",
    ),
    forbid(
        ["provider/dynamic/**/*.ts"],
        ["**/plugin/**", "**/sdk/**", "**/cli/**", "**/simulator/**", ...unshipped],
        "An adapter knows the core and its own host only.",
    ),
    forbid(
        ["provider/plugin/**/*.ts"],
        [
            "@pulumi/pulumi/*",
            "!@pulumi/pulumi/proto",
            "**/dynamic/**",
            "**/sdk/**",
            "**/cli/**",
            "**/simulator/**",
            ...unshipped,
        ],
        "An adapter knows the core and its own host only; of Pulumi the plugin loads the messages of its protocol.",
        { names: ["@pulumi/pulumi"] },
    ),
    forbid(
        ["cli/**/*.ts", "simulator/**/*.ts"],
        ["**/sdk/**", "**/dynamic/**", "**/plugin/**", ...unshipped],
        "The command and the simulator know the core only.",
    ),
    forbid(
        ["sdk/**/*.ts"],
        ["**/provider/*", "**/core/**", "pulumi-digicert/provider", ...unshipped],
        "The Node SDK runs in the user's program: it may know provider/ by type only (see DESIGN.md).",
        {
            // Files of the core that load no library: its errors, the declarations, the places of DNS records.
            ignores: [
                "sdk/nodejs/errors.ts",
                "sdk/nodejs/index.ts",
                "sdk/nodejs/orderReader.ts",
                "sdk/nodejs/provider.ts",
                "sdk/nodejs/reissue.ts",
                "sdk/nodejs/validation.ts",
                "sdk/nodejs/dcvRecords.ts",
                "sdk/nodejs/dcvFile.ts",
                "sdk/nodejs/plugin/reissue.ts",
                "sdk/nodejs/plugin/validation.ts",
            ],
            allowTypeImports: true,
        },
    ),
    {
        files: ["sdk/nodejs/stub.ts", "sdk/nodejs/validationStub.ts"],
        rules: { "@typescript-eslint/no-require-imports": "off" },
    },
    { files: ["**/*.mjs"], ...tseslint.configs.disableTypeChecked },
);
