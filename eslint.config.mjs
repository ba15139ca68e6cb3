import tseslint from "typescript-eslint";

const loadsLazily = "sdk/ runs in the user's program: it may know provider/ by type only (see DESIGN.md).";

export default tseslint.config(
    { ignores: ["dist/", "node_modules/", "examples/*/node_modules/"] },
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
        },
    },
    { files: ["sdk/stub.ts"], rules: { "@typescript-eslint/no-require-imports": "off" } },
    { files: ["**/*.mjs"], ...tseslint.configs.disableTypeChecked },
);
