/** The faults of a hostile server: every kind, with the key sent back wherever possible. */
import type { FaultRule } from "../../simulator/index.js";
import { echoesOf } from "./canary.js";

/** A fault without its request. A slow fault strikes only an impatient client. */
export interface Attack {
    readonly name: string;
    readonly fault: FaultRule;
    readonly isSlow: boolean;
}

/** Members of answers that are shown, recorded, or decide something. */
const MEMBERS = [
    "id",
    "status",
    "comments",
    "order_valid_till",
    "certificate_id",
    "dcv_random_value",
    "processor_comment",
    "signature_hash",
    "date_created",
];

const SLOW_MS = 3000;
const HUGE = 11 * 1024 * 1024;

/** @param elsewhere - a URL of another host */
export function attacksWith(key: string, elsewhere: string): Attack[] {
    const echoes = Object.values(echoesOf(key));
    const echo = echoes.join(" | ");
    const errors = echoes.map((text) => ({ code: text, message: `refused: ${text}` }));
    const names = { common_name: echo, dns_names: echoes };
    const nested = { id: 5, ...names, csr: echo, status: echo, serial_number: echo };
    const location = `${elsewhere}?key=${encodeURIComponent(key)}`;
    const headers = { "content-encoding": key, "retry-after": key, location: elsewhere, "x-echo": key };
    const person = { first_name: echo, last_name: echo, email: echo };
    const rejected = { status: "rejected", processor: person, requester: person, processor_comment: echo };
    const statuses = [200, 201, 204, 400, 401, 403, 404, 407, 409, 422, 429, 500, 503];
    const named = (name: string, fault: FaultRule, isSlow = false): Attack => ({ name, fault, isSlow });
    const always = (name: string, fault: FaultRule) => named(name, { times: Infinity, ...fault });
    const replaced = (member: string, more: Readonly<Record<string, unknown>>) =>
        always(`member ${member}`, { kind: "replace-members", members: more });
    return [
        ...[false, true].flatMap((reset) => [
            named(`lost answer${reset ? ", reset" : ""}`, { kind: "lost-answer", reset }),
            always(`dropped${reset ? ", reset" : ""}`, { kind: "dropped", reset }),
        ]),
        named("delayed commit", { kind: "delayed-commit", ms: 1000 }),
        ...[200, 403, 502].map((status) => always(`HTML ${status}`, { kind: "html", status })),
        always("a firewall", { kind: "firewall" }),
        named("cut off", { kind: "cut-off" }),
        named("shortened", { kind: "cut-off", shortened: true }),
        always("rate-limited", { kind: "rate-limited" }),
        always("rate-limited, with words for a time", { kind: "rate-limited", retryAfter: echoes[0] ?? "" }),
        named("slow headers", { kind: "slow-headers", ms: SLOW_MS }, true),
        named("slow body", { kind: "slow-body", ms: SLOW_MS }, true),
        ...[301, 302, 303, 307, 308].map((status) =>
            always(`redirect ${status}`, { kind: "redirect", status, location }),
        ),
        named("huge body", { times: 2, kind: "huge-body", bytes: HUGE }),
        always("content type", { kind: "content-type", value: `text/plain; name="${key}"` }),
        ...statuses.map((status) =>
            always(`errors with ${status}`, { kind: "respond", status, body: { errors } }),
        ),
        always("text", { kind: "respond", status: 200, body: echo }),
        always("coding", { kind: "respond", status: 200, body: {}, headers }),
        always("extra members", { kind: "extra-members", members: { [key]: echo, echoes } }),
        ...MEMBERS.map((member) => replaced(member, { [member]: echo })),
        always("unknown status", { kind: "unknown-status", status: echo }),
        always("missing member", { kind: "missing-member" }),
        always("wrong type", { kind: "wrong-type" }),
        always("empty lists", { kind: "empty-lists" }),
        always("another key", { kind: "certificates", form: "another-key" }),
        replaced("certificate", { certificate: nested }),
        replaced("certificates", { certificates: [nested] }),
        replaced("certificate_chain", { certificate_chain: [{ subject_common_name: echo, pem: echo }] }),
        replaced("requests", { requests: [{ id: 1, status: echo, comments: echo, date: echo, type: echo }] }),
        replaced("processor", rejected),
    ];
}
