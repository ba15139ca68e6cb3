/** Runs the shell steps of a GitHub Actions workflow; only the features that the example's workflow uses. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { run } from "../engine/child.js";

/** The members of a step that are used. */
export interface WorkflowStep {
    name?: string;
    uses?: string;
    run?: string;
    if?: string;
    env?: Record<string, string>;
    "timeout-minutes"?: number;
}

/** The members of a workflow that are used. */
export interface Workflow {
    on: { schedule: { cron: string }[] };
    concurrency: { group: string; "cancel-in-progress": boolean };
    defaults: { run: { shell: string } };
    jobs: { up: { "timeout-minutes": number; steps: WorkflowStep[] } };
}

/** Folder and environment of the steps. */
export interface Runner {
    cwd: string;
    env: Record<string, string>;
    /** Values of `${{ … }}`. */
    expressions: Readonly<Record<string, string>>;
    /** Steps that the runner's machine stands for already. */
    skip: readonly string[];
}

/** Reads a workflow file. */
export function readWorkflow(file: string): Workflow {
    return parse(readFileSync(file, "utf8")) as Workflow;
}

/**
 * Runs the job.
 *
 * @returns the names of the steps that failed, and all that was printed
 */
export async function runJob({ defaults, jobs }: Workflow, runner: Runner) {
    if (defaults.run.shell !== "bash") throw new Error(`a shell of another kind: ${defaults.run.shell}`);
    const failed: string[] = [];
    let output = "";
    for (const step of jobs.up.steps) {
        const name = step.name ?? step.uses ?? "";
        if (step.run === undefined || runner.skip.includes(name)) continue;
        if (step.if !== undefined && step.if !== "${{ !cancelled() }}") throw new Error(`if: ${step.if}`);
        if (failed.length > 0 && step.if === undefined) continue;
        const result = await shell(step.run, runner, step.env);
        output += result.output;
        if (result.exitCode !== 0) failed.push(name);
    }
    return { failed, output };
}

/** The command line of `shell: bash`. */
export function shell(script: string, runner: Runner, env: Readonly<Record<string, string>> = {}) {
    const values = Object.entries(env).map(([name, value]) => [name, evaluate(value, runner)]);
    return run("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
        cwd: runner.cwd,
        env: { ...runner.env, ...(Object.fromEntries(values) as Record<string, string>) },
        timeoutMs: 120_000,
    });
}

function evaluate(text: string, { expressions }: Runner): string {
    return text.replace(/\$\{\{\s*(.+?)\s*\}\}/g, (whole, expression: string) => {
        const value = expressions[expression];
        if (value === undefined) throw new Error(`The workflow asks for ${whole}.`);
        return value;
    });
}
