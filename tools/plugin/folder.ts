/**
 * Part of `npm run build`: the folder `dist/plugin`, which the CLI starts the plugin from. It holds no code of its own.
 *
 * @module
 */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../test/engine/paths.js";
import { ARCHIVES } from "./names.js";

/** The executable that the CLI looks for. */
export const EXECUTABLE = "pulumi-resource-digicert";

/** The committed schema. */
export const SCHEMA = join(repositoryRoot, "provider", "plugin", "schema.json");

const SCRIPT = `#!/usr/bin/env node
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
require("../provider/plugin/pulumiVersion.js").requirePulumi();
const { main } = require("../provider/plugin/main.js");
const schema = () => readFileSync(join(__dirname, "schema.json"), "utf8");
void main({ version: ${JSON.stringify(packageVersion())}, schema }, process.argv.slice(2));
`;

/** What Windows runs. */
export const COMMAND = `@node "%~dp0${EXECUTABLE}" %*\r\n`;

/** The version in package.json. */
export function packageVersion(): string {
    const manifest = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as {
        version: string;
    };
    return manifest.version;
}

/** The schema with the version of this package, and the address of its release archives. */
export function versionedSchema(): string {
    const schema = JSON.parse(readFileSync(SCHEMA, "utf8")) as object;
    return `${JSON.stringify({ ...schema, version: packageVersion(), pluginDownloadURL: ARCHIVES })}\n`;
}

function main(): void {
    const folder = join(repositoryRoot, "dist", "plugin");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, EXECUTABLE), SCRIPT);
    chmodSync(join(folder, EXECUTABLE), 0o755);
    writeFileSync(join(folder, `${EXECUTABLE}.cmd`), COMMAND);
    writeFileSync(join(folder, "schema.json"), versionedSchema());
}

if (require.main === module) main();
