/** `npm run bench`: compares this package with the alternatives. See REPORT.md. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { exitOnSignals } from "../../test/engine/cleanup.js";
import { findCli } from "../../test/engine/lookup.js";
import { binFolder } from "../../test/engine/paths.js";
import { type StateResource } from "../../test/engine/state.js";
import { curl } from "./contenders/curl.js";
import { emptyPluginLike } from "./contenders/emptyPlugin.js";
import { handWritten } from "./contenders/handWritten.js";
import { ours } from "./contenders/ours.js";
import { pluginInNode, pluginInYaml } from "./contenders/plugin.js";
import { terraform } from "./contenders/terraform.js";
import { trivialLike } from "./contenders/trivial.js";
import { type Sample, type Work } from "./measure.js";
import { publish } from "./report/publish.js";
import { Results } from "./report/results.js";
import { rows } from "./rows.js";
import { startServer } from "./server.js";
import { full, quick, withRounds, type Sizes } from "./sizes.js";
import { type Bench } from "./work/bench.js";
import { coldStarts } from "./work/coldStart.js";
import { quiet } from "./work/quiet.js";
import { atOnce, single, waiting } from "./work/reissues.js";

const USAGE = `Runs the same work through pulumi-digicert and what a user would take instead.

Usage: npm run bench -- [options]

  --quick          small numbers, under 4 minutes; the times say little
  --work <ab…>     only these pieces of work; the results of others in the folder are kept
  --rounds <n>     so many rounds at most
  --out <folder>   where results go (default bench-results)
  --report         only write the table again from the results in the folder
  --help           this text

Terraform takes part where "terraform" (or what BENCH_TERRAFORM names) and Go are on PATH.
`;

type Piece = (bench: Bench, sizes: Sizes) => Promise<void>;
const PIECES: Readonly<Partial<Record<Work, Piece>>> = {
    a: single,
    b: atOnce,
    c: waiting,
    d: quiet,
};

function say(line: string): void {
    process.stdout.write(`${line}\n`);
}

async function contendersFor(record: (sample: Sample) => void): Promise<Bench> {
    const other = await terraform();
    const isHere = "prepare" in other;
    if (!isHere) say(`Terraform with restapi is skipped: ${other.missing}.`);
    const hasYaml = existsSync(join(binFolder(), "pulumi-language-yaml"));
    if (!hasYaml)
        say('The plugin from YAML is skipped: its host is not there. "npm run engine" installs it.');
    const sample = await makeSample();
    return {
        ours,
        plugin: [...(hasYaml ? [pluginInYaml] : []), pluginInNode],
        handWritten,
        engine: trivialLike(sample),
        emptyPlugin: hasYaml ? [emptyPluginLike(sample)] : [],
        terraform: isHere ? [other] : [],
        curl,
        record,
    };
}

/** Makes a `DigiCertReissue`; the resources that do nothing are made like it. */
async function makeSample(): Promise<StateResource> {
    const orders = await rows(1);
    const server = await startServer(orders);
    const prepared = await ours.prepare({ orders, server });
    try {
        await prepared.apply();
        const [sample] = prepared.resources();
        if (!sample) throw new Error("The first stack has no resource; nothing can be compared with it.");
        return sample;
    } finally {
        await prepared.dispose();
        await server.close();
    }
}

async function main(): Promise<void> {
    const { values } = parseArgs({
        options: {
            quick: { type: "boolean", default: false },
            work: { type: "string", default: "abcde" },
            rounds: { type: "string", default: "100" },
            out: { type: "string", default: "bench-results" },
            report: { type: "boolean", default: false },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) {
        say(USAGE);
        return;
    }
    const results = new Results(values.out);
    if (!values.report) {
        const cli = await findCli();
        if (!cli)
            throw new Error(
                `The benchmark needs the Pulumi CLI, and there is none. Run "npm run engine" first.`,
            );
        const chosen = values.quick ? quick : full;
        const sizes = withRounds(chosen, Number(values.rounds));
        const bench = await contendersFor((sample) => {
            results.add(sample);
            say(
                `(${sample.work}) ${sample.what}: ${sample.contender}, ${sample.seconds.toFixed(1)} s, ` +
                    `${sample.requests} requests, ${sample.refused} × 429${sample.failed === undefined ? "" : ", FAILED"}`,
            );
        });
        await results.describe(bench.terraform.length > 0);
        const contenders = [
            bench.ours,
            ...bench.plugin,
            bench.handWritten,
            bench.engine,
            ...bench.emptyPlugin,
            ...bench.terraform,
            bench.curl,
        ];
        for (const { name, abilities } of contenders) results.abilities(name, abilities);
        for (const work of values.work as Iterable<Work>) {
            results.begin(work);
            if (work === "e") results.coldStarts(await coldStarts(sizes));
            else await PIECES[work]?.(bench, sizes);
            results.save();
        }
    }
    say(publish(results, values.out));
}

exitOnSignals();
main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
});
