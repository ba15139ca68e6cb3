/** The contract: what a person reads, and what no answer of a server can do. */
import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import { errors, POST, to } from "../drivers/requests.js";
import type { Run } from "../drivers/driver.js";
import { about, scenario } from "../drivers/scenario.js";
import type { Stage } from "../drivers/stage.js";
import type { Fault } from "../../simulator/index.js";

const SECTION = "contract: messages";

const v = (stage: Stage, value: string, more = {}) => stage.shop({ triggers: { v: value }, ...more });

about(SECTION, "A sentence ends with its code, whatever failed:", () => {
    const missing = errors("access_denied|access_denied_missing_permission", "no");
    const failures: Record<string, { code: string; says: RegExp; run: (stage: Stage) => Promise<Run> }> = {
        "a key is missing": {
            code: "CONFIGURATION",
            says: /digicert:apiKey.*DIGICERT_API_KEY/,
            run: (stage) => stage.stack.up(stage.shop(), { config: { "digicert:apiKey": "" } }),
        },
        "a key is wrong": {
            code: "AUTHENTICATION",
            says: /403/,
            run: (stage) => stage.stack.up(stage.shop(), { config: { "digicert:apiKey": "WRONG-KEY" } }),
        },
        "a role may not": {
            code: "PERMISSION",
            says: /403/,
            run: (stage) => {
                stage.faultPost({ kind: "respond", status: 403, body: missing });
                return stage.stack.up(stage.shop());
            },
        },
        "an order is unknown": {
            code: "NOT_FOUND",
            says: /order 999.*404/,
            run: (stage) => stage.stack.up(stage.shop({ orderId: 999 })),
        },
        "DigiCert refuses the request": {
            code: "INVALID_REQUEST",
            says: /400.*first reason.*second reason/s,
            run: (stage) => {
                const body = {
                    errors: [
                        { code: "a", message: "first reason" },
                        { code: "b", message: "second reason" },
                    ],
                };
                stage.faultPost({ kind: "respond", status: 400, body });
                return stage.stack.up(stage.shop());
            },
        },
        "DigiCert is not to be reached": {
            code: "UNAVAILABLE",
            says: /order/,
            run: (stage) => {
                stage.simulator.fault({ path: "*", kind: "dropped", times: Infinity });
                return stage.stack.up(stage.shop());
            },
        },
        "it is not known what became of the POST": {
            code: "AMBIGUOUS",
            says: /not known whether/,
            run: (stage) => {
                stage.loseNextPost("lost-answer");
                return stage.stack.up(stage.shop());
            },
        },
        "somebody else's reissue is pending": {
            code: "REFUSED",
            says: /pending/,
            run: async (stage) => {
                await stage.simulator.reissueInConsole(stage.orderId, { pending: "approval" });
                return stage.stack.up(stage.shop());
            },
        },
        "a name would disappear, in preview": {
            code: "REFUSED",
            says: /shop\.example/,
            run: async (stage) => {
                await stage.issued(stage.shop({ certificate: { dnsNames: ["a.shop.example"] } }));
                return stage.stack.up(stage.shop());
            },
        },
        "a certificate has another key": {
            code: "CERTIFICATE",
            says: /key/,
            run: (stage) => {
                stage.policy({ wrongKey: true });
                return stage.stack.up(stage.shop({ issuanceTimeoutSeconds: 5 }));
            },
        },
        "a certificate is not issued in time": {
            code: "PENDING",
            says: /issuanceTimeoutSeconds/,
            run: (stage) => {
                stage.policy({ issuanceMs: 3_600_000 });
                return stage.stack.up(stage.shop({ issuanceTimeoutSeconds: 5 }));
            },
        },
        "a reissue was rejected": {
            code: "REJECTED",
            says: /no budget/,
            run: async (stage) => {
                await stage.pending(v(stage, "2"));
                await stage.simulator.reject(stage.requestId, "no budget");
                return stage.stack.up(v(stage, "2"));
            },
        },
        "a certificate is about to expire": {
            code: "EXPIRING",
            says: /failDaysRemaining/,
            run: async (stage) => {
                await stage.pending(v(stage, "2"));
                stage.advanceDays(195);
                return stage.stack.up(v(stage, "2"));
            },
        },
        "a refresh cannot read": {
            code: "NOT_FOUND",
            says: /pulumi state delete/,
            run: async (stage) => {
                await stage.issued();
                const body = errors("not_found|order", "not found");
                stage.simulator.fault({ path: "*", kind: "respond", status: 404, body, times: Infinity });
                return stage.stack.refresh();
            },
        },
        "the state cannot be understood": {
            code: "STATE",
            says: /status|certificate/,
            run: async (stage) => {
                await stage.issued();
                const { outputs, ...rest } = stage.recorded;
                await stage.stack.restore({
                    ...rest,
                    outputs: { ...outputs, issued: 7, status: 9 } as never,
                });
                return stage.stack.up(v(stage, "2"));
            },
        },
    };
    for (const [what, { code, says, run }] of Object.entries(failures)) {
        scenario(`${what}: ERR_DIGICERT_${code}`, async (stage) => {
            const failure = (await run(stage)).failure ?? "";
            assert.match(failure, says);
            assert.match(failure, new RegExp(`\\(ERR_DIGICERT_${code}\\)`));
            assert.doesNotMatch(failure, /WRONG-KEY/);
        });
    }
});

