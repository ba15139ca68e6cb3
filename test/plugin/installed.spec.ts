import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { parse } from "yaml";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { archiveName, makeArchives, type Platform } from "../../tools/plugin/archives.js";
import { EXECUTABLE, packageVersion } from "../../tools/plugin/folder.js";
import { REPOSITORY } from "../../tools/plugin/names.js";
import { installSettings } from "../engine/environment.js";
import { temporaryFolder } from "../engine/folders.js";
import type { Cli } from "../engine/lookup.js";
import { npm } from "../engine/npm.js";
import { binFolder, repositoryRoot } from "../engine/paths.js";
import { requireCli, requireYaml } from "../engine/requireCli.js";
import { newStack, type Stack, type StackOptions } from "../engine/stack.js";
import { startTlsHost, type TlsHost } from "../engine/tlsHost.js";
import { makeRepository, serveRepository } from "./gitRepository.js";
import { inputsOf, yamlFiles } from "./programs.js";

const SYSTEM = process.platform === "win32" ? "windows" : process.platform;
const PLATFORM = `${SYSTEM}-${process.arch === "x64" ? "amd64" : process.arch}` as Platform;

/** The commands of a page, with this version in place of the one that it shows. */
const DOCUMENTED = readFileSync(
    join(repositoryRoot, "docs", "installation-configuration.md"),
    "utf8",
).replaceAll(/\b\d+\.\d+\.\d+\b/g, packageVersion());
/** The place of the source in git, as the CLI takes it. */
const SOURCE = `${REPOSITORY.replace("https://", "")}/plugin`;

