// Makes the answers to reads of an order as the policy says: with members left out, in odd forms, or from before the last POST.
import { type Account } from "./account.js";
import { reissueJson } from "./certificateViews.js";
import { isObject, type JsonObject, withoutMembers } from "./json.js";
import { isTls, type OrderRecord } from "./model.js";
import { orderJson, orderListItem } from "./orderViews.js";

/** Order info. */
export function readOrder(account: Account, order: OrderRecord): JsonObject {
    return frozen(account, order)?.order ?? freshOrder(account, order);
}

/** An item of List orders. */
export function readListItem(account: Account, order: OrderRecord): JsonObject {
    return frozen(account, order)?.listItem ?? inOddForms(order, orderListItem(account, order));
}

/** The status that List orders filters by. */
export function readStatus(account: Account, order: OrderRecord): string {
    const status = frozen(account, order)?.listItem.status;
    return typeof status === "string" ? status : account.statusOf(order);
}

/** The items of List reissues. */
export function readReissues(account: Account, order: OrderRecord): readonly JsonObject[] {
    return frozen(account, order)?.reissues ?? freshReissues(account, order);
}

/** Keeps the present view of an order before a POST is handled, if the policy makes reads lag behind. */
export function freezeReads(account: Account, order: OrderRecord): void {
    const { readLagMs } = order.policy;
    if (readLagMs === 0) return;
    order.frozenReads = {
        until: new Date(account.now().getTime() + readLagMs),
        order: readOrder(account, order),
        listItem: readListItem(account, order),
        reissues: readReissues(account, order),
    };
}

function frozen(account: Account, { frozenReads }: OrderRecord) {
    return frozenReads && frozenReads.until > account.now() ? frozenReads : undefined;
}

function freshOrder(account: Account, order: OrderRecord): JsonObject {
    const { reportedOrderId } = order.policy;
    const answer = {
        ...orderJson(account, order),
        ...(reportedOrderId !== undefined && { id: reportedOrderId }),
    };
    return inOddForms(order, withoutMembers(answer, order.policy.omitFromReads));
}

function freshReissues(account: Account, order: OrderRecord): readonly JsonObject[] {
    const [first] = order.certificates;
    const listed = order.certificates.filter((one) => one.origin !== "order");
    if (order.policy.listsPrimary && first) listed.unshift(first, first);
    const answer = { certificates: listed.map((one) => reissueJson(account, order, one)) };
    const { certificates } = inOddForms(order, withoutMembers(answer, order.policy.omitFromReads));
    return certificates as JsonObject[];
}

/** Members that may be an empty object, which the policy may send as `[]`. */
const objectsThatMayBeEmpty = ["organization", "organization_contact", "technical_contact", "cert_validity"];

/** Converts a JSON value to the odd forms of the policy. */
export function inOddForms(order: OrderRecord, answer: JsonObject): JsonObject {
    const { oddForms } = order.policy;
    if (oddForms.length === 0) return answer;
    const has = new Set(oddForms);
    const withEmpty = has.has("emptyObjectsAsLists")
        ? { ...answer, ...("certificate" in answer && { organization: {}, technical_contact: {} }) }
        : answer;

    function odd(value: unknown, name: string): unknown {
        if (has.has("idsAsStrings") && typeof value === "number" && /(^|_)id$/.test(name))
            return String(value);
        if (Array.isArray(value)) {
            const items: unknown[] = value.map((item: unknown) => odd(item, ""));
            if (has.has("blankDnsNames") && name === "dns_names") {
                return isTls(order.product) ? [...items, " "] : [" "];
            }
            return has.has("oddListEntries") ? [null, ...items, 7, {}] : items;
        }
        if (!isObject(value)) return value;
        if (has.has("emptyObjectsAsLists") && objectsThatMayBeEmpty.includes(name)) return [];
        return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, odd(member, key)]));
    }
    return odd(withEmpty, "") as JsonObject;
}
