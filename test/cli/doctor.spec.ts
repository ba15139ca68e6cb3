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
import { cli, environmentOf, type Outcome, type Surroundings } from "./harness.js";

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

/** The methods of the requests that reached a simulator, each once. */
function methodsSeen({ requests }: Simulator): string[] {
    return [...new Set(requests.map(({ method }) => method))];
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
        it("names the address and the user of the key, and says that nothing needs a person", async () => {
            const { code, out, err } = await doctor([]);
            assert.deepEqual([code, err], [0, ""]);
            assert.equal(
                out,
                `account: ${simulator.baseUrl}, key of Ada Example (Administrator)\n` +
                    "  ok        address, key, role, quota\n\n" +
                    "Nothing needs a person. --verbose prints every check.\n",
            );
            assert.deepEqual(
                simulator.requests.map(({ path }) => path),
                ["/services/v2/user/me"],
            );
        });

        it("exits with 2 for a wrong key, and reads no order", async () => {
            const { orderId } = await simulator.seedOrder();
            simulator.clearRequests();
            const env = { ...environmentOf(simulator), DIGICERT_API_KEY: "not-the-right-key" };
            const { exitCode, account, orders } = await report([orderId], { env });
            assert.equal(exitCode, 2);
            assert.match(
                finding(account, "key"),
                /^failed: .*403.*The API key is wrong, revoked, or of another region/,
            );
            assert.match(finding(orders[0], "status"), /^failed: not checked/);
            assert.equal(simulator.requests.length, 1);
        });

        const roles: [roles: unknown, says: RegExp, forecast: RegExp][] = [
            [
                [{ id: 4, name: "Manager" }],
                /ok: may approve requests .*restriction of the key itself .* cannot be read/,
                /approval: not needed with skipApproval: true/,
            ],
            [
                [{ id: 5, name: "Standard user" }],
                /info: may not approve requests: every reissue waits for an approver/,
                /approval: needed;/,
            ],
            [[], /unknown: DigiCert reports no role/, /approval: unknown;/],
        ];
        for (const [access_roles, says, forecast] of roles) {
            it(`says what the role means for approval: ${JSON.stringify(access_roles)}`, async () => {
                const { orderId } = await simulator.seedOrder();
                simulator.fault({ ...ME, kind: "replace-members", members: { access_roles } });
                const { exitCode, account, orders } = await report([orderId]);
                assert.match(finding(account, "role"), says);
                assert.match(finding(orders[0], "reissue"), forecast);
                assert.equal(exitCode, 0);
            });
        }

        it("checks orders with a key that may not read users", async () => {
            const { orderId } = await simulator.seedOrder();
            simulator.fault(refusal(ME));
            const { exitCode, account, orders } = await report([orderId]);
            assert.match(finding(account, "key"), /^unknown: accepted; its user is unknown/);
            assert.match(finding(orders[0], "status"), /^ok: issued$/);
            assert.equal(exitCode, 0);
        });

        it("needs a person where the user of the key is not active", async () => {
            simulator.fault({ ...ME, kind: "replace-members", members: { status: "inactive" } });
            const { exitCode, account } = await report([]);
            assert.match(finding(account, "key"), /^attention: .*is inactive/);
            assert.equal(exitCode, 1);
        });

        it("exits with 2 where the server does not answer as DigiCert does", async () => {
            simulator.fault({ ...ME, kind: "html", status: 200 });
            const { exitCode, account } = await report([]);
            assert.match(finding(account, "key"), /^failed: .*cannot be understood/);
            assert.equal(exitCode, 2);
        });

        it("says that the quota is used up, while it waits and in the report", async () => {
            simulator.fault({ ...ME, times: 1, kind: "rate-limited", retryAfter: 1 });
            const { code, out, err } = await doctor([]);
            assert.match(err, /quota of the key is used up \(DigiCert answered 429\); waiting/);
            assert.match(out, /ATTENTION quota {4}used up: DigiCert refused 1 of 2 requests/);
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
                status: /^ok: issued$/,
                names: /^ok: shop\.example, www\.shop\.example$/,
                product: /^ok: SSL Plus \(ssl_plus, OV\)$/,
                plan: /^ok: ends on \d{4}-\d\d-\d\d, in 36\d days$/,
                validity: /^ok: certificate \d+ ends on .*, in 19\d days$/,
                due: /^ok: no reissue is due/,
                usage: /^$/,
                renewal: /^$/,
                domains: /^ok: validated; the first validation ends on \d{4}-\d\d-\d\d$/,
                reissue:
                    /^info: approval: not needed with skipApproval: true; domain validation: not needed; organization validation: unknown$/,
            },
        },
        "one that is due": {
            seed: { validTill: inDays(12.5) },
            code: 0,
            says: {
                due: /^info: 1[12] days are left \(limit 30\): the next pulumi up reissues the certificate$/,
            },
        },
        "one that is due, and has few days left": {
            seed: { validTill: inDays(3) },
            code: 1,
            says: {
                due: /^info: [23] days are left/,
                deadline: /^attention: fewer than 7 days are left \(failDaysRemaining\)/,
            },
        },
        "a plan that ends with the certificate": {
            seed: { validTill: inDays(12), orderValidTill: inDays(12) },
            code: 1,
            says: {
                due: /^attention: .*the plan ends with the certificate, so no reissue lasts longer\. Place a new order/,
            },
        },
        "a plan that has ended": {
            seed: { validFrom: inDays(-99), validTill: inDays(-9), orderValidTill: inDays(-9) },
            code: 1,
            says: {
                status: /^attention: the order ended on .*, and allows no reissue\. Place a new order/,
                plan: /^info: ended on/,
                validity: /^attention: certificate \d+ expired on/,
                reissue: /^info: not possible in this status$/,
            },
        },
        "a revoked order": {
            seed: { status: "revoked" },
            code: 1,
            says: { status: /^attention: the order is revoked/ },
        },
        "an order that is not issued": {
            seed: { status: "needs_approval" },
            code: 1,
            says: {
                status: /^attention: needs_approval: no certificate was issued yet/,
                validity: /^unknown: /,
            },
        },
        "an order with an unknown status": {
            seed: { policy: { orderStatus: "on_holiday" } },
            code: 1,
            says: { status: /^attention: "on_holiday" is unknown to this version/ },
        },
        "a reissue that waits for an approver": {
            console: { pending: "approval", comments: "by hand" },
            code: 1,
            says: {
                pending:
                    /^attention: approve or reject request \d+ in CertCentral; pending since \d{4}-\d\d-\d\d, by Ada Example \(ada@example\.com\)$/,
                reissue: /^info: not possible while another reissue is pending$/,
            },
        },
        "a reissue of a stack that waits for an approver": {
            console: { pending: "approval", comments: "[pulumi-digicert 7f3a9c211b2c3d4e]" },
            code: 1,
            says: { pending: /^attention: approve or reject .*, from a stack with pulumi-digicert$/ },
        },
        "a pending reissue whose request may not be read": {
            console: { pending: "approval" },
            fault: refusal({ method: "GET", path: "/request/:id", times: 1 }),
            code: 1,
            says: { pending: /^attention: .*, requester unknown$/ },
        },
        "a reissue that DigiCert validates": {
            console: { pending: "validation" },
            code: 1,
            says: {
                pending: /^info: DigiCert validates certificate \d+; pending since .*, by Ada Example/,
                domains: /^attention: not validated: shop\.example\. /,
            },
        },
        "domains that are not validated": {
            seed: { commonName: "*.lab.example", policy: { domains: "unvalidated" } },
            code: 1,
            says: {
                domains: /^attention: not validated: \*\.lab\.example/,
                reissue: /domain validation: needed;/,
            },
        },
        "a DV order": {
            seed: { product: { validation_type: "dv" } },
            code: 0,
            says: {
                domains: /^info: DV order: .* every reissue needs a new one$/,
                reissue: /^info: approval: [^;]*; domain validation: needed$/,
            },
        },
        "a key that may not list domains": {
            fault: refusal(DOMAINS),
            code: 0,
            says: {
                domains: /^unknown: the key may not list the domains of the account$/,
                reissue: /domain validation: unknown/,
            },
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
                domains:
                    /^failed: Listing the domains of the account: DigiCert answered 400.*\(ERR_DIGICERT_INVALID_REQUEST\)$/,
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
        "a code-signing order with the name of an organization": {
            seed: { commonName: "Example, Inc.", product: { type: "code_signing_certificate" } },
            code: 0,
            says: {
                domains: /^ok: the certificate has no names to validate$/,
                reissue: /domain validation: not needed/,
            },
        },
        "an order that has ended and was renewed": {
            seed: { status: "revoked" },
            fault: renewal(445566),
            code: 1,
            says: { status: /It was renewed as order 445566: use that as orderId\.$/, renewal: /^$/ },
        },
        "an order that was renewed before its end": {
            fault: renewal(445566),
            code: 0,
            says: { renewal: /^info: the order was renewed as order 445566\./ },
        },
        "a certificate that cannot be read": {
            fault: {
                method: "GET",
                path: "/certificate/:id/download/format/:format",
                times: 1,
                kind: "html",
                status: 200,
            },
            code: 2,
            says: { usage: /^failed: Downloading certificate \d+ .*cannot be .*\(ERR_DIGICERT_\w+\)$/ },
        },
        "a certificate that the key may not download": {
            fault: refusal({ method: "GET", path: "/certificate/:id/download/format/:format", times: 1 }),
            code: 0,
            says: { usage: /^unknown: the key may not download the certificate$/ },
        },
        "a reissue that would lose a name": {
            seed: { dnsNames: ["a.shop.example", "b.shop.example"] },
            args: ["--names", "SHOP.example, b.shop.example,c.shop.example"],
            code: 1,
            says: {
                change: /^attention: may revoke all .* within 72 hours, because it drops a\.shop\.example; pulumi up refuses/,
            },
        },
        "a reissue that would only add a name": {
            args: ["--names", "shop.example,c.shop.example"],
            code: 0,
            says: {
                change: /^info: keeps all names of the certificate; adds c\.shop\.example, which may cost money$/,
            },
        },
        "a reissue that leaves out a www name, which DigiCert may or may not have added by itself": {
            seed: { dnsNames: ["www.shop.example"] },
            args: ["--names", "shop.example"],
            code: 1,
            says: { change: /^attention: may revoke .* drops www\.shop\.example/ },
        },
        "a wildcard in place of the common name": {
            args: ["--names", "*.shop.example"],
            code: 1,
            says: { change: /^attention: may revoke .* drops shop\.example/ },
        },
        "a reissue with the same names": {
            args: ["--names", "shop.example"],
            code: 0,
            says: { change: /^ok: keeps all names of the certificate, so it revokes nothing$/ },
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

        it("prints the facts of an order as JSON members, beside the sentences", async () => {
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

        it("reports an order that does not exist, and checks the others", async () => {
            const { orderId } = await simulator.seedOrder();
            const { exitCode, orders: found } = await report([999, orderId, orderId]);
            assert.equal(exitCode, 2);
            assert.deepEqual(
                found.map((order) => order.orderId),
                ["999", String(orderId)],
            );
            assert.match(
                finding(found[0], "status"),
                /^failed: Reading order 999: DigiCert answered 404.*\(ERR_DIGICERT_NOT_FOUND\)$/,
            );
            assert.match(finding(found[1], "status"), /^ok/);
        });

        it("lists the domains once for all orders, and prints its progress", async () => {
            const ids = [];
            for (let number = 0; number < 12; number += 1) {
                ids.push((await simulator.seedOrder({ commonName: `n${number}.example` })).orderId);
            }
            simulator.clearRequests();
            const piped = await doctor(ids);
            assert.equal(
                simulator.requests.length,
                1 + 1 + 2 * 12,
                "user, domains, each order and its certificate",
            );
            assert.deepEqual(
                piped.err.trim().split("\n"),
                [3, 6, 9, 12].map((done) => `${done} of 12 orders checked`),
            );
            assert.deepEqual(
                [...piped.out.matchAll(/^order (\d+):/gm)].map(([, id]) => Number(id)),
                ids,
            );
            const terminal = await doctor(ids, { isTTY: true });
            assert.match(terminal.err, /\r\u001b\[K11 of 12 orders checked\r\u001b\[K$/);
        });
    });

    describe("in print", () => {
        const names = Array.from({ length: 30 }, (_, number) => `name-${number}.shop.example`);

        it("puts orders and findings that need a person first", async () => {
            const fine = await simulator.seedOrder({ commonName: "fine.example" });
            const ended = await simulator.seedOrder({ commonName: "ended.example", status: "revoked" });
            const { out } = await doctor([fine.orderId, 999, ended.orderId]);
            assert.deepEqual(
                [...out.matchAll(/^(?:order (\d+)|account)|^ {2}(\w+)/gm)].map(
                    ([, id, level]) => id ?? level ?? "account",
                ),
                ["account", "ok"].concat(
                    ["999", "FAILED"],
                    [String(ended.orderId), "ATTENTION", "info", "ok"],
                    [String(fine.orderId), "info", "ok"],
                ),
            );
            assert.match(
                out,
                /\n1 finding needs a person, 1 could not be checked\. --verbose prints every check\.\n$/,
            );
        });

        it("takes two lines of 80 characters at the most for a finding, and the width of a terminal", async () => {
            const { orderId } = await simulator.seedOrder({ dnsNames: names });
            for (const [more, width] of [
                [{}, 80],
                [{ isTTY: true, columns: 100 }, 100],
                [{ isTTY: true, columns: 500 }, 120],
            ] as const) {
                const { out } = await doctor([orderId, "--names", "shop.example"], more);
                const lines = out.replaceAll(/\u001b\[\d+m/g, "").split("\n");
                assert.ok(
                    lines.every((line) => line.length <= width),
                    lines.find((line) => line.length > width),
                );
                const from = lines.findIndex((line) => line.startsWith("  ATTENTION change"));
                assert.match(lines[from + 1] ?? "", /^ {21}\S.* …$/);
                assert.match(lines[from + 2] ?? "", /^ {2}\w/);
            }
        });

        it("prints every check and every name with --verbose", async () => {
            const { orderId } = await simulator.seedOrder({ dnsNames: names });
            const { out } = await doctor([orderId, "--names", "shop.example", "--verbose"]);
            for (const name of names) assert.ok(out.includes(name), name);
            for (const check of [
                "address",
                "key",
                "quota",
                "status",
                "validity",
                "due",
                "domains",
                "product",
                "plan",
            ]) {
                assert.match(out, new RegExp(`^  ok        ${check.padEnd(8)} \\S`, "m"));
            }
        });
    });

    describe("on the command line", () => {
        it("takes the key from a file or from standard input, and never prints it", async () => {
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

        it("does not print a value that may be a key in the wrong place", async () => {
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
            "no key": {
                args: [],
                env: {},
                says: /no DigiCert API key\. Set DIGICERT_API_KEY, or .*--key-file.*\(ERR_DIGICERT_CONFIGURATION\)/,
            },
            "an empty key file": {
                args: ["--key-file", "/dev/null"],
                says: /no DigiCert API key in the file that --key-file names/,
            },
            "a key file that is not there": {
                args: ["--key-file", join(__dirname, "nowhere")],
                says: /nowhere does not exist\./,
            },
            "an address without https": {
                args: ["--base-url", "http://example.com"],
                says: /baseUrl \(DIGICERT_BASE_URL\) must begin with https.* Correct the option \(--base-url, --region\).*\(ERR_DIGICERT_CONFIGURATION\)/,
            },
            "an unknown region": { args: ["--region", "asia"], says: /Allowed choices are us, eu/ },
            "names without one order": {
                args: ["1", "2", "--names", "a.example"],
                says: /exactly one order id/,
            },
            "an empty name": { args: ["1", "--names", "a.example,"], says: /Name 2 is empty\./ },
            "a text that is no order id": {
                args: ["1", "1e3"],
                says: /^Order id 2 on the command line is not an order id\. Give a number/,
            },
            "an option with a typing mistake": {
                args: ["--name", "a.example"],
                says: /^Unknown option '--name'\. Did you mean --names\?/,
            },
        };
        for (const [what, { args, env, says }] of Object.entries(wrong)) {
            it(`refuses ${what} with one sentence, and makes no request`, async () => {
                const more = env === undefined ? {} : { env };
                const { code, out, err } = await doctor(args, more);
                assert.deepEqual([code, out], [2, ""]);
                assert.match(err, says);
                assert.doesNotMatch(err, /pulumi up|digicert:/);
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

/** An order that tells the order with which it was renewed. */
function renewal(orderId: number): FaultRule {
    return {
        method: "GET",
        path: "/order/certificate/:id",
        times: 1,
        kind: "replace-members",
        members: { renewed_order_id: orderId },
    };
}

function isoDay(date: Date): string {
    return date.toISOString().slice(0, 10);
}
