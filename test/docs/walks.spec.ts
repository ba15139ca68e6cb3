import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeFolder, temporaryFolder } from "../engine/folders.js";
import { repositoryRoot } from "../engine/paths.js";
import { requireCli } from "../engine/requireCli.js";
import { tarball } from "../engine/tarball.js";
import { makeKeyAndCsr, startSimulator, type Simulator } from "../../simulator/index.js";
import { blocksOf } from "./blocks.js";
import { type Command } from "./commands.js";
import { commandsFor } from "./places.js";
import { Terminal, type TerminalOptions } from "./terminal.js";
import { missingLines } from "./walk.js";
import { anyKey, type Scene, type Walk, walks } from "./walks.js";

/** What every certificate has of its own. */
const alike = (text: string): string =>
    text.replace(/"-----BEGIN CERT.*"/g, '"pem"').replace(/"[0-9A-F]{32}"/g, '"serial number"');

describe("the other documents, command by command", function () {
    this.timeout(300_000);
    const root = temporaryFolder("walks");
    /** Every walk's: what npm has installed there stays, so that the next walk need not install it again. */
    const folder = join(root, "shop");
    let surroundings: Pick<TerminalOptions, "cli" | "packed">;

    before(async function () {
        const cli = await requireCli(this);
        this.timeout(300_000);
        surroundings = { cli, packed: await tarball() };
        for (const name of ["shop", "state"]) mkdirSync(join(root, name));
    });
    after(() => {
        removeFolder(root);
    });

    function begin({ example }: Walk): void {
        for (const name of readdirSync(folder))
            if (name !== "node_modules") rmSync(join(folder, name), { recursive: true });
        const own = (path: string): boolean => !/[\\/](node_modules|Pulumi\..+\.yaml)$/.test(path);
        if (example)
            cpSync(join(repositoryRoot, "examples", example), folder, { recursive: true, filter: own });
    }

    function open({ example, place, env }: Walk, simulator: Simulator): Terminal {
        mkdirSync(join(root, place));
        // To DigiCert itself, which a reader means, nothing goes.
        const address = example ? `\npulumi config set digicert:baseUrl ${simulator.baseUrl}` : "";
        return new Terminal({
            ...surroundings,
            folder: join(root, place),
            cwd: folder,
            env: {
                PULUMI_BACKEND_URL: `file://${join(root, "state")}`,
                PULUMI_CONFIG_PASSPHRASE: "try-it-out",
                // The newcomer's walk has previews, and the types of the examples are checked apart.
                PULUMI_OPTION_SKIP_PREVIEW: "true",
                PULUMI_NODEJS_TRANSPILE_ONLY: "true",
                ...env?.(simulator),
            },
            answer: simulator.apiKey,
            here: (command) =>
                command.replace(/^pulumi stack init .*$/, (init) => init + address).replace("x.y.z", "1.2.3"),
        });
    }

    /** What the reader does before a command. */
    function actBefore({ document, line, command }: Command, previous: number): void {
        for (const { language, code, line: at } of blocksOf(document))
            if (language === "json" && at > previous && at < line)
                writeFileSync(join(folder, "certificates.json"), code);
        // Without --force there is no program yet.
        if (/ init .*--out index\.ts$/.test(command)) rmSync(join(folder, "index.ts"), { force: true });
    }

    /** What a document shows as the outputs of a command. */
    function outputsAfter({ document, line }: Command, next: number): string[] {
        const shown = blocksOf(document).find(
            ({ language, code, line: at }) =>
                language === "text" && code.startsWith("Outputs:") && at > line && at < next,
        );
        return shown?.code.split("\n") ?? [];
    }

    for (const walk of walks) {
        describe(walk.example ? `examples/${walk.example}` : "README and docs/", () => {
            // What several pages of docs/ show is run once.
            const commands = commandsFor(walk.place).filter(
                ({ command, document }, index, all) =>
                    !document.startsWith("docs/") ||
                    all.findIndex((other) => other.command === command) === index,
            );
            let simulator: Simulator;
            let scene: Scene;

            before(async () => {
                begin(walk);
                simulator = await startSimulator({ apiKey: walk.apiKey ?? anyKey });
                const keyAndCsr = await makeKeyAndCsr({ commonName: "shop.example" });
                for (const order of walk.orders)
                    await simulator.seedOrder(
                        order.id === 112233 ? { csr: keyAndCsr.csrPem, ...order } : order,
                    );
                scene = { folder, keyAndCsr, terminal: open(walk, simulator) };
                await walk.prepare?.(scene);
            });
            after(async () => {
                await (scene as Scene | undefined)?.terminal.end();
                await (simulator as Simulator | undefined)?.close();
            });

            it("has a command for each output that is expected", () => {
                for (const [pattern] of walk.prints)
                    assert.ok(
                        commands.some(({ command }) => pattern.test(command)),
                        String(pattern),
                    );
            });

            commands.forEach((one, index) => {
                const { document, line, command } = one;
                const lineOf = (other: Command | undefined) =>
                    other?.document === document ? other.line : undefined;
                it(`${document}:${line} ${command.split("\n")[0] ?? ""}`, async () => {
                    actBefore(one, lineOf(commands[index - 1]) ?? 0);
                    const { exitCode, output } = await scene.terminal.run(command);
                    assert.equal(exitCode, 0, output);
                    for (const [pattern, expected] of walk.prints)
                        if (pattern.test(command)) assert.match(output, expected);
                    const outputs = outputsAfter(one, lineOf(commands[index + 1]) ?? Infinity);
                    assert.deepEqual(missingLines(outputs.map(alike), alike(output)), [], output);
                });
            });

            it("leads to what the documents promise", () => {
                const posts = walk.orders.map(({ id = 0 }) => simulator.reissuePosts(id));
                assert.deepEqual(posts, walk.posts);
                walk.leaves(scene);
            });
        });
    }
});
