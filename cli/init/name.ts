/**
 * Names of resources.
 *
 * @module
 */
import type { ProgramOrder } from "./order.js";

type Named = Pick<ProgramOrder, "orderId" | "commonName">;

/** The common name with hyphens in place of dots, which Pulumi shows well in every place. */
export function resourceName({ commonName, orderId }: Named): string {
    const name = commonName
        ?.toLowerCase()
        .replace(/^\*/, "wildcard")
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "");
    return name === undefined || name === "" ? `order-${orderId}` : name;
}

/** Names for many orders by their ids; where several would have the same name, each has its order id in it. */
export function resourceNames(orders: readonly Named[]): ReadonlyMap<string, string> {
    const counts = new Map<string, number>();
    for (const order of orders) {
        const name = resourceName(order);
        counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return new Map(
        orders.map((order) => {
            const name = resourceName(order);
            return [order.orderId, counts.get(name) === 1 ? name : `${name}-${order.orderId}`];
        }),
    );
}
