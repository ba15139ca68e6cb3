/** Carries out an operation on a cell's stack, by the CLI or by the Automation API. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../test/engine/child.js";
import type { Stack } from "../../../test/engine/stack.js";
import type { Cell } from "./cell.js";
import { RESULT } from "./programs.js";

/** The operations of a cell. */
export type Verb = "up" | "destroy";

/** What came of one. */
export interface Done {
    readonly ok: boolean;
    readonly output: string;
    /** Resources for which something was done, the stack itself among them; absent if it did not get so far. */
    readonly changes?: number | undefined;
}

/** Carries out an operation; one that fails is a result too. `binary` runs the script of the Automation API. */
export function drive(cell: Cell, stack: Stack, binary: string, verb: Verb): Promise<Done> {
    return cell.runner === "pulumi" ? byCli(stack, verb) : byScript(stack, binary, verb);
}

async function byCli(stack: Stack, verb: Verb): Promise<Done> {
    try {
        const { output, summary } = await stack[verb]();
        return { ok: true, output, changes: summary?.changes };
    } catch (error) {
        return { ok: false, output: (error as Error).message };
    }
}

async function byScript(stack: Stack, binary: string, verb: Verb): Promise<Done> {
    const script = ["automate.js", "automate.cjs", "automate.ts"].find((file) =>
        existsSync(join(stack.program, file)),
    );
    const { exitCode, output } = await run(binary, [script ?? "", verb], {
        cwd: stack.program,
        env: stack.env,
        timeoutMs: 120_000,
    });
    const counts = output.split("\n").find((line) => line.startsWith(RESULT));
    if (exitCode !== 0 || counts === undefined) return { ok: false, output };
    const steps = Object.entries(JSON.parse(counts.slice(RESULT.length)) as Record<string, number>);
    const changes = steps.reduce((sum, [kind, count]) => (kind === "same" ? sum : sum + count), 0);
    return { ok: true, output, changes };
}
