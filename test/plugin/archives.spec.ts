import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { run } from "../engine/child.js";
import { temporaryFolder } from "../engine/folders.js";
import { fromStruct, secret, toStruct } from "../engine/grpc.js";
import { repositoryRoot } from "../engine/paths.js";
import { makeKeyAndCsr, startSimulator } from "../../simulator/index.js";
import { archiveName, makeArchives, PLATFORMS, type Platform } from "../../tools/plugin/archives.js";
import { makeBundle } from "../../tools/plugin/bundle.js";
import { EXECUTABLE, packageVersion } from "../../tools/plugin/folder.js";
import { interpreter } from "../../tools/stress/matrix/runtimes.js";
import { PluginProcess } from "./pluginProcess.js";

/** The packages in the bundle. A further one is a decision: it is shipped, and its licence with it. */
const USED = [
    "@grpc/grpc-js",
    "@js-sdsl/ordered-map",
    "@pulumi/pulumi",
    "fastest-levenshtein",
    "google-protobuf",
    "undici",
    "zod",
];

const URN = "urn:pulumi:dev::test::digicert:index:Reissue::shop";

describe("the release archives of the plugin", function () {
    this.timeout(120_000);
    let folder: string;

    before(async () => {
        folder = temporaryFolder("archives");
        await makeArchives(folder);
    });

    async function unpack(platform: Platform): Promise<string> {
        const target = join(folder, platform);
        mkdirSync(target, { recursive: true });
        const { exitCode, output } = await run("tar", [
            "-xzf",
            join(folder, archiveName(platform)),
            "-C",
            target,
        ]);
        assert.equal(exitCode, 0, output);
        return target;
    }

    /** Reissues a certificate by the file of an archive. */
    async function reissueBy(file: string, node?: string): Promise<void> {
        const simulator = await startSimulator();
        const plugin = await PluginProcess.start({}, file, node);
        try {
            const { orderId } = await simulator.seedOrder({
                commonName: "shop.example",
                policy: { approval: "auto" },
            });
            const { csrPem: csr } = await makeKeyAndCsr({ commonName: "shop.example" });
            const settings = new messages.ConfigureRequest();
            settings.setArgs(toStruct({ apiKey: secret(simulator.apiKey), baseUrl: simulator.baseUrl }));
            await plugin.call("configure", settings);
            const check = new messages.CheckRequest();
            check.setUrn(URN);
            check.setNews(toStruct({ orderId, certificate: { commonName: "shop.example", csr } }));
            const checked = await plugin.call<messages.CheckResponse>("check", check);
            const create = new messages.CreateRequest();
            create.setUrn(URN);
            create.setProperties(checked.getInputs());
            const created = await plugin.call<messages.CreateResponse>("create", create);
            assert.equal(fromStruct(created.getProperties()).status, "issued");
            const [request] = simulator.requests;
            assert.equal(request?.headers["user-agent"], `pulumi-digicert/${packageVersion()}`);
        } finally {
            await plugin.close();
            await simulator.close();
        }
    }

    it("have the names that the CLI looks for, one for each platform", () => {
        const names = readdirSync(folder).filter((name) => name.endsWith(".tar.gz"));
        assert.deepEqual(
            names.sort(),
            PLATFORMS.map(
                (platform) => `pulumi-resource-digicert-v${packageVersion()}-${platform}.tar.gz`,
            ).sort(),
        );
    });

    it("hold one file, and the licence of each package that the plugin uses, and of no other", async () => {
        const unpacked = await unpack("linux-amd64");
        assert.deepEqual(readdirSync(unpacked).sort(), ["LICENSES.txt", EXECUTABLE]);
        const licences = readFileSync(join(unpacked, "LICENSES.txt"), "utf8");
        const parts = licences.split(`\n${"-".repeat(80)}\n\n`);
        assert.deepEqual(
            parts.map((part) => part.split(" ", 1)[0]),
            ["pulumi-digicert", ...USED],
        );
        for (const part of parts) assert.match(part, /copyright|permission|licen[sc]e/i, part);
    });

    it("are made of the plugin and the core, of the messages of Pulumi's SDK, and of no code for programs", async () => {
        const { files } = await makeBundle();
        const foreign = files.filter((file) => !file.startsWith("node_modules/"));
        assert.ok(foreign.length > 50);
        for (const file of foreign)
            assert.match(file, /^(?:<stdin>$|dist\/provider\/(?:core|plugin|pulumi)\/)/, file);
        const ofSdk = files.filter((file) => /^node_modules\/@pulumi\/pulumi\/(?!node_modules\/)/.test(file));
        assert.ok(ofSdk.length > 0);
        for (const file of ofSdk) assert.match(file, /^node_modules\/@pulumi\/pulumi\/proto\//);
    });

    for (const version of [20, 22, 24] as const) {
        it(`hold a file that reissues a certificate on Node ${version} @long`, async function () {
            // npm downloads the other versions of Node.
            this.timeout(600_000);
            const unpacked = await unpack("linux-amd64");
            await reissueBy(join(unpacked, EXECUTABLE), await interpreter(version));
        });
    }

    it("have a command for Windows, which starts the same file", async () => {
        const unpacked = await unpack("windows-amd64");
        const command = readFileSync(join(unpacked, "pulumi-resource-digicert.cmd"), "utf8");
        assert.equal(command, '@node "%~dp0pulumi-resource-digicert" %*\r\n');
    });

    it("are of the same version as the folder for `pulumi package add` from git", () => {
        const manifest = JSON.parse(readFileSync(join(repositoryRoot, "plugin", "package.json"), "utf8")) as {
            version: string;
            main: string;
            dependencies: Record<string, string>;
        };
        assert.equal(manifest.version, packageVersion());
        assert.equal(manifest.dependencies["pulumi-digicert"], packageVersion());
        const main = join(repositoryRoot, "plugin", manifest.main);
        assert.match(main, /node_modules.pulumi-digicert.dist.plugin.pulumi-resource-digicert$/);
    });
});
