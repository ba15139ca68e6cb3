import { type Account } from "./account.js";
import { addYears, endOfDay, isoDate } from "./calendar.js";
import { issue } from "./issuance.js";
import { addRequest, newCertificate } from "./lifecycle.js";
import { type OrderRecord } from "./model.js";
import { validateDomains } from "./validation.js";

/** Renews an order, in the console or by DigiCert's auto-renew: a new order with the same CSR and names, issued at once. */
export function renew(account: Account, order: OrderRecord): OrderRecord {
    const now = account.now();
    const requested = { ...order.current.requested, validity: undefined };
    const id = account.nextId("order");
    const certificate = newCertificate(account, { id }, "order", requested);
    const from = endOfDay(order.orderValidTill) > now ? endOfDay(order.orderValidTill) : now;
    const renewal: OrderRecord = {
        ...order,
        id,
        dateCreated: now,
        // The days that are left carry over [2ND].
        orderValidTill: isoDate(addYears(from, 1)),
        certificates: [certificate],
        duplicates: [],
        requests: [],
        current: certificate,
        baseStatus: "issued",
        lastReissuedDate: undefined,
        autoReissuedFrom: undefined,
        isRenewed: false,
        renewedOrderId: undefined,
        renewalOfOrderId: order.id,
        dcvToken: undefined,
        frozenReads: undefined,
        wrongDownloads: 0,
        reissuePosts: 0,
        committedReissues: 0,
    };
    account.addOrder(renewal);
    addRequest(account, renewal, {
        type: "new_request",
        status: "approved",
        certificateIds: [certificate.id],
    });
    validateDomains(account, renewal, certificate);
    issue(account, renewal, certificate);
    order.renewedOrderId = id;
    order.isRenewed = true;
    return renewal;
}
