/** Where the demo plays: it runs the CLI, shows what it prints, and counts what reaches the simulator. */
import { join } from "node:path";
import { repositoryRoot } from "../engine/paths.js";
import { newStack, type RunResult, type Stack } from "../engine/stack.js";
import { type KeyAndCsr, type Simulator } from "../../simulator/index.js";
import { table } from "./table.js";

/** Who plays. The private key never leaves the demo. */
export interface Cast extends KeyAndCsr {
    readonly simulator: Simulator;
    readonly orderId: number;
}

/** What the program exports, as far as the demo looks at it. */
export interface Outputs {
    readonly status: string;
    readonly certificateId?: number;
    readonly requestIds: readonly number[];
    readonly serialNumber?: string;
    readonly validTill?: string;
    readonly fullChainPem?: string;
}

/** A run of the CLI, and what it led to. */
export interface Scene {
    readonly run: RunResult;
    readonly posts: number;
    readonly others: number;
    readonly outputs: Outputs;
}

/** Copies examples/reissue to a throw-away folder, and configures it as a user would. */
export async function openStage(cast: Cast): Promise<Stage> {
    const { simulator, orderId, csrPem } = cast;
    say(
        `A CertCentral simulator listens at ${simulator.baseUrl}; it has order ${orderId}, for shop.example.`,
        "examples/reissue is copied to a throw-away folder, with the CSR of a new key as csr.pem. Its three settings:",
        "",
        "  $ pulumi config set --secret digicert:apiKey <the simulator's key>",
        `  $ pulumi config set orderId ${orderId}`,
        "  $ pulumi config set commonName shop.example",
        "",
        "(and digicert:baseUrl, because this is not the real DigiCert).",
    );
    const stack = await newStack({
        program: join(repositoryRoot, "examples", "reissue"),
        config: {
            "digicert:apiKey": { secret: simulator.apiKey },
            "digicert:baseUrl": simulator.baseUrl,
            orderId: String(orderId),
            commonName: "shop.example",
        },
        // The example's types are checked by "npm run typecheck:examples"; here that would only take time.
        env: { PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
    });
    stack.write({ "csr.pem": csrPem });
    return new Stage(cast, stack);
}

/** Made by {@link openStage}. */
export class Stage {
    readonly #rows: string[][] = [];
    readonly #start = Date.now();

    constructor(
        readonly cast: Cast,
        readonly stack: Stack,
    ) {}

    /** Runs the CLI with its own output on the screen, and notes a row of the closing table. */
    async play(step: string, verb: "preview" | "up", ...args: string[]): Promise<Scene> {
        const { simulator } = this.cast;
        const shown = [verb, ...(verb === "up" ? ["--yes", "--skip-preview"] : []), ...args];
        say(`  $ pulumi ${shown.join(" ")}`);
        simulator.clearRequests();
        const run = await this.stack[verb]({ args, skipPreview: verb === "up", onLine: quote });
        const posts = simulator.requests.filter(({ method }) => method === "POST").length;
        const others = simulator.requests.length - posts;
        const outputs = (await this.stack.outputs()) as unknown as Outputs;
        const result =
            verb === "preview" ? "shown only" : run.summary?.changes === 0 ? "no changes" : outputs.status;
        const id = outputs.certificateId === undefined ? "none yet" : String(outputs.certificateId);
        this.#rows.push([step, String(posts), String(others), id, result]);
        return { run, posts, others, outputs };
    }

    /** Sets a value of the program's configuration, in the open. */
    async set(...args: string[]): Promise<void> {
        say(`  $ pulumi config set ${args.join(" ")}`);
        await this.stack.run(["config", "set", ...args]);
    }

    closeWithTable(): void {
        const seconds = Math.round((Date.now() - this.#start) / 1000);
        say(
            table(["step", "POSTs", "other requests", "certificate id", "result"], this.#rows),
            "",
            `Every step did what it says; ${seconds} s.`,
        );
    }
}

/** Tells the story. */
export function say(...lines: string[]): void {
    process.stdout.write(`\n${lines.join("\n")}\n`);
}

function quote(line: string): void {
    if (line.trim() !== "") process.stdout.write(`  │ ${line}\n`);
}
