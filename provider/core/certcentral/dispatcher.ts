/**
 * Connections: their number, TLS, the proxy of the environment.
 *
 * @module
 */
import { Agent, EnvHttpProxyAgent, type Dispatcher } from "undici";
import { ConfigurationError } from "../errors.js";
import { MAX_CONNECTIONS } from "./limiter.js";

/** Twice what 1,000 orders, or 200 reissues with 250 names each, take. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** Well under the usual `requestTimeoutSeconds`, because a connection that was never made is proof that nothing was sent. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * `HTTPS_PROXY` and `NO_PROXY` are honoured; a plain connection, which is to loopback only, takes no proxy.
 *
 * Idle connections live as long as undici thinks safe (4 s, or what the server announces): a POST on one that the
 * server is just closing would have an unclear outcome. They do not keep the process alive.
 */
export function dispatcherFor(baseUrl: string): Dispatcher {
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 does not send the key to anybody.
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
            "Connecting to DigiCert: HTTPS_PROXY or HTTP_PROXY is not the URL of a proxy.",
            { remedy: "correctProxy" },
        );
    }
}
