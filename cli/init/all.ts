/**
 * `init --all`: from the account's list of orders to a table.
 *
 * @module
 */
import type { OrderListItem } from "../../provider/core/certcentral/answers.js";
import { MAX_IN_FLIGHT, quotaFloorMs } from "../../provider/core/certcentral/limiter.js";
import { listOrders } from "../../provider/core/order/list.js";
import type { CommandContext, Output } from "../command.js";
import { mapConcurrently } from "../concurrency.js";
import type { Connection } from "../connection.js";
import { Progress } from "../progress.js";
import { isLeftOut, makeRow, type LeftOut, type Row } from "./row.js";
import { isSelected, whyUnmanageable, type Filters } from "./select.js";

/** The options of `init --all`: which orders, and where their CSRs are. */
export interface AllOptions extends Filters {
    readonly products?: readonly string[] | undefined;
    readonly csrDir?: string | undefined;
    readonly followsRenewals: boolean;
}

/** The orders that were selected. */
export interface Table {
    readonly rows: readonly Row[];
    readonly leftOut: readonly LeftOut[];
    /** Entries of the list that could not be read. */
    readonly unreadable: number;
}

/** Reads the list of orders, and each order that can be managed. */
export async function readTable(
    { client, settings }: Connection,
    { products, csrDir, followsRenewals, ...filters }: AllOptions,
    context: CommandContext,
): Promise<Table> {
    const { stderr } = context;
    const today = context.now();
    const { listed, unreadable, pages } = await listProducts(client, products, stderr);
    const selected = listed.filter((item) => isSelected(item, filters, today)).sort((a, b) => a.id - b.id);
    const refused = selected.flatMap((item): LeftOut[] => {
        const reason = whyUnmanageable(item, today);
        return reason === undefined
            ? []
            : [{ orderId: String(item.id), commonName: item.certificate.common_name, reason }];
    });
    const ids = new Set(refused.map(({ orderId }) => orderId));
    const manageable = selected.filter(({ id }) => !ids.has(String(id)));
    // With CSR files, the list holds all that a row needs, so no order is read.
    const floor = (done: number) =>
        csrDir === undefined ? quotaFloorMs(pages + done, settings.quotaShare) / 1000 : 0;
    const total = manageable.length;
    const progress = new Progress(stderr, total, "orders read", (done) => floor(total) - floor(done));
    const made = await mapConcurrently(manageable, MAX_IN_FLIGHT, async (item) => {
        const row = await makeRow(item, { client, csrDir, followsRenewals, now: today });
        progress.addStep();
        return row;
    });
    const rows = made.filter((row): row is Row => !isLeftOut(row));
    const leftOut = [...refused, ...made.filter(isLeftOut)].sort(
        (a, b) => Number(a.orderId) - Number(b.orderId),
    );
    return { rows, leftOut: withRenewals(leftOut, rows), unreadable };
}

/** Reads the list of orders, of all products or of some; every tenth page prints a line. */
async function listProducts(
    client: Connection["client"],
    products: AllOptions["products"],
    stderr: Output,
): Promise<{ listed: OrderListItem[]; unreadable: number; pages: number }> {
    let pages = 0;
    let unreadable = 0;
    // An order stays one order if two products list it.
    const listed = new Map<number, OrderListItem>();
    for (const productNameId of products ?? [undefined]) {
        const list = await listOrders(client, { productNameId }, (entries, total) => {
            pages += 1;
            if (pages % 10 === 0)
                stderr.write(`${entries}${total === undefined ? "" : ` of ${total}`} orders listed\n`);
        });
        for (const order of list.orders) listed.set(order.id, order);
        unreadable += list.unreadable;
    }
    return { listed: [...listed.values()], unreadable, pages };
}

/** Adds to the reason of each renewed order whether its renewal is in the table. */
function withRenewals(leftOut: readonly LeftOut[], rows: readonly Row[]): LeftOut[] {
    const notes = new Map([
        ...leftOut.map(({ orderId }) => [orderId, "which is left out too"] as const),
        ...rows.map(({ orderId }) => [orderId, "which takes its place"] as const),
    ]);
    return leftOut.map((order) => {
        const { renewal, reason } = order;
        if (renewal === undefined) return order;
        return { ...order, reason: `${reason}, ${notes.get(renewal) ?? "which was not selected"}` };
    });
}
