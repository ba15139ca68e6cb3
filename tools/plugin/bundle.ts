/**
 * The plugin in one file: needs Node, and nothing else.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build, type Plugin } from "esbuild";
import { repositoryRoot } from "../../test/engine/paths.js";
import { packageVersion, versionedSchema } from "./folder.js";

/** A bundle. */
export interface Bundle {
    /** An executable script. */
    readonly script: string;
    /** The licences of everything in it. */
    readonly licences: string;
    /** The files that it is made of, by their paths in the repository. */
    readonly files: readonly string[];
}

const ENTRY = `
const { main } = require("./provider/plugin/main.js");
const version = ${JSON.stringify(packageVersion())};
void main({ version, schema: () => ${JSON.stringify(versionedSchema())} }, process.argv.slice(2));
`;

const LIBRARIES = {
    grpc: `require("@grpc/grpc-js")`,
    Any: `require("google-protobuf/google/protobuf/any_pb.js").Any`,
    Empty: `require("google-protobuf/google/protobuf/empty_pb.js").Empty`,
    Struct: `require("google-protobuf/google/protobuf/struct_pb.js").Struct`,
};

const VERSION = `
const version = ${JSON.stringify(packageVersion())};
exports.packageVersion = () => version;
exports.userAgent = () => "pulumi-digicert/" + version;
`;

/** Two modules look for something beside them, which a bundle has not. */
const replaced: Plugin = {
    name: "replaced",
    setup: (bundler) => {
        const pulumi = dirname(createRequire(__filename).resolve("@pulumi/pulumi/package.json"));
        const libraries = Object.entries(LIBRARIES).map(([name, found]) => `exports.${name} = ${found};`);
        bundler.onLoad({ filter: /[\\/]provider[\\/]plugin[\\/]grpc\.js$/ }, () => ({
            contents: libraries.join("\n"),
            resolveDir: pulumi,
        }));
        bundler.onLoad({ filter: /[\\/]provider[\\/]core[\\/]version\.js$/ }, () => ({ contents: VERSION }));
    },
};

/** Makes the bundle from `dist`. */
export async function makeBundle(): Promise<Bundle> {
    const result = await build({
        stdin: { contents: ENTRY, resolveDir: join(repositoryRoot, "dist") },
        bundle: true,
        // The parser of .proto files: for services of gRPC that load it when they are used, and the plugin offers none of them.
        external: ["@grpc/proto-loader"],
        platform: "node",
        target: "node20.18",
        format: "cjs",
        banner: { js: "#!/usr/bin/env node" },
        minifySyntax: true,
        minifyWhitespace: true,
        legalComments: "none",
        write: false,
        metafile: true,
        absWorkingDir: repositoryRoot,
        plugins: [replaced],
        logLevel: "error",
    });
    const [file] = result.outputFiles;
    if (!file) throw new Error("The bundler made no file.");
    // A file that was only looked at, and of which nothing is used, has no bytes in the bundle.
    const files = Object.values(result.metafile.outputs).flatMap(({ inputs }) =>
        Object.entries(inputs).flatMap(([name, { bytesInOutput }]) => (bytesInOutput > 0 ? [name] : [])),
    );
    return { script: file.text, licences: licencesOf(files), files };
}

/** The licence of this package, and of each package that a bundled file belongs to. */
function licencesOf(files: readonly string[]): string {
    const folders = new Set(
        files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
    );
    const own = `pulumi-digicert ${packageVersion()}\n\n${readFileSync(join(repositoryRoot, "LICENSE"), "utf8")}`;
    const others = [...folders].sort().map((folder) => licenceOf(join(repositoryRoot, folder)));
    return [own, ...others].join(`\n${"-".repeat(80)}\n\n`);
}

function licenceOf(folder: string): string {
    const { name, version, license } = JSON.parse(
        readFileSync(join(folder, "package.json"), "utf8"),
    ) as Record<"name" | "version" | "license", string>;
    const file = ["LICENSE", "LICENSE.md", "LICENSE.txt", "LICENSE-MIT", "LICENCE", "license"]
        .map((candidate) => join(folder, candidate))
        .find(existsSync);
    const text = file === undefined ? "" : `\n\n${readFileSync(file, "utf8").trim()}\n`;
    return `${name} ${version} (${license})${text}\n`;
}
