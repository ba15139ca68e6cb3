/**
 * Prints the progress of long work to stderr.
 *
 * @module
 */
import type { Output } from "./command.js";

/** Work with this number of steps or fewer is short, and prints no progress. */
const SILENT_STEPS = 5;
/** Number of lines in all if the stream is not a terminal. */
const LINES = 5;

/** Counts finished steps. A terminal shows one line that is rewritten; any other stream gets a few lines in all. */
export class Progress {
    readonly #stream: Output;
    readonly #label: string;
    readonly #total: number;
    readonly #secondsLeft: ((done: number) => number) | undefined;
    #done = 0;

    /**
     * @param label - follows the numbers, such as "orders checked"
     * @param secondsLeft - how long the rest will take
     */
    constructor(stream: Output, total: number, label: string, secondsLeft?: (done: number) => number) {
        this.#stream = stream;
        this.#total = total;
        this.#label = label;
        this.#secondsLeft = secondsLeft;
    }

    /** Counts one more step. */
    addStep(): void {
        this.#done += 1;
        if (this.#total <= SILENT_STEPS) return;
        const isLast = this.#done === this.#total;
        const seconds = this.#secondsLeft?.(this.#done) ?? 0;
        const left = isLast || seconds < 1 ? "" : `, ${describeTime(seconds)} left`;
        const text = `${this.#done} of ${this.#total} ${this.#label}${left}`;
        if (this.#stream.isTTY) this.#stream.write(isLast ? "\r\u001b[K" : `\r\u001b[K${text}`);
        else if (isLast || this.#done % Math.ceil(this.#total / LINES) === 0) this.#stream.write(`${text}\n`);
    }
}

/** A time that is an estimate: seconds below a minute and a half, else minutes. */
export function describeTime(seconds: number): string {
    return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
