/**
 * Entry point `pulumi-digicert/simulator`: simulates DigiCert CertCentral for tests.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { Account } from "./account.js";
import { adminServer } from "./admin.js";
import { Api } from "./api.js";
import { Clock } from "./clock.js";
import { Faults } from "./faults.js";
import { Holds } from "./holds.js";
import { listen } from "./listener.js";
import { type SimulatorOptions } from "./options.js";
import { defaultPolicy } from "./policy.js";
import { RateLimit } from "./rateLimit.js";
import { Recorder } from "./recorder.js";
import { basePath } from "./router.js";
import { Simulator } from "./simulator.js";

export { type ErrorForm, type UndocumentedError } from "./apiError.js";
export { type Fault, type FaultChoice, type FaultRule, type FaultSelector } from "./faultRules.js";
export { type Held, type HoldRule } from "./holds.js";
export { type KeyAndCsr, type KeyOptions, makeKeyAndCsr } from "./keys.js";
export { type SimulatorOptions } from "./options.js";
export {
    type CertificateChoice,
    type DcvMethod,
    type ExtendedKeyUsage,
    type OddForm,
    type OrderPolicy,
} from "./policy.js";
export { type RecordType } from "./records.js";
export { type RecordedRequest } from "./recorder.js";
export { type OrderSeed } from "./seed.js";
export { type ConsoleReissue, type SeededOrder, type Simulator } from "./simulator.js";
export { type Origin, type Product, type SignatureHash } from "./terms.js";
export { type CertificateView, type OrderView, type RequestView } from "./snapshot.js";

/**
 * Starts a simulator: an HTTP server on the loopback address, with a root and an issuing CA, and without orders. The process
 * does not end before the simulator is closed.
 *
 * @param options - settings of the simulator; each has a default
 * @throws Error of `node:net`, such as `EADDRINUSE`, if a port in the options is not free
 *
 * @example
 * ```ts
 * import { startSimulator } from "pulumi-digicert/simulator";
 *
 * async function main(): Promise<void> {
 *     const simulator = await startSimulator({ policy: { approval: "auto" } });
 *     try {
 *         const { orderId } = await simulator.seedOrder({ commonName: "shop.example" });
 *         console.log(orderId, simulator.env); // the environment for the process that runs `pulumi up`
 *     } finally {
 *         await simulator.close();
 *     }
 * }
 *
 * void main();
 * ```
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
    const clock = new Clock(options.clock);
    const account = new Account(clock, {
        secondReissue: options.secondReissue ?? "reject",
        policy: { ...defaultPolicy, ...options.policy },
        pageSize: options.pageSize ?? 1000,
        errorForm: options.errorForm ?? "list",
        undocumentedError: options.undocumentedError ?? {},
    });
    const apiKey = options.apiKey ?? randomBytes(40).toString("hex").toUpperCase();
    const rateLimit = new RateLimit(clock, options.countsRefused, options.rateLimit ?? false);
    const closing = new AbortController();
    const faults = new Faults();
    const holds = new Holds();
    const recorder = new Recorder();
    for (const rule of options.faults ?? []) faults.add(rule);
    const api = new Api({
        account,
        apiKey,
        faults,
        holds,
        recorder,
        rateLimit,
        retryAfter: options.retryAfter,
        servers: { dns: options.dns, http: options.http },
        closing: closing.signal,
    });
    const apiListener = await listen(
        options.port ?? 0,
        (request, response) => api.serve(request, response),
        () => account.now(),
    );
    const adminListener = await listen(options.adminPort ?? 0, (request, response) =>
        admin(request, response),
    ).catch(async (error: unknown) => {
        await apiListener.close();
        throw error;
    });
    const simulator = new Simulator({
        baseUrl: `http://127.0.0.1:${apiListener.port}${basePath}`,
        adminUrl: `http://127.0.0.1:${adminListener.port}/`,
        apiKey,
        account,
        faults,
        holds,
        recorder,
        rateLimit,
        propagationMs: options.propagationMs ?? 0,
        close: async () => {
            closing.abort();
            holds.dropAll();
            await Promise.all([apiListener.close(), adminListener.close()]);
        },
    });
    const admin = adminServer(simulator);
    return simulator;
}
