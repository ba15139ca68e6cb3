/** A terminal in which the commands of a document are typed, one after the other. */
import { writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { Child, type ChildResult } from "../engine/child.js";
import { installEnvironment } from "../engine/environment.js";
import { developedAgainst } from "../engine/npm.js";
import { type Cli } from "../engine/lookup.js";

/** Options of {@link Terminal}. */
export interface TerminalOptions {
    readonly cli: Cli;
    /** Folder of Pulumi's home and of the terminal's files; an absolute path. */
    readonly folder: string;
    /** The packed package, which takes the place of the published one. */
    readonly packed: string;
    /** Changes a command before it runs. */
    readonly here?: (command: string) => string;
}

/** A terminal; folder and exported variables stay from command to command. */
export class Terminal {
    readonly #children: Child[] = [];
    readonly #env: Record<string, string>;
    readonly #state: string;

    constructor(private readonly options: TerminalOptions) {
        const { cli, folder } = options;
        this.#env = installEnvironment({
            PATH: [dirname(cli.bin), process.env.PATH ?? ""].join(delimiter),
            PULUMI_HOME: join(folder, "home"),
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            // Answers what "pulumi up" asks a person.
            PULUMI_SKIP_CONFIRMATIONS: "true",
            npm_config_prefer_offline: "true",
            npm_config_ignore_scripts: "true",
            npm_config_audit: "false",
            npm_config_fund: "false",
        });
        this.#state = join(folder, "terminal");
        writeFileSync(this.#state, `cd "${folder}"\n`);
    }

    /** Changes the source of packages in a command, and applies the option for changes; the rest stays as in the document. */
    start(commands: string): Child {
        const { packed, here = (text: string) => text } = this.options;
        const text = here(
            commands
                .replace(/^(npm install.*?) pulumi-digicert(?= |$)/m, `$1 ${packed}`)
                .replaceAll(
                    / @pulumi\/pulumi(?= |$)/gm,
                    ` @pulumi/pulumi@${developedAgainst("@pulumi/pulumi")}`,
                ),
        );
        const script = `set -e; . "${this.#state}"; exec < /dev/null; set -v\n${text}\nset +v; { export -p; echo "cd \\"$PWD\\""; } > "${this.#state}"`;
        const child = new Child("bash", ["-o", "pipefail", "-c", script], {
            env: this.#env,
            timeoutMs: 300_000,
        });
        this.#children.push(child);
        return child;
    }

    /** Runs commands to their end; the simulator goes on in the background as soon as it is ready. */
    async run(commands: string): Promise<ChildResult> {
        const child = this.start(commands);
        if (!commands.includes("pulumi-digicert simulator")) return child.done;
        await child.waitForLine(/Ctrl-C stops it/);
        return { exitCode: 0, signal: null, timedOut: false, stdout: "", stderr: "", output: child.output };
    }

    /** Ends all running processes. */
    async end(): Promise<void> {
        await Promise.all(this.#children.map((child) => child.end()));
    }
}
