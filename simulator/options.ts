import { type ErrorForm, type UndocumentedError } from "./apiError.js";
import { type FaultRule } from "./faultRules.js";
import { type OrderPolicy } from "./policy.js";

/** Options of a simulator. */
export interface SimulatorOptions {
    /** Port of the API; default a free port. */
    port?: number;
    /** Port of the admin interface; default a free port. */
    adminPort?: number;
    /** The valid API key; default a random key. */
    apiKey?: string;
    /**
     * Clock to which `advance` adds; default real time. A stack uses real time, so a test of something that takes months begins
     * in the past: `clock: () => new Date(Date.now() - 180 * 86_400_000)`.
     */
    clock?: () => Date;
    /** Enforces 100 requests in 5 s and 1,000 in 3 min; default false. */
    rateLimit?: boolean;
    /** `Retry-After` of the 429, in seconds; not documented. Default: no such header. */
    retryAfter?: number;
    /** Whether requests that were answered 429 count too; not documented, default false. */
    countsRefused?: boolean;
    /** A reissue while another reissue is pending: `reject` answers 400, `replace` replaces the pending reissue. Default `reject`. */
    secondReissue?: "reject" | "replace";
    /** Largest and default `limit` of the lists; default 1000. */
    pageSize?: number;
    /** Behaviour of DigiCert towards orders whose seed has no policy; see {@link OrderPolicy} for the defaults. */
    policy?: Partial<OrderPolicy>;
    /** Form of error bodies, see {@link ErrorForm}; default `list`, the documented form. */
    errorForm?: ErrorForm;
    /**
     * Status and code of refusals whose code is not documented: a second reissue, an order in the wrong state, a request that
     * was processed before. Default: 400, and a code that the simulator invents.
     */
    undocumentedError?: UndocumentedError;
    /** Faults from the start; see `Simulator.fault`. */
    faults?: readonly FaultRule[];
    /**
     * `HOST:PORT` of a DNS server in which tokens are looked up, beside the records that `Simulator.publish` sets: TXT at the name
     * and at `_dnsauth.<name>`, CNAME at `_dnsauth.<name>`. Default none.
     */
    dns?: string;
    /** `HOST:PORT` of a web server that serves the files of `http-token`, with the name as `Host`. Default none. */
    http?: string;
    /** Time until a record that `Simulator.publish` sets is visible, in ms by the simulator's clock. Default 0. */
    propagationMs?: number;
}
