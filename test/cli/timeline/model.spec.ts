import assert from "node:assert/strict";
import { URGENCIES } from "../../../cli/timeline/next.js";
import { buildScale } from "../../../cli/timeline/scale.js";
import { inputs } from "../../fixtures/inputs.js";
import { resource, timeline, timelineOfFleet, waiting, withDaysLeft } from "./fleet.js";

describe("buildTimeline", () => {
    it("sorts by urgency, then by the last day for the step, then by order", () => {
        const at = (orderId: string, days: number) => withDaysLeft(days, 500, {}, inputs({ orderId }));
        const made = timeline(
            resource("quiet later", withDaysLeft(120)),
            resource("quiet", withDaysLeft(90)),
            resource("up 20, b", at("900", 20)),
            resource("up 20, c", at("1000", 20)),
            resource("up 10", withDaysLeft(10)),
            resource("approve 15", waiting("pending_approval", 1, 15)),
            resource("approve first", waiting("pending_approval", 9)),
            resource("expired", withDaysLeft(-3)),
            resource("soon", withDaysLeft(50)),
        );
        assert.deepEqual(
            made.orders.map(({ name }) => name),
            [
                "expired",
                "approve first",
                "approve 15",
                "up 10",
                "up 20, b",
                "up 20, c",
                "soon",
                "quiet",
                "quiet later",
            ],
        );
        assert.deepEqual(made.counts, { critical: 1, person: 2, up: 3, soon: 1, quiet: 2 });
    });

    it("holds certificate, deadlines, plan, pending reissue and failures of an order", () => {
        const [row] = timeline(
            resource("a", waiting("pending_approval", 4, 24), { initErrors: ["why"] }),
        ).orders;
        assert.deepEqual(row, {
            orderId: "112233",
            name: "a",
            stack: "shop/prod",
            commonName: "shop.example",
            names: ["shop.example"],
            status: "pending_approval",
            next: row?.next,
            planEnds: "2027-08-05",
            certificate: {
                id: 880001,
                validFrom: "2026-03-24T09:00:00Z",
                validTill: "2026-10-09T09:00:00Z",
                isRevoked: false,
                due: "2026-09-09T09:00:00.000Z",
                fail: "2026-10-02T09:00:00.000Z",
            },
            pending: { since: "2026-09-11T09:00:00.000Z", requestIds: [7001] },
            failures: ["why"],
        });
    });

    it("leaves a state that it cannot read to a person, and quotes the value", () => {
        const { orders, counts } = timeline(
            resource("a", { orderId: "5", status: "suspended", certificate: {} }),
        );
        assert.deepEqual([orders[0]?.orderId, orders[0]?.next.kind, counts.person], ["5", "repair", 1]);
        assert.match(orders[0]?.next.why ?? "", /"suspended"/);
        assert.equal(timeline(resource("a", {})).orders[0]?.orderId, "(unknown)");
    });

    it("counts each of 300 orders once", () => {
        const made = timelineOfFleet(300);
        assert.equal(made.orders.length, 300);
        assert.equal(
            URGENCIES.reduce((sum, urgency) => sum + made.counts[urgency], 0),
            300,
        );
        assert.deepEqual(made.stacks, ["bank/prod", "bank/test", "shop/prod"]);
    });
});

describe("buildScale (timeline)", () => {
    const scale = (...resources: object[]) => buildScale(timeline(...resources));
    const span = (months: ReturnType<typeof scale>["months"]) =>
        [months[0], months.at(-1)].map((month) => `${month?.label ?? ""} ${month?.year ?? 0}`);

    it("shows at least the month before today and two after it", () => {
        assert.deepEqual(span(scale().months), ["Aug 2026", "Nov 2026"]);
    });

    it("shows all certificates and plans, up to 7 months back and 13 ahead", () => {
        assert.deepEqual(span(scale(resource("a", withDaysLeft(100, 60))).months), ["Jun 2026", "Feb 2027"]);
        const long = waiting("pending_approval", 700, 10, { orderValidTill: "2032-01-01" });
        assert.deepEqual(span(scale(resource("a", long)).months), ["Feb 2026", "Oct 2027"]);
    });

    it("places days in order, and those outside of the axis on its edge", () => {
        const made = scale(resource("a", withDaysLeft(10, 2000)));
        const places = [
            "2020-01-01",
            "2026-02-01",
            "2026-02-02",
            "2026-09-15",
            "2027-10-31",
            "2040-01-01",
        ].map((day) => made.at(day));
        assert.deepEqual([places[0], places[1], places[5]], [0, 0, 100]);
        assert.deepEqual(
            places,
            [...places].sort((a, b) => a - b),
        );
        assert.deepEqual([made.isBeyond("2027-10-31"), made.isBeyond("2027-11-02")], [false, true]);
        assert.ok(
            made.months.every(({ at }, index) => index === 0 || at > (made.months[index - 1]?.at ?? 0)),
        );
    });
});