about(SECTION, "DigiCert's own reason is printed also from an older form of its error bodies:", () => {
    for (const [what, body] of Object.entries({
        "errors is an object": { errors: { code: "a|b", message: "The reason." } },
        "error is an object": { error: { code: "a|b", message: "The reason." } },
        "errors are texts": { errors: ["The reason."] },
        "an error has a description": { errors: [{ description: "The reason." }] },
    })) {
        scenario(what, async (stage) => {
            stage.faultPost({ kind: "respond", status: 400, body, times: Infinity });
            const run = await stage.stack.up(stage.shop());
            assert.match(run.failure ?? "", /The reason/);
        });
    }
});

about(SECTION, "What nothing is decided by is read leniently:", () => {
    for (const [what, change] of Object.entries<(order: Record<string, unknown>) => Record<string, unknown>>({
        "requests is no list": (order) => ({ ...order, requests: {} }),
        "a name is no string": (order) => ({
            ...order,
            certificate: { ...(order.certificate as object), dns_names: ["shop.example", 7, null] },
        }),
        "an empty object is a list": (order) => ({ ...order, organization: [], user: [], container: [] }),
        "a name is blank": (order) => ({
            ...order,
            certificate: { ...(order.certificate as object), dns_names: ["shop.example", " "] },
        }),
        "ids are strings": (order) => ({
            ...order,
            id: String(order.id),
            certificate: {
                ...(order.certificate as object),
                id: String((order.certificate as { id: number }).id),
            },
        }),
        "null stands for what is absent": (order) => ({
            ...order,
            requests: null,
            note: null,
            dcv_method: null,
        }),
    })) {
        scenario(what, async (stage) => {
            await stage.rewriteOrder(change);
            const run = await stage.stack.up(stage.shop());
            assert.deepEqual([run.failure, run.posts, stage.state.status], [undefined, 1, "issued"]);
        });
    }

    scenario("a refusal names the member that it cannot read, where a POST depends on it", async (stage) => {
        await stage.rewriteOrder((order) => ({ ...order, status: { odd: true } }));
        const run = await stage.stack.up(stage.shop());
        assert.match(run.failure ?? "", /status/);
        assert.equal(run.posts, 0);
    });
});

