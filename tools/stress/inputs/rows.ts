/** The whole table. */
import { nameRows } from "./nameRows.js";
import { orderRows } from "./orderRows.js";
import type { Row } from "./row.js";
import { secretRows } from "./secretRows.js";
import { shapeRows } from "./shapeRows.js";
import { isSentAsItIs } from "./wire.js";

export const rows: readonly Row[] = [...nameRows, ...orderRows, ...shapeRows, ...secretRows];

/** Rows that are accepted, and come to an order that there is. */
export function acceptedRows(): Row[] {
    return rows.filter(({ outcome }) => "because" in outcome);
}

/** Some rows of every kind that reach the host as they are written. */
export function sample(count: number): Row[] {
    const sendable = rows.filter(
        ({ title, bag }) => !title.startsWith("20,000 levels") && isSentAsItIs(bag()),
    );
    const every = sendable.length / count;
    return Array.from({ length: count }, (_, index) => sendable[Math.floor(index * every)]).flatMap(
        (row) => row ?? [],
    );
}
