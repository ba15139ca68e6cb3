import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Level } from "../../cli/doctor/finding.js";
import { temporaryFolder } from "../engine/folders.js";
import {
    startSimulator,
    type ConsoleReissue,
    type OrderSeed,
    type FaultRule,
    type Simulator,
} from "../../simulator/index.js";
import { cli, environmentOf, methodsSeen, type Outcome, type Surroundings } from "./harness.js";

const DAY = 86_400_000;
const ME = { method: "GET", path: "/user/me", times: Infinity } as const;
const DOMAINS = { method: "GET", path: "/domain", times: Infinity } as const;

interface Report {
    readonly exitCode: number;
    readonly account: Part & { user?: unknown; region?: string };
    readonly orders: (Part & Record<string, unknown>)[];
}
interface Part {
    readonly findings: { check: string; level: Level; text: string }[];
}

describe("pulumi-digicert doctor", function () {
    this.timeout(60_000);
    let simulator: Simulator;
    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.close());
    beforeEach(() => {
        simulator.clearRequests();
        simulator.clearFaults();
    });
    afterEach(() => {
        assert.ok(
            simulator.requests.every(({ method }) => method === "GET"),
            methodsSeen(simulator).join(),
        );
    });

    function doctor(args: readonly (string | number)[], more: Surroundings = {}): Promise<Outcome> {
        return cli(["doctor", ...args.map(String)], { env: environmentOf(simulator), ...more });
    }

    async function report(args: readonly (string | number)[], more: Surroundings = {}): Promise<Report> {
        const { code, out, err } = await doctor([...args, "--json"], more);
        assert.equal(err, "");
        const parsed = JSON.parse(out) as Report;
        assert.equal(parsed.exitCode, code);
        return parsed;
    }

    function finding(part: Part | undefined, check: string): string {
        return (part?.findings ?? [])
            .filter((one) => one.check === check)
            .map(({ level, text }) => `${level}: ${text}`)
            .join(" | ");
    }

    const inDays = (days: number) => new Date(Date.now() + days * DAY);

    describe("about the account", () => {
        it("tells whose key it is, and that nothing needs a person", async () => {
            const { code, out, err } = await doctor([]);
            assert.deepEqual([code, err], [0, ""]);
            assert.match(out, /^account\n {2}ok {8}address {2}http:\/\/127\.0\.0\.1:\d+\/services\/v2\n/);
            assert.match(out, /ok {8}key {6}accepted; it is Ada Example's \(Administrator\)\n/);
            assert.match(out, /ok {8}quota {4}none of 1 requests was refused/);
            assert.match(out, /\nNothing needs a person\.\n$/);
            assert.deepEqual(
                simulator.requests.map(({ path }) => path),
                ["/services/v2/user/me"],
            );
        });

        it("cannot check with a wrong key: 2, and the orders are not asked for", async () => {
            const { orderId } = await simulator.seedOrder();
            simulator.clearRequests();
            const env = { ...environmentOf(simulator), DIGICERT_API_KEY: "not-the-right-key" };
            const { exitCode, account, orders } = await report([orderId], { env });
            assert.equal(exitCode, 2);
            assert.match(
                finding(account, "key"),
                /^failed: .*403.*The API key is wrong, revoked, or of another region/,
            );
            assert.match(finding(orders[0], "state"), /^failed: not checked/);
            assert.equal(simulator.requests.length, 1);
        });

        const roles: [roles: unknown, says: RegExp, forecast: RegExp][] = [
            [
                [{ id: 4, name: "Manager" }],
                /info: the user may approve/,
                /needs no approval with skipApproval/,
            ],
            [
                [{ id: 5, name: "Standard user" }],
                /info: the user may not approve requests: every reissue waits for an approver/,
                /waits for an approver/,
            ],
            [[], /unknown: DigiCert tells no role/, /unknown: whether it waits for an approver is not known/],
        ];
        for (const [access_roles, says, forecast] of roles) {
            it(`tells what the role means for approval: ${JSON.stringify(access_roles)}`, async () => {
                const { orderId } = await simulator.seedOrder();
                simulator.fault({ ...ME, kind: "replace-members", members: { access_roles } });
                const { exitCode, account, orders } = await report([orderId]);
                assert.match(finding(account, "role"), says);
                assert.match(finding(account, "role"), /restricted .* cannot be read/);
                assert.match(finding(orders[0], "reissue"), forecast);
                assert.equal(exitCode, 0, "no role needs a person");
            });
        }

        it("goes on with a key that may not read users", async () => {
            const { orderId } = await simulator.seedOrder();
            simulator.fault(refusal(ME));
            const { exitCode, account, orders } = await report([orderId]);
            assert.match(finding(account, "key"), /^unknown: accepted; whose it is cannot be read/);
            assert.match(finding(orders[0], "state"), /^ok: issued$/);
            assert.equal(exitCode, 0);
        });

        it("finds a user who is not active", async () => {
            simulator.fault({ ...ME, kind: "replace-members", members: { status: "inactive" } });
            const { exitCode, account } = await report([]);
            assert.match(finding(account, "key"), /^attention: .*is inactive/);
            assert.equal(exitCode, 1);
        });

        it("cannot check what does not answer as DigiCert does", async () => {
            simulator.fault({ ...ME, kind: "html", status: 200 });
            const { exitCode, account } = await report([]);
            assert.match(finding(account, "key"), /^failed: .*cannot be understood/);
            assert.equal(exitCode, 2);
        });

        it("says that the quota is used up, while it waits and in the end", async () => {
            simulator.fault({ ...ME, times: 1, kind: "rate-limited", retryAfter: 1 });
            const { code, out, err } = await doctor([]);
            assert.match(err, /quota of the key is used up \(429\); waiting/);
            assert.match(out, /ATTENTION quota .*refused 1 of 2 requests/);
            assert.equal(code, 1);
        });
    });

    const orders: Record<
        string,
        {
            seed?: OrderSeed;
            console?: ConsoleReissue;
            fault?: FaultRule;
            args?: readonly string[];
            code: number;
            says: Record<string, RegExp>;
        }
    > = {
        "an order with nothing special": {
            seed: { dnsNames: ["www.shop.example"] },
            code: 0,
            says: {
                state: /^ok: issued$/,
                names: /^ok: shop\.example, www\.shop\.example$/,
                product: /^ok: SSL Plus \(ssl_plus, OV\)$/,
                plan: /^ok: ends on \d{4}-\d\d-\d\d, in 36\d days$/,
                validity: /^ok: certificate \d+ ends on .*, in 19\d days$/,
                due: /^ok: no reissue is due/,
                domains: /^ok: validated, the first until \d{4}-\d\d-\d\d$/,
                reissue:
                    /^info: needs no approval with skipApproval: true; .*; needs no proof of control over domains; .*organization/,
            },
        },
        "one that is due": {
            seed: { validTill: inDays(12.5) },
            code: 0,
            says: { due: /^info: order \d+: reissue, certificate expires in 1[12] days \(limit 30\)$/ },
        },
        "one that is due, and has few days left": {
            seed: { validTill: inDays(3) },
            code: 1,
            says: {
                due: /reissue, certificate expires.* \| attention: .*fewer than 7 days \(failDaysRemaining\)/,
            },
        },
        "a plan that ends with the certificate": {
            seed: { validTill: inDays(12), orderValidTill: inDays(12) },
            code: 1,
            says: { due: /^attention: .*a reissue would not be valid for longer\. Renew it/ },
        },
        "a plan that has ended": {
            seed: { validFrom: inDays(-99), validTill: inDays(-9), orderValidTill: inDays(-9) },
            code: 1,
            says: {
                state: /^attention: the order ended on/,
                plan: /^attention: ended on/,
                validity: /^attention: ended on/,
                reissue: /^info: none can be asked for in this state/,
            },
        },
        "a revoked order": {
            seed: { status: "revoked" },
            code: 1,
            says: { state: /^attention: the order is revoked/ },
        },
        "an order that is not issued": {
            seed: { status: "needs_approval" },
            code: 1,
            says: { state: /^attention: needs_approval: it was not issued yet/, validity: /^unknown: / },
        },
        "an order in a state that nobody knows": {
            seed: { policy: { orderStatus: "on_holiday" } },
            code: 1,
            says: { state: /^attention: "on_holiday", which this version does not know/ },
        },
        "a reissue that waits for an approver": {
            console: { pending: "approval", comments: "by hand" },
            code: 1,
            says: {
                pending:
                    /^attention: reissue, request \d+, since \d{4}-.*, asked for by Ada Example \(ada@example\.com\)\. Somebody has to approve/,
                reissue: /^info: none can be asked for while one is pending/,
            },
        },
        "a reissue of a stack that waits for an approver": {
            console: { pending: "approval", comments: "[pulumi-digicert 7f3a9c211b2c3d4e]" },
            code: 1,
            says: { pending: /by a stack that uses pulumi-digicert\. Somebody has to approve/ },
        },
        "a pending reissue whose request may not be read": {
            console: { pending: "approval" },
            fault: refusal({ method: "GET", path: "/request/:id", times: 1 }),
            code: 1,
            says: { pending: /^attention: reissue, request \d+, since .*, by whom is not told\. Somebody/ },
        },
        "a reissue that DigiCert validates": {
            console: { pending: "validation" },
            code: 1,
            says: {
                pending:
                    /^info: reissue, certificate \d+, since .*, asked for by Ada Example.*DigiCert is validating/,
                domains: /^attention: no current validation of shop\.example \(none told\)/,
            },
        },
        "domains that are not validated": {
            seed: { commonName: "*.lab.example", policy: { domains: "unvalidated" } },
            code: 1,
            says: {
                domains: /^attention: no current validation of \*\.lab\.example/,
                reissue: /asks for a proof of control over domains \(DCV\)/,
            },
        },
        "a DV order": {
            seed: { product: { validation_type: "dv" } },
            code: 0,
            says: {
                domains:
                    /^unknown: whether their validation is current is not known: DigiCert keeps that of a DV order/,
                reissue:
                    /^unknown: .*whether it asks for a proof of control over domains \(DCV\) is not known$/,
            },
        },
        "a key that may not list domains": {
            fault: refusal(DOMAINS),
            code: 0,
            says: { domains: /^unknown: .*the key may not list domains$/ },
        },
        "a list of domains that fails": {
            fault: {
                ...DOMAINS,
                kind: "respond",
                status: 400,
                body: { errors: [{ code: "x", message: "no" }] },
            },
            code: 2,
            says: {
                domains: /^failed: .*not known: Listing the domains of the account: DigiCert answered 400/,
            },
        },
        "names that the order does not tell": {
            seed: { dnsNames: ["a.shop.example"], policy: { omitFromReads: ["dns_names"] } },
            code: 0,
            says: { names: /^ok: shop\.example, a\.shop\.example$/ },
        },
        "a code-signing order": {
            seed: {
                commonName: null,
                product: { name_id: "code_signing", name: "Code Signing", type: "code_signing_certificate" },
            },
            code: 0,
            says: { names: /^ok: none$/, domains: /^ok: the certificate has no names to validate$/ },
        },
        "a reissue that would lose a name": {
            seed: { dnsNames: ["a.shop.example", "b.shop.example"] },
            args: ["--names", "SHOP.example, b.shop.example,c.shop.example"],
            code: 1,
            says: { change: /^attention: .*because a\.shop\.example would disappear.*within 72 hours/ },
        },
        "a reissue that would only add a name": {
            args: ["--names", "shop.example,c.shop.example"],
            code: 0,
            says: { change: /^info: .*revokes nothing; it adds c\.shop\.example, which may cost money$/ },
        },
        "a reissue that leaves a www twin out": {
            seed: { dnsNames: ["www.shop.example"] },
            args: ["--names", "shop.example"],
            code: 0,
            says: { change: /^info: .*www\.shop\.example, left out, is what DigiCert adds by itself/ },
        },
        "a reissue with the same names": {
            args: ["--names", "shop.example"],
            code: 0,
            says: { change: /^ok: a reissue with these names revokes nothing$/ },
        },
    };
    describe("about an order", () => {
        for (const [what, { seed, console: reissue, fault, args = [], code, says }] of Object.entries(
            orders,
        )) {
            it(`judges ${what}`, async () => {
                // An account of its own: its list of domains is made from the orders.
                const own = await startSimulator();
                try {
                    const { orderId } = await own.seedOrder(seed);
                    if (reissue) await own.reissueInConsole(orderId, reissue);
                    if (fault) own.fault(fault);
                    const {
                        exitCode,
                        orders: [order],
                    } = await report([orderId, ...args], { env: environmentOf(own) });
                    for (const [check, pattern] of Object.entries(says))
                        assert.match(finding(order, check), pattern);
                    assert.equal(exitCode, code, JSON.stringify(order?.findings));
                    assert.deepEqual(methodsSeen(own), ["GET"]);
                } finally {
                    await own.close();
                }
            });
        }

        it("has the facts in JSON, apart from the sentences", async () => {
            const { orderId, current } = await simulator.seedOrder({
                dnsNames: ["a.shop.example"],
                validTill: inDays(12),
            });
            await simulator.reissueInConsole(orderId, { pending: "approval" });
            const {
                orders: [order],
            } = await report([orderId, "--names", "shop.example"]);
            const facts = Object.fromEntries(
                Object.entries(order ?? {}).filter(([name]) => name !== "findings" && name !== "pending"),
            );
            assert.deepEqual(facts, {
                orderId: String(orderId),
                status: "reissue_pending",
                product: "SSL Plus (ssl_plus, OV)",
                names: ["shop.example", "a.shop.example"],
                certificateId: current.certificateId,
                validFrom: isoDay(inDays(12 - 199)),
                validTill: isoDay(inDays(12)),
                daysLeft: 11,
                orderValidTill: isoDay(inDays(365)),
                isDue: true,
                change: { added: [], removed: ["a.shop.example"] },
            });
            const [request] = order?.pending as Record<string, unknown>[];
            assert.deepEqual([request?.awaits, request?.isFromStack], ["approval", false]);
        });

        it("cannot check an order that is not there, and checks the others", async () => {
            const { orderId } = await simulator.seedOrder();
            const { exitCode, orders: found } = await report([999, orderId, orderId]);
            assert.equal(exitCode, 2);
            assert.deepEqual(
                found.map((order) => order.orderId),
                ["999", String(orderId)],
            );
            assert.match(finding(found[0], "state"), /^failed: Reading order 999: DigiCert answered 404/);
            assert.match(finding(found[1], "state"), /^ok/);
        });

        it("lists the domains once for all orders, and tells how far it is", async () => {
            const ids = [];
            for (let number = 0; number < 12; number += 1) {
                ids.push((await simulator.seedOrder({ commonName: `n${number}.example` })).orderId);
            }
            simulator.clearRequests();
            const piped = await doctor(ids);
            assert.equal(simulator.requests.length, 1 + 1 + 12);
            assert.deepEqual(
                piped.err.trim().split("\n"),
                [3, 6, 9, 12].map((done) => `${done} of 12 orders checked`),
            );
            assert.deepEqual(
                [...piped.out.matchAll(/^order (\d+)$/gm)].map(([, id]) => Number(id)),
                ids,
            );
            const terminal = await doctor(ids, { isTTY: true });
            assert.match(terminal.err, /\r\u001b\[K11 of 12 orders checked\r\u001b\[K$/);
        });
    });

    describe("on the command line", () => {
        it("takes the key from a file or from standard input, and never shows it", async () => {
            const { baseUrl, apiKey } = simulator;
            const file = join(temporaryFolder("key"), "key");
            writeFileSync(file, `${apiKey}\n`);
            const env = { DIGICERT_BASE_URL: baseUrl };
            for (const more of [
                { args: ["--key-file", file], env },
                { args: ["--key-file", "-"], env, stdin: `${apiKey}\r\n` },
                { args: ["--key-file", file], env: { ...env, DIGICERT_API_KEY: "another" } },
            ]) {
                const { code, out, err } = await doctor(more.args, more);
                assert.deepEqual([code, (out + err).includes(apiKey)], [0, false], out);
            }
        });

        it("does not repeat what may be a key in the wrong place", async () => {
            const key = "0123456789ABCDEF";
            for (const args of [[key], [`--api-key=${key}`], [`--key=${key}`, "--json"]]) {
                const { code, out, err } = await doctor(args);
                assert.deepEqual([code, (out + err).includes(key)], [2, false], out + err);
            }
        });

        const wrong: Record<
            string,
            { args: readonly (string | number)[]; env?: Record<string, string>; says: RegExp }
        > = {
            "no key": { args: [], env: {}, says: /no DigiCert API key.*DIGICERT_API_KEY.*--key-file/ },
            "an empty key file": {
                args: ["--key-file", "/dev/null"],
                says: /no DigiCert API key in the place/,
            },
            "a key file that is not there": {
                args: ["--key-file", join(__dirname, "nowhere")],
                says: /nowhere .*ENOENT/,
            },
            "an address without https": {
                args: ["--base-url", "http://example.com"],
                says: /must begin with https/,
            },
            "a region that is none": { args: ["--region", "asia"], says: /Allowed choices are us, eu/ },
            "names without one order": {
                args: ["1", "2", "--names", "a.example"],
                says: /exactly one order id/,
            },
            "a name that is none": { args: ["1", "--names", "a.example,"], says: /is empty/ },
            "an order id that is none": { args: ["1e3"], says: /an order id is a number/ },
        };
        for (const [what, { args, env, says }] of Object.entries(wrong)) {
            it(`refuses ${what}, with 2 and a sentence, and asks nothing`, async () => {
                const more = env === undefined ? {} : { env };
                const { code, out, err } = await doctor(args, more);
                assert.deepEqual([code, out], [2, ""]);
                assert.match(err, says);
                const json = await doctor([...args, "--json"], more);
                assert.match((JSON.parse(json.out) as { error: { message: string } }).error.message, says);
                assert.deepEqual([json.code, json.err, simulator.requests], [2, "", []]);
            });
        }

        it("uses colours on a terminal only, and not with NO_COLOR", async () => {
            const env = environmentOf(simulator);
            const coloured = await doctor([], { isTTY: true, env });
            assert.match(coloured.out, /\u001b\[32mok {7}\u001b\[39m/);
            for (const more of [
                { isTTY: true, env: { ...env, NO_COLOR: "1" } },
                { isTTY: true, env: { ...env, TERM: "dumb" } },
                { env },
            ]) {
                assert.ok(!(await doctor([], more)).out.includes("\u001b"), JSON.stringify(more));
            }
        });
    });
});

function refusal(selector: Pick<FaultRule, "method" | "path" | "times">): FaultRule {
    const errors = [{ code: "access_denied|missing_permission", message: "Access denied." }];
    return { ...selector, kind: "respond", status: 403, body: { errors } };
}

function isoDay(date: Date): string {
    return date.toISOString().slice(0, 10);
}
