import tseslint from "typescript-eslint";

const loadsLazily = "sdk/ runs in the user's program: it may know provider/ by type only (see DESIGN.md).";

export default tseslint.config(
    { ignores: ["dist/", "docs/api/", "node_modules/", "examples/*/node_modules/"] },
    ...tseslint.configs.strictTypeChecked,
    ...tseslint.configs.stylisticTypeChecked,
    {
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
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
    {
        files: ["sdk/**/*.ts"],
        ignores: ["sdk/cli/**"],
        rules: {
            "@typescript-eslint/no-restricted-imports": [
                "error",
                {
                    patterns: [
                        {
                            group: ["**/provider/*", "pulumi-digicert/provider"],
                            allowTypeImports: true,
                            message: loadsLazily,
                        },
                        { group: ["**/cli/*"], message: "A program never loads the command line." },
                    ],
                },
            ],
            "no-restricted-syntax": [
                "error",
                { selector: "ImportExpression[source.value=/provider/]", message: loadsLazily },
            ],
        },
    },
    // The one lazy import: what reads an order for the program is loaded when the first order is read.
    { files: ["sdk/orderReader.ts"], rules: { "no-restricted-syntax": "off" } },
    { files: ["sdk/stub.ts"], rules: { "@typescript-eslint/no-require-imports": "off" } },
    { files: ["**/*.mjs"], ...tseslint.configs.disableTypeChecked },
);
