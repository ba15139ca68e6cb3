/**
 * `npm run schema`: writes the committed schema anew.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { SCHEMA } from "./folder.js";
import { schemaText } from "./schema.js";

writeFileSync(SCHEMA, schemaText());
