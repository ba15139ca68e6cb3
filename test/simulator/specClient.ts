import { makeKeyAndCsr, type Simulator } from "../../simulator/index.js";
import { isObject, type JsonObject } from "../../simulator/json.js";

/** An answer of the simulator, as the specs look at it. */
export interface Answer {
    status: number;
    headers: Headers;
    text: string;
    /** Parsed if it is JSON. */
    body: unknown;
}

/** Sends one request with the simulator's key. */
export async function call(
    simulator: Pick<Simulator, "baseUrl" | "apiKey">,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
): Promise<Answer> {
    const response = await fetch(simulator.baseUrl + path, {
        method,
        headers: { "x-dc-devkey": simulator.apiKey, "content-type": "application/json", ...headers },
        body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
        redirect: "manual",
    });
    const text = await response.text();
    const json = response.headers.get("content-type") === "application/json" && text !== "";
    return {
        status: response.status,
        headers: response.headers,
        text,
        body: json ? JSON.parse(text) : undefined,
    };
}

/** Returns the value at a path inside JSON, or undefined. */
export function dig(value: unknown, ...path: (string | number)[]): unknown {
    return path.reduce<unknown>((inner, key) => {
        if (Array.isArray(inner)) return inner.at(Number(key)) as unknown;
        return isObject(inner) ? inner[key] : undefined;
    }, value);
}

/** The codes in an error body. */
export function codes(answer: Answer): unknown[] {
    const errors = dig(answer.body, "errors");
    return Array.isArray(errors) ? errors.map((error) => dig(error, "code")) : [];
}

/** A valid body of a reissue with a new key. */
export async function reissueBody(
    commonName = "shop.example",
    dnsNames: readonly string[] = [],
    more: JsonObject = {},
): Promise<JsonObject & { certificate: JsonObject }> {
    const { csrPem: csr } = await makeKeyAndCsr({ commonName });
    const certificate = {
        common_name: commonName,
        dns_names: dnsNames,
        csr,
        server_platform: { id: -1 },
        signature_hash: "sha256",
    };
    return { certificate, ...more };
}

/** POSTs a reissue. */
export async function reissue(
    simulator: Simulator,
    orderId: number,
    more: JsonObject = {},
    names: readonly string[] = ["shop.example"],
): Promise<Answer> {
    const [commonName, ...dnsNames] = names;
    const body = await reissueBody(commonName, dnsNames, more);
    return call(simulator, "POST", `/order/certificate/${orderId}/reissue`, body);
}
