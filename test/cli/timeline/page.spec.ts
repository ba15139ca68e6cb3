import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { renderPage } from "../../../cli/timeline/page.js";
import { hostile, resource, timeline, timelineOfFleet, withDaysLeft } from "./fleet.js";

/** How often something occurs. */
function count(text: string, pattern: RegExp): number {
    return [...text.matchAll(new RegExp(pattern, "g"))].length;
}

/** Fails with the match, not with the whole page. */
function assertNoMatch(text: string, pattern: RegExp): void {
    assert.deepEqual(text.match(pattern), null);
}

describe("the page of the timeline", () => {
    const text = renderPage(timelineOfFleet(5));

    it("refers to nothing outside of itself", () => {
        assertNoMatch(
            renderPage(timelineOfFleet(14)),
            /https?:|\/\/[a-z]|@import|@font-face|src=|<link|url\((?!#hatch\))/,
        );
    });

    it("shows hostile text as text", () => {
        const page = renderPage(hostile());
        assert.equal(count(page, /<script/i), 1);
        assertNoMatch(page, /<img|<\/title><script|javascript:|\u202e/i);
        assert.ok(page.includes("&lt;script&gt;"));
    });

    it("shows no secret", () => {
        const page = renderPage(hostile());
        assertNoMatch(page, /hunter2|ciphertext|v1:AAAA/);
        assert.ok(page.includes("(secret)"));
    });

    it("says so where the exports hold no order", () => {
        const page = renderPage(timeline()).replaceAll(/<\/?time>/g, "");
        assert.ok(page.includes("The exports hold no DigiCertReissue (2026-09-15)."));
        assert.equal(count(page, /<script|<table|<use/), 0);
    });

    it("holds each of 300 orders once, in less than 600 kB", () => {
        const all = timelineOfFleet(300);
        const page = renderPage(all);
        for (const { orderId } of all.orders)
            assert.equal(count(page, new RegExp(`class="id">${orderId}<`)), 1, orderId);
        assert.ok(page.length < 600_000, `${page.length}`);
    });

    it("says which plan ends, in which stack an order is, and that the action is not the name of its group", () => {
        const { orders } = timelineOfFleet(14);
        const titles = [...renderPage(timelineOfFleet(14)).matchAll(/<h2>([^<]*)<\/h2>/g)].map(
            ([, title]) => title,
        );
        assert.deepEqual(
            orders.filter(({ next }) => titles.includes(next.action)),
            [],
        );
        assert.match(
            text,
            /Stack <bdi>shop\/prod<\/bdi>, resource <bdi>shop<\/bdi>.*The plan ends on <time>2027-07-31<\/time>\./,
        );
    });

    it("folds equal orders into one row with a list", () => {
        const expired = withDaysLeft(-3, 300, { status: "expired" });
        const page = renderPage(timeline(...["a", "b", "c"].map((name) => resource(name, expired))));
        assert.equal(count(page, /<tr role="row" class="fold">/), 1);
        assert.match(page, /3 certificates expired on <time>2026-09-12<\/time>/);
        assert.equal(count(page, /<li data-stack="shop\/prod">/), 3);
    });

    it("shows the reason of each step at once for a few orders, and on a click for many", () => {
        const reasonInSummary = /<\/bdi><bdi class="why">/;
        assert.match(text, reasonInSummary);
        assert.doesNotMatch(renderPage(timelineOfFleet(13)), reasonInSummary);
    });

    it("offers a choice of stacks where there are several", () => {
        assert.equal(count(text, /<option/), 0);
        assert.deepEqual(
            [...renderPage(timelineOfFleet(14)).matchAll(/<option value="([^"]*)">/g)].map(
                ([, stack]) => stack,
            ),
            ["", "bank/prod", "bank/test", "shop/prod"],
        );
    });

    it("has a policy that allows its own style and script alone", () => {
        const digest = (tag: string) => {
            const inside = new RegExp(`<${tag}>(.*?)</${tag}>`, "s").exec(text)?.[1] ?? "";
            return `sha256-${createHash("sha256").update(inside).digest("base64")}`;
        };
        const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(text) ?? [];
        assert.equal(
            policy.replaceAll("&#39;", "'"),
            `default-src 'none'; style-src '${digest("style")}'; script-src '${digest("script")}'; base-uri 'none'; form-action 'none'`,
        );
    });

    it("has a group for each urgency that occurs, with its number", () => {
        assert.deepEqual(
            [...text.matchAll(/<tbody role="rowgroup" id="(\w+)"/g)].map(([, id]) => id),
            ["critical", "person", "up", "soon", "quiet"],
        );
        assert.equal(count(text, /<tr role="row" data-stack=/), 5);
        assert.equal(count(renderPage(timeline()), /<tbody/), 0);
    });

    it("shows what the last pulumi up printed, and what the next one prints", () => {
        assert.match(text, /The last pulumi up: order 140200000: the reissue was rejected by J\. Doe/);
        assert.match(text, /The next pulumi up: order 140200274: reissue, certificate expires in 20 days/);
    });
});