describe("the plugin that the CLI installs", function () {
    this.timeout(120_000);
    const version = packageVersion();
    let cli: Cli;
    let simulator: Simulator;
    let csr: string;

    before(async function () {
        cli = await requireCli(this);
        requireYaml(this);
        simulator = await startSimulator();
        csr = (await makeKeyAndCsr({ commonName: "shop.example" })).csrPem;
    });
    after(() => (simulator as Simulator | undefined)?.close());

    /** A stack of a YAML program; in a folder with nothing beside it, and with no line about a plugin, unless the options say so. */
    async function stackWith({
        layout = { folder: temporaryFolder("program") },
        plugins,
        env = {},
    }: Pick<StackOptions, "layout" | "env"> & { plugins?: object } = {}): Promise<Stack> {
        const { orderId } = await simulator.seedOrder({
            commonName: "shop.example",
            policy: { approval: "auto" },
        });
        const shop = { type: "digicert:Reissue", properties: inputsOf({ orderId, csr }) };
        return newStack({
            program: {
                files: yamlFiles({ plugins, resources: { shop }, outputs: { status: "${shop.status}" } }),
            },
            layout,
            config: {
                "digicert:baseUrl": simulator.baseUrl,
                "digicert:apiKey": { secret: simulator.apiKey },
            },
            env,
        });
    }

    /** Reissues a certificate by the plugin that is installed. */
    async function reissue(stack: Stack): Promise<void> {
        simulator.clearRequests();
        await stack.up();
        assert.equal((await stack.outputs()).status, "issued");
        const agent = `pulumi-digicert/${version}`;
        assert.deepEqual(
            simulator.requests.map(({ method, headers }) => [method, headers["user-agent"]]),
            [
                ["GET", agent],
                ["POST", agent],
            ],
        );
    }

    async function assertUnchanged(stack: Stack): Promise<void> {
        simulator.clearRequests();
        const { summary, output } = await stack.up();
        assert.deepEqual([summary?.changes, simulator.requests], [0, []], output);
    }

    function pluginFolder(stack: Stack, name: string): string {
        return join(stack.env.PULUMI_HOME ?? "", "plugins", name);
    }

    describe("from a release archive", () => {
        let folder: string;
        let server: Server;
        let asked: string[];
        let stack: Stack;

        before(async () => {
            folder = temporaryFolder("archives");
            await makeArchives(folder, [PLATFORM]);
            asked = [];
            server = createServer(({ url = "" }, response) => {
                asked.push(url);
                const file = join(folder, url.slice(1));
                if (existsSync(file)) response.end(readFileSync(file));
                else response.writeHead(404).end();
            });
            await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
            stack = await stackWith();
        });
        after(async () => {
            await (stack as Stack | undefined)?.dispose();
            (server as Server | undefined)?.close();
        });

        const installed = () => readdirSync(pluginFolder(stack, `resource-digicert-v${version}`)).sort();
        const install = (...args: string[]) =>
            stack.run(["plugin", "install", "resource", "digicert", version, ...args]);

        it("is fetched from a server, is two files, and reissues a certificate in YAML", async () => {
            const { port } = server.address() as AddressInfo;
            await install("--server", `http://127.0.0.1:${port}`);
            assert.deepEqual(asked, [`/${archiveName(PLATFORM)}`]);
            assert.deepEqual(installed(), ["LICENSES.txt", EXECUTABLE]);
            await reissue(stack);
        });

        it("is installed from a file and added to a project as the documents say", async () => {
            const command = `pulumi plugin install resource digicert ${version} --file ${archiveName("linux-amd64")}`;
            assert.ok(DOCUMENTED.includes(`\n${command}\npulumi package add digicert@${version}\n`), command);
            await install("--file", join(folder, archiveName(PLATFORM)), "--reinstall");
            assert.deepEqual(installed(), ["LICENSES.txt", EXECUTABLE]);
            await stack.run(["package", "add", `digicert@${version}`]);
            const { packages } = parse(readFileSync(join(stack.program, "Pulumi.yaml"), "utf8")) as {
                packages: unknown;
            };
            assert.deepEqual(packages, { digicert: `digicert@${version}` });
            await assertUnchanged(stack);
        });
    });

    it("from npm, in a folder of its own, reissues a certificate in YAML @long", async function () {
        this.timeout(600_000);
        const path = "../node_modules/pulumi-digicert/dist/plugin";
        const stack = await stackWith({
            layout: "installed",
            plugins: { providers: [{ name: "digicert", path }] },
        });
        try {
            await reissue(stack);
        } finally {
            await stack.dispose();
        }
    });

    describe("from a git repository @long", () => {
        let host: TlsHost;
        let stack: Stack;

        before(async function () {
            this.timeout(600_000);
            const tag = `v${version}`;
            host = await startTlsHost("github.com", serveRepository(await makeRepository(tag)));
            const registry = new URL((await npm(["config", "get", "registry"], repositoryRoot)).trim());
            const env = {
                ...installSettings(),
                ...host.env,
                NO_PROXY: registry.hostname,
                // The CLI sends it to github.com.
                GITHUB_TOKEN: "",
                PATH: [...nodeHost(), dirname(cli.bin), process.env.PATH ?? ""].join(delimiter),
            };
            stack = await stackWith({ env });
        });
        after(async () => {
            await (stack as Stack | undefined)?.dispose();
            (host as TlsHost | undefined)?.close();
        });

        /** The folder of a language host for Node.js that can run plugins; none where Pulumi's own is there. */
        function nodeHost(): string[] {
            // A CLI that was downloaded has the hosts of all languages.
            if (existsSync(join(binFolder(), "pulumi-language-go"))) return [];
            const folder = temporaryFolder("host");
            const file = join(folder, "pulumi-language-nodejs");
            const script = join(repositoryRoot, "dist", "test", "plugin", "nodeHost.js");
            writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`);
            chmodSync(file, 0o755);
            return [folder];
        }

        it("is added as the documents say, with npm, and reissues a certificate in YAML", async function () {
            this.timeout(600_000);
            assert.ok(DOCUMENTED.includes(`\npulumi package add ${SOURCE}@${version}\n`));
            await stack.run(["package", "add", `${SOURCE}@${version}`], { timeoutMs: 500_000 });
            const { packages } = parse(readFileSync(join(stack.program, "Pulumi.yaml"), "utf8")) as {
                packages: unknown;
            };
            assert.deepEqual(packages, { digicert: `${SOURCE}@${version}` });
            const name = `resource-${SOURCE.replace("/plugin", ".git_plugin").replaceAll("/", "_")}-v${version}`;
            const folder = join(pluginFolder(stack, name), "plugin");
            assert.deepEqual(readdirSync(folder).sort(), [
                "PulumiPlugin.yaml",
                "node_modules",
                "package-lock.json",
                "package.json",
            ]);
            await reissue(stack);
        });
    });
});
