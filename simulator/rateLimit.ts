import { type Clock } from "./clock.js";

/** CertCentral's limits: 100 requests in any 5 s, 1,000 in any 3 min. */
const windows = [
    { ms: 5000, limit: 100 },
    { ms: 180_000, limit: 1000 },
];

/** Rolling windows per API key. */
export class RateLimit {
    /** Whether requests are counted; what was not counted does not count later either. */
    isEnforced: boolean;
    private readonly clock: Clock;
    private readonly countsRefused: boolean;
    private readonly accepted = new Map<string, number[]>();

    constructor(clock: Clock, countsRefused = false, isEnforced = true) {
        this.isEnforced = isEnforced;
        this.clock = clock;
        this.countsRefused = countsRefused;
    }

    /** Counts a request; returns false if it exceeds the quota. [?] Whether refused requests count. */
    admit(key: string): boolean {
        if (!this.isEnforced) return true;
        const now = this.clock.now().getTime();
        const longest = Math.max(...windows.map(({ ms }) => ms));
        const recent = (this.accepted.get(key) ?? []).filter((at) => at > now - longest);
        const admitted = windows.every(
            ({ ms, limit }) => recent.filter((at) => at > now - ms).length < limit,
        );
        if (admitted || this.countsRefused) recent.push(now);
        this.accepted.set(key, recent);
        return admitted;
    }
}
