/** The simulator's time: a source (real time unless a test injects one) plus what `advance` has added. */
export class Clock {
    private offset = 0;
    private readonly source: () => Date;

    constructor(source: () => Date = () => new Date()) {
        this.source = source;
    }

    now(): Date {
        return new Date(this.source().getTime() + this.offset);
    }

    advance(ms: number): void {
        if (!(ms >= 0)) throw new RangeError(`advance: ${ms} ms would turn time back`);
        this.offset += ms;
    }
}