about(SECTION, "What a server supplied is printed on one line, without control characters:", () => {
    const hostile = "\u001b[2J\u001b[32m\nDiagnostics: all certificates are fine";
    const assertPlain = (run: Run): void => {
        for (const line of [...run.preview, ...run.lines, ...(run.failure ?? "").split("\n")])
            assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f]|^Diagnostics/);
    };

    for (const member of ["date", "date_created", "date_issued", "comments", "status"]) {
        scenario(`${member} of orders, requests and reissues`, async (stage) => {
            await stage.pending(v(stage, "2"));
            await stage.stack.restore(undefined);
            const poison = (value: unknown): unknown => {
                if (Array.isArray(value)) return value.map(poison);
                if (typeof value !== "object" || value === null) return value;
                return Object.fromEntries(
                    Object.entries(value).map(([name, one]) => [
                        name,
                        name === member ? hostile : poison(one),
                    ]),
                );
            };
            const order = (body: Record<string, unknown>) => poison(body) as Record<string, unknown>;
            await stage.rewriteOrder(
                member === "status"
                    ? (body) => ({ ...body, certificate: order(body.certificate as never) })
                    : order,
            );
            await stage.rewriteList((list) => list.map(order));
            assertPlain(await stage.stack.up(v(stage, "2", { issuanceTimeoutSeconds: 0 })));
            if (!stage.isEmpty) {
                stage.advanceDays(1);
                assertPlain(await stage.stack.up(v(stage, "2", { issuanceTimeoutSeconds: 0 })));
                assertPlain(await stage.stack.refresh());
            }
        });
    }

    scenario("the comment of whoever rejected it", async (stage) => {
        await stage.pending(v(stage, "2"));
        await stage.simulator.reject(stage.requestId, hostile);
        const run = await stage.stack.up(v(stage, "2"));
        assertPlain(run);
        assert.match(run.failure ?? "", /all certificates are fine/);
    });

    scenario("the message of an error", async (stage) => {
        stage.faultPost({ kind: "respond", status: 400, body: errors(hostile, hostile) });
        assertPlain(await stage.stack.up(stage.shop()));
    });
});

about(SECTION, "No answer of a server stops the process from serving timers for more than 50 ms:", () => {
    const text = (times: number, unit: string) =>
        JSON.stringify({ errors: [{ code: "a", message: unit.repeat(times) }] });
    const bodies: Record<string, (length: number) => string> = {
        backslashes: (length) => "\\".repeat(length),
        "backslashes in a string": (length) => text(length / 2, "\\"),
        "percent signs": (length) => "%".repeat(length),
        "the beginning of escapes": (length) => "\\u0".repeat(length / 3),
        "nested lists": (length) => "[".repeat(length),
        "many errors": (length) =>
            JSON.stringify({
                errors: Array.from({ length: length / 30 }, () => ({ code: "a", message: "b" })),
            }),
    };
    for (const [what, body] of Object.entries(bodies)) {
        scenario(what, async (stage) => {
            for (const length of [20_000, 80_000, 1_000_000]) {
                const headers = { "content-type": "application/json" };
                const fault: Fault = { kind: "respond", status: 400, body: body(length), headers };
                stage.simulator.clearFaults();
                stage.simulator.fault({ method: "GET", path: "*", times: Infinity, ...fault });
                let longest = 0;
                let last = performance.now();
                const measure = (): void => {
                    longest = Math.max(longest, performance.now() - last);
                    last = performance.now();
                };
                const timer = setInterval(measure, 5);
                const run = await stage.stack.up(stage.shop());
                measure();
                clearInterval(timer);
                assert.ok(run.failure && run.failure.length < 20_000, "the text is bounded");
                // Ten times as long as promised, since tests share their processors.
                assert.ok(longest < 500, `${longest.toFixed(0)} ms for ${length} characters`);
            }
        });
    }
});

about(SECTION, "The API key is never printed or saved,", () => {
    scenario("although a server echoes it in its errors", { tags: ["host"] }, async (stage) => {
        const body = errors(stage.simulator.apiKey, `your key ${stage.simulator.apiKey} is bad`);
        stage.simulator.fault({ ...to(POST), kind: "respond", status: 400, body });
        const run = await stage.stack.up(stage.shop());
        assert.match(run.failure ?? "", /your key/);
        assert.ok(!run.text.includes(stage.simulator.apiKey));
    });
});
