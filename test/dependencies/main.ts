/** `npm run dependencies`: writes docs/dependencies.md. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { dependenciesDocument, documentFile } from "./document.js";

async function main(): Promise<void> {
    mkdirSync(dirname(documentFile), { recursive: true });
    writeFileSync(documentFile, await dependenciesDocument());
}

main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
});
