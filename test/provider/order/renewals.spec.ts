import assert from "node:assert/strict";
import { orderAnswer, type Order } from "../../../provider/core/certcentral/answers.js";
import {
    AuthenticationError,
    InvalidRequestError,
    NotFoundError,
    PermissionError,
    UnavailableError,
    type DigiCertError,
} from "../../../provider/core/errors.js";
import type { Tell } from "../../../provider/core/message.js";
import { followRenewals } from "../../../provider/core/order/renewals.js";

/** What CertCentral answers for an order: its status, the order that renewed it, and whether its certificate has a serial number. */
interface Told {
    readonly status?: string;
    readonly renewal?: number;
    readonly serial?: boolean;
    /** Last day of its plan. */
    readonly end?: string;
}

/** An account with these orders; an error in place of one is thrown. */
function account(orders: Readonly<Record<number, Told | DigiCertError>>) {
    const asked: string[] = [];
    const warnings: string[] = [];
    const client = {
        order: (id: string): Promise<Order> => {
            asked.push(id);
            const told = orders[Number(id)];
            if (told === undefined) return Promise.reject(new NotFoundError(`Reading order ${id}`));
            if (told instanceof Error) return Promise.reject(told);
            const { status = "issued", renewal = 0, serial = false, end } = told;
            const certificate = serial ? { serial_number: "0A" } : {};
            const plan = { renewed_order_id: renewal, order_valid_till: end };
            return Promise.resolve(orderAnswer.parse({ status, ...plan, certificate }));
        },
    };
    const follow = async (id: number) => {
        const tell: Tell = ({ severity, text }) => void warnings.push(`${severity}: ${text}`);
        const { orderId, renewedFrom } = await followRenewals(client, String(id), tell);
        return { orderId, renewedFrom };
    };
    return { follow, asked, warnings };
}

/** Order 1 was renewed as 2, that as 3, and so on. */
function chainOf(length: number): Record<number, Told> {
    const numbers = Array.from({ length }, (_, index) => index + 1);
    return Object.fromEntries(numbers.map((id) => [id, id === length ? {} : { renewal: id + 1 }]));
}

describe("following renewals", () => {
    it("ends at the order that was not renewed", async () => {
        const { follow, asked, warnings } = account(chainOf(3));
        assert.deepEqual(await follow(1), { orderId: "3", renewedFrom: ["1", "2"] });
        assert.deepEqual(await follow(3), { orderId: "3", renewedFrom: [] });
        assert.deepEqual([asked, warnings], [["1", "2", "3", "3"], []]);
    });

    it("goes through ten renewals, and ends with a warning before an eleventh", async () => {
        const ten = account(chainOf(11));
        assert.equal((await ten.follow(1)).orderId, "11");
        assert.deepEqual(ten.warnings, []);
        const eleven = account(chainOf(12));
        const { orderId, renewedFrom } = await eleven.follow(1);
        assert.deepEqual([orderId, renewedFrom.length, eleven.asked.length], ["11", 10, 11]);
        assert.deepEqual(eleven.warnings, [
            "warning: order 11: it was renewed as order 12, but 10 renewals were followed already, so the chain ends here",
        ]);
    });

    for (const [name, orders, end] of [
        ["of one order", { 1: { renewal: 1 } }, "1"],
        ["of two orders", { 1: { renewal: 2 }, 2: { renewal: 1 } }, "2"],
        [
            "that does not lead back to the first",
            { 1: { renewal: 2 }, 2: { renewal: 3 }, 3: { renewal: 2 } },
            "3",
        ],
    ] as const) {
        it(`reads each order of a loop ${name} once`, async () => {
            const { follow, asked, warnings } = account(orders);
            assert.equal((await follow(1)).orderId, end);
            assert.equal(new Set(asked).size, asked.length);
            assert.match(
                warnings.join(),
                /^warning: .*comes earlier in the same chain[^,]*, so the chain ends here$/,
            );
        });
    }

    for (const status of ["pending", "needs_approval", "processing", "rejected", "denied", "canceled"]) {
        it(`passes over a renewal that is ${status}`, async () => {
            // Where a request was rejected, DigiCert may still tell the serial number of the certificate before it.
            const serial = ["rejected", "denied", "canceled"].includes(status);
            const { follow, warnings } = account({ 1: { renewal: 2 }, 2: { status, serial } });
            assert.deepEqual(await follow(1), { orderId: "1", renewedFrom: [] });
            assert.deepEqual(warnings, []);
        });
    }

    for (const status of ["issued", "reissue_pending", "expired", "revoked"]) {
        it(`stays with a renewal that is ${status}, so that nothing leads back`, async () => {
            const { follow } = account({ 1: { renewal: 2 }, 2: { status } });
            assert.deepEqual(await follow(1), { orderId: "2", renewedFrom: ["1"] });
        });
    }

    it("goes past a renewal that was rejected to the one that was issued in its place", async () => {
        const { follow } = account({ 1: { renewal: 2 }, 2: { status: "rejected", renewal: 3 }, 3: {} });
        assert.deepEqual(await follow(1), { orderId: "3", renewedFrom: ["1", "2"] });
    });

    it("goes by the serial number where the state does not tell", async () => {
        for (const status of ["approved", "pending", "on_hold"]) {
            const issued = account({ 1: { renewal: 2 }, 2: { status, serial: true } });
            assert.equal((await issued.follow(1)).orderId, "2", status);
            const unissued = account({ 1: { renewal: 2 }, 2: { status } });
            assert.equal((await unissued.follow(1)).orderId, "1", status);
        }
    });

    it("stays with the first order where none of the chain ever had a certificate", async () => {
        const { follow } = account({ 1: { status: "pending", renewal: 2 }, 2: { status: "rejected" } });
        assert.deepEqual(await follow(1), { orderId: "1", renewedFrom: [] });
    });

    it("ends with a warning at a renewal that the key may not see", async () => {
        const errors = [{ code: "access_denied|no_permission", message: "No." }];
        for (const [error, reason] of [
            [
                new NotFoundError("Reading order 2: DigiCert answered 404"),
                "Reading order 2: DigiCert answered 404",
            ],
            [new PermissionError("No.", { status: 403, errors }), "403 access_denied|no_permission"],
            [new InvalidRequestError("No.", { status: 400, errors }), "400 access_denied|no_permission"],
        ] as const) {
            const { follow, warnings } = account({ 1: { renewal: 2 }, 2: error });
            assert.deepEqual(await follow(1), { orderId: "1", renewedFrom: [] });
            assert.deepEqual(warnings, [
                `warning: order 1: it was renewed as order 2, which this API key cannot read (${reason}), so the chain ends here`,
            ]);
        }
    });

    it("ends with a warning also where the order before the unreadable renewal has ended", async () => {
        const ended = { end: "2026-05-30", renewal: 2 };
        const { follow, warnings } = account({ 1: ended, 2: { status: "rejected", renewal: 3 } });
        assert.deepEqual(await follow(1), { orderId: "1", renewedFrom: [] });
        assert.equal(warnings.length, 1);
    });

    it("fails for a passing failure, which would else replace the resource by the order before", async () => {
        for (const error of [
            new UnavailableError("503"),
            new AuthenticationError("403"),
            new InvalidRequestError("a gateway's 400", { status: 400 }),
        ]) {
            const { follow } = account({ 1: { renewal: 2 }, 2: error });
            await assert.rejects(follow(1), error);
        }
    });

    it("fails where the first order cannot be read", async () => {
        await assert.rejects(account({}).follow(1), NotFoundError);
    });
});
