/** Constants that scenarios share. */

export const DAY = 86_400_000;
/** Time at which each scenario begins. A certificate issued then ends on 2026-09-16, the plan on 2029-03-01. */
export const START = new Date("2026-03-01T12:00:00Z");
export const PLAN_END = "2029-03-01";

/** Requests that scenarios search for. */
export const POST = "POST /order/certificate/:id/reissue";
export const ORDER = "GET /order/certificate/:id";
export const LIST = "GET /order/certificate/:id/reissue";
export const CANCEL = "PUT /order/certificate/:id/status";
export const REVOKE = "PUT /certificate/:id/revoke";
export const TOKEN = "PUT /order/certificate/:id/dcv-random-value";
export const METHOD = "PUT /order/certificate/:id/dcv-method";

/** The same requests, for a fault. */
export const POST_FAULT = { method: "POST", path: "/order/certificate/:id/reissue" } as const;
export const CANCEL_FAULT = { method: "PUT", path: "/order/certificate/:id/status" } as const;
export const ORDER_FAULT = { method: "GET", path: "/order/certificate/:id" } as const;
export const LIST_FAULT = { method: "GET", path: "/order/certificate/:id/reissue" } as const;
export const DOWNLOAD_FAULT = { method: "GET", path: "/certificate/:id/download/*" } as const;

/** An error in CertCentral's form. */
export function errors(code: string, message: string): { errors: { code: string; message: string }[] } {
    return { errors: [{ code, message }] };
}
