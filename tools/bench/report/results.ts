/** The measurements, stored in a folder. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { run } from "../../../test/engine/child.js";
import { cliVersion, repositoryRoot } from "../../../test/engine/paths.js";
import { type Abilities } from "../contenders/contender.js";
import { type Sample, type Work } from "../measure.js";
import { type ColdStart } from "../work/coldStart.js";

interface Kept {
    versions: Record<string, string>;
    abilities: Record<string, Abilities>;
    samples: Sample[];
    cold: ColdStart[];
}

/** The results in a folder; the results of a task that is measured again are replaced. */
export class Results {
    readonly #file: string;
    readonly kept: Kept;

    constructor(folder: string) {
        mkdirSync(folder, { recursive: true });
        this.#file = join(folder, "results.json");
        this.kept = existsSync(this.#file)
            ? (JSON.parse(readFileSync(this.#file, "utf8")) as Kept)
            : { versions: {}, abilities: {}, samples: [], cold: [] };
    }

    begin(work: Work): void {
        this.kept.samples = this.kept.samples.filter((sample) => sample.work !== work);
    }

    add(sample: Sample): void {
        this.kept.samples.push(sample);
        this.save();
    }

    coldStarts(cold: ColdStart[]): void {
        this.kept.cold = cold;
    }

    abilities(contender: string, abilities: Abilities): void {
        this.kept.abilities[contender] = abilities;
    }

    /** Records the versions of the tools, and the machine. */
    async describe(hasTerraform: boolean): Promise<void> {
        const manifest = (path: string) =>
            (
                JSON.parse(readFileSync(join(repositoryRoot, path, "package.json"), "utf8")) as {
                    version: string;
                }
            ).version;
        const terraform = process.env.BENCH_TERRAFORM ?? "terraform";
        this.kept.versions = {
            "pulumi-digicert": manifest("."),
            "Pulumi CLI": cliVersion,
            "@pulumi/pulumi": manifest("node_modules/@pulumi/pulumi"),
            "Node.js": process.version,
            ...(hasTerraform
                ? {
                      Terraform: await firstLine(terraform, "version"),
                      "Mastercard/restapi": restapiVersion(),
                  }
                : {}),
            curl: await firstLine("curl", "--version"),
            machine: `${cpus().length} × ${cpus()[0]?.model ?? "CPU"}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}`,
        };
    }

    save(): void {
        writeFileSync(this.#file, JSON.stringify(this.kept, undefined, 1));
    }
}

async function firstLine(command: string, argument: string): Promise<string> {
    try {
        const [line = ""] = (await run(command, [argument])).stdout.split("\n");
        return /\d[\w.]+/.exec(line)?.[0] ?? line;
    } catch {
        return "not here";
    }
}

function restapiVersion(): string {
    const text = readFileSync(join(repositoryRoot, "tools", "bench", "restapi", "go.mod"), "utf8");
    return /terraform-provider-restapi v(\S+)/.exec(text)?.[1] ?? "unknown";
}
