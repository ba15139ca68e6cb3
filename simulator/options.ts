import { type ErrorForm, type UndocumentedError } from "./apiError.js";
import { type FaultRule } from "./faultRules.js";
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
    /** `Retry-After` of the 429, in seconds; not documented, so none by default. */
    retryAfter?: number;
    /** Whether requests that were answered 429 count too; not documented, default false. */
    countsRefused?: boolean;
    /** What a reissue does while another one is pending: 400, or it takes its place; default `reject`. */
    secondReissue?: "reject" | "replace";
    /** Largest and default `limit` of the lists; default 1000. */
    pageSize?: number;
    /** How DigiCert behaves towards orders, unless their seed says otherwise; see {@link OrderPolicy} for the defaults. */
    policy?: Partial<OrderPolicy>;
    /** Form of error bodies; default `list`, the documented one. See {@link ErrorForm}. */
    errorForm?: ErrorForm;
    /**
     * Status and code of refusals whose code is not documented: a second reissue, an order in the wrong state, a request that
     * was processed before. Default: 400, and a code of the simulator's own.
     */
    undocumentedError?: UndocumentedError;
    /** What goes wrong from the beginning; see `Simulator.fault`. */
    faults?: readonly FaultRule[];
    /**
     * `HOST:PORT` of a DNS server in which tokens are looked up, beside the records that `Simulator.publish` sets: TXT at the name
     * and at `_dnsauth.<name>`, CNAME at `_dnsauth.<name>`. Default none.
     */
    dns?: string;
    /** `HOST:PORT` of a web server that serves the files of `http-token`, with the name as `Host`. Default none. */
    http?: string;
    /** How long a record that `Simulator.publish` sets takes to be seen, in ms by the simulator's clock. Default 0. */
    propagationMs?: number;
}
