import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { type Answer, call, codes, dig, reissue } from "./specClient.js";
import { type Fault, type Simulator, startSimulator } from "../../simulator/index.js";

const skip = { skip_approval: true };
const path = "/order/certificate/:id/reissue";

describe("simulator: faults", () => {
    let simulator: Simulator;
    let orderId: number;
    beforeEach(async () => {
        simulator = await startSimulator();
        ({ orderId } = await simulator.seedOrder());
    });
    afterEach(() => simulator.close());

    /** POSTs a reissue to which the fault applies; returns whether it was committed. */
    async function strike(fault: Fault): Promise<{ answer: Answer | undefined; committed: boolean }> {
        simulator.fault({ method: "POST", path, ...fault });
        const answer = await reissue(simulator, orderId, skip).catch(() => undefined);
        assert.equal(simulator.requests.at(-1)?.fault, fault.kind);
        assert.equal(simulator.requests.at(-1)?.status, answer?.status ?? simulator.requests.at(-1)?.status);
        assert.equal(simulator.reissuePosts(orderId), 1);
        return { answer, committed: simulator.committedReissues(orderId) === 1 };
    }

    it("loses the answer to what was committed", async () => {
        assert.deepEqual(await strike({ kind: "lost-answer" }), { answer: undefined, committed: true });
        assert.equal(simulator.requests.at(-1)?.status, undefined);
        assert.equal((await call(simulator, "GET", "/user/me")).status, 200, "and strikes once only");
    });

    it("resets the connection if told to", async () => {
        simulator.fault({ kind: "lost-answer", reset: true });
        const error = await reissue(simulator, orderId, skip).catch((reason: unknown) => reason);
        assert.equal((error as { cause: { code: string } }).cause.code, "ECONNRESET");
        assert.equal(simulator.committedReissues(orderId), 1);
    });

    it("drops a request without committing it", async () => {
        assert.deepEqual(await strike({ kind: "dropped" }), { answer: undefined, committed: false });
    });

    it("commits later what seemed to be dropped", async () => {
        assert.deepEqual(await strike({ kind: "delayed-commit", ms: 30_000 }), {
            answer: undefined,
            committed: false,
        });
        simulator.advance(29_000);
        assert.equal(simulator.order(orderId).certificates.length, 1);
        simulator.advance(1000);
        assert.equal(simulator.committedReissues(orderId), 1);
        assert.equal(simulator.order(orderId).current.origin, "api");
    });

    it("answers with HTML, before or after the commit", async () => {
        const before = await strike({ kind: "html" });
        assert.deepEqual([before.answer?.status, before.committed], [502, false]);
        assert.match(before.answer?.text ?? "", /^<html>/);
        assert.match(before.answer?.headers.get("content-type") ?? "", /^text\/html/);
    });

    it("answers with HTML and any status, after the commit", async () => {
        const after = await strike({ kind: "html", status: 200, commit: true });
        assert.deepEqual([after.answer?.status, after.committed], [200, true]);
        assert.match(after.answer?.text ?? "", /^<html>/);
    });

    it("cuts off the body and the connection", async () => {
        assert.deepEqual(await strike({ kind: "cut-off" }), { answer: undefined, committed: true });
        assert.equal(simulator.requests.at(-1)?.status, 201);
    });

    it("cuts off the JSON, with a length that is right", async () => {
        simulator.fault({ kind: "cut-off", shortened: true, path: "/user/me" });
        const response = await fetch(`${simulator.baseUrl}/user/me`, {
            headers: { "x-dc-devkey": simulator.apiKey },
        });
        assert.equal(response.status, 200);
        await assert.rejects(response.json(), SyntaxError);
    });

    it("answers 429, with or without Retry-After", async () => {
        for (const [retryAfter, expected] of [
            [undefined, null],
            [7, "7"],
            ["Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:00 GMT"],
        ] as const) {
            simulator.fault({ kind: "rate-limited", ...(retryAfter !== undefined && { retryAfter }) });
            const answer = await reissue(simulator, orderId, skip);
            assert.deepEqual([answer.status, ...codes(answer)], [429, "request_limit_exceeded"]);
            assert.equal(answer.headers.get("retry-after"), expected);
        }
        assert.equal(simulator.committedReissues(orderId), 0);
    });

    function abortable(): { response: Promise<Response>; abort: () => void } {
        const controller = new AbortController();
        const headers = { "x-dc-devkey": simulator.apiKey };
        const response = fetch(`${simulator.baseUrl}/user/me`, { headers, signal: controller.signal });
        const abort = () => {
            controller.abort();
        };
        return { response, abort };
    }

    it("is slow with the headers", async () => {
        simulator.fault({ kind: "slow-headers", ms: 600_000 });
        const { response, abort } = abortable();
        const slower = await Promise.race([
            response,
            call(simulator, "GET", "/account").then(() => "slower"),
        ]);
        assert.equal(slower, "slower");
        abort();
        await assert.rejects(response, { name: "AbortError" });
    });

    it("is slow with the body", async () => {
        simulator.fault({ kind: "slow-body", ms: 600_000 });
        const { response, abort } = abortable();
        assert.equal((await response).status, 200);
        const text = (await response).text();
        const slower = await Promise.race([text, call(simulator, "GET", "/account").then(() => "slower")]);
        assert.equal(slower, "slower");
        abort();
        await assert.rejects(text, { name: "AbortError" });
    });

    it("answers late, but completely", async () => {
        for (const kind of ["slow-headers", "slow-body"] as const) {
            simulator.fault({ kind, ms: 2 });
            assert.equal(dig(await call(simulator, "GET", "/user/me"), "body", "status"), "active", kind);
        }
    });

    it("redirects", async () => {
        const location = "https://elsewhere.example/";
        const { answer, committed } = await strike({ kind: "redirect", location, status: 307 });
        assert.deepEqual(
            [answer?.status, answer?.headers.get("location"), committed],
            [307, location, false],
        );
    });

    it("pads the answer", async () => {
        const { answer, committed } = await strike({ kind: "huge-body", bytes: 3_000_000 });
        assert.ok(answer && answer.text.length > 3_000_000);
        assert.equal(dig(answer.body, "id"), orderId);
        assert.ok(committed);
    });

    it("sends another content type", async () => {
        const { answer } = await strike({ kind: "content-type", value: "text/plain" });
        assert.equal(answer?.headers.get("content-type"), "text/plain");
        assert.equal(dig(JSON.parse(answer.text), "id"), orderId);
    });

    it("answers anything, committed or not", async () => {
        const body = { errors: [{ code: "odd", message: "Odd." }] };
        const { answer, committed } = await strike({ kind: "respond", status: 500, body, commit: true });
        assert.deepEqual([answer?.status, answer?.body, committed], [500, body, true]);
        simulator.fault({
            kind: "respond",
            status: 200,
            body: "plain",
            headers: { "content-type": "text/plain" },
        });
        assert.equal((await reissue(simulator, orderId, skip)).text, "plain");
        assert.equal(simulator.committedReissues(orderId), 1);
    });

    it("adds members to every object, or replaces some of the answer", async () => {
        const { answer } = await strike({ kind: "extra-members", members: { surprise: [1] } });
        assert.deepEqual(dig(answer?.body, "surprise"), [1]);
        assert.deepEqual(dig(answer?.body, "certificate_chain", 0, "surprise"), [1]);
        simulator.fault({ kind: "replace-members", members: { status: null } });
        const order = await call(simulator, "GET", `/order/certificate/${orderId}`);
        assert.equal(dig(order.body, "status"), null);
        assert.equal(dig(order.body, "id"), orderId);
    });

    it("leaves out any one member, at any depth", async () => {
        const read = () => call(simulator, "GET", `/order/certificate/${orderId}`);
        const whole = (await read()).body as Record<string, Record<string, unknown>>;
        const names = Object.keys(whole);
        const depth = 1 + names.indexOf("certificate");
        simulator.fault({ kind: "missing-member", member: depth });
        const without = (await read()).body as typeof whole;
        assert.deepEqual(
            Object.keys(without),
            names.filter((name) => name !== "certificate"),
        );
        simulator.fault({ kind: "missing-member", member: depth + 1 });
        const inner = dig((await read()).body, "certificate") as Record<string, unknown>;
        assert.deepEqual(Object.keys(inner), Object.keys(whole.certificate ?? {}).slice(1));
        let count = 0;
        JSON.stringify(whole, (_, value: unknown) => {
            if (typeof value === "object" && value !== null && !Array.isArray(value))
                count += Object.keys(value).length;
            return value;
        });
        simulator.fault({ kind: "missing-member", member: count + depth });
        assert.deepEqual((await read()).body, without, "and begins again after the last one");
    });

    it("gives a member a value of another type", async () => {
        simulator.fault({ kind: "wrong-type" });
        const { body } = await call(simulator, "GET", `/order/certificate/${orderId}`);
        assert.equal(dig(body, "id"), `no. ${orderId}`);
    });

    it("invents a status", async () => {
        simulator.fault({ kind: "unknown-status", status: "frozen" });
        const { body } = await call(simulator, "GET", `/order/certificate/${orderId}`);
        assert.equal(dig(body, "status"), "frozen");
        assert.equal(dig(body, "id"), orderId);
    });

    it("empties lists", async () => {
        const { answer, committed } = await strike({ kind: "empty-lists" });
        assert.deepEqual([dig(answer?.body, "certificate_chain"), committed], [[], true]);
    });

    it("gives a chain and a download another form", async () => {
        const count = async (form: "leaf-only" | "with-root" | "without-root" | "reversed") => {
            simulator.fault({ kind: "certificates", form });
            const { certificateId } = simulator.order(orderId).current;
            const path = `/certificate/${certificateId}/download/format/pem_noroot`;
            const { text } = await call(simulator, "GET", path);
            return text.split("-----BEGIN ").length - 1;
        };
        const counts = [];
        for (const form of ["leaf-only", "without-root", "with-root", "reversed"] as const)
            counts.push(await count(form));
        assert.deepEqual(counts, [1, 2, 3, 3]);
        const { answer } = await strike({ kind: "certificates", form: "reversed" });
        const { pem } = dig(answer?.body, "certificate_chain", 0) as { pem: string };
        assert.equal(pem.replaceAll("\r", ""), simulator.rootPem);
    });

    it("sends a certificate of the same names with another key, or one that cannot be parsed", async () => {
        const leaf = async (form: "another-key" | "unreadable") => {
            simulator.fault({ kind: "certificates", form });
            const answer = await reissue(simulator, orderId, skip);
            return (dig(answer.body, "certificate_chain", 0) as { pem: string }).pem;
        };
        const theirs = new X509Certificate(await leaf("another-key"));
        const ours = new X509Certificate(simulator.order(orderId).current.pem ?? "");
        assert.equal(theirs.subjectAltName, ours.subjectAltName);
        assert.ok(!theirs.publicKey.equals(ours.publicKey));
        const unreadable = await leaf("unreadable");
        assert.throws(() => new X509Certificate(unreadable));
    });

    it("asks somebody for each request that no rule strikes", async () => {
        const asked: string[] = [];
        simulator.chooseFaults((method, path) => {
            asked.push(`${method} ${path}`);
            return asked.length === 2 ? { kind: "html" } : undefined;
        });
        simulator.fault({ kind: "html", status: 503, path: "/account" });
        const statuses: number[] = [];
        for (const route of ["/user/me", "/account", "/user/me?x=1", "/user/me"])
            statuses.push((await call(simulator, "GET", route)).status);
        assert.deepEqual(statuses, [200, 503, 502, 200]);
        assert.deepEqual(asked, ["GET /user/me", "GET /user/me?x=1", "GET /user/me"]);
        simulator.chooseFaults(() => ({ kind: "html" }));
        simulator.clearFaults();
        assert.equal((await call(simulator, "GET", "/account")).status, 200);
    });

    it("strikes the nth matching request, as often as told", async () => {
        simulator.fault({ kind: "html", path: /\/user\/me\?x=\d/g, nth: 2, times: 2 });
        const statuses: number[] = [];
        for (const route of ["/account", "/user/me", ...Array<string>(4).fill("/user/me?x=1")]) {
            statuses.push((await call(simulator, "GET", route)).status);
        }
        assert.deepEqual(statuses, [200, 200, 200, 502, 502, 200]);
    });

    it("matches the whole path, and no other method", async () => {
        simulator.fault({ kind: "html", method: "PUT", times: Infinity });
        simulator.fault({ kind: "html", path: "/order/certificate/:id", times: Infinity });
        simulator.fault({ kind: "html", path: "/acc*", times: Infinity });
        const statuses: number[] = [];
        for (const route of [
            "/user/me",
            `/order/certificate/${orderId}/reissue`,
            `/order/certificate/1?a=b`,
            "/account",
        ]) {
            statuses.push((await call(simulator, "GET", route)).status);
        }
        assert.deepEqual(statuses, [200, 200, 502, 502]);
        simulator.clearFaults();
        assert.equal((await call(simulator, "GET", "/account")).status, 200);
    });

    it("closes while an answer is still to come", async () => {
        simulator.fault({ kind: "slow-headers", ms: 600_000 });
        const pending = call(simulator, "GET", "/user/me").catch(() => "closed");
        while (simulator.requests.length === 0) await new Promise(setImmediate);
        await simulator.close();
        assert.equal(await pending, "closed");
    });
});
