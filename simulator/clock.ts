/** The simulator's clock: a source (real time by default) plus the time that `advance` has added. */
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
        if (!(ms >= 0)) throw new RangeError(`advance: ${ms} ms is negative; time cannot go back`);
        this.offset += ms;
    }
}
