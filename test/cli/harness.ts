/** Runs the command line in this process. */
import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { ProcessContext } from "../../cli/command.js";
import { run } from "../../cli/run.js";
import type { Simulator } from "../../simulator/index.js";

/** The output and the exit code of a run. */
export interface Outcome {
    readonly code: number;
    readonly out: string;
    readonly err: string;
}

/** Differences from pipes, an empty environment and the present time. */
export interface Surroundings {
    readonly env?: Record<string, string>;
    readonly stdin?: string;
    readonly isTTY?: boolean;
    /** Width of the terminal. */
    readonly columns?: number;
    readonly now?: Date;
    /** Resolves when the user stops the command; default: at once. */
    readonly stopped?: (printed: string) => Promise<void>;
}

/** Runs `pulumi-digicert` with these arguments. */
export async function cli(argv: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
    const { env = {}, stdin = "", isTTY = false, columns, now = new Date(), stopped } = surroundings;
    const written = { out: "", err: "" };
    const to = (name: keyof typeof written) => ({
        isTTY,
        ...(columns !== undefined && { columns }),
        write: (text: string) => {
            written[name] += text;
        },
    });
    const context: ProcessContext = {
        stdin: Object.assign(Readable.from([stdin]), { isTTY }),
        stdout: to("out"),
        stderr: to("err"),
        env,
        now: () => now,
        waitForStop: async () => {
            // The command prints its addresses after this call.
            await setImmediate();
            await stopped?.(written.out);
        },
    };
    return { code: await run(argv, context), ...written };
}

/** The environment that leads to a simulator. */
export function environmentOf({ apiKey, baseUrl }: Simulator): Record<string, string> {
    return { DIGICERT_API_KEY: apiKey, DIGICERT_BASE_URL: baseUrl };
}
