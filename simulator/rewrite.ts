// Rewrites answers: changes their members, types and certificates.
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { type CertificateAuthority } from "./authority.js";
import { type CompleteFault } from "./faultRules.js";
import { type Reply } from "./http.js";
import { isObject, type JsonObject } from "./json.js";
import { fromPem, toPem, withCrLf } from "./pem.js";

type Change = (value: unknown) => unknown;
type CertificateForm = Extract<CompleteFault, { kind: "certificates" }>["form"];

/** Changes a JSON answer; any other answer stays as it is. */
function changed(reply: Reply, change: Change): Reply {
    if (reply.headers["content-type"] !== "application/json" || reply.body === "") return reply;
    return { ...reply, body: JSON.stringify(change(JSON.parse(reply.body))) };
}

/** Changes every object in a JSON value, the inner ones first. */
function inEvery(value: unknown, change: (object: JsonObject) => JsonObject): unknown {
    if (Array.isArray(value)) return value.map((one) => inEvery(one, change));
    if (!isObject(value)) return value;
    const inner = Object.entries(value).map(([name, one]) => [name, inEvery(one, change)] as const);
    return change(Object.fromEntries(inner));
}

/** Adds members to every object. */
export function withMembers(reply: Reply, members: JsonObject): Reply {
    return changed(reply, (value) => inEvery(value, (object) => ({ ...members, ...object })));
}

/** Replaces members of the top level. */
export function withReplaced(reply: Reply, members: JsonObject): Reply {
    return changed(reply, (value) => (isObject(value) ? { ...value, ...members } : value));
}

/** Makes the answer long. */
export function padded(reply: Reply, bytes: number): Reply {
    return changed(reply, (value) => (isObject(value) ? { ...value, padding: "x".repeat(bytes) } : value));
}

/** Changes the nth member, in the order of the document; removes it if the change returns undefined. */
export function withMember(reply: Reply, nth: number, change: Change): Reply {
    return changed(reply, (value) => {
        const holders: [JsonObject, string][] = [];
        JSON.stringify(value, function (this: unknown, name, member: unknown) {
            if (isObject(this) && member !== value) holders.push([this, name]);
            return member;
        });
        const [holder, name] = holders[(nth - 1) % holders.length] ?? [];
        if (holder && name !== undefined) holder[name] = change(holder[name]);
        return value;
    });
}

/** Makes a value of another type, which a client cannot mistake for the value. */
export function ofAnotherType(value: unknown): unknown {
    if (typeof value === "string") return { text: value };
    if (typeof value === "number") return `no. ${value}`;
    if (typeof value === "boolean") return value ? "yes" : "no";
    return Array.isArray(value) ? "a list" : 42;
}

/** Replaces every status. */
export function withStatus(reply: Reply, status: string): Reply {
    return changed(reply, (value) =>
        inEvery(value, (object) => ("status" in object ? { ...object, status } : object)),
    );
}

/** Empties every list. */
export function withoutEntries(reply: Reply): Reply {
    const empty: Change = (value) => {
        if (Array.isArray(value)) return [];
        if (!isObject(value)) return value;
        return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, empty(one)]));
    };
    return changed(reply, empty);
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\s*/g;

/** Changes the form of leaf and chain, in a download or in the chain of a reissue. */
export function withCertificates(
    reply: Reply,
    form: CertificateForm,
    authority: CertificateAuthority,
): Reply {
    if (reply.headers["content-type"] === "application/json") {
        return changed(reply, (value) => {
            if (!isObject(value) || !Array.isArray(value.certificate_chain)) return value;
            const [leaf] = value.certificate_chain as { pem: string }[];
            const pems = leaf ? inForm(leaf.pem, form, authority) : [];
            return { ...value, certificate_chain: pems.map((pem) => ({ pem })) };
        });
    }
    const [leaf] = reply.body.match(PEM) ?? [];
    return leaf === undefined ? reply : { ...reply, body: inForm(leaf, form, authority).join("") };
}

function inForm(leaf: string, form: CertificateForm, authority: CertificateAuthority): string[] {
    const { issuing, root } = authority;
    const chains: Record<CertificateForm, readonly string[]> = {
        unreadable: [toPem("CERTIFICATE", fromPem(leaf).subarray(0, 100)), issuing.pem],
        "another-key": [withAnotherKey(leaf, authority), issuing.pem],
        "leaf-only": [leaf],
        "with-root": [leaf, issuing.pem, root.pem],
        "without-root": [leaf, issuing.pem],
        reversed: [root.pem, issuing.pem, leaf],
    };
    return chains[form].map(withCrLf);
}

/** Makes a certificate for the same names with another key. */
function withAnotherKey(leaf: string, authority: CertificateAuthority): string {
    const { subject, subjectAltName = "", validFrom, validTo } = new X509Certificate(leaf);
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    return authority.issue({
        spki: publicKey.export({ format: "der", type: "spki" }),
        commonName: /^CN=(.+)$/m.exec(subject)?.[1],
        names: subjectAltName.split(", ").flatMap((entry) => /^DNS:(.+)$/.exec(entry)?.[1] ?? []),
        organization: undefined,
        hash: "sha256",
        notBefore: new Date(validFrom),
        notAfter: new Date(validTo),
        usage: "serverAuth",
    }).pem;
}
