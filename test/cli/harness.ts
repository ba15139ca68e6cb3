/** Runs the command line in this process. */
import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { Around } from "../../cli/cli.js";
import { run } from "../../cli/run.js";
import type { Simulator } from "../../simulator/index.js";

/** What a run printed, and how it ended. */
export interface Outcome {
    readonly code: number;
    readonly out: string;
    readonly err: string;
}

/** What differs from a pipe with an empty environment. */
export interface Surroundings {
    readonly env?: Record<string, string>;
    readonly stdin?: string;
    readonly isTTY?: boolean;
    readonly now?: Date;
    /** Default: at once. */
    readonly stopped?: (printed: string) => Promise<void>;
}

/** Runs `pulumi-digicert` with these arguments. */
export async function cli(argv: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
    const { env = {}, stdin = "", isTTY = false, now = new Date(), stopped } = surroundings;
    const written = { out: "", err: "" };
    const to = (name: keyof typeof written) => ({
        isTTY,
        write: (text: string) => {
            written[name] += text;
        },
    });
    const around: Around = {
        stdin: Readable.from([stdin]),
        stdout: to("out"),
        stderr: to("err"),
        env,
        now: () => now,
        stopped: async () => {
            // What is printed comes after the call.
            await setImmediate();
            await stopped?.(written.out);
        },
    };
    return { code: await run(argv, around), ...written };
}

/** The environment that leads to a simulator. */
export function environmentOf({ apiKey, baseUrl }: Simulator): Record<string, string> {
    return { DIGICERT_API_KEY: apiKey, DIGICERT_BASE_URL: baseUrl };
}

/** The methods of the requests that reached a simulator, each once. */
export function methodsSeen({ requests }: Simulator): string[] {
    return [...new Set(requests.map(({ method }) => method))];
}
