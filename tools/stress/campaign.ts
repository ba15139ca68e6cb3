/** What the campaigns of `npm run stress` have in common. */

/** The arguments of the command. */
export interface Options {
    /** Start of everything that is random. */
    readonly seed: number;
    /** How much to play; each campaign has its own default. */
    readonly runs: number | undefined;
    /** Plays only what has each of these words in its title. */
    readonly words: readonly string[];
}

/** What came of a campaign. */
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
    /** Plays it; `say` prints progress and each failure when it is found. */
    play(options: Options, say: (line: string) => void): Promise<Outcome>;
}

/** Whether a title has all words. */
export function hasWords(title: string, words: readonly string[]): boolean {
    return words.every((word) => title.toLowerCase().includes(word.toLowerCase()));
}

/** A line for something that was played, with what is wrong indented below it. */
export function verdictLine(title: string, problems: readonly string[]): string {
    const lines = problems.flatMap((problem) => problem.split("\n")).map((line) => `         ${line}`);
    return [`${problems.length === 0 ? "ok    " : "FAILED"} ${title}`, ...lines].join("\n");
}

/** Counts how many of the things that were played have problems. */
export function countFailed(
    played: readonly { readonly problems: readonly string[] }[],
): Pick<Outcome, "passed" | "failed"> {
    const failed = played.filter(({ problems }) => problems.length > 0).length;
    return { passed: played.length - failed, failed };
}
