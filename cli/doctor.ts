/**
 * `pulumi-digicert doctor`: what stands in the way of a reissue, before there is one.
 *
 * @module
 */
import { Semaphore } from "async-mutex";
import { InvalidArgumentError } from "commander";
import type { CertCentral } from "../provider/core/certcentral/client.js";
import { canonicalName, NameProblem } from "../provider/core/x509/names.js";
import { PermissionError } from "../provider/core/errors.js";
import { UsageError, type AddCommand, type Cli } from "./cli.js";
import { addConnectionOptions, connect, type ConnectionFlags } from "./connection.js";
import { examineAccount, quotaFinding, type AccountReport } from "./doctor/account.js";
import { AnswerCount } from "./doctor/answers.js";
import type { Domains } from "./doctor/domains.js";
import { attempt, exitCodeFor } from "./doctor/finding.js";
import { examineOrder, type OrderReport } from "./doctor/order.js";
import { printFindings, summaryOf } from "./doctor/print.js";
import { orderIdOf } from "./orderId.js";
import { paintFor, writeJson } from "./output.js";
import { Progress } from "./progress.js";

interface Flags extends ConnectionFlags {
    readonly names?: ReadonlySet<string>;
    readonly json?: boolean;
}

/** Orders that are looked at together. */
const TOGETHER = 8;

/** Adds the command. */
export const doctor: AddCommand = (program, cli) => {
    const command = program
        .command("doctor")
        .summary("check the API key, and what a reissue of orders would do")
        .description(
            "Checks the API key, its user and role, the address and the quota, and per order: state, names, product, end of the plan, " +
                "days left, whether a reissue is due, a pending reissue, whether the domains are validated, and what a reissue would wait for. " +
                "It only reads. What no read tells is said to be unknown.",
        )
        .argument("[orderId...]", "orders to check", collect)
        .option(
            "--names <a,b,c>",
            "the complete set of names of a reissue of the order: tells which would disappear",
            namesOf,
        )
        .option("--json", "print the report as one JSON object");
    addConnectionOptions(command)
        .addHelpText(
            "after",
            `
Exit codes:
  0  all fine
  1  something needs a person
  2  something could not be checked (the key, an order, the network), or the command line is wrong

Dates are those that the orders tell, to the day. minDaysRemaining and failDaysRemaining are taken to be the defaults.`,
        )
        .action((orderIds: string[], flags: Flags) => run([...new Set(orderIds)], flags, cli));
};

async function run(orderIds: readonly string[], flags: Flags, cli: Cli): Promise<void> {
    if (flags.names && orderIds.length !== 1) {
        throw new UsageError("Checking --names: it is about one order. Give exactly one order id.");
    }
    const { client, settings } = await connect(flags, cli);
    const count = new AnswerCount(settings.baseUrl, () => {
        cli.stderr.write(
            "DigiCert says that the quota of the key is used up (429); waiting, then asking again\n",
        );
    });
    try {
        const read = await examineAccount(client, settings.baseUrl);
        const orders = read.isAccepted
            ? await examineOrders(client, orderIds, read, flags, cli)
            : notChecked(orderIds);
        const account = {
            ...read,
            findings: [...read.findings, ...(read.isAccepted ? [quotaFinding(count)] : [])],
        };
        tell(account, orders, flags, cli);
    } finally {
        count.stop();
    }
}

async function examineOrders(
    client: CertCentral,
    orderIds: readonly string[],
    { mayApprove }: AccountReport,
    { names }: Flags,
    cli: Cli,
): Promise<OrderReport[]> {
    if (orderIds.length === 0) return [];
    const domains = await readDomains(client);
    const progress = new Progress(cli.stderr, orderIds.length, "orders checked");
    const places = new Semaphore(TOGETHER);
    const circumstances = { domains, mayApprove, wantedNames: names, now: cli.now() };
    return Promise.all(
        orderIds.map((orderId) =>
            places.runExclusive(async () => {
                const report = await examineOrder(client, orderId, circumstances);
                progress.step();
                return report;
            }),
        ),
    );
}

/** One list for all orders. A key that may only see orders may not read it. */
async function readDomains(client: CertCentral): Promise<Domains> {
    const read = await attempt("domains", async (): Promise<Domains> => {
        try {
            const list = await client.domains();
            return list ? { list } : { unknown: "the account has too many domains", level: "unknown" };
        } catch (error) {
            if (error instanceof PermissionError)
                return { unknown: "the key may not list domains", level: "unknown" };
            throw error;
        }
    });
    return "value" in read ? read.value : { unknown: read.finding.text, level: "failed" };
}

function notChecked(orderIds: readonly string[]): OrderReport[] {
    const text = "not checked, because the key was not";
    return orderIds.map((orderId) => ({ orderId, findings: [{ check: "state", level: "failed", text }] }));
}

function tell(account: AccountReport, orders: readonly OrderReport[], { json }: Flags, cli: Cli): void {
    const findings = [account, ...orders].flatMap((part) => part.findings);
    cli.exitCode = exitCodeFor(findings);
    if (json) {
        const { baseUrl, region, user, findings: ofAccount } = account;
        writeJson(cli.stdout, {
            exitCode: cli.exitCode,
            account: { baseUrl, region, user, findings: ofAccount },
            orders,
        });
        return;
    }
    const paint = paintFor(cli.stdout, cli.env);
    printFindings(cli.stdout, paint, "account", account.findings);
    for (const { orderId, findings: ofOrder } of orders)
        printFindings(cli.stdout, paint, `order ${orderId}`, ofOrder);
    cli.stdout.write(`${summaryOf(findings)}\n`);
}

function collect(text: string, earlier: string[] | undefined): string[] {
    return [...(earlier ?? []), orderIdOf(text)];
}

function namesOf(text: string): ReadonlySet<string> {
    const names = text.split(",").map((name) => name.trim());
    try {
        return new Set(names.map(canonicalName));
    } catch (error) {
        if (error instanceof NameProblem)
            throw new InvalidArgumentError(`One of the names ${error.message}.`);
        throw error;
    }
}
