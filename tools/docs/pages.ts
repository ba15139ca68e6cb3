/**
 * Lists the parts of the documents that are made from the code.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../test/engine/paths.js";
import { dependenciesSection } from "./dependencies.js";
import { replaceSection } from "./markdown.js";
import {
    codesSection,
    errorsSection,
    inputsSection,
    orderSection,
    outputsSection,
    programsSection,
    remediesSection,
    settingsSection,
    validationInputsSection,
    validationOutputsSection,
} from "./sections.js";

const SECTIONS: readonly (readonly [document: string, section: string, make: () => string])[] = [
    ["docs/reference.md", "inputs that reissue", () => inputsSection("reissue")],
    ["docs/reference.md", "inputs that replace", () => inputsSection("replace")],
    ["docs/reference.md", "inputs that are recorded", () => inputsSection("record")],
    ["docs/reference.md", "outputs", outputsSection],
    ["docs/reference.md", "validation inputs", validationInputsSection],
    ["docs/reference.md", "validation outputs", validationOutputsSection],
    ["docs/installation-configuration.md", "settings", settingsSection],
    ["docs/reference.md", "order", orderSection],
    ["docs/reference.md", "errors", errorsSection],
    ["docs/troubleshooting.md", "codes", codesSection],
    ["docs/troubleshooting.md", "remedies", remediesSection],
    ["docs/_index.md", "programs", programsSection],
    ["DESIGN.md", "installed packages", dependenciesSection],
];

/** Makes the text of each document with generated parts. */
export function makeDocuments(): Map<string, string> {
    const documents = new Map<string, string>();
    for (const [document, section, make] of SECTIONS) {
        const text = documents.get(document) ?? readFileSync(join(repositoryRoot, document), "utf8");
        documents.set(document, replaceSection(text, section, make()));
    }
    return documents;
}
