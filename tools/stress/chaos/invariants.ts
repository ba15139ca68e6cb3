/** The invariants after every `up`, with or without faults, and at the end of a story. */
import { X509Certificate } from "node:crypto";
import { readCsr } from "../../../provider/core/x509/csr.js";
import type { Outputs, Run } from "../stack.js";
import type { OrderView, Simulator } from "../../../simulator/index.js";
import type { Given } from "./network.js";

/** Counts the checks; throws a violation. */
export class Invariants {
    readonly checked = new Map<string, number>();

    hold(name: string, isTrue: boolean, detail: () => unknown = () => ""): void {
        this.checked.set(name, (this.checked.get(name) ?? 0) + 1);
        if (!isTrue) throw new Violation(`${name}: ${text(detail())}`);
    }
}

/** An invariant does not hold. */
export class Violation extends Error {
    override readonly name = "Violation";
}

function text(detail: unknown): string {
    return typeof detail === "string" ? detail : JSON.stringify(detail);
}

/** The visible results of one `up` or refresh. */
export interface Done {
    /** The printed lines. */
    readonly said: readonly string[];
    readonly posts: number;
    readonly requests: number;
    /** Duration by the simulator's clock. */
    readonly tookMs: number;
    /** Reissues that DigiCert accepted during the run. */
    readonly committed: number;
    readonly given: Given | undefined;
}

const MOST_POSTS = 3;
const MOST_REQUESTS = 500;
/** Allowance for waiting beside the issuance: back-offs, pauses, confirmation. */
const LONGEST_REST_MS = 45 * 60_000;
const STACK_TRACE =
    /\n\s+at |\.[jt]s:\d|node_modules|node:internal|\[object |undefined|NaN|[a-z]Error\b|Cannot read/;
const SENTENCE = /^(warning: )?(order \d+: |[A-Z][a-z]+ing )/;

/** Checks all written texts: the state, the lines, the messages. */
export function holdKeySecret(invariants: Invariants, apiKey: string, ...written: unknown[]): void {
    const all = JSON.stringify(written).toLowerCase();
    invariants.hold("the API key is written nowhere", !all.includes(apiKey.toLowerCase()), () => written);
}

/** Checks the invariants after each `up` and refresh. */
export function holdAfter(invariants: Invariants, done: Done, outputs: Outputs | undefined): void {
    const { said, posts, requests, tookMs, committed, given } = done;
    const patience = (outputs?.issuanceTimeoutSeconds ?? 900) * 1000;
    for (const line of said) {
        invariants.hold("no stack trace", !STACK_TRACE.test(line), () => line);
        invariants.hold("a clear sentence", SENTENCE.test(line) && line.length < 3000, () => line);
    }
    invariants.hold("few POSTs in one up", posts <= MOST_POSTS, () => posts);
    invariants.hold("bounded requests", requests <= MOST_REQUESTS, () => requests);
    invariants.hold("bounded time", tookMs <= 2 * patience + LONGEST_REST_MS, () => tookMs);
    if (outputs) holdCertificateHasKey(invariants, outputs);
    if (committed === 0) return;
    invariants.hold("what was accepted is in the state", outputs !== undefined, () => done);
    if (given) {
        const { requestIds, certificateId } = given;
        invariants.hold(
            "ids that DigiCert gave are in the state",
            requestIds.every((id) => outputs?.requestIds.includes(id)) &&
                (certificateId === undefined || outputs?.certificateId === certificateId),
            () => ({ given, outputs }),
        );
    }
}

function holdCertificateHasKey(invariants: Invariants, state: Outputs): void {
    if (state.certificatePem === undefined) return;
    const { publicKey } = new X509Certificate(state.certificatePem);
    invariants.hold(
        "the certificate matches the key",
        publicKey.equals(readCsr(state.certificate.csr).key),
        () => state,
    );
}

/** Checks the invariants after a successful `up` without faults. */
export function holdInTheEnd(
    invariants: Invariants,
    simulator: Simulator,
    state: Outputs,
    { orderId, expected, before }: { orderId: number; expected: number; before: ReadonlySet<number> },
): void {
    const order = simulator.order(orderId);
    const made = order.certificates.filter(
        ({ certificateId, origin }) => origin === "api" && !before.has(certificateId),
    );
    invariants.hold("exactly one reissue per wanted certificate", made.length === expected, () =>
        made.map(({ certificateId, status }) => `${certificateId} ${status}`),
    );
    holdCurrent(invariants, state, order, simulator);
}

function holdCurrent(
    invariants: Invariants,
    state: Outputs,
    { current }: OrderView,
    { issuingPem }: Simulator,
): void {
    invariants.hold(
        "the state has the order's current certificate",
        state.certificateId === current.certificateId &&
            state.issuedCertificateId === current.certificateId &&
            state.serialNumber === current.serialNumber &&
            state.certificatePem === current.pem,
        () => ({ state, current }),
    );
    invariants.hold(
        "the chain is the issuer without the root",
        state.chainPem === undefined || state.chainPem === issuingPem,
        () => state.chainPem,
    );
}

/** Checks that a colleague's reissue was neither cancelled nor revoked; nobody else in a story does that. */
export function holdForeign(invariants: Invariants, { certificates }: OrderView): void {
    const foreign = certificates.filter(({ origin }) => origin !== "api");
    invariants.hold(
        "nothing foreign is touched",
        foreign.every(({ status }) => status !== "rejected" && status !== "revoked"),
        () => foreign.map(({ certificateId, status }) => `${certificateId} ${status}`),
    );
}

/** Checks the next `up`. */
export function holdQuiet(invariants: Invariants, { did, requests, failure }: Run): void {
    const isQuiet = did === "nothing" && requests.length === 0;
    invariants.hold("then there is nothing to do", isQuiet, () => ({ did, requests, failure }));
}
