import { type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type CertificateAuthority } from "./authority.js";
import { type CompleteFault } from "./faultRules.js";
import { json, type Reply, send, writeHead } from "./http.js";
import * as rewrite from "./rewrite.js";

/** The functions of the server that a fault uses. */
export interface Delivery {
    response: ServerResponse;
    /** Handles the request, once. */
    commit: () => Reply;
    /** Handles it `ms` later, by the simulator's clock. */
    commitLater: (ms: number) => void;
    /** Issuer of the certificates in the answers. */
    authority: CertificateAuthority;
    /** Aborted when the simulator closes; all waiting ends then. */
    closing: AbortSignal;
}

/** The answer to a request beyond the rate limit. */
export function tooManyRequests(retryAfter?: string | number): Reply {
    const message = "Service unavailable, please limit request volume";
    const reply = json(429, { errors: [{ code: "request_limit_exceeded", message }] });
    if (retryAfter !== undefined) reply.headers["retry-after"] = String(retryAfter);
    return reply;
}

function htmlPage(status: number): Reply {
    const body = `<html><head><title>${status}</title></head><body><h1>Error ${status}</h1></body></html>\n`;
    return { status, headers: { "content-type": "text/html; charset=UTF-8" }, body };
}

// With the headers of the firewall that stands before the real API.
function firewallPage(status: number): Reply {
    const headers = {
        "content-type": "text/html",
        "x-cdn": "Imperva",
        "x-iinfo": "1-2-3 NNNN RT(1 1) q(0 -1) r(0 -1)",
    };
    const body =
        '<html><head><META NAME="robots" CONTENT="noindex,nofollow"></head><body>Request unsuccessful. Incident ID: 1-2</body></html>';
    return { status, headers, body };
}

function half(text: string): [string, string] {
    const middle = Math.floor(text.length / 2);
    return [text.slice(0, middle), text.slice(middle)];
}

function disconnect({ socket }: ServerResponse, reset: boolean): void {
    if (reset) socket?.resetAndDestroy();
    else socket?.destroy();
}

// Writes the first part of an answer and closes the connection, so that the answer ends too early.
function breakOff(response: ServerResponse, reply: Reply): void {
    writeHead(response, reply);
    response.write(half(reply.body)[0], () => response.socket?.destroy());
}

async function pause(ms: number, { closing }: Delivery): Promise<void> {
    await sleep(ms, undefined, { signal: closing }).catch(() => undefined);
}

async function slowBody(delivery: Delivery, ms: number): Promise<Reply> {
    const reply = delivery.commit();
    const [first, rest] = half(reply.body);
    writeHead(delivery.response, reply);
    delivery.response.write(first);
    await pause(ms, delivery);
    delivery.response.end(rest);
    return reply;
}

function answerOf(fault: Extract<CompleteFault, { kind: "respond" }>): Reply {
    const reply = json(fault.status, fault.body ?? {});
    if (typeof fault.body === "string") reply.body = fault.body;
    Object.assign(reply.headers, fault.headers);
    return fault.status === 204 ? { ...reply, body: "" } : reply;
}

/** Answers a request with a fault; returns the answer that was sent, undefined if none was. */
export async function answerWithFault(fault: CompleteFault, delivery: Delivery): Promise<Reply | undefined> {
    const { response, commit } = delivery;
    const sent = (reply: Reply) => {
        send(response, reply);
        return reply;
    };
    switch (fault.kind) {
        case "lost-answer":
            commit();
            disconnect(response, fault.reset);
            return undefined;
        case "dropped":
            disconnect(response, fault.reset);
            return undefined;
        case "delayed-commit":
            delivery.commitLater(fault.ms);
            disconnect(response, false);
            return undefined;
        case "html":
            if (fault.commit) commit();
            return sent(htmlPage(fault.status));
        case "firewall":
            return sent(firewallPage(fault.status));
        case "cut-off": {
            const reply = commit();
            if (fault.shortened) return sent({ ...reply, body: half(reply.body)[0] });
            breakOff(response, reply);
            return reply;
        }
        case "rate-limited":
            return sent(tooManyRequests(fault.retryAfter));
        case "slow-headers": {
            const reply = commit();
            await pause(fault.ms, delivery);
            return sent(reply);
        }
        case "slow-body":
            return slowBody(delivery, fault.ms);
        case "redirect":
            return sent({ status: fault.status, headers: { location: fault.location }, body: "" });
        case "huge-body":
            return sent(rewrite.padded(commit(), fault.bytes));
        case "content-type": {
            const reply = commit();
            return sent({ ...reply, headers: { ...reply.headers, "content-type": fault.value } });
        }
        case "respond":
            if (fault.commit) commit();
            return sent(answerOf(fault));
        case "extra-members":
            return sent(rewrite.withMembers(commit(), fault.members));
        case "replace-members":
            return sent(rewrite.withReplaced(commit(), fault.members));
        case "missing-member":
            return sent(rewrite.withMember(commit(), fault.member, () => undefined));
        case "wrong-type":
            return sent(rewrite.withMember(commit(), fault.member, rewrite.ofAnotherType));
        case "unknown-status":
            return sent(rewrite.withStatus(commit(), fault.status));
        case "empty-lists":
            return sent(rewrite.withoutEntries(commit()));
        case "certificates":
            return sent(rewrite.withCertificates(commit(), fault.form, delivery.authority));
    }
}
