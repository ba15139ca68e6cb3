import assert from "node:assert/strict";
import type { OrderFilter, OrderPage } from "../../../provider/core/certcentral/client.js";
import { listOrders } from "../../../provider/core/order/list.js";

const order = (id: number, productNameId?: string) => ({
    id,
    status: "issued",
    certificate: {},
    product: { name_id: productNameId },
});

/** Lists the orders of a server that has these pages, one for each request; then the last one again. */
async function list(pages: readonly Partial<OrderPage>[], filter?: OrderFilter) {
    let requests = 0;
    const client = {
        orders(): Promise<OrderPage> {
            const { orders = [], entries = orders.length, total } = pages[requests] ?? pages.at(-1) ?? {};
            requests += 1;
            return Promise.resolve({ orders, entries, total });
        },
    };
    const { orders, unreadable } = await listOrders(client, filter);
    return { ids: orders.map(({ id }) => id), unreadable, requests };
}

describe("listOrders", () => {
    it("reads no page after the last one, where DigiCert tells the total", async () => {
        const pages = [
            { orders: [order(1), order(2)], total: 3 },
            { orders: [order(3)], total: 3 },
        ];
        assert.deepEqual(await list(pages), { ids: [1, 2, 3], unreadable: 0, requests: 2 });
    });

    for (const total of [undefined, 0, 1, 1000]) {
        it(`lists every order of a server whose total is ${total}`, async () => {
            const pages = [{ orders: [order(1), order(2)], total }, { orders: [order(3)], total }, { total }];
            assert.deepEqual(await list(pages), { ids: [1, 2, 3], unreadable: 0, requests: 3 });
        });

        it(`ends where a server whose total is ${total} repeats a page, with readable entries or none`, async () => {
            const readable = await list([{ orders: [order(1), order(2)], total }]);
            assert.deepEqual(readable, { ids: [1, 2], unreadable: 0, requests: 2 });
            const { ids, requests } = await list([{ entries: 50, total }]);
            assert.deepEqual([ids, requests <= 20], [[], true]);
        });
    }

    it("goes on behind a page without a readable entry, where there is more", async () => {
        const pages = [
            { entries: 2, total: 3 },
            { orders: [order(3)], total: 3 },
        ];
        assert.deepEqual(await list(pages), { ids: [3], unreadable: 2, requests: 2 });
    });

    it("lists the orders of one product only, where a server ignores the filter", async () => {
        const orders = [order(1, "ssl_plus"), order(2, "ssl_dv"), order(3, "SSL_Plus"), order(4)];
        const { ids } = await list([{ orders, total: 4 }], { productNameId: "ssl_plus" });
        assert.deepEqual(ids, [1, 3, 4]);
    });
});
