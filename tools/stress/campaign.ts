/** The interface of the campaigns of `npm run stress`. */

/** The arguments of the command. */
export interface Options {
    /** Seed of all random choices. */
    readonly seed: number;
    /** Size of the campaign; each campaign has its own default. */
    readonly runs: number | undefined;
    /** Plays only the items whose title has each of these words. */
    readonly words: readonly string[];
}

/** The result of a campaign. */
export interface Outcome {
    readonly heads: readonly string[];
    readonly rows: readonly (readonly string[])[];
    /** Sentences below the table. */
    readonly notes?: readonly string[];
    readonly passed: number;
    readonly failed: number;
}

/** One campaign. */
export interface Campaign {
    /** One line for `--help`. */
    readonly summary: string;
    /** Whether it drives the real Pulumi CLI. */
    readonly needsCli: boolean;
    /** Runs the campaign; `say` prints progress, and each failure as soon as it is found. */
    play(options: Options, say: (line: string) => void): Promise<Outcome>;
}

/** Whether a title has all words. */
export function hasWords(title: string, words: readonly string[]): boolean {
    return words.every((word) => title.toLowerCase().includes(word.toLowerCase()));
}

/** Makes the line of an item, with its problems indented below it. */
export function verdictLine(title: string, problems: readonly string[]): string {
    const lines = problems.flatMap((problem) => problem.split("\n")).map((line) => `         ${line}`);
    return [`${problems.length === 0 ? "ok    " : "FAILED"} ${title}`, ...lines].join("\n");
}

/** Counts the items with problems. */
export function countFailed(
    played: readonly { readonly problems: readonly string[] }[],
): Pick<Outcome, "passed" | "failed"> {
    const failed = played.filter(({ problems }) => problems.length > 0).length;
    return { passed: played.length - failed, failed };
}
