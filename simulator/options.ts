import { type OrderPolicy } from "./policy.js";

/** How to start a simulator. */
export interface SimulatorOptions {
    /** Of the API; default a free one. */
    port?: number;
    /** Of the admin interface; default a free one. */
    adminPort?: number;
    /** The one key that is valid; default a random one. */
    apiKey?: string;
    /**
     * Source of the time, to which `advance` adds; default real time. A stack goes by real time, so a test that plays
     * something that takes months begins in the past: `clock: () => new Date(Date.now() - 180 * 86_400_000)`.
     */
    clock?: () => Date;
    /** Enforces 100 requests in 5 s and 1,000 in 3 min; default false. */
    rateLimit?: boolean;
    /** What a reissue does while another one is pending: 400, or it takes its place; default `reject`. */
    secondReissue?: "reject" | "replace";
    /** Largest and default `limit` of the lists; default 1000. */
    pageSize?: number;
    /** How DigiCert behaves towards orders, unless their seed says otherwise; see {@link OrderPolicy} for the defaults. */
    policy?: Partial<OrderPolicy>;
}
