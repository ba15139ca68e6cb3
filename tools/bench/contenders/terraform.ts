/** Terraform with a provider for any REST API, which is built here from its Go module. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../test/engine/child.js";
import { cleanEnvironment } from "../../../test/engine/environment.js";
import { removeFolder, temporaryFolder } from "../../../test/engine/folders.js";
import { repositoryRoot } from "../../../test/engine/paths.js";
import { type Contender, type Job, type Prepared, type StateSize } from "./contender.js";

const source = join(repositoryRoot, "tools", "bench");
const providerPackage = "github.com/Mastercard/terraform-provider-restapi";
/** Requests per second: just below 100 in 5 s with the provider's burst of one second, and just below 1,000 in 3 min. */
const SHORT_RATE = 16;
const LONG_RATE = 5;
const LONGEST_SHORT = 900;

/** The contender, or the reason why it is left out. */
export async function terraform(): Promise<Contender | { readonly missing: string }> {
    const binary = process.env.BENCH_TERRAFORM ?? "terraform";
    if (binary === "") return { missing: "BENCH_TERRAFORM is empty" };
    const version = await versionOf(binary, ["version", "-json"]);
    if (version === undefined) return { missing: `there is no "${binary}"; BENCH_TERRAFORM may name one` };
    if ((await versionOf("go", ["version"])) === undefined) return { missing: "there is no Go" };
    const folder = temporaryFolder("restapi");
    const args = ["build", "-mod=readonly", "-trimpath", "-buildvcs=false", "-o"];
    const built = await run("go", [...args, join(folder, "terraform-provider-restapi"), providerPackage], {
        cwd: join(source, "restapi"),
        timeoutMs: 600_000,
    });
    if (built.exitCode !== 0) return { missing: `${providerPackage} cannot be built: ${built.output}` };
    const settings = join(folder, "terraformrc");
    writeFileSync(
        settings,
        `provider_installation {\n  dev_overrides { "Mastercard/restapi" = ${JSON.stringify(folder)} }\n  direct {}\n}\n`,
    );
    return {
        name: "Terraform restapi",
        abilities: {
            waits: "no",
            resumes: "no: takes the POST for the certificate",
            quota: "a fixed rate, if set",
            asksOnce: "no: a lost answer is asked again",
        },
        prepare: (job) => Promise.resolve(new PreparedModule(binary, settings, job)),
    };
}

async function versionOf(binary: string, args: readonly string[]): Promise<string | undefined> {
    try {
        const { exitCode, stdout } = await run(binary, args, { timeoutMs: 60_000 });
        return exitCode === 0 ? stdout : undefined;
    } catch {
        return undefined;
    }
}

/** A module that is ready for `apply`. */
class PreparedModule implements Prepared {
    readonly #folder = temporaryFolder("terraform");
    readonly #env: Record<string, string>;

    constructor(
        private readonly binary: string,
        settings: string,
        private readonly job: Job,
    ) {
        const { server, orders } = job;
        const text = readFileSync(join(source, "programs", "restapi.tf"), "utf8");
        mkdirSync(this.#folder, { recursive: true });
        writeFileSync(join(this.#folder, "main.tf"), text);
        writeFileSync(join(this.#folder, "rows.json"), JSON.stringify(orders));
        const rate = orders.length <= LONGEST_SHORT ? SHORT_RATE : LONG_RATE;
        this.#env = cleanEnvironment({
            TF_CLI_CONFIG_FILE: settings,
            TF_IN_AUTOMATION: "1",
            CHECKPOINT_DISABLE: "1",
            TF_VAR_base_url: server.baseUrl,
            TF_VAR_api_key: server.apiKey,
            TF_VAR_rate_limit: String(rate),
        });
    }

    apply(): Promise<void> {
        return this.#run("apply", "-auto-approve");
    }

    preview(): Promise<void> {
        return this.#run("plan");
    }

    stateSize(): StateSize | undefined {
        const file = join(this.#folder, "terraform.tfstate");
        if (!existsSync(file)) return undefined;
        const bytes = Math.round(statSync(file).size / this.job.orders.length);
        return { bytes, withoutPem: bytes, providerText: 0 };
    }

    dispose(): Promise<void> {
        removeFolder(this.#folder);
        return Promise.resolve();
    }

    async #run(verb: string, ...more: string[]): Promise<void> {
        const { parallel } = this.job;
        const args = [verb, ...more, "-input=false", "-no-color", "-compact-warnings"];
        if (parallel !== undefined) args.push(`-parallelism=${parallel}`);
        const { exitCode, output } = await run(this.binary, args, {
            cwd: this.#folder,
            env: this.#env,
            timeoutMs: 3_600_000,
        });
        if (exitCode !== 0) throw new Error(`terraform ${verb} ended with ${String(exitCode)}:\n${output}`);
    }
}
