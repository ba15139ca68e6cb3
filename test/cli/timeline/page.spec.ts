import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { drawingOf } from "../../../cli/timeline/drawing.js";
import { pageOf } from "../../../cli/timeline/page.js";
import { hostile, timeline, timelineOfFleet } from "./fleet.js";

/** How often something occurs. */
function count(text: string, what: RegExp): number {
    return [...text.matchAll(new RegExp(what, "g"))].length;
}

/** Fails with what was found, not with the whole page. */
function lacks(text: string, what: RegExp): void {
    assert.deepEqual(text.match(what), null);
}

const FORMS = [
    ["page", pageOf],
    ["drawing", drawingOf],
] as const;

for (const [form, make] of FORMS) {
    describe(`the timeline as a ${form}`, () => {
        it("refers to nothing outside", () => {
            const text = make(timelineOfFleet(14)).replaceAll('xmlns="http://www.w3.org/2000/svg"', "");
            lacks(text, /https?:|\/\/[a-z]|@import|@font-face|src=|<link|url\((?!#hatch\))/);
        });

        it("shows hostile text as text", () => {
            const text = make(hostile());
            assert.equal(count(text, /<script/i), form === "page" ? 1 : 0);
            lacks(text, /<img|<\/title><script|javascript:|\u202e/i);
            assert.ok(text.includes("&lt;script&gt;"));
        });

        it("shows no secret", () => {
            lacks(make(hostile()), /hunter2|ciphertext|v1:AAAA/);
            assert.ok(make(hostile()).includes("(secret)"));
        });

        it("says so where there is no order", () => {
            const text = make(timeline()).replaceAll(/<\/?time>/g, "");
            assert.ok(text.includes("There is no DigiCertReissue in what was exported (2026-09-15)."));
            assert.equal(count(text, /<script|<table|<use/), 0);
        });

        it("has each of 300 orders, in less than 700 kB", () => {
            const all = timelineOfFleet(300);
            const text = make(all);
            for (const { orderId } of all.orders) assert.ok(text.includes(orderId), orderId);
            assert.ok(text.length < 700_000, `${text.length}`);
        });
    });
}

describe("the page of the timeline", () => {
    const text = pageOf(timelineOfFleet(5));

    it("allows exactly its own style and script to run", () => {
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
        assert.equal(count(text, /<tr role="row"><th role="rowheader"/), 5);
        assert.equal(count(pageOf(timeline()), /<tbody/), 0);
    });

    it("says what up says, the last and the next", () => {
        assert.match(text, /The last run: order 140200000: the reissue was rejected by J\. Doe/);
        assert.match(text, /The next one: order 140200274: reissue, certificate expires in 20 days/);
    });
});
