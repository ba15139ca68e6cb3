/** The troubles that can disturb a request. */
import fc from "fast-check";
import type { Fault } from "../../../simulator/index.js";

/** A trouble of one request, or of several in a row. */
export interface Trouble {
    readonly name: string;
    /** `refused`: the connection is; `timeout`: the client gives up in the middle of this fault. */
    readonly fault: "refused" | Fault;
    readonly timeout?: "headers" | "body";
    readonly times?: number;
    /** Whether the answer is readable and false; a story has only a few such answers. */
    readonly isLie?: boolean;
}

/** Addresses that the network supplies. */
export interface Places {
    /** A host to which no request may be sent. */
    readonly elsewhere: string;
    readonly apiKey: string;
}

type Kind = fc.Arbitrary<Omit<Trouble, "name">>;

/** A time that is longer than any client waits. */
const EVER_MS = 600_000;
/** A time that is shorter than `settleSeconds`. */
const LATEST_COMMIT_MS = 30_000;
const HUGE = 11 * 1024 * 1024;

const one = (...faults: readonly Fault[]): Kind => fc.constantFrom(...faults.map((fault) => ({ fault })));
const member = fc.integer({ min: 1, max: 60 });
const lie = (faults: fc.Arbitrary<Fault>): Kind => faults.map((fault) => ({ fault, isLie: true }));
// DigiCert does not carry out a request that it answers with a 4xx.
const html = (status: number): Kind =>
    status >= 400 && status < 500
        ? one({ kind: "html", status })
        : one({ kind: "html", status }, { kind: "html", status, commit: true });

const retryAfter = fc.oneof(
    fc.constant(undefined),
    fc.constantFrom(0, 1, 7, 30),
    // The date is relative to the server's clock, which Node puts into every answer.
    fc.constantFrom(5, 20).map((seconds) => new Date(Date.now() + seconds * 1000).toUTCString()),
);

const storm: Kind = fc.record({
    fault: retryAfter.map((seconds): Fault => ({
        kind: "rate-limited",
        ...(seconds === undefined ? {} : { retryAfter: seconds }),
    })),
    times: fc.integer({ min: 1, max: 9 }),
});

function kinds({ elsewhere, apiKey }: Places): Readonly<Record<string, Kind>> {
    const echo = `You sent X-DC-DEVKEY: ${apiKey} (${encodeURIComponent(apiKey.toLowerCase())})`;
    return {
        refused: fc.record({ fault: fc.constant("refused"), times: fc.integer({ min: 1, max: 5 }) }),
        "reset before the commit": one({ kind: "dropped", reset: true }, { kind: "dropped" }),
        "reset after the commit": one({ kind: "lost-answer", reset: true }, { kind: "lost-answer" }),
        "committed late": fc
            .integer({ min: 1000, max: LATEST_COMMIT_MS })
            .map((ms) => ({ fault: { kind: "delayed-commit", ms } })),
        "slow headers": fc.constantFrom(
            { fault: { kind: "slow-headers", ms: EVER_MS }, timeout: "headers" } as const,
            { fault: { kind: "slow-headers", ms: 1 } } as const,
        ),
        "slow body": fc.constantFrom(
            { fault: { kind: "slow-body", ms: EVER_MS }, timeout: "body" } as const,
            { fault: { kind: "slow-body", ms: 1 } } as const,
        ),
        "cut-off body": one({ kind: "cut-off" }, { kind: "cut-off", shortened: true }),
        "HTML 200": html(200),
        "HTML 403": html(403),
        "HTML 502": html(502),
        "wrong content type": one(
            { kind: "content-type", value: "text/plain" },
            { kind: "content-type", value: "text/html; charset=utf-16" },
        ),
        "wrong JSON type": lie(member.map((nth) => ({ kind: "wrong-type", member: nth }))),
        "extra members": one({ kind: "extra-members", members: { surprise: [{ id: 1, status: "odd" }] } }),
        "missing member": lie(member.map((nth) => ({ kind: "missing-member", member: nth }))),
        "unknown status": lie(
            fc.constantFrom("frozen", "", "ISSUED", "constructor").map((status) => ({
                kind: "unknown-status",
                status,
            })),
        ),
        "empty lists": lie(fc.constant({ kind: "empty-lists" })),
        "huge body": one({ kind: "huge-body", bytes: HUGE }, { kind: "huge-body", bytes: 100_000 }),
        "429 storm": storm,
        "redirect elsewhere": fc
            .constantFrom(301, 302, 307, 308)
            .map((status) => ({ fault: { kind: "redirect", location: elsewhere, status } })),
        "wrong certificate": lie(
            fc
                .constantFrom("unreadable" as const, "another-key" as const)
                .map((form) => ({ kind: "certificates", form })),
        ),
        "chain without root": one({ kind: "certificates", form: "without-root" }),
        "chain with root": one({ kind: "certificates", form: "with-root" }),
        "chain reordered": one({ kind: "certificates", form: "reversed" }),
        "no chain": one({ kind: "certificates", form: "leaf-only" }),
        "echo of the key": one(
            {
                kind: "respond",
                status: 500,
                body: { errors: [{ code: echo, message: echo }] },
                headers: { "x-echo": echo },
            },
            { kind: "respond", status: 503, body: `<html>${echo}</html>` },
        ),
    };
}

/** A trouble that only repeated reads overcome. */
const LIKELY = "committed late";

/** Any trouble. */
export function troubles(places: Places): fc.Arbitrary<Trouble> {
    const all = Object.entries(kinds(places)).map(([name, kind]) => ({
        arbitrary: kind.map((rest) => ({ name, ...rest })),
        weight: name === LIKELY ? 3 : 1,
    }));
    return fc.oneof(...all);
}
