import { makeKeyAndCsr, type Simulator } from "../../simulator/index.js";
import { isObject, type JsonObject } from "../../simulator/json.js";

/** An answer of the simulator; the body is parsed if it is JSON. */
export type Answer = Awaited<ReturnType<typeof call>>;

/** Sends one request with the simulator's key. */
export async function call(
    simulator: Pick<Simulator, "baseUrl" | "apiKey">,
    method: string,
    path: string,
    body?: unknown,
    more: Record<string, string> = {},
) {
    const response = await fetch(simulator.baseUrl + path, {
        method,
        headers: { "x-dc-devkey": simulator.apiKey, "content-type": "application/json", ...more },
        body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
        redirect: "manual",
    });
    const text = await response.text();
    const json = response.headers.get("content-type") === "application/json" && text !== "";
    const { status, headers } = response;
    return { status, headers, text, body: json ? (JSON.parse(text) as unknown) : undefined };
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
    more: JsonObject = {},
    [commonName = "", ...dnsNames]: readonly string[] = ["shop.example"],
): Promise<JsonObject & { certificate: JsonObject }> {
    const { csrPem: csr } = await makeKeyAndCsr({ commonName });
    const names = { common_name: commonName, dns_names: dnsNames };
    return { certificate: { ...names, csr, server_platform: { id: -1 }, signature_hash: "sha256" }, ...more };
}

/** POSTs a reissue. */
export async function reissue(
    simulator: Simulator,
    orderId: number,
    more?: JsonObject,
    names?: readonly string[],
): Promise<Answer> {
    const path = `/order/certificate/${orderId}/reissue`;
    return call(simulator, "POST", path, await reissueBody(more, names));
}
