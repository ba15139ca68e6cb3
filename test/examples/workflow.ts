/** Runs the shell steps of a GitHub Actions workflow; only the features that the example's workflow uses. */
import { run } from "../engine/child.js";

/** The members of a workflow that are used. */
export interface Workflow {
    on: { schedule: { cron: string }[] };
    concurrency: { group: string; "cancel-in-progress": boolean };
    defaults: { run: { shell: string } };
    jobs: { up: { "timeout-minutes": number; steps: Step[] } };
}

interface Step {
    name?: string;
    run?: string;
    if?: string;
    env?: Record<string, string>;
    "timeout-minutes"?: number;
}

/** Folder and environment of the steps, and the values of `${{ … }}`. */
export interface Runner {
    cwd: string;
    env: Record<string, string>;
    expressions: Readonly<Record<string, string>>;
    /** The name of a step that the runner's machine stands for already. */
    skip: string;
}

/** Runs the job; returns the names of the steps that failed, and all that was printed. */
export async function runJob({ defaults, jobs }: Workflow, runner: Runner) {
    if (defaults.run.shell !== "bash") throw new Error(`a shell of another kind: ${defaults.run.shell}`);
    const failed: string[] = [];
    let output = "";
    for (const { name = "", run: script, if: condition, env } of jobs.up.steps) {
        if (condition !== undefined && condition !== "${{ !cancelled() }}")
            throw new Error(`if: ${condition}`);
        if (script === undefined || name === runner.skip) continue;
        if (failed.length > 0 && condition === undefined) continue;
        const result = await shell(script, runner, env);
        output += result.output;
        if (result.exitCode !== 0) failed.push(name);
    }
    return { failed, output };
}

/** Runs a script with the command line of `shell: bash`. */
export function shell(script: string, { cwd, env, expressions }: Runner, more: Record<string, string> = {}) {
    const valueOf = (whole: string, expression: string) => {
        const value = expressions[expression];
        if (value === undefined) throw new Error(`The workflow asks for ${whole}.`);
        return value;
    };
    const values = Object.entries(more).map(([name, value]) => [
        name,
        value.replace(/\$\{\{\s*(.+?)\s*\}\}/g, valueOf),
    ]);
    return run("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
        cwd,
        env: { ...env, ...(Object.fromEntries(values) as Record<string, string>) },
        timeoutMs: 120_000,
    });
}
