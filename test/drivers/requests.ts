/** Requests to DigiCert, as scenarios search for them, and errors in DigiCert's form. */

export const POST = "POST /order/certificate/:id/reissue";
export const ORDER = "GET /order/certificate/:id";
export const LIST = "GET /order/certificate/:id/reissue";
export const DOWNLOAD = "GET /certificate/:id/download/format/pem_noroot";
export const CANCEL = "PUT /order/certificate/:id/status";
export const REVOKE = "PUT /certificate/:id/revoke";
export const TOKEN = "PUT /order/certificate/:id/dcv-random-value";
export const METHOD = "PUT /order/certificate/:id/dcv-method";
export const CHECK = "PUT /order/certificate/:id/check-dcv";

/** A request, for a fault or a hold of the simulator. */
export function to(request: string): { method: string; path: string } {
    const [method = "", path = ""] = request.split(" ");
    return { method, path };
}

/** An error in CertCentral's form. */
export function errors(code: string, message: string): { errors: { code: string; message: string }[] } {
    return { errors: [{ code, message }] };
}
