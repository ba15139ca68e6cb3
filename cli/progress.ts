/**
 * Progress of long work, on stderr.
 *
 * @module
 */
import type { Output } from "./cli.js";

/** So many steps are quick enough to say nothing. */
const FEW = 5;
const LINES = 5;

/** Counts what is done: one line that is rewritten on a terminal, else a few lines in all. */
export class Progress {
    readonly #stream: Output;
    readonly #what: string;
    readonly #total: number;
    #done = 0;

    /**
     * @param what - follows the numbers, as "orders checked"
     */
    constructor(stream: Output, total: number, what: string) {
        this.#stream = stream;
        this.#total = total;
        this.#what = what;
    }

    /** One more is done. */
    step(): void {
        this.#done += 1;
        if (this.#total <= FEW) return;
        const isLast = this.#done === this.#total;
        const text = `${this.#done} of ${this.#total} ${this.#what}`;
        if (this.#stream.isTTY) this.#stream.write(isLast ? "\r\u001b[K" : `\r\u001b[K${text}`);
        else if (isLast || this.#done % Math.ceil(this.#total / LINES) === 0) this.#stream.write(`${text}\n`);
    }
}
