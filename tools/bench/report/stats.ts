/** Statistics of the measurements. */
import { type Sample, type Work } from "../measure.js";

/** The samples of one contender for one task. */
export interface Row {
    readonly work: Work;
    readonly what: string;
    readonly contender: string;
    readonly orders: number;
    readonly seconds: readonly number[];
    readonly cpuSeconds: number | undefined;
    /** Medians. */
    readonly load: number;
    readonly requests: number;
    readonly accepted: number;
    readonly refused: number;
    readonly peak: number;
    readonly failed: number;
    readonly samples: readonly Sample[];
}

/** Makes a row for each task and contender, in the order of the measurements. */
export function rowsOf(samples: readonly Sample[]): Row[] {
    const groups = new Map<string, Sample[]>();
    for (const sample of samples) {
        const key = `${sample.work} ${sample.what} ${sample.contender}`;
        groups.set(key, [...(groups.get(key) ?? []), sample]);
    }
    return [...groups.values()].flatMap((group) => {
        const [first] = group;
        if (!first) return [];
        const good = group.filter(({ failed }) => failed === undefined);
        const used = good.length > 0 ? good : group;
        const cpu = used.flatMap(({ cpuSeconds }) => (cpuSeconds === undefined ? [] : [cpuSeconds]));
        return [
            {
                work: first.work,
                what: first.what,
                contender: first.contender,
                orders: first.orders,
                seconds: good.map(({ seconds }) => seconds),
                cpuSeconds: cpu.length > 0 ? median(cpu) : undefined,
                load: median(used.map(({ load }) => load)),
                requests: median(used.map(({ requests }) => requests)),
                accepted: median(used.map(({ accepted }) => accepted)),
                refused: Math.max(...group.map(({ refused }) => refused)),
                peak: Math.max(...group.map(({ peak }) => peak)),
                failed: group.length - good.length,
                samples: group,
            },
        ];
    });
}

export function median(values: readonly number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = Math.floor(sorted.length / 2);
    const upper = sorted[middle] ?? NaN;
    return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** The shortest time for a number of requests within DigiCert's quota (100 in any 5 s, 1,000 in any 3 min), in seconds. */
export function quotaFloor(requests: number): number {
    const last = Math.max(0, requests - 1);
    const inLongWindow = last % 1000;
    return Math.floor(last / 1000) * 180 + Math.floor(inLongWindow / 100) * 5;
}
