import assert from "node:assert/strict";
import { orderAnswer, reissuesAnswer } from "../../../provider/core/certcentral/answers.js";
import { NotFoundError, UnavailableError } from "../../../provider/core/errors.js";
import { newAttempt, type Attempt } from "../../../provider/core/reissue/attempt.js";
import { confirmAttempt } from "../../../provider/core/reissue/confirm.js";
import { PartialFailure } from "../../../provider/core/resource.js";
import type { Session } from "../../../provider/core/session.js";
import { IDENTITY, inputs } from "../../fixtures/inputs.js";
import { CSRS } from "../../fixtures/orderHistory.js";

const NAME = "shop.example";
const REQUEST = inputs({ certificate: { csr: CSRS.own, commonName: NAME, dnsNames: [] } });
const AT = "2026-03-02T08:00:00.000Z";
const SETTLE_MS = 30_000;

const content = { common_name: NAME, dns_names: [NAME], csr: CSRS.own };
const started = newAttempt(REQUEST, IDENTITY, "program", new Date(AT));
const attempt: Attempt = {
    ...started,
    request: { ...started.request, before: { certificate: 9000, request: 7000, isComplete: true } },
};

/** What one read of the order shows. */
interface Look {
    readonly order?: object;
    readonly reissues?: readonly object[];
    readonly error?: Error;
}

const nothing: Look = {};
const issued: Look = { order: { certificate: { ...content, id: 9020, status: "issued" } } };
const rejected: Look = { reissues: [{ ...content, id: 9020, status: "rejected" }] };
const refused: Look = {
    order: {
        requests: [
            {
                id: 7001,
                type: "reissue",
                status: "rejected",
                comments: `[pulumi-digicert ${attempt.request.marker}]`,
            },
        ],
    },
};
const unclear: Look = { order: { status: "on its way" } };
const away: Look = { error: new UnavailableError("not available") };
const denied: Look = { error: new NotFoundError("not found") };

/** Confirms the attempt; the last look is repeated. Each read takes `readMs`. */
async function confirm(looks: readonly Look[], { readMs = 0, of = attempt } = {}) {
    let now = 0;
    let reads = 0;
    const look = () => looks[Math.min(reads, looks.length) - 1] ?? nothing;
    const client = {
        order: () => {
            reads += 1;
            now += readMs;
            assert.ok(reads <= 20, "the order is read for ever");
            const { order, error } = look();
            if (error) return Promise.reject(error);
            const read = { status: "issued", certificate: { ...content, id: 9000 }, ...order };
            return Promise.resolve(orderAnswer.parse(read));
        },
        reissues: () =>
            Promise.resolve(reissuesAnswer.parse({ certificates: look().reissues ?? [] }).certificates),
    };
    const session = {
        client,
        settleMs: SETTLE_MS,
        elapsed: () => now,
        now: () => new Date(Date.parse(AT) + now),
        sleep: (ms: number) => {
            now += ms;
            return Promise.resolve();
        },
        tell: () => undefined,
        signal: new AbortController().signal,
    } as unknown as Session;
    const result = await confirmAttempt(session, of, undefined).then(
        ({ finding }) => finding.kind,
        (error: unknown) => error,
    );
    return { result, reads, now };
}

describe("confirmAttempt", () => {
    it("takes a reissue that shows at once", async () => {
        assert.deepEqual(await confirm([issued]), { result: "issued", reads: 1, now: 0 });
        assert.deepEqual(await confirm([refused]), { result: "rejected", reads: 1, now: 0 });
        assert.deepEqual((await confirm([nothing, issued])).reads, 2);
    });

    it("takes a reissue for absent after three reads, and after settleSeconds", async () => {
        const { result, reads, now } = await confirm([nothing]);
        assert.equal(result, "absent");
        assert.ok(reads >= 3 && now >= SETTLE_MS);
        // One slow read is not enough.
        assert.equal((await confirm([nothing], { readMs: SETTLE_MS })).reads, 3);
    });

    it("reads a rejection that only key and names tell over settleSeconds, because the read may lag behind", async () => {
        const { result, now } = await confirm([rejected]);
        assert.equal(result, "rejected");
        assert.ok(now >= SETTLE_MS);
        assert.equal((await confirm([rejected, issued])).result, "issued");
    });

    it("reads an acknowledged reissue until the order shows it, or settleSeconds are over", async () => {
        const of = { ...attempt, certificateId: 9020 };
        assert.equal((await confirm([nothing, issued], { of })).result, "issued");
        assert.ok((await confirm([nothing], { of })).now >= SETTLE_MS);
    });

    it("repeats a read that fails for a while, and gives up after twice settleSeconds", async () => {
        assert.equal((await confirm([away, away, issued])).result, "issued");
        const { result, now } = await confirm([away]);
        assert.ok(result instanceof PartialFailure);
        assert.ok(now >= 2 * SETTLE_MS && now < 3 * SETTLE_MS);
    });

    it("fails at once where the order may not be read, and after settleSeconds where it proves nothing", async () => {
        const { result, reads } = await confirm([denied]);
        assert.ok(result instanceof PartialFailure);
        assert.equal(reads, 1);
        const undecided = await confirm([unclear]);
        assert.ok(undecided.result instanceof PartialFailure);
        assert.ok(undecided.now >= SETTLE_MS);
    });
});
