/**
 * The commands that import an order, for languages whose programs `pulumi import` prints.
 *
 * @module
 */
import type { ImportLanguage } from "./language.js";
import type { ProgramOrder } from "./order.js";
import { ADD_GO_SDK, ADD_SDK, INSTALL, PLUGIN_LINES, REISSUE_TYPE } from "./plugin.js";

const TITLES: Readonly<Record<ImportLanguage, string>> = {
    python: "Python",
    go: "Go",
    java: "Java",
    csharp: "C#",
};

/** Writes a shell script: what is needed once, and the import of the order. */
export function writeImportCommands(
    { orderId, notAdoptable }: ProgramOrder,
    language: ImportLanguage,
    name: string,
): string {
    const lines = [
        "# Once, in the folder of the project: the plugin, and these lines in Pulumi.yaml:",
        ...PLUGIN_LINES.map((line) => `#   ${line}`),
        INSTALL,
        language === "go" ? ADD_GO_SDK : ADD_SDK,
        "",
        `# Takes the order over, with GETs only, and prints the program in ${TITLES[language]}.`,
        "# Without --protect=false Pulumi protects the resource, and its renewal could not replace it.",
        ...(language === "java"
            ? ["# In it, replace com.pulumi.digicert.inputs by io.github.pulumidigicert.digicert.inputs."]
            : []),
        ...(notAdoptable === undefined
            ? []
            : [
                  `# The certificate ${notAdoptable}, so the first \`pulumi up\` afterwards requests a reissue.`,
              ]),
        `pulumi import ${REISSUE_TYPE} ${quoteArgument(name)} ${orderId} --protect=false`,
    ];
    return `${lines.join("\n")}\n`;
}

/** A word of a shell command. */
function quoteArgument(text: string): string {
    return /^[\w.:@/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
