/**
 * `pulumi-digicert doctor`: checks the API key and orders before a reissue.
 *
 * @module
 */
import { InvalidArgumentError } from "commander";
import type { CertCentral } from "../provider/core/certcentral/client.js";
import { PermissionError } from "../provider/core/errors.js";
import { canonicalName, NameProblem } from "../provider/core/x509/names.js";
import { mapConcurrently } from "./concurrency.js";
import { UsageError, type AddCommand, type CommandContext } from "./command.js";
import { addConnectionOptions, connect, type ConnectionFlags } from "./connection.js";
import { accountHeading, checkAccount, checkQuota, type AccountReport } from "./doctor/account.js";
import { AnswerCounter } from "./doctor/answers.js";
import type { AccountDomains } from "./doctor/domains.js";
import { attemptCheck, exitCodeFor } from "./doctor/finding.js";
import { checkOrder, orderHeading, type OrderReport } from "./doctor/order.js";
import { printPart, sortBySeverity, summarize } from "./doctor/print.js";
import { queryDnsAt } from "./doctor/tokens.js";
import { addHelpParts, CONNECTION_HELP, examples, EXIT_CODES_WITH_ATTENTION } from "./help.js";
import { parseServer } from "./serverAddress.js";
import { parseOrderId } from "./orderId.js";
import { paintFor, writeJson } from "./output.js";
import { Progress } from "./progress.js";

interface Flags extends ConnectionFlags {
    readonly names?: ReadonlySet<string>;
    /** `true`: with the servers of this machine. */
    readonly dns?: string | true;
    readonly token?: string;
    readonly verbose?: boolean;
    readonly json?: boolean;
}

/** Orders that are read at the same time. */
const CONCURRENT_ORDERS = 8;

/** Adds the command. */
export const doctor: AddCommand = (program, context) => {
    const command = program
        .command("doctor")
        .summary("check the API key, and what a reissue of orders would need")
        .description(
            "Checks the API key and orders: would a reissue work, need approval, or need domain validation? " +
                "What needs a person comes first. It only reads.",
        )
        .argument("[orderId...]", "orders to check", collectOrderIds)
        .option(
            "--names <a,b,c>",
            "all names of a planned reissue of the order: would it drop one?",
            parseNames,
        )
        .option("--dns [host:port]", "look in DNS for the records of domain validation", parseServer)
        .option("--token <text>", "with --dns: the dcvRandomValue that is to be visible")
        .option("--verbose", "print every check, and each finding in full")
        .option("--json", "print the whole report as one JSON object");
    addConnectionOptions(command).action((orderIds: string[], flags: Flags) =>
        run([...new Set(orderIds)], flags, context),
    );
    addHelpParts(command, [
        examples(
            "npx pulumi-digicert doctor 112233 445566",
            "npx pulumi-digicert doctor 112233 --names shop.example,www.shop.example",
            "npx pulumi-digicert doctor 112233 --dns --token 5ck9vnbv1yhqlmg0f3p4",
            "npx pulumi-digicert doctor 112233 --key-file ~/.digicert-key --json",
        ),
        EXIT_CODES_WITH_ATTENTION,
        {
            heading: "What is checked",
            lines: [
                "account  address, key, role and quota",
                "order    status, names, product, plan, days left, pending reissue, domain",
                "         validation, client authentication, and what a reissue needs",
                "",
                'What the API does not expose is reported as "unknown". Days are those that',
                "DigiCert reports; minDaysRemaining and failDaysRemaining have their defaults.",
            ],
        },
        CONNECTION_HELP,
    ]);
};

async function run(orderIds: readonly string[], flags: Flags, context: CommandContext): Promise<void> {
    if (flags.names && orderIds.length !== 1) {
        throw new UsageError("--names belongs to one order. Give exactly one order id.");
    }
    if (flags.token !== undefined && flags.dns === undefined) {
        throw new UsageError("--token is looked for in DNS. Add --dns.");
    }
    const { client, settings } = await connect(flags, context);
    const counter = new AnswerCounter(settings.baseUrl, () => {
        context.stderr.write(
            "The quota of the key is used up (DigiCert answered 429); waiting to repeat the request\n",
        );
    });
    try {
        const read = await checkAccount(client, settings.baseUrl);
        const orders = read.isAccepted
            ? await checkOrders(client, orderIds, read, flags, context)
            : orderIds.map(reportUnchecked);
        const quota = read.isAccepted ? [checkQuota(counter)] : [];
        printReport({ ...read, findings: [...read.findings, ...quota] }, orders, flags, context);
    } finally {
        counter.stop();
    }
}

async function checkOrders(
    client: CertCentral,
    orderIds: readonly string[],
    { mayApprove }: AccountReport,
    { names, dns, token }: Flags,
    context: CommandContext,
): Promise<OrderReport[]> {
    if (orderIds.length === 0) return [];
    const domains = await readDomains(client);
    const queries =
        dns === undefined ? undefined : { query: queryDnsAt(dns === true ? undefined : dns), token };
    const progress = new Progress(context.stderr, orderIds.length, "orders checked");
    const checkContext = { domains, mayApprove, plannedNames: names, now: context.now(), dns: queries };
    return mapConcurrently(orderIds, CONCURRENT_ORDERS, async (orderId) => {
        const report = await checkOrder(client, orderId, checkContext);
        progress.addStep();
        return report;
    });
}

/** Reads the account's domains, once for all orders; some roles may not read them. */
async function readDomains(client: CertCentral): Promise<AccountDomains> {
    const read = await attemptCheck("domains", async (): Promise<AccountDomains> => {
        try {
            const list = await client.domains();
            return list ? { list } : { reason: "the account has too many domains to list", level: "unknown" };
        } catch (error) {
            if (!(error instanceof PermissionError)) throw error;
            return { reason: "the key may not list the domains of the account", level: "unknown" };
        }
    });
    return "value" in read ? read.value : { reason: read.finding.text, level: "failed" };
}

function reportUnchecked(orderId: string): OrderReport {
    const text = "not checked, because the key could not be checked";
    return { orderId, findings: [{ check: "status", level: "failed", text }] };
}

function printReport(
    account: AccountReport,
    orders: readonly OrderReport[],
    { json, verbose = false }: Flags,
    context: CommandContext,
): void {
    const findings = [account, ...orders].flatMap((part) => part.findings);
    context.exitCode = exitCodeFor(findings);
    const { stdout } = context;
    if (json) {
        const { baseUrl, region, user, findings: accountFindings } = account;
        writeJson(stdout, {
            exitCode: context.exitCode,
            account: { baseUrl, region, user, findings: accountFindings },
            orders,
        });
        return;
    }
    const paint = paintFor(stdout, context.env);
    printPart(stdout, paint, { ...account, heading: accountHeading(account) }, verbose);
    for (const order of sortBySeverity(orders)) {
        printPart(stdout, paint, { ...order, heading: orderHeading(order) }, verbose);
    }
    stdout.write(`${summarize(findings)}${verbose ? "" : " --verbose prints every check."}\n`);
}

function collectOrderIds(text: string, earlier: readonly string[] = []): string[] {
    return [...earlier, parseOrderId(text, earlier.length + 1)];
}

function parseNames(text: string): ReadonlySet<string> {
    const names = text.split(",").map((name) => name.trim());
    return new Set(
        names.map((name, index) => {
            try {
                return canonicalName(name);
            } catch (error) {
                if (!(error instanceof NameProblem)) throw error;
                throw new InvalidArgumentError(`Name ${index + 1} ${error.message}.`);
            }
        }),
    );
}
