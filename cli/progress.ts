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
    #done = 0;

    /**
     * @param label - follows the numbers, such as "orders checked"
     */
    constructor(stream: Output, total: number, label: string) {
        this.#stream = stream;
        this.#total = total;
        this.#label = label;
    }

    /** Counts one more step. */
    addStep(): void {
        this.#done += 1;
        if (this.#total <= SILENT_STEPS) return;
        const isLast = this.#done === this.#total;
        const text = `${this.#done} of ${this.#total} ${this.#label}`;
        if (this.#stream.isTTY) this.#stream.write(isLast ? "\r\u001b[K" : `\r\u001b[K${text}`);
        else if (isLast || this.#done % Math.ceil(this.#total / LINES) === 0) this.#stream.write(`${text}\n`);
    }
}
