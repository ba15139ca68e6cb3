/**
 * The languages of `init`.
 *
 * @module
 */

/** TypeScript, or JavaScript as CommonJS: a program with the dynamic resource. */
export type NodeLanguage = "ts" | "js";
/** Languages whose programs `pulumi import` prints, through the provider plugin. */
export type ImportLanguage = "python" | "go" | "java" | "csharp";
/** A language of `--language`. YAML is a program with the plugin's resource. */
export type Language = NodeLanguage | "yaml" | ImportLanguage;

/** All of them, in the order of the help. */
export const LANGUAGES: readonly Language[] = ["ts", "js", "yaml", "python", "go", "java", "csharp"];

/** Whether programs in the language use the dynamic resource; else they use the plugin. */
export function isNodeLanguage(language: Language): language is NodeLanguage {
    return language === "ts" || language === "js";
}

/** Whether the program comes from `pulumi import`. */
export function isImportLanguage(language: Language): language is ImportLanguage {
    return !isNodeLanguage(language) && language !== "yaml";
}
