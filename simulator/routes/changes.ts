// "Status change list".
import { ApiError, badRequest, invalidValue, requiredParam } from "../apiError.js";
import { DAY } from "../calendar.js";
import { json, type Reply } from "../http.js";
import { type Context, type Route } from "./route.js";

const rangeName = "filters[status_last_updated]";

/** Hours by which Mountain Daylight Time is behind UTC. */
const mountainHours = 6;

// `yyyy-MM-dd`, or with a time of day, `+HH:mm:ss`. Decoding the query turns the plus into a space. A client sends hours of one
// digit.
function mountainTime(text: string, otherwise: string): Date {
    const [, date, hours, rest] =
        /^(\d{4}-\d{2}-\d{2})(?:[ +](\d{1,2})(:\d{1,2}:\d{1,2}))?$/.exec(text) ?? [];
    const pad = (part: string) => part.padStart(2, "0");
    const time = hours === undefined ? otherwise : `${hours}${rest ?? ""}`.split(":").map(pad).join(":");
    const at = new Date(`${date ?? ""}T${time}Z`);
    if (Number.isNaN(at.getTime())) throw new ApiError(400, invalidValue(rangeName));
    return new Date(at.getTime() + mountainHours * 3_600_000);
}

interface TimeFrame {
    from: Date;
    till: Date;
}

function frameOf({ account, request: { query } }: Context): TimeFrame {
    const range = query.get(rangeName);
    if (range !== null) {
        const [first = "", last = ""] = range.split("...");
        return { from: mountainTime(first, "00:00:00"), till: mountainTime(last, "23:59:59") };
    }
    const units = { minutes: 60_000, seconds: 1000 };
    let length: number | undefined;
    for (const [name, unit] of Object.entries(units)) {
        const text = query.get(name);
        if (text === null) continue;
        if (!/^\d+$/.test(text)) throw new ApiError(400, invalidValue(name));
        length = (length ?? 0) + Number(text) * unit; // documented: the two add up
    }
    if (length === undefined) throw new ApiError(400, requiredParam("minutes")); // [?] the code
    const till = account.now();
    return { from: new Date(till.getTime() - length), till };
}

// Documented: an order that has changed again after a time frame is not listed in that time frame.
function statusChanges(context: Context): Reply {
    const { from, till } = frameOf(context);
    if (till.getTime() - from.getTime() > 7 * DAY) {
        throw badRequest("time_frame_too_long", "The time frame is longer than 7 days.");
    }
    const orders = [...context.account.changes.values()]
        .filter(({ at }) => at >= from && at <= till)
        .map(({ orderId, certificateId, status }) => ({
            order_id: orderId,
            certificate_id: certificateId,
            status,
        }));
    return json(200, orders.length > 0 ? { orders } : {});
}

export const changeRoutes: Route[] = [
    { method: "GET", path: "/order/certificate/status-changes", answer: statusChanges },
];
