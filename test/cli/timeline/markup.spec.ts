import assert from "node:assert/strict";
import fc from "fast-check";
import { markup } from "../../../cli/timeline/markup.js";

describe("markup", () => {
    it("escapes values in elements and attributes, and leaves markup as it is", () => {
        const hostile = `"><script>alert('&')</script>`;
        assert.equal(
            markup`<p title="${hostile}">${markup`<b>${hostile}</b>`}</p>`.text,
            `<p title="&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;"><b>&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;</b></p>`,
        );
    });

    it("makes nothing of undefined and false, and a row of a list", () => {
        assert.equal(markup`[${undefined}${false}${["a", 1, markup`<br>`]}]`.text, "[a1<br>]");
    });

    it("replaces what XML does not allow, and what would turn the text around it", () => {
        assert.equal(
            markup`${"a\u0000\u001b[31m\u202eb\u2066\ud800c\ufffe"}`.text,
            "a\ufffd\ufffd[31m\ufffdb\ufffd\ufffdc\ufffd",
        );
        assert.equal(markup`${"Zürich 東京 🔒\n\t"}`.text, "Zürich 東京 🔒\n\t");
    });

    it("lets no text become markup", () => {
        fc.assert(
            fc.property(
                fc.string({ unit: fc.constantFrom("<", ">", "&", '"', "'", ";", "#", "a", "\u0000") }),
                (text) => {
                    assert.doesNotMatch(markup`${text}`.text, /[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
                },
            ),
        );
    });
});
