/**
 * Makes the pool of connections: their number, TLS, the proxy of the environment.
 *
 * @module
 */
import { Agent, EnvHttpProxyAgent, type Dispatcher } from "undici";
import { ConfigurationError } from "../errors.js";
import { MAX_CONNECTIONS } from "./limiter.js";

/** Longest answer that is read: twice the size of a list of 1,000 orders, or of 200 reissues with 250 names each. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/**
 * Time limit for a new connection, well under the usual `requestTimeoutSeconds`: a failure to connect proves that nothing was sent,
 * and the end of `requestTimeoutSeconds` proves nothing.
 */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Makes the pool for an address. `HTTPS_PROXY` and `NO_PROXY` apply to https; http, which is allowed to loopback only, uses no
 * proxy.
 *
 * Idle connections are closed after undici's default (4 s, or the time that the server announces): the outcome of a POST on
 * a connection that the server is closing would be unclear. Idle connections do not keep the process alive.
 */
export function dispatcherFor(baseUrl: string): Dispatcher {
    // Certificates are verified even with NODE_TLS_REJECT_UNAUTHORIZED=0, which would let any server receive the API key.
    const verified = { rejectUnauthorized: true };
    const limits: EnvHttpProxyAgent.Options = {
        connections: MAX_CONNECTIONS,
        maxResponseSize: MAX_ANSWER_BYTES,
        connect: { timeout: CONNECT_TIMEOUT_MS, ...verified },
        requestTls: verified,
        proxyTls: verified,
    };
    if (baseUrl.startsWith("http:")) return new Agent(limits);
    try {
        return new EnvHttpProxyAgent(limits);
    } catch {
        throw new ConfigurationError(
            "Connecting to DigiCert: HTTPS_PROXY or HTTP_PROXY is not a valid URL.",
            { remedy: "correctProxy" },
        );
    }
}
