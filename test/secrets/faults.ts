/** The faults of a hostile server: every kind, with the key sent back wherever possible. */
import type { FaultRule } from "../../simulator/index.js";
import { echoesOf } from "./canary.js";

/** A fault without its request. */
export interface Attack {
    readonly name: string;
    readonly fault: FaultRule;
    /** It strikes by being slow, so the client has to be impatient. */
    readonly isSlow?: boolean;
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
] as const;

const SLOW_MS = 3000;
const HUGE = 11 * 1024 * 1024;

/** @param elsewhere - a URL of another host */
export function attacksWith(key: string, elsewhere: string): Attack[] {
    const echoes = echoesOf(key).map(({ text }) => text);
    const echo = echoes.join(" | ");
    const errors = echoes.map((text) => ({ code: text, message: `refused: ${text}` }));
    const nested = {
        id: 5,
        common_name: echo,
        dns_names: echoes,
        csr: echo,
        status: echo,
        serial_number: echo,
    };
    const person = { first_name: echo, last_name: echo, email: echo };
    const statuses = [200, 201, 204, 400, 401, 403, 404, 407, 409, 422, 429, 500, 503];
    const named = (name: string, fault: FaultRule, isSlow = false): Attack => ({ name, fault, isSlow });
    const always = { times: Infinity };
    return [
        ...[false, true].flatMap((reset) => [
            named(`lost answer${reset ? ", reset" : ""}`, { kind: "lost-answer", reset }),
            named(`dropped${reset ? ", reset" : ""}`, { ...always, kind: "dropped", reset }),
        ]),
        named("delayed commit", { kind: "delayed-commit", ms: 1000 }),
        ...[200, 403, 502].map((status) => named(`HTML ${status}`, { ...always, kind: "html", status })),
        named("a firewall", { ...always, kind: "firewall" }),
        named("cut off", { kind: "cut-off" }),
        named("shortened", { kind: "cut-off", shortened: true }),
        named("rate-limited", { ...always, kind: "rate-limited" }),
        named("rate-limited, with words for a time", {
            ...always,
            kind: "rate-limited",
            retryAfter: echoes[0] ?? "",
        }),
        named("slow headers", { kind: "slow-headers", ms: SLOW_MS }, true),
        named("slow body", { kind: "slow-body", ms: SLOW_MS }, true),
        ...[301, 302, 303, 307, 308].map((status) =>
            named(`redirect ${status}`, {
                ...always,
                kind: "redirect",
                status,
                location: `${elsewhere}?key=${encodeURIComponent(key)}`,
            }),
        ),
        named("huge body", { times: 2, kind: "huge-body", bytes: HUGE }),
        named("content type", { ...always, kind: "content-type", value: `text/plain; name="${key}"` }),
        ...statuses.map((status) =>
            named(`errors with ${status}`, { ...always, kind: "respond", status, body: { errors } }),
        ),
        named("text", { ...always, kind: "respond", status: 200, body: echo }),
        named("coding", {
            ...always,
            kind: "respond",
            status: 200,
            body: {},
            headers: { "content-encoding": key, "retry-after": key, location: elsewhere, "x-echo": key },
        }),
        named("extra members", { ...always, kind: "extra-members", members: { [key]: echo, echoes } }),
        ...MEMBERS.map((member) =>
            named(`member ${member}`, { ...always, kind: "replace-members", members: { [member]: echo } }),
        ),
        named("unknown status", { ...always, kind: "unknown-status", status: echo }),
        named("missing member", { ...always, kind: "missing-member" }),
        named("wrong type", { ...always, kind: "wrong-type" }),
        named("empty lists", { ...always, kind: "empty-lists" }),
        named("another key", { ...always, kind: "certificates", form: "another-key" }),
        named("member certificate", { ...always, kind: "replace-members", members: { certificate: nested } }),
        named("member certificates", {
            ...always,
            kind: "replace-members",
            members: { certificates: [nested] },
        }),
        named("member certificate_chain", {
            ...always,
            kind: "replace-members",
            members: { certificate_chain: [{ subject_common_name: echo, pem: echo }] },
        }),
        named("member requests", {
            ...always,
            kind: "replace-members",
            members: { requests: [{ id: 1, status: echo, comments: echo, date: echo, type: echo }] },
        }),
        named("member processor", {
            ...always,
            kind: "replace-members",
            members: { status: "rejected", processor: person, requester: person, processor_comment: echo },
        }),
    ];
}
