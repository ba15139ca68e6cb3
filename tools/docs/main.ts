/** `npm run docs`: writes the parts of the documents that are made from the code. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../test/engine/paths.js";
import { makeDocuments } from "./pages.js";

for (const [document, text] of makeDocuments()) writeFileSync(join(repositoryRoot, document), text);
